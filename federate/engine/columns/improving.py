"""A large plan made better, from wherever one comes first, beside the bound."""

import time
from collections.abc import Callable
from dataclasses import replace
from math import inf
from threading import Event

from federate.engine.answer import Answer, Grouping, objective_gbp, to_plan
from federate.engine.columns.finish import finish
from federate.engine.columns.progress import Progress
from federate.engine.columns.relaxation import Relaxation
from federate.engine.columns.sketch import Sketch
from federate.engine.columns.windows import Windows
from federate.engine.events import Event as Happening
from federate.engine.search import search
from federate.evidence import Evidence
from federate.problem import Problem
from federate.verify import verify
from solvers.contract import Status, StopReason

__all__ = ["Improving", "Seek", "suspects_of"]

Seek = Callable[[Callable[[], bool]], Grouping | None]
"""Finds a plan, good or broken, and is told when to stop."""

CUT_ROUNDS = 40
WINDOW_SIZES = (100, 300, 600, 1_200)
MEND_SIZES = (30, 100, 300, 600, 1_200)
"""Practices of a window; and beside the federation that breaks a rule."""
WINDOW_S, CHOICE_S, CHOICE_COLUMNS = 0.03, 0.01, 10
"""Seconds, seconds of the choice and its federations, for each practice of a window."""
PATIENCE, MOST_COLUMNS = (1, 4, 16), 40_000
"""Times as long, and as many federations up to so many, once no window was bettered."""
MEND_S, MEND_COLUMNS = 0.012, 50
"""Seconds, and federations of the choice, a practice where rules are to be mended."""
MENDED = 0.02
"""Windows mend a plan with up to this share of practices where rules are broken."""
SEARCH_S = 0.01
"""Seconds a practice of local search where no choice mends a window."""
UNSURE, STEADY = 1 / 8, 0.9
"""A sketch is taken up that leaves this share of practices, or less; or more than this
share of what each of the two before it left."""
PAYS = 0.2
"""A round of cuts pays in a window if it closes this share of the gap."""
MOMENT_S = 0.05


