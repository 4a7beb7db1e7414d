"""Windows: make a large plan better, some twenty federations at a time.

A window is a federation with its neighbours, their neighbours and so on, until
enough practices are in it. Its practices alone are a small problem, which the
column engine solves to a proof or nearly; all the others stay. A federation is
settled once a window that holds it and all its neighbours could not be bettered,
and unsettled when a neighbour changes. Windows are laid where the plan costs most
above the prices that prove its bound, and nowhere that these leave nothing to gain.
"""

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from federate.engine.answer import Answer, Grouping, objective_gbp
from federate.engine.columns.excess import excess_gbp, most_to_gain_gbp
from federate.engine.columns.master import Duals
from federate.problem import Problem
from federate.problem.restrict import restrict

__all__ = ["improve_by_windows"]

IntArray = npt.NDArray[np.int64]
Group = tuple[tuple[int, ...], int]
SolveWindow = Callable[[Problem, Grouping | None], Answer]


def improve_by_windows(
    problem: Problem,
    grouping: Grouping,
    solve_window: SolveWindow,
    *,
    practices: int,
    seed: int,
    suspects: set[int],
    prices: Callable[[], Duals | None],
    worth_while: float,
    keep_on: Callable[[Grouping | None], bool],
) -> Grouping:
    """Return a plan no dearer than `grouping`, better where a window was.

    Parameters
    ----------
    problem, grouping
        The whole problem and a plan of it.
    solve_window
        Solves a small problem, given the present plan of its practices, or
        ``None`` where that plan breaks rules.
    practices
        How many practices make a window, at least.
    seed
        Decides the order of the windows while there are no prices.
    suspects
        Practices (indices) in federations that break rules; emptied as windows
        mend them, which come first and may make the plan dearer.
    prices
        The best so far, or ``None``.
    worth_while
        Least share of a window's cost that there must be to gain.
    keep_on
        Shown the plan after every window (``None`` while suspects are left);
        says whether to go on.
    """
    rng = np.random.default_rng(seed)
    board = _Board(problem, grouping)
    while board.unsettled:
        duals = prices()
        first = board.draw(rng, suspects, duals)
        window = board.window(first, practices)
        if duals is not None and not suspects:
            groups = [board.groups[number] for number in window]
            cost = sum(problem.cost.cost(*group) for group in groups)
            if most_to_gain_gbp(problem, groups, duals) <= worth_while * cost:
                board.settle(first, window)
                if keep_on(None):
                    continue
                break
        better = _solve(problem, board, window, solve_window, suspects)
        if better is None:
            board.settle(first, window)
        else:
            board.put(window, better)
        if not keep_on(None if suspects else board.grouping()):
            break
    return board.grouping()


