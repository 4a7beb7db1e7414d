"""Columns, from the first linear programme to the proof."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from federate.engine.answer import Answer, Grouping
from federate.engine.columns.cuts import violated_triples
from federate.engine.columns.integer import choose
from federate.engine.columns.master import Column, Master, alone_columns
from federate.engine.columns.pricing import Priced, Pricer
from federate.engine.columns.progress import Progress
from federate.engine.events import Listener
from federate.problem import Problem
from solvers.contract import Options, Outcome, Status, StopReason

__all__ = ["fits", "solve_columns"]

CUT_ROUNDS = 40
CUTS_A_ROUND = 60
FEW_COLUMNS, MANY_COLUMNS = 3_000, 60_000
FINISH_TRIES = 12
LARGEST_FEDERATION = 14
ARTIFICIAL = -2


def fits(problem: Problem) -> bool:
    """Whether this engine can prove something about the problem in good time.

    The search tree grows along neighbours, so federations must be contiguous;
    and a federation of median practices may have some fourteen at most.
    """
    if problem.max_pieces != 1 or problem.size_bounds is None:
        return problem.n <= LARGEST_FEDERATION
    kept = np.delete(problem.list_size, list(problem.oversize))
    if not len(kept):
        return False
    return float(problem.size_bounds[1] / np.median(kept)) <= LARGEST_FEDERATION


def solve_columns(
    problem: Problem,
    *,
    options: Options,
    solver: str = "highs",
    warm_start: Grouping | None = None,
    listen: Listener | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Answer:
    """Return the best plan and the bound that columns prove within the limits."""
    progress = Progress(problem, options, solver, listen, cancel)
    master, pricer = Master(problem, solver), Pricer(problem)
    master.add(alone_columns(problem))
    if warm_start is not None:
        progress.offer(warm_start)
        master.add(_columns(problem, warm_start))
    stop = _raise_bound(progress, master, pricer)
    return progress.answer(stop)


def _columns(problem: Problem, grouping: Grouping) -> list[Column]:
    """Return the columns of a plan, but for those that the master leaves out."""
    own = set(problem.oversize)
    return [
        Column(tuple(sorted(m)), c, problem.cost.cost(m, c))
        for m, c in zip(grouping.members, grouping.centres, strict=True)
        if c not in own
    ]


def _raise_bound(progress: Progress, master: Master, pricer: Pricer) -> StopReason:
    """Price, cut and finish until the gap is closed or a limit is met."""
    penalty = _first_penalty(progress)
    artificial = _add_artificial(master, penalty)
    for _ in range(CUT_ROUNDS):
        while True:
            outcome, stop = _price_out(progress, master, pricer)
            if stop is not None:
                return stop
            if not _uses(outcome, artificial):
                break
            penalty *= 2
            artificial = _add_artificial(master, penalty, artificial)
            if penalty > 1e12:
                return StopReason.FINISHED
        _round_up(progress, master, outcome)
        stop = _finish(progress, master, pricer, most=FEW_COLUMNS) or progress.stop()
        if stop is not None:
            return stop
        if not _cut(master, outcome):
            break
    stop = _finish(progress, master, pricer, most=MANY_COLUMNS)
    return stop or StopReason.FINISHED


def _price_out(
    progress: Progress, master: Master, pricer: Pricer
) -> tuple[Outcome, StopReason | None]:
    """Solve the linear programme over all federations, by pricing."""
    while True:
        outcome, duals = master.solve(Options(time_limit_s=progress.seconds_left))
        if duals is None:
            return outcome, progress.stop() or StopReason.NUMERIC
        priced = pricer.price(duals.practice, duals.count, duals.cuts)
        if priced.complete:
            progress.price_proved(master.bound(duals, priced), duals)
        stop = progress.stop()
        if stop is not None:
            return outcome, stop
        scale = max(1.0, abs(outcome.objective or 0.0))
        if not len(priced.reduced) or priced.reduced.min() > -1e-9 * scale:
            return outcome, None
        if not master.add(_priced_columns(master.problem, priced)):
            return outcome, None


def _priced_columns(problem: Problem, priced: Priced) -> list[Column]:
    return [
        Column(m, c, problem.cost.cost(m, c))
        for m, c in zip(priced.members, priced.centres, strict=True)
    ]


def _first_penalty(progress: Progress) -> float:
    """Return what leaving a practice uncovered costs at first, £ a year.

    Low on purpose: it caps the duals, and high ones make pricing slow.
    """
    problem = progress.problem
    if progress.grouping is not None:
        return 1.5 * progress.best / problem.n
    alone = [problem.cost.cost([i], i) for i in range(problem.n)]
    return 1.0 + float(np.median(alone))


def _add_artificial(
    master: Master, penalty: float, old: Sequence[int] = ()
) -> list[int]:
    """Let each practice be left uncovered at a penalty; retire the old ones."""
    master.retire(old)
    first = len(master.columns)
    fresh = [Column((i,), ARTIFICIAL, penalty) for i in master.practices]
    if master.has_count:
        fresh.append(Column((), ARTIFICIAL, penalty))
    master.add(fresh, anew=True)
    return list(range(first, len(master.columns)))


def _uses(outcome: Outcome, columns: Sequence[int]) -> bool:
    return outcome.values is not None and bool((outcome.values[columns] > 1e-6).any())


def _round_up(progress: Progress, master: Master, outcome: Outcome) -> None:
    """Offer the linear programme's answer where it is a plan already."""
    if outcome.values is None or (np.abs(outcome.values % 1.0 - 0.5) < 0.4999).any():
        return
    chosen = [c for c, x in zip(master.columns, outcome.values, strict=True) if x > 0.5]
    progress.offer(_grouping(progress.problem, chosen))


