"""The finish for federations that need not be contiguous: who may be led by whom.

A plan cheaper than the claim is made of the pairs that do not take the bound of the
prices past it. What a solver proves of the best choice among these few holds for
every plan.
"""

from math import inf
from typing import Any

import numpy as np
import numpy.typing as npt

from federate.problem import Problem
from federate.proof.choice import TIME_LIMIT_S, Choice
from federate.proof.prices import own_units
from federate.proof.units import GRID
from federate.proof.wholes import Pairs
from solvers.contract import MixedIntegerModel, Options, Status
from solvers.registry import backend

__all__ = ["MOST_PAIRS", "choose_pairs"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

MOST_PAIRS = 60_000
"""More are not worth a try."""


def choose_pairs(
    problem: Problem, pairs: Pairs, claimed_gbp: float, solver: str
) -> Choice | None:
    """Return what a solver proves of plans below a claim; ``None`` where it fails.

    min  Σ cost_ci x_ci + Σ alone_i y_i + own
    s.t. Σ_c x_ci + y_i = 1                     every practice i not above U
         x_ci ≤ x_cc
         Σ_i n_i x_ci ≤ U x_cc
         Σ_i m_i x_ci ≥ L x_cc                  m_i: n_i, or L of one waived at least
         fewest ≤ Σ_c x_cc + |own| ≤ most
         x ∈ {0, 1}, y = 0 where joining is mandatory
    """
    if not len(pairs.centre):
        return Choice(inf, 0, None, "pairs")
    if len(pairs.centre) > MOST_PAIRS:
        return None
    outcome = backend(solver).solve(
        _model(problem, pairs),
        Options(
            rel_gap=0.0, abs_gap=0.0, time_limit_s=TIME_LIMIT_S, cutoff=claimed_gbp
        ),
    )
    said = f"{outcome.backend or solver} {outcome.version}".strip()
    if outcome.status is Status.INFEASIBLE:
        return Choice(inf, len(pairs.centre), said, "pairs")
    if outcome.bound is None:
        return None
    return Choice(outcome.bound, len(pairs.centre), said, "pairs")


def _model(problem: Problem, pairs: Pairs) -> MixedIntegerModel:
    from scipy import sparse

    centre, member = pairs.centre, pairs.member
    num, every = len(centre), np.arange(len(centre))
    heads = np.flatnonzero(centre == member)
    head = np.full(problem.n, -1, dtype=np.int64)
    head[centre[heads]] = heads
    led = np.zeros(num)
    led[heads] = 1.0
    rows = np.setdiff1d(np.arange(problem.n), problem.oversize)
    shape = (problem.n, num)
    cover = sparse.csr_array((np.ones(num), (member, every)), shape=shape)[rows]
    joins = np.flatnonzero(centre != member)
    place = np.arange(len(joins))
    follows = sparse.csr_array(
        (
            np.repeat([1.0, -1.0], len(joins)),
            (np.tile(place, 2), np.append(joins, head[centre[joins]])),
        ),
        shape=(len(joins), num),
    )
    patients = problem.list_size.astype(float)
    sizes = sparse.csr_array((patients[member], (centre, every)), shape=shape)
    lead = sparse.csr_array((np.ones(len(heads)), (centre[heads], heads)), shape=shape)
    lower, upper = problem.size_bounds or (0.0, inf)
    upper = min(float(upper), float(patients.sum()))
    filling = patients.copy()
    waived = list(problem.waived)
    filling[waived] = np.maximum(filling[waived], lower)
    filled = sparse.csr_array((filling[member], (centre, every)), shape=shape)
    fewest, most = _count(problem)
    alone = _alone(problem, rows)
    blocks = [cover, follows, sizes - upper * lead, filled - lower * lead, led[None, :]]
    matrix: Any = sparse.csc_array(sparse.vstack(blocks))
    ones, n = np.ones(len(rows)), problem.n
    return MixedIntegerModel(
        cost=_cost(problem, pairs, led, alone),
        matrix=matrix,
        row_lower=np.concatenate(
            [
                np.where(np.isfinite(alone[rows]), 0.0, 1.0),
                np.full(len(joins) + n, -inf),
                np.zeros(n),
                [fewest],
            ]
        ),
        row_upper=np.concatenate(
            [ones, np.zeros(len(joins) + n), np.full(n, inf), [most]]
        ),
        lower=np.zeros(num),
        upper=np.ones(num),
        integral=np.ones(num, dtype=np.bool_),
        offset=own_units(problem) / GRID
        + float(alone[rows][np.isfinite(alone[rows])].sum()),
    )


def _count(problem: Problem) -> tuple[float, float]:
    """Return the fewest and the most federations but those above U."""
    own, (fewest, most) = len(problem.oversize), problem.num_federations
    return max(0.0, fewest - own), float(problem.n if most is None else most - own)


def _alone(problem: Problem, rows: IntArray) -> FloatArray:
    """Return what standing alone costs, infinite where it may not be."""
    out = np.full(problem.n, inf)
    if problem.alone_gbp is not None:
        out[rows] = problem.alone_gbp[rows]
    return out


def _cost(
    problem: Problem, pairs: Pairs, led: FloatArray, alone: FloatArray
) -> FloatArray:
    """Return what each pair costs more than standing alone does."""
    cost, member = problem.cost, pairs.member
    out = cost.assign_gbp[member, pairs.centre] + cost.gbp_per_member
    out = out + cost.gbp_per_head * problem.list_size[member] + cost.fixed_gbp * led
    stays: FloatArray = np.where(np.isfinite(alone[member]), alone[member], 0.0)
    return np.asarray(out - stays, dtype=np.float64)
