"""The finish: no better choice among the federations that a cheaper plan could hold.

A plan with a federation of reduced cost r or more costs at least the bound of the
prices + r. So a plan cheaper than that is made of federations below r only; all of
them, enumerated, make a small model whose optimum no such plan undercuts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np

from federate.problem import Problem
from federate.proof.pricing import Led
from solvers.contract import MixedIntegerModel, Options, Status
from solvers.registry import backend

__all__ = ["Choice", "choose"]

TIME_LIMIT_S = 600.0


@dataclass(frozen=True)
class Choice:
    """What a solver says of the cheapest plan made of some federations.

    Parameters
    ----------
    least_gbp
        No plan made of them costs less; ``inf`` where they make no plan.
    num_federations
        How many there were to choose from.
    solver
        Name and version of the solver that chose.
    """

    least_gbp: float
    num_federations: int
    solver: str


def choose(problem: Problem, federations: Sequence[Led], solver: str) -> Choice | None:
    """Return what a solver proves of the best choice; ``None`` where it fails.

    min  Σ_S cost_S x_S + Σ alone_i y_i + own
    s.t. Σ_{S∋i} x_S + y_i = 1             every practice i not above U
         fewest ≤ Σ_S x_S + |own| ≤ most
         x, y ∈ {0, 1}
    """
    columns = _columns(problem, federations)
    outcome = backend(solver).solve(
        _model(problem, columns),
        Options(rel_gap=0.0, abs_gap=0.0, time_limit_s=TIME_LIMIT_S),
    )
    said = f"{outcome.backend or solver} {outcome.version}".strip()
    if outcome.status is Status.INFEASIBLE:
        return Choice(inf, len(federations), said)
    if outcome.bound is None:
        return None
    return Choice(outcome.bound, len(federations), said)


Column = tuple[tuple[int, ...], float, bool]
"""Members, cost in £ a year, and whether they are a federation."""


def _columns(problem: Problem, federations: Sequence[Led]) -> list[Column]:
    """Return each set of members once, at its least cost, and standing alone."""
    cheapest: dict[tuple[int, ...], float] = {}
    for led in federations:
        cost = problem.cost.cost(led.members, led.centre)
        cheapest[led.members] = min(cost, cheapest.get(led.members, inf))
    out = [(members, cost, True) for members, cost in sorted(cheapest.items())]
    if problem.alone_gbp is not None:
        tied = {i for group in problem.together for i in group}
        groups = [*problem.together, *((i,) for i in range(problem.n) if i not in tied)]
        alone = problem.alone_gbp
        out += [(g, float(alone[list(g)].sum()), False) for g in groups]
    own = set(problem.oversize)
    return [column for column in out if own.isdisjoint(column[0])]


def _model(problem: Problem, columns: Sequence[Column]) -> MixedIntegerModel:
    from scipy.sparse import csc_array

    own = problem.oversize
    practices = np.setdiff1d(np.arange(problem.n), own)
    row = {int(i): r for r, i in enumerate(practices)}
    count = len(practices)
    entries = [
        [*(row[i] for i in members), *([count] if is_federation else [])]
        for members, _, is_federation in columns
    ]
    ptr = np.cumsum([0, *(len(rows) for rows in entries)])
    flat = [r for rows in entries for r in rows]
    shape = (count + 1, len(columns))
    fewest, most = problem.num_federations
    lower, upper = np.ones(count + 1), np.ones(count + 1)
    lower[count] = max(0, fewest - len(own))
    upper[count] = inf if most is None else most - len(own)
    return MixedIntegerModel(
        cost=np.array([cost for _, cost, _ in columns]),
        matrix=csc_array((np.ones(len(flat)), flat, ptr), shape=shape),
        row_lower=lower,
        row_upper=upper,
        lower=np.zeros(len(columns)),
        upper=np.ones(len(columns)),
        integral=np.ones(len(columns), dtype=np.bool_),
        offset=sum(problem.cost.cost([i], i) for i in own),
    )
