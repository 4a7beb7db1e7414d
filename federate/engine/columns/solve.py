"""Columns, from the first linear programme to the proof."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import inf

import numpy as np

from federate.engine.answer import Answer, Grouping, to_plan
from federate.engine.columns.cuts import violated_sets
from federate.engine.columns.finish import finish, look
from federate.engine.columns.outlines import by_outlines
from federate.engine.columns.pricing import Pricer
from federate.engine.columns.progress import Progress
from federate.engine.columns.relaxation import Relaxation
from federate.engine.columns.windows import Windows
from federate.engine.events import Listener
from federate.evidence import Evidence
from federate.problem import Problem
from federate.verify import verify
from solvers.contract import Options, StopReason

__all__ = ["WHOLE", "Seek", "fits", "get_ready", "solve_columns"]

Seek = Callable[[Callable[[], bool]], Grouping | None]
"""Finds a plan, good or broken, and is told when to stop."""

CUT_ROUNDS = 40
FEW_COLUMNS, MANY_COLUMNS, POOLED_COLUMNS = 3_000, 60_000, 150_000
LOOKED_COLUMNS = 20_000
LARGEST_FEDERATION = 14
WHOLE = 500
"""Practices that the finish settles whole; above, windows do."""
MOST_FOR_FINISH = 2_000
WINDOW_SIZES = (300, 600, 1_200)
WINDOW_S, CHOICE_S, CHOICE_COLUMNS = 0.03, 0.01, 10
"""Seconds, seconds of the choice and its federations, for each practice of a window."""
MENDED = 0.02
"""Windows mend a plan with up to this share of practices where rules are broken."""
PAYS = 0.2
"""A round of cuts pays in a window if it closes this share of the gap."""


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

    Up to some 500 practices the finish settles the whole. Above, the plan is
    improved by windows, beside the bound where two threads are allowed.

    Parameters
    ----------
    warm_start
        A plan to better. It may break rules: above 500 practices the windows mend
        it, below it only tells the scale of costs. Without one, above 500 practices
        only the bound is proved, or the plan sought.
    seek
        Where to get a plan to better, above 500 practices, without one or with
        one that breaks rules in more places than windows mend in good time.
    prices
        What proved the bound of a scenario alike, to begin from.
    """
    # One thread within a backend: the second is for the windows.
    progress = Progress(problem, replace(options, threads=1), solver, listen, cancel)
    is_small = problem.n <= WHOLE
    if is_small and warm_start is not None and _suspects(problem, warm_start) is None:
        progress.offer(warm_start)
    if is_small or (warm_start is None and seek is None):
        return progress.answer(_prove(progress, warm_start, prices))

    def begin() -> Windows:
        start = warm_start or Grouping((), ())
        suspects = _suspects(problem, start)
        is_far = warm_start is None or len(suspects or ()) > MENDED * problem.n
        if seek is not None and is_far:
            start = seek(progress.is_over) or start
            suspects = _suspects(problem, start)
        return _windows(progress, start, suspects)

    if options.threads < 2:
        begin().work()
        return progress.answer(progress.stop() or _prove(progress, warm_start, prices))
    with ThreadPoolExecutor(max_workers=1) as beside:
        ready = beside.submit(begin)
        improving = beside.submit(lambda: ready.result().work())
        stop = _prove(progress, warm_start, prices)
        if ready.result().can_share and progress.stop() is None:
            ready.result().work()
        improving.result()
    return progress.answer(progress.stop() or stop)


def _prove(
    progress: Progress, like: Grouping | None, prices: Evidence | None
) -> StopReason:
    """Price, cut and finish until the gap is closed or a limit is met."""
    small = progress.problem.n <= WHOLE
    relaxation = Relaxation(progress, like, prices, may_pool=small)
    looked = LOOKED_COLUMNS
    for _ in range(CUT_ROUNDS):
        outcome, stop = relaxation.converge(1e-9 if small else 2e-4)
        if stop is not None:
            return stop
        plan = relaxation.whole_plan(outcome)
        if plan is not None:
            progress.offer(plan)
        if small:
            relaxation.fill_pool(POOLED_COLUMNS)
            in_vain = look(relaxation, most=looked)
            looked = min(looked, in_vain // 2) if in_vain else looked
            stop = progress.stop() or finish(relaxation, most=FEW_COLUMNS)
            if stop is not None:
                return stop
        if not relaxation.cut(outcome):
            break
    if not small:
        relaxation.converge(1e-6)
    if progress.problem.n > MOST_FOR_FINISH:
        return StopReason.FINISHED
    return finish(relaxation, most=MANY_COLUMNS) or StopReason.FINISHED


def _better(progress: Progress, prices: Evidence | None) -> StopReason:
    """Cut while that pays, then choose once among the federations that promise most.

    Of a window that is all there is to do: what it lacks to a proof would take many
    times as long, and its surroundings are not settled either.
    """
    relaxation, before = Relaxation(progress, None, prices), -inf
    for _ in range(CUT_ROUNDS):
        outcome, stop = relaxation.converge(1e-5)
        if stop is not None:
            return stop
        plan = relaxation.whole_plan(outcome)
        if plan is not None:
            progress.offer(plan)
        rise, before = progress.bound - before, progress.bound
        if rise < PAYS * (progress.best - progress.bound):
            break
        if not relaxation.cut(outcome):
            break
    n = progress.problem.n
    stop = finish(relaxation, most=CHOICE_COLUMNS * n, limit_s=CHOICE_S * n)
    return stop or StopReason.FINISHED


def _suspects(problem: Problem, plan: Grouping) -> set[int] | None:
    """Return the practices (indices) where rules are broken; ``None``: none are."""
    index, found = problem.instance.index, verify(problem, to_plan(problem, plan))
    if not found:
        return None
    return {index[code] for violation in found for code in violation.practices}


def _windows(progress: Progress, start: Grouping, suspects: set[int] | None) -> Windows:
    """Return the windows that better a large plan, small ones first.

    `suspects` are those of the plan, as `_suspects` returns them.
    """
    problem, options = progress.problem, progress.options
    if suspects is None:
        progress.offer(start)

    def solve_window(small: Problem, present: Grouping | None) -> Answer:
        left = progress.seconds_left
        limit = WINDOW_S * small.n
        if left is not None:
            limit = max(0.1, min(limit, left))
        alone = Progress(
            small,
            replace(options, time_limit_s=limit, rel_gap=1e-6),
            progress.solver,
            cancel=progress.is_over,
        )
        if present is not None:
            alone.offer(present)
        known = progress.evidence
        prices = known and known.over(small.instance.practices.code)
        return alone.answer(_better(alone, prices))

    def keep_on(plan: Grouping | None) -> bool:
        if plan is not None:
            progress.offer(plan)
        return progress.stop() is None

    return Windows(
        problem,
        start,
        solve_window,
        sizes=WINDOW_SIZES,
        seed=options.seed,
        suspects=suspects or set(),
        prices=lambda: progress.duals,
        worth_while=options.rel_gap / 2,
        keep_on=keep_on,
    )
