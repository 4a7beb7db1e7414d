"""The finish: choose among all the federations that could still matter."""

from dataclasses import replace
from math import inf

import numpy as np

from federate.engine.columns.finds import Priced
from federate.engine.columns.integer import cheapest_per_set, choose
from federate.engine.columns.looking import look_through
from federate.engine.columns.master import Column, alone_columns
from federate.engine.columns.relaxation import (
    Relaxation,
    columns_of,
    grouping_of,
    priced_columns,
)
from solvers.contract import Status, StopReason

__all__ = ["finish", "look"]

TRIES = 12
LOOKS, FEW_LOOKS = 10**9, 10**8
"""Federations to look at in all: a second or two; and before a solver chooses."""
FINENESS = 0.1
"""A choice is better that is cheaper by this share of the gap asked for."""


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
    if progress.duals is None:
        return None
    reach = progress.reach
    ceiling = inf
    for _ in range(TRIES):
        found = _within(relaxation, reach, most)
        if (stop := progress.stop()) is not None:
            return stop
        if not found.complete:
            ceiling = min(ceiling, reach)
            reach /= 2
            continue
        before = progress.best
        least = _choose(relaxation, found, reach, limit_s)
        if least is not None:
            progress.choice_proved(min(progress.dual_bound + reach, least), reach)
        if (stop := progress.stop()) is not None:
            return stop
        wanted = 4 * reach if progress.grouping is None else progress.reach
        if progress.grouping is not None and progress.best >= before:
            return None
        reach = min(wanted, (reach + ceiling) / 2 if wanted >= ceiling else wanted)
    return None


def look(relaxation: Relaxation, *, most: int) -> int:
    """Try every choice of federations that could be cheaper, if `most` hold them.

    Returns how many there are where trying took too long, else 0.
    """
    progress = relaxation.progress
    if progress.duals is None or progress.grouping is None:
        return 0
    reach = progress.reach
    found = _within(relaxation, reach, most)
    if not found.complete:
        return 0
    columns = cheapest_per_set(priced_columns(progress.problem, found))
    least = _look(relaxation, columns, reach, LOOKS)
    if least is None:
        return len(columns)
    progress.choice_proved(min(progress.dual_bound + reach, least), reach)
    return 0


def _within(relaxation: Relaxation, reach: float, most: int) -> Priced:
    """Return the federations below a reduced cost."""
    duals = relaxation.progress.duals
    assert duals is not None
    return relaxation.pricer.enumerate(
        duals.practice,
        duals.count,
        duals.cuts,
        limit=reach,
        most=most,
        stop=relaxation.progress.is_over,
    )


def _look(
    relaxation: Relaxation, columns: list[Column], reach: float, work: int
) -> float | None:
    """Return what any choice costs at least, the best offered; ``None``: unknown."""
    progress, master = relaxation.progress, relaxation.master
    duals = progress.duals
    assert duals is not None
    columns = [*columns, *alone_columns(progress.problem)]
    below = min(progress.best, progress.dual_bound + reach)
    looked = look_through(
        columns,
        master.reduced(columns, duals),
        master.practices,
        progress.problem.list_size.astype(np.float64),
        start=progress.dual_bound - master.constant,
        below=below - master.constant,
        tolerance=FINENESS * progress.options.rel_gap,
        count=(master.fewest, master.most or len(master.practices)),
        work=work,
    )
    if looked.picked:
        progress.offer(
            grouping_of(progress.problem, [columns[k] for k in looked.picked])
        )
    return looked.least_gbp + master.constant if looked.is_whole else None


def _choose(
    relaxation: Relaxation, found: Priced, reach: float, limit_s: float
) -> float | None:
    """Return what any choice of federations costs at least, the best one offered.

    All choices are tried where that is soon done; else a solver chooses. ``None``:
    it proved nothing.
    """
    progress = relaxation.progress
    problem = progress.problem
    columns = cheapest_per_set(priced_columns(problem, found))
    least = _look(relaxation, columns, reach, FEW_LOOKS)
    if least is not None:
        return least
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
    return inf if outcome.status is Status.INFEASIBLE else outcome.bound