def _cut(master: Master, outcome: Outcome) -> int:
    """Add the most violated triple cuts; return how many."""
    if outcome.values is None:
        return 0
    led = [k for k, c in enumerate(master.columns) if c.centre >= 0]
    triples = violated_triples(
        master.problem.n,
        [master.columns[k].members for k in led],
        outcome.values[led],
        most=CUTS_A_ROUND,
    )
    return master.cut(triples)


def _finish(
    progress: Progress, master: Master, pricer: Pricer, *, most: int
) -> StopReason | None:
    """Choose among all federations that could still matter, if they are few.

    A plan with a federation of reduced cost r costs at least bound + r, so with
    every federation below r at hand the optimum is at least
    min(best choice among them, bound + r). Too many below the r that would
    settle it: take half of it, and again from the better plan that it gives.
    """
    duals = progress.duals
    if duals is None:
        return None
    reach = settled = _reach(progress)
    for _ in range(FINISH_TRIES):
        found = pricer.enumerate(
            duals.practice, duals.count, duals.cuts, limit=reach, most=most
        )
        if not found.complete:
            settled = min(settled, reach)
            reach /= 2
            continue
        before = progress.best
        outcome = _choose(progress, master, found)
        if outcome.bound is not None:
            proven = min(progress.dual_bound + reach, outcome.bound)
            progress.raise_bound(proven)
        elif outcome.status is Status.INFEASIBLE:
            progress.raise_bound(progress.dual_bound + reach)
        if (stop := progress.stop()) is not None:
            return stop
        if progress.grouping is None:
            reach = (
                min(4 * reach, settled * (1 - 1e-9)) if reach < settled else 4 * reach
            )
        elif progress.best < before:
            reach = min(_reach(progress), settled)
        else:
            return None
    return None


def _reach(progress: Progress) -> float:
    """Return the reduced cost up to which a federation could be in a better plan."""
    if progress.grouping is None:
        return 0.02 * abs(progress.dual_bound) + 1.0
    return (progress.best - progress.dual_bound) * (1 + 1e-6) + 1e-6


def _choose(progress: Progress, master: Master, found: Priced) -> Outcome:
    problem = progress.problem
    columns = _priced_columns(problem, found)
    start: list[Column] = []
    if progress.grouping is not None:
        start = _columns(problem, progress.grouping)
        columns += start
    options = replace(
        progress.options,
        time_limit_s=progress.seconds_left,
        rel_gap=progress.options.rel_gap / 2,
    )
    outcome, picked = choose(master, columns, options, start=start)
    if picked:
        progress.offer(_grouping(problem, picked))
    return outcome


def _grouping(problem: Problem, picked: Sequence[Column]) -> Grouping:
    """Return the plan of chosen columns, each led from its cheapest centre."""
    groups = [(c.members, c.centre) for c in picked if c.centre >= 0]
    groups += [((i,), i) for i in problem.oversize]
    groups.sort()
    return Grouping(tuple(m for m, _ in groups), tuple(c for _, c in groups))
