"""Windows: make a large plan better, some twenty federations at a time.

A window is a federation with its neighbours, their neighbours and so on, until
enough practices are in it. Its practices alone are a small problem, which the
column engine solves to a proof or nearly; all the others stay. A federation is
settled once a window that holds it and all its neighbours could not be bettered,
and unsettled when a neighbour changes. Windows are laid where the plan costs most
above the prices that prove its bound, and nowhere that these leave nothing to gain.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event, Lock

import numpy as np
import numpy.typing as npt

from federate.engine.answer import Answer, Grouping, objective_gbp
from federate.engine.columns.board import Board
from federate.engine.columns.excess import most_to_gain_gbp
from federate.engine.columns.master import Duals
from federate.problem import Problem
from federate.problem.restrict import restrict

__all__ = ["Windows"]

IntArray = npt.NDArray[np.int64]
SolveWindow = Callable[[Problem, Grouping | None], Answer]

MOMENT_S = 0.05


@dataclass(frozen=True)
class _Window:
    """Federations by number, and the small problem that their practices are.

    `suspects` are those practices of it whose federations break rules.
    """

    first: int
    numbers: tuple[int, ...]
    keep: IntArray
    small: Problem
    present: Grouping
    suspects: frozenset[int]


class Windows:
    """A large plan, made better window by window by one worker or more.

    Parameters
    ----------
    problem, grouping
        The whole problem and a plan of it.
    solve_window
        Solves a small problem, given the present plan of its practices, or
        ``None`` where that plan breaks rules.
    sizes
        How many practices make a window, at least: first, and in later rounds.
    mending
        The same, beside the federation that a window mends.
    seed
        Decides the order of the windows while there are no prices.
    suspects
        Practices (indices) in federations that break rules; emptied as windows
        mend them, which come first and may make the plan dearer.
    prices
        Returns the best so far, or ``None``.
    worth_while
        Least share of a window's cost that there must be to gain.
    keep_on
        Shown the plan after every window (``None`` while suspects are left);
        says whether to go on.
    """

    def __init__(
        self,
        problem: Problem,
        grouping: Grouping,
        solve_window: SolveWindow,
        *,
        sizes: Sequence[int],
        mending: Sequence[int],
        seed: int,
        suspects: set[int],
        prices: Callable[[], Duals | None],
        worth_while: float,
        keep_on: Callable[[Grouping | None], bool],
    ) -> None:
        self._problem = problem
        self._solve_window = solve_window
        self._sizes, self._mending = list(sizes), list(mending)
        self._rng = np.random.default_rng(seed)
        self._suspects = suspects
        self._prices = prices
        self._worth_while = worth_while
        self._keep_on = keep_on
        self._board = Board(problem, grouping)
        self._busy: set[int] = set()
        self._over = Event()
        self._is_settled = False
        self._lock = Lock()

    @property
    def can_share(self) -> bool:
        """Whether two windows may be at work at once.

        Not where the number of federations is ruled, nor where practices may
        stand alone between windows.
        """
        problem = self._problem
        free = problem.num_federations[0] <= 1 and problem.num_federations[1] is None
        return free and problem.alone_gbp is None

    @property
    def is_settled(self) -> bool:
        """Whether the plan keeps the rules and no window is left to better it."""
        return self._is_settled

    @property
    def grouping(self) -> Grouping:
        """The present plan: no dearer than at the start, but where rules broke."""
        with self._lock:
            return self._board.grouping()

    def work(self) -> None:
        """Solve windows until there is none left to better, or told to stop."""
        while not self._over.is_set():
            self._work_once()

    def mend(self) -> None:
        """Solve windows as long as rules are broken."""
        while self._suspects and not self._over.is_set():
            self._work_once()

    def _work_once(self) -> None:
        """Solve a window, or wait a moment where none is free."""
        with self._lock:
            window = self._next()
        if window is None:
            if self._over.is_set() or not self._keep_on(None):
                self._over.set()
            else:
                time.sleep(MOMENT_S)
            return
        start = None if window.suspects else window.present
        answer = self._solve_window(window.small, start)
        with self._lock:
            self._take(window, answer)
            plan = None if self._suspects else self._board.grouping()
        if not self._keep_on(plan):
            self._over.set()

    def _next(self) -> _Window | None:
        """Return the window to solve now; ``None``: none now, or all is over."""
        board, duals = self._board, self._prices()
        while True:
            sizes = self._mending if self._suspects else self._sizes
            unsettled = self._unsettled()
            if unsettled <= self._busy and self._busy:
                return None
            if not unsettled:
                if len(sizes) == 1:
                    self._is_settled = not self._suspects
                    self._over.set()
                    return None
                sizes.pop(0)
                board.unsettled.update(board.groups)
                continue
            first = board.draw(self._rng, unsettled - self._busy, duals)
            beside = len(board.groups[first][0]) if self._suspects else 0
            numbers = board.window(first, beside + sizes[0], self._busy)
            if self._is_worth_while(numbers, duals):
                self._busy.update(numbers)
                return self._window(first, numbers)
            board.settle(first, numbers)

    def _unsettled(self) -> set[int]:
        """Return the federations to look at: those that break rules, if any do.

        Where a practice in none breaks them, those beside it.
        """
        board, graph = self._board, self._problem.graph
        if not self._suspects:
            return board.unsettled
        odd = {int(board.of[i]) for i in self._suspects}
        outside = [i for i in self._suspects if board.of[i] < 0]
        odd |= {int(board.of[k]) for i in outside for k in graph.of(i)}
        return odd & board.unsettled

    def _is_worth_while(self, numbers: Sequence[int], duals: Duals | None) -> bool:
        """Whether prices leave enough to gain in a window."""
        if duals is None or self._suspects:
            return True
        groups = [self._board.groups[number] for number in numbers]
        cost = sum(self._problem.cost.cost(*group) for group in groups)
        gain = most_to_gain_gbp(self._problem, groups, duals)
        return gain > self._worth_while * cost

    def _window(self, first: int, numbers: Sequence[int]) -> _Window:
        """Return what a window asks."""
        board, problem = self._board, self._problem
        inside = sorted(i for g in numbers for i in board.groups[g][0])
        inside += board.alone_beside(inside)
        keep = np.array(sorted(inside), dtype=np.int64)
        others = len(board.groups) - len(numbers)
        fewest, most = problem.num_federations
        count = max(0, fewest - others), None if most is None else max(0, most - others)
        place = {int(i): k for k, i in enumerate(keep)}
        present = Grouping(
            tuple(tuple(place[i] for i in board.groups[g][0]) for g in numbers),
            tuple(place[board.groups[g][1]] for g in numbers),
        )
        return _Window(
            first,
            tuple(numbers),
            keep,
            restrict(problem, keep, count),
            present,
            frozenset(self._suspects.intersection(inside)),
        )

    def _take(self, window: _Window, answer: Answer) -> None:
        """Put the better federations in place, or settle those that are best."""
        self._busy.difference_update(window.numbers)
        better = answer.grouping
        if better is None or answer.objective_gbp is None:
            self._board.settle(window.first, window.numbers)
            return
        present = objective_gbp(window.small, window.present)
        if not window.suspects and answer.objective_gbp >= present - 1e-6:
            self._board.settle(window.first, window.numbers)
            return
        self._suspects.difference_update(window.suspects)
        keep = window.keep
        self._board.put(
            window.numbers,
            [
                (tuple(int(keep[i]) for i in members), int(keep[centre]))
                for members, centre in zip(better.members, better.centres, strict=True)
            ],
        )