class Improving:
    """The plan of a large problem, bettered by windows until told to stop.

    It comes from whoever has one first: the caller, local search, or the linear
    programme, whose sketch windows mend. A plan of the programme is mostly the best;
    a plan that was there before it and keeps the rules is bettered meanwhile.

    Parameters
    ----------
    progress
        Is offered every plan, and says when to stop.
    start
        A plan to better; it may break rules.
    seek
        Local search, for want of a plan that breaks few rules or none.
    """

    def __init__(
        self, progress: Progress, start: Grouping | None, seek: Seek | None
    ) -> None:
        self._progress, self._start, self._seek = progress, start, seek
        self._sketch: Sketch | None = None
        self._left: list[int] = []
        self._windows: Windows | None = None
        self._patience = PATIENCE[0]
        self._no_more, self._done = Event(), Event()
        # A piece that a sketch leaves is no federation, so their number would be wrong.
        fewest, most = progress.problem.num_federations
        self._is_free = fewest <= 1 and most is None

    def sketched(self, sketch: Sketch) -> None:
        """Take up a sketch of the linear programme, once it is as sure as it will be.

        Help to mend the last one meanwhile: prices have little to add by then, and
        everything to gain from a plan.
        """
        left = len(sketch.suspects)
        # Twice about as many as the time before: cuts make it no surer.
        falls = any(left < STEADY * before for before in self._left[-2:])
        is_sure = left <= UNSURE * self._progress.problem.n
        is_steady = len(self._left) > 1 and not falls
        self._left.append(left)
        if self._is_free and (is_sure or is_steady):
            self._sketch = sketch
        windows = self._windows
        if windows is not None and windows.can_share:
            windows.mend()

    def at_once(self, sketch: Sketch) -> None:
        """Take up a sketch, and work once it is sure, between two rounds of cuts."""
        if not self._done.is_set():
            self.sketched(sketch)
            if self._has_sketch() or not self._is_free:
                self.finish()

    def finish(self) -> None:
        """Work now, if that was not done, with what there is."""
        self.no_more()
        if not self._done.is_set():
            self.work()

    def no_more(self) -> None:
        """Be told that no sketch will come."""
        self._no_more.set()

    def share(self) -> None:
        """Help the thread that works, until it is done."""
        while not self._done.is_set():
            windows = self._windows
            if windows is not None and windows.can_share:
                windows.work()
            time.sleep(MOMENT_S)

    def work(self) -> None:
        """Better the plan until nothing is left to better, or told to stop."""
        try:
            self._work()
        finally:
            self._done.set()

    def _work(self) -> None:
        progress, start = self._progress, self._start
        if progress.is_over():
            return
        broken = self._broken(start)
        is_near = len(broken) <= MENDED * progress.problem.n
        if not is_near and self._seek is not None:
            start = self._seek(self._is_enough) or start
            broken = self._broken(start)
        is_settled = True
        if start is not None and (is_near or not broken):
            is_settled = self._better(start, broken, wait=is_near)
        while (sketch := self._await()) is not None:
            mended = self._better(sketch.grouping, set(sketch.suspects))
            is_settled = is_settled or mended
            if progress.grouping is not None and not is_settled:
                is_settled = self._better(progress.grouping, set())
        if progress.grouping is None and start is not None:
            self._better(start, broken)
        for self._patience in PATIENCE[1:]:
            if progress.grouping is not None and not progress.is_over():
                self._better(progress.grouping, set())

    def _broken(self, plan: Grouping | None) -> set[int]:
        """Return the practices (indices) where a plan breaks rules; all without one."""
        problem = self._progress.problem
        if plan is None:
            return set(range(problem.n))
        return suspects_of(problem, plan)

    def _has_sketch(self) -> bool:
        return self._sketch is not None

    def _is_enough(self) -> bool:
        return self._progress.is_over() or self._has_sketch()

    def _await(self) -> Sketch | None:
        """Return the newest sketch once there is one; ``None``: none will come."""
        while not self._progress.is_over():
            none_will_come = self._no_more.is_set() or not self._is_free
            sketch, self._sketch = self._sketch, None
            if sketch is not None or none_will_come:
                return sketch
            time.sleep(MOMENT_S)
        return None

    def _better(
        self, start: Grouping, suspects: set[int], *, wait: bool = True
    ) -> bool:
        """Better a plan window by window; whether it is the best, and settled.

        Those come first that break rules: `suspects` (indices) are in them. Ends where
        a better plan is known, or without `wait` where there is a sketch.
        """
        progress = self._progress
        problem = progress.problem

        def keep_on(plan: Grouping | None) -> bool:
            if plan is not None:
                progress.offer(plan)
                if objective_gbp(problem, plan) > progress.best + 1e-6:
                    return False
            return progress.stop() is None and (wait or not self._has_sketch())

        if not suspects:
            progress.offer(start)
        self._windows = windows = Windows(
            problem,
            start,
            self._solve_window,
            sizes=WINDOW_SIZES,
            mending=MEND_SIZES,
            seed=progress.options.seed,
            suspects=suspects,
            prices=lambda: progress.duals,
            worth_while=progress.options.rel_gap / 2,
            keep_on=keep_on,
        )
        windows.work()
        return windows.is_settled

    def _solve_window(self, small: Problem, present: Grouping | None) -> Answer:
        """Solve the problem of a window, for a while."""
        progress = self._progress
        left = progress.seconds_left
        patience = self._patience
        limit = small.n * (MEND_S if present is None else WINDOW_S * patience)
        if left is not None:
            limit = max(0.1, min(limit, left))
        alone = Progress(
            small,
            replace(progress.options, time_limit_s=limit, rel_gap=1e-6),
            progress.solver,
            cancel=progress.is_over,
        )
        if present is not None:
            alone.offer(present)
        known = progress.evidence
        prices = known and known.over(small.instance.practices.code)
        answer = alone.answer(_window_bettered(alone, prices, patience))
        if present is None and answer.grouping is None:
            return self._searched(small)
        return answer

    def _searched(self, small: Problem) -> Answer:
        """Return the first plan of a window that local search finds."""
        told: list[Happening] = []

        def is_enough() -> bool:
            return bool(told) or self._progress.is_over()

        answer = search(
            small,
            time_limit_s=SEARCH_S * small.n,
            seed=self._progress.options.seed,
            listen=told.append,
            cancel=is_enough,
        )
        if answer.status is Status.FEASIBLE:
            return answer
        return Answer(Status.NO_SOLUTION, answer.stop)


def suspects_of(problem: Problem, plan: Grouping) -> set[int]:
    """Return the practices (indices) where a plan breaks rules."""
    index, found = problem.instance.index, verify(problem, to_plan(problem, plan))
    return {index[code] for violation in found for code in violation.practices}


def _window_bettered(
    progress: Progress, prices: Evidence | None, patience: int
) -> StopReason:
    """Cut while that pays, then choose once among the federations that promise most.

    At first that is all there is to do: what a window lacks to a proof would take many
    times as long, and its surroundings are not settled either.
    """
    relaxation, before = Relaxation(progress, None, prices), -inf
    for _ in range(CUT_ROUNDS):
        outcome, stop = relaxation.converge(1e-5)
        if stop is not None:
            return stop
        relaxation.offer_whole(outcome)
        rise, before = progress.bound - before, progress.bound
        if rise < PAYS / patience * (progress.best - progress.bound):
            break
        if not relaxation.cut(outcome):
            break
    n, columns = progress.problem.n, CHOICE_COLUMNS * patience
    if progress.grouping is None:
        columns = MEND_COLUMNS
    most = min(MOST_COLUMNS, columns * n)
    stop = finish(relaxation, most=most, limit_s=CHOICE_S * patience * n)
    return stop or StopReason.FINISHED
