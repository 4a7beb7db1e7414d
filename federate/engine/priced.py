"""Prices for a bound that was proven without any, so that anyone can check it."""

from dataclasses import replace

from federate.engine import columns, lagrangian
from federate.engine.answer import Grouping, to_grouping
from federate.engine.columns.progress import Progress
from federate.engine.columns.relaxation import Relaxation
from federate.evidence import Evidence
from federate.result import Result
from solvers.contract import Options

__all__ = ["certifiable"]

MOST_PRACTICES = 60
"""Above, what prices leave open is too much to look through."""
LIMIT_S = 20.0
ROUNDS = 12


def certifiable(result: Result) -> Result:
    """Return a result with prices beside its bound, where they can be found.

    A model proves its bound by a solver's own search, which nobody can check. Prices
    of the same problem, by columns or, where those are too slow, by sizes alone,
    leave few federations for a cheaper plan: `federate certify` looks through them.
    The bound stays the model's: where too many are left, certify says whose word the
    rest of it is.

    Parameters
    ----------
    result
        Returned as it is if it has evidence, no bound, or over 60 practices.
    """
    problem = result.problem
    if result.evidence is not None or result.bound_gbp is None:
        return result
    if problem.n > MOST_PRACTICES:
        return result
    sound = result.plan is not None and not result.violations
    plan = to_grouping(problem, result.plan) if sound and result.plan else None
    evidence = _by_columns(result, plan) or _by_sizes(result, plan)
    if evidence is None:
        return result
    return replace(result, evidence=replace(evidence, bound_gbp=result.bound_gbp))


def _by_columns(result: Result, plan: Grouping | None) -> Evidence | None:
    """Return the prices of the programme over all federations, with its cuts."""
    columns.get_ready(result.problem)
    options = Options(time_limit_s=LIMIT_S, rel_gap=0.0)
    progress = Progress(result.problem, options, result.problem.scenario.solve.solver)
    if plan is not None:
        progress.offer(plan)
    relaxation = Relaxation(progress)
    for _ in range(ROUNDS):
        outcome, stop = relaxation.converge(1e-9)
        if stop is not None or not relaxation.cut(outcome):
            break
    return progress.evidence


def _by_sizes(result: Result, plan: Grouping | None) -> Evidence | None:
    """Return the prices of the Lagrangian, to be read as those of all federations."""
    lagrangian.get_ready()
    found = lagrangian.solve_lagrangian(
        result.problem, options=Options(time_limit_s=LIMIT_S), warm_start=plan
    )
    if found.evidence is None:
        return None
    return replace(found.evidence, pricing="connected")
