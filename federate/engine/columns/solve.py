"""Columns, from the first linear programme to the proof."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import inf

import numpy as np

from federate.engine.answer import Answer, Grouping
from federate.engine.columns.cuts import violated_sets
from federate.engine.columns.facts import by_outlines
from federate.engine.columns.finish import finish, look
from federate.engine.columns.improving import Improving, Seek, suspects_of
from federate.engine.columns.pricing import Pricer
from federate.engine.columns.progress import Progress
from federate.engine.columns.relaxation import Relaxation
from federate.engine.columns.sketch import Sketch, sketch_of
from federate.engine.events import Listener
from federate.evidence import Evidence
from federate.problem import Problem
from solvers.contract import Options, StopReason

__all__ = ["WHOLE", "Seek", "fits", "get_ready", "solve_columns"]

CUT_ROUNDS = 40
FEW_COLUMNS, MANY_COLUMNS, POOLED_COLUMNS = 3_000, 60_000, 150_000
LOOKED_COLUMNS = 20_000
LARGEST_FEDERATION = 14
NEAR, NEAREST = 2e-4, 1e-6
"""How near a large programme is solved to its bound before cuts, and at the end."""
LEAST_RISE = 1e-5
"""The last round of cuts is one that raises a large problem's bound by less."""
WHOLE = 500
"""Practices that the finish settles whole; above, windows do."""
MOST_FOR_FINISH = 2_000


def fits(problem: Problem) -> bool:
    """Whether this engine can prove something about the problem in good time.

    The search tree grows along neighbours, so federations must be contiguous;
    and a federation of median practices may have some fourteen at most, or any
    number where only its outline costs.
    """
    if by_outlines(problem):
        return True
    if problem.max_pieces != 1 or problem.size_bounds is None:
        return problem.max_pieces in (1, None) and problem.n <= LARGEST_FEDERATION
    kept = np.delete(problem.list_size, list(problem.oversize))
    if not len(kept):
        return False
    return float(problem.size_bounds[1] / np.median(kept)) <= LARGEST_FEDERATION


def get_ready(problem: Problem) -> None:
    """Have the kernels compiled, so that no limit is spent on it: once a machine."""
    Pricer(problem).compile()
    violated_sets(3, [(0, 1), (1, 2), (0, 2)], np.full(3, 0.5), most=1)


def solve_columns(
    problem: Problem,
    *,
    options: Options,
    solver: str = "highs",
    warm_start: Grouping | None = None,
    prices: Evidence | None = None,
    seek: Seek | None = None,
    listen: Listener | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Answer:
    """Return the best plan and the bound that columns prove within the limits.

    Up to some 500 practices the finish settles the whole. Above, windows better a
    plan, beside the bound where two threads are allowed, else once before it is cut.

    Parameters
    ----------
    warm_start
        A plan to better. It may break rules: above 500 practices windows mend it
        where they are few, below it only tells the scale of costs.
    seek
        Where to get a plan above 500 practices, without one or with one that breaks
        rules in many places, until the linear programme says what one is like.
    prices
        What proved the bound of a scenario alike, to begin from.
    """
    # One thread within a backend: the second is for the windows.
    progress = Progress(problem, replace(options, threads=1), solver, listen, cancel)
    is_small = problem.n <= WHOLE
    if is_small:
        if warm_start is not None and not suspects_of(problem, warm_start):
            progress.offer(warm_start)
        return progress.answer(_prove_small(progress, warm_start, prices))
    improving = Improving(progress, warm_start, seek)
    if options.threads < 2:
        stop = _prove_large(progress, warm_start, prices, improving.at_once)
        improving.finish()
        return progress.answer(progress.stop() or stop)
    with ThreadPoolExecutor(max_workers=1) as beside:
        work = beside.submit(improving.work)
        try:
            stop = _prove_large(progress, warm_start, prices, improving.sketched)
        finally:
            improving.no_more()
        improving.share()
        work.result()
    return progress.answer(progress.stop() or stop)


def _prove_small(
    progress: Progress, like: Grouping | None, prices: Evidence | None
) -> StopReason:
    """Price, cut and finish until the gap is closed or a limit is met."""
    relaxation = Relaxation(progress, like, prices, may_pool=True)
    looked = LOOKED_COLUMNS
    # Many of short outline take long to find.
    pooled = LOOKED_COLUMNS if by_outlines(progress.problem) else POOLED_COLUMNS
    for _ in range(CUT_ROUNDS):
        outcome, stop = relaxation.converge(1e-9)
        if stop is not None:
            return stop
        relaxation.offer_whole(outcome)
        relaxation.fill_pool(pooled)
        in_vain = look(relaxation, most=looked)
        looked = min(looked, in_vain // 2) if in_vain else looked
        stop = progress.stop() or finish(relaxation, most=FEW_COLUMNS)
        if stop is not None:
            return stop
        if not relaxation.cut(outcome):
            break
    return finish(relaxation, most=MANY_COLUMNS) or StopReason.FINISHED


def _prove_large(
    progress: Progress,
    like: Grouping | None,
    prices: Evidence | None,
    sketched: Callable[[Sketch], None],
) -> StopReason:
    """Price and cut until the gap is closed, that pays no longer or a limit is met.

    Each time the programme is solved, `sketched` is shown a plan by its answer. What
    is left between the programme and its bound is kept below what cuts add.
    """
    relaxation = Relaxation(progress, like, prices)
    close, before = NEAR, -inf
    for _ in range(CUT_ROUNDS):
        outcome, stop = relaxation.converge(close)
        if stop is not None:
            return stop
        relaxation.offer_whole(outcome)
        if outcome.values is not None:
            columns = relaxation.master.columns[: len(outcome.values)]
            sketched(sketch_of(progress.problem, columns, outcome.values))
        rise = (progress.bound - before) / max(1.0, abs(progress.bound))
        if rise < LEAST_RISE or not relaxation.cut(outcome):
            break
        close, before = min(close, rise / 5), progress.bound
    relaxation.converge(NEAREST)
    if progress.problem.n > MOST_FOR_FINISH:
        return StopReason.FINISHED
    return finish(relaxation, most=MANY_COLUMNS) or StopReason.FINISHED
