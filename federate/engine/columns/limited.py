"""The choice among all federations that could matter, each with each contract.

Where partners are limited, a plan that keeps the limits costs at least what it costs
with a surcharge on what they carry, less the surcharge on all they may carry. So a
plan with a federation of reduced cost r, surcharged, costs at least the bound that
the prices prove + r, and with all federations below r at hand the optimum is at
least min(best choice among them that keeps the limits, bound + r).
"""

from dataclasses import replace
from math import inf

import numpy as np

from federate.engine.answer import Grouping
from federate.engine.columns.facts import Cuts
from federate.engine.columns.integer import cheapest_per_set
from federate.engine.columns.master import Column, Master, alone_columns
from federate.engine.columns.pricing import Pricer
from federate.engine.columns.relaxation import grouping_of
from federate.evidence import Evidence
from federate.problem import Problem
from solvers.contract import MixedIntegerModel, Options, Outcome, Status
from solvers.registry import backend

__all__ = ["choose_limited"]

MOST = 20_000


def choose_limited(
    problem: Problem,
    surcharged: Problem,
    evidence: Evidence,
    reach_gbp: float,
    options: Options,
    solver: str,
) -> tuple[Grouping | None, float] | None:
    """Return the best plan of the federations within reach, and what none beats.

    Parameters
    ----------
    problem, surcharged
        With its limits, and without them at surcharges.
    evidence
        Prices of the surcharged problem.
    reach_gbp
        Reduced cost below which federations are looked at, £ a year.

    Returns
    -------
    tuple, or None
        A plan, if there is one, and the least that a plan of these federations
        costs, £ a year; ``None`` where they are too many.
    """
    found = Pricer(surcharged).enumerate(
        evidence.practice_gbp,
        evidence.count_gbp,
        Cuts(evidence.sets, np.maximum(evidence.cut_gbp, 0.0)),
        limit=reach_gbp,
        most=MOST,
    )
    if not found.complete:
        return None
    led = [
        Column(m, c, float(surcharged.cost.assign_gbp[list(m), c].sum()))
        for m, c in zip(found.members, found.centres, strict=True)
    ]
    columns, loads = _with_contracts(problem, cheapest_per_set(led))
    outcome = backend(solver).solve(_model(problem, solver, columns, loads), options)
    plan = _plan(problem, columns, outcome)
    if outcome.status is Status.INFEASIBLE:
        return None, inf
    return plan, -inf if outcome.bound is None else outcome.bound


def _with_contracts(
    problem: Problem, led: list[Column]
) -> tuple[list[Column], list[list[float]]]:
    """Return each federation with each contract it may take, and what limits carry."""
    pooled = problem.cost.pooled
    assert pooled is not None
    columns, loads = [], []
    for column in led:
        for k, item in enumerate(pooled.items):
            if item.fits(column.members):
                cost = problem.cost.cost(column.members, column.centre, k)
                columns.append(replace(column, cost=cost))
                loads.append(pooled.loads(column.members, k))
    alone = alone_columns(problem)
    return [*columns, *alone], [*loads, *([0.0] * len(pooled.limits) for _ in alone)]


def _model(
    problem: Problem, solver: str, columns: list[Column], loads: list[list[float]]
) -> MixedIntegerModel:
    """Return the choice: every practice once, a count, and what partners carry."""
    from scipy.sparse import csr_array, vstack

    pooled = problem.cost.pooled
    assert pooled is not None
    master = Master(problem, solver)
    rows = len(master.practices) + int(master.has_count)
    lower, upper = np.ones(rows), np.ones(rows)
    if master.has_count:
        lower[-1] = master.fewest
        upper[-1] = np.inf if master.most is None else master.most
    most = np.array([max(limit.most_gbp, 1.0) for limit in pooled.limits])
    carried = csr_array((np.array(loads) / most).T)
    return MixedIntegerModel(
        cost=np.array([c.cost for c in columns]),
        matrix=vstack([csr_array(master.matrix(columns)), carried], "csc"),
        row_lower=np.concatenate([lower, np.full(len(most), -np.inf)]),
        row_upper=np.concatenate([upper, np.ones(len(most))]),
        lower=np.zeros(len(columns)),
        upper=np.ones(len(columns)),
        integral=np.ones(len(columns), dtype=np.bool_),
        offset=master.constant,
    )


def _plan(problem: Problem, columns: list[Column], outcome: Outcome) -> Grouping | None:
    if outcome.values is None:
        return None
    picked = zip(columns, outcome.values > 0.5, strict=True)
    return grouping_of(problem, [column for column, taken in picked if taken])