class _Board:
    """The present federations by number, and who lies beside whom."""

    def __init__(self, problem: Problem, grouping: Grouping) -> None:
        self.problem = problem
        self.groups: dict[int, Group] = {}
        self.unsettled: set[int] = set()
        self.of = np.full(problem.n, -1, dtype=np.int64)
        self._next = 0
        self._excess: dict[int, float] = {}
        self._duals: Duals | None = None
        alone = set(range(problem.n))
        for group in zip(grouping.members, grouping.centres, strict=True):
            self._found(group)
            alone.difference_update(group[0])
        self.alone = alone

    def _found(self, group: Group) -> int:
        number = self._next
        self._next += 1
        self.groups[number] = group
        self.of[list(group[0])] = number
        self.unsettled.add(number)
        return number

    def beside(self, number: int) -> set[int]:
        """Return the federations with a practice beside one of this one's."""
        graph = self.problem.graph
        near = {int(self.of[k]) for i in self.groups[number][0] for k in graph.of(i)}
        return near - {number, -1}

    def draw(
        self, rng: np.random.Generator, suspects: set[int], duals: Duals | None
    ) -> int:
        """Return an unsettled federation, one with suspects if there is one.

        With prices it is the one with most to gain in it and those beside it.
        """
        odd = {int(self.of[i]) for i in suspects}
        odd |= {int(self.of[k]) for i in suspects for k in self.problem.graph.of(i)}
        drawn = sorted(odd & self.unsettled or self.unsettled)
        if duals is None:
            return int(rng.choice(drawn))
        if duals is not self._duals:
            self._duals, self._excess = duals, {}
        return max(drawn, key=self._excess_around)

    def _excess_around(self, number: int) -> float:
        """Return what a federation and those beside it cost above their prices."""
        return sum(self._excess_of(k) for k in {number, *self.beside(number)})

    def _excess_of(self, number: int) -> float:
        if self._duals is None:
            return 0.0
        if number not in self._excess:
            group = self.groups[number]
            self._excess[number] = excess_gbp(self.problem, group, self._duals)
        return self._excess[number]

    def window(self, first: int, practices: int) -> list[int]:
        """Return federations around `first`, nearest rings first."""
        chosen, ring = [first], [first]
        size = len(self.groups[first][0])
        while ring and size < practices:
            outer = {k for g in ring for k in self.beside(g)}.difference(chosen)
            ring = sorted(outer)
            for number in ring:
                if size >= practices:
                    break
                chosen.append(number)
                size += len(self.groups[number][0])
        return chosen

    def settle(self, first: int, window: Iterable[int]) -> None:
        """Mark those that the window held with all their neighbours."""
        inside = set(window)
        self.unsettled.discard(first)
        for number in inside & self.unsettled:
            if self.beside(number) <= inside:
                self.unsettled.discard(number)

    def put(self, window: Iterable[int], better: Iterable[Group]) -> None:
        """Put better federations in the place of a window's."""
        for number in window:
            members, _ = self.groups.pop(number)
            self.unsettled.discard(number)
            self.of[list(members)] = -1
            self.alone.update(members)
        fresh = []
        for group in better:
            self.alone.difference_update(group[0])
            fresh.append(self._found(group))
        for number in fresh:
            self.unsettled |= self.beside(number)

    def grouping(self) -> Grouping:
        """Return the present plan."""
        groups = sorted(self.groups.values())
        return Grouping(tuple(m for m, _ in groups), tuple(c for _, c in groups))


def _solve(
    problem: Problem,
    board: _Board,
    window: list[int],
    solve_window: SolveWindow,
    suspects: set[int],
) -> list[Group] | None:
    """Return better federations for the practices of a window, if found."""
    inside = sorted(i for g in window for i in board.groups[g][0])
    inside += _alone_beside(board, inside)
    keep = np.array(sorted(inside), dtype=np.int64)
    others = len(board.groups) - len(window)
    fewest, most = problem.num_federations
    count = max(0, fewest - others), None if most is None else max(0, most - others)
    small = restrict(problem, keep, count)
    place = {int(i): k for k, i in enumerate(keep)}
    odd = suspects.intersection(inside)
    present = Grouping(
        tuple(tuple(place[i] for i in board.groups[g][0]) for g in window),
        tuple(place[board.groups[g][1]] for g in window),
    )
    answer = solve_window(small, None if odd else present)
    if answer.grouping is None or answer.objective_gbp is None:
        return None
    if not odd and answer.objective_gbp >= objective_gbp(small, present) - 1e-6:
        return None
    suspects.difference_update(odd)
    return [
        (tuple(int(keep[i]) for i in members), int(keep[centre]))
        for members, centre in zip(
            answer.grouping.members, answer.grouping.centres, strict=True
        )
    ]


def _alone_beside(board: _Board, inside: list[int]) -> list[int]:
    """Return the practices standing alone beside a window, whole sets of them."""
    if not board.alone:
        return []
    problem = board.problem
    near = {int(k) for i in inside for k in problem.graph.of(i)} & board.alone
    for group in problem.together:
        if near & set(group):
            near |= set(group)
    return sorted(near)
