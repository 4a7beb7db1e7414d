"""Out-of-hours cover: which bases to run for a plan, and who goes to which.

    min  Σ_b F_b y_b + Σ_ib p_ib z_ib + K Σ_gb o_gb
    s.t. Σ_b z_ib = 1      every practice i that some base can reach
         z_ib ≤ y_b        only open bases cover
         z_ib ≤ o_gb       i in federation g: g has a contract with base b
         y_b, o_gb ∈ {0, 1},  z_ib ≥ 0

F_b is the fixed cost of a base, p_ib that of i's contacts reaching b, K that of a
contract; all £ a year. Pairs beyond the reach have no z_ib, and without a price
there are no contracts. Once bases and contracts are chosen each practice goes to
the cheapest base that is open to it: z needs no integrality.

A base that runs today (``status`` open) costs the same as a candidate and may be
closed: the plan says which bases are worth running. A practice that no base can
reach is left out of ``plan.bases``. A practice that stands alone holds contracts
of its own, as a federation would.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from federate.criteria.cover import contacts_per_year, cover_gbp, within_reach
from federate.engine.events import Event, Listener
from federate.errors import SolverError
from federate.geography.rurality import is_rural
from federate.plan import Plan
from federate.practices.instance import Bases
from federate.problem import Problem
from solvers.contract import (
    BackendError,
    Capability,
    MixedIntegerModel,
    Options,
    Outcome,
    Progress,
)
from solvers.registry import backend

__all__ = ["COVER_SHARE", "CoverModel", "cover_model", "open_bases", "wants_cover"]

COVER_SHARE = 0.2
"""Of the time limit, where bases are asked for."""

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def wants_cover(problem: Problem) -> bool:
    """Whether a plan is to say which bases run."""
    return problem.scenario.cover.enabled and problem.instance.bases is not None


@dataclass(frozen=True, eq=False)
class CoverModel:
    """The model and what its columns mean: bases, then pairs, then contracts.

    Parameters
    ----------
    model
        Columns y_b, z_ib, o_gb in this order.
    practice, base
        i and b of each pair (i, b) within reach, i first, then b.
    """

    model: MixedIntegerModel
    practice: IntArray
    base: IntArray


def open_bases(
    problem: Problem,
    plan: Plan,
    *,
    options: Options,
    solver: str = "highs",
    listen: Listener | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Plan:
    """Return the plan with the cheapest bases to run and who goes to which.

    Parameters
    ----------
    problem, plan
        The bases are the instance's, the prices the scenario's ``[cover]``.
    options, solver
        Limits, and the backend's name.
    listen
        Told at the end what the cover costs, its bound and gap.
    cancel
        Asked several times a second; the best bases so far are kept.

    Returns
    -------
    Plan
        As given, without bases, where the instance has none, cover is not asked
        for, or the limits leave no time to find any.

    Raises
    ------
    SolverError
        If the backend is unknown, missing or broke.
    """
    bases = problem.instance.bases
    without = replace(plan, bases={}, open_bases=())
    if bases is None or len(bases) == 0 or not problem.scenario.cover.enabled:
        return without
    made = cover_model(problem, plan, bases)
    if len(made.practice) == 0:
        return without

    def stop(progress: Progress) -> bool:
        return cancel is not None and cancel()

    try:
        chosen = backend(solver)
        hear = stop if Capability.CANCEL in chosen.capabilities else None
        outcome = chosen.solve(made.model, options, on_progress=hear)
    except BackendError as error:
        raise SolverError(str(error)) from error
    if listen is not None:
        listen(_told(outcome))
    if outcome.values is None:
        return without
    return _with_bases(problem, plan, bases, made, outcome.values)


def cover_model(problem: Problem, plan: Plan, bases: Bases) -> CoverModel:
    """Return the model of the cover of a plan."""
    asked = problem.scenario.cover
    minutes = problem.travel.base_minutes
    reach = within_reach(
        minutes,
        is_rural(problem.instance, problem.scenario.travel.rurality),
        reach_urban_min=asked.reach_urban_min,
        reach_rural_min=asked.reach_rural_min,
    )
    contacts = contacts_per_year(
        problem.list_size, contacts_per_1000=asked.contacts_per_1000
    )
    practice, base = (some.astype(np.int64) for some in np.nonzero(reach))
    journeys = cover_gbp(
        contacts, minutes, gbp_per_contact_min=asked.travel_gbp_per_contact_min
    )[practice, base]
    fixed = np.where(
        np.isnan(bases.fixed_cost_gbp), asked.base_fixed_gbp, bases.fixed_cost_gbp
    )
    contract = _contracts(problem, plan, practice, base, len(bases))
    num_contracts = int(contract.max(initial=-1)) + 1 if asked.contract_gbp > 0 else 0
    cost = np.concatenate([fixed, journeys, np.full(num_contracts, asked.contract_gbp)])
    matrix, row_lower, row_upper = _rows(
        len(bases), practice, base, contract, num_contracts
    )
    integral = np.ones(len(cost), dtype=bool)
    integral[len(bases) : len(bases) + len(practice)] = False
    model = MixedIntegerModel(
        cost=cost,
        matrix=matrix,
        row_lower=row_lower,
        row_upper=row_upper,
        lower=np.zeros(len(cost)),
        upper=np.ones(len(cost)),
        integral=integral,
    )
    return CoverModel(model, practice, base)


def _contracts(
    problem: Problem, plan: Plan, practice: IntArray, base: IntArray, num_bases: int
) -> IntArray:
    """Return the contract each pair needs: one per client and base, numbered."""
    code = problem.instance.practices.code
    clients = [plan.federation[c] or f"alone {c}" for c in code]
    _, client = np.unique(np.array(clients), return_inverse=True)
    _, contract = np.unique(client[practice] * num_bases + base, return_inverse=True)
    out: IntArray = contract.reshape(-1).astype(np.int64)
    return out


def _rows(
    num_bases: int,
    practice: IntArray,
    base: IntArray,
    contract: IntArray,
    num_contracts: int,
) -> tuple[Any, FloatArray, FloatArray]:
    """Return matrix and sides: covered once, by open bases, under contract."""
    from scipy import sparse

    pairs = len(practice)
    pair = np.arange(pairs)
    one, column = np.ones(pairs), num_bases + pair
    _, covered = np.unique(practice, return_inverse=True)
    covered = covered.reshape(-1)
    num_columns = num_bases + pairs + num_contracts
    num_covered = int(covered.max(initial=-1)) + 1

    def at_most(other: IntArray) -> Any:
        """Return z − other ≤ 0 for each pair."""
        figures = np.concatenate([one, -one])
        rows, columns = np.concatenate([pair, pair]), np.concatenate([column, other])
        return sparse.csr_matrix((figures, (rows, columns)), (pairs, num_columns))

    blocks = [
        sparse.csr_matrix((one, (covered, column)), (num_covered, num_columns)),
        at_most(base),
    ]
    if num_contracts:
        blocks.append(at_most(num_bases + pairs + contract))
    bounded = (len(blocks) - 1) * pairs
    upper = np.concatenate([np.ones(num_covered), np.zeros(bounded)])
    lower = np.concatenate([np.ones(num_covered), np.full(bounded, -np.inf)])
    return sparse.vstack(blocks, format="csc"), lower, upper


def _with_bases(
    problem: Problem, plan: Plan, bases: Bases, made: CoverModel, values: FloatArray
) -> Plan:
    """Read the point: each practice goes to the base with its largest share."""
    code = problem.instance.practices.code
    shares = values[len(bases) : len(bases) + len(made.practice)]
    best: dict[int, tuple[float, int]] = {}
    for i, b, share in zip(made.practice, made.base, shares, strict=True):
        if share > best.get(int(i), (0.0, -1))[0]:
            best[int(i)] = (float(share), int(b))
    covered = {code[i]: bases.code[b] for i, (_, b) in sorted(best.items())}
    used = set(covered.values())
    return replace(
        plan, bases=covered, open_bases=tuple(c for c in bases.code if c in used)
    )


def _told(outcome: Outcome) -> Event:
    return Event(
        "phase",
        outcome.seconds,
        message=f"out-of-hours bases: {outcome.status.value}",
        detail={
            "cover_gbp": outcome.objective,
            "cover_bound_gbp": outcome.bound,
            "cover_gap": outcome.gap,
        },
    )
