"""The finish: choose among all the federations that could still matter."""

from dataclasses import replace
from math import inf

from federate.engine.columns.integer import choose
from federate.engine.columns.master import Column
from federate.engine.columns.pricing import Priced
from federate.engine.columns.progress import Progress
from federate.engine.columns.relaxation import (
    Relaxation,
    columns_of,
    grouping_of,
    priced_columns,
)
from solvers.contract import Outcome, Status, StopReason

__all__ = ["finish"]

TRIES = 12


def finish(
    relaxation: Relaxation, *, most: int, limit_s: float = inf
) -> StopReason | None:
    """Choose among the federations below a reduced cost r, if `most` hold them.

    Each choice may take `limit_s` seconds.

    A plan with a federation of reduced cost r costs at least the duals' bound
    + r, so with every federation below r at hand the optimum is at least
    min(best choice among them, bound + r). Where too many lie below the r that
    would settle it, half of it is taken, and r again from the better plan.
    """
    progress = relaxation.progress
    duals = progress.duals
    if duals is None:
        return None
    reach = progress.reach
    ceiling = inf
    for _ in range(TRIES):
        found = relaxation.pricer.enumerate(
            duals.practice, duals.count, duals.cuts, limit=reach, most=most
        )
        if (stop := progress.stop()) is not None:
            return stop
        if not found.complete:
            ceiling = min(ceiling, reach)
            reach /= 2
            continue
        before = progress.best
        _learn(progress, reach, _choose(relaxation, found, limit_s))
        if (stop := progress.stop()) is not None:
            return stop
        wanted = 4 * reach if progress.grouping is None else progress.reach
        if progress.grouping is not None and progress.best >= before:
            return None
        reach = min(wanted, (reach + ceiling) / 2 if wanted >= ceiling else wanted)
    return None


def _learn(progress: Progress, reach: float, outcome: Outcome) -> None:
    """Raise the bound by what the choice proves."""
    if outcome.status is Status.INFEASIBLE:
        progress.choice_proved(progress.dual_bound + reach, reach)
    elif outcome.bound is not None:
        least = min(progress.dual_bound + reach, outcome.bound)
        progress.choice_proved(least, reach)


def _choose(relaxation: Relaxation, found: Priced, limit_s: float) -> Outcome:
    """Return the outcome of the choice, its plan offered."""
    progress = relaxation.progress
    problem = progress.problem
    columns = priced_columns(problem, found)
    start: list[Column] = []
    if progress.grouping is not None:
        start = columns_of(problem, progress.grouping)
    left = progress.seconds_left
    most_s = limit_s if left is None else min(left, limit_s)
    options = replace(
        progress.options,
        time_limit_s=most_s if most_s < inf else None,
        rel_gap=progress.options.rel_gap / 2,
    )
    outcome, picked = choose(
        relaxation.master, [*columns, *start], options, start=start
    )
    if picked:
        progress.offer(grouping_of(problem, picked))
    return outcome
