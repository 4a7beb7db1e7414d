"""The present federations of a large plan, who lies beside whom, what is settled."""

from collections.abc import Iterable

import numpy as np

from federate.engine.answer import Grouping
from federate.engine.columns.excess import excess_gbp
from federate.engine.columns.master import Duals
from federate.problem import Problem

__all__ = ["Board"]

Group = tuple[tuple[int, ...], int]


class Board:
    """The present federations by number, and who lies beside whom."""

    def __init__(self, problem: Problem, grouping: Grouping) -> None:
        self.problem = problem
        self.groups: dict[int, Group] = {}
        self.unsettled: set[int] = set()
        self.of = np.full(problem.n, -1, dtype=np.int64)
        self._next = 0
        self._beside: dict[int, frozenset[int]] = {}
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

    def beside(self, number: int) -> frozenset[int]:
        """Return the federations with a practice beside one of this one's."""
        if number not in self._beside:
            graph = self.problem.graph
            members = self.groups[number][0]
            near = {int(self.of[k]) for i in members for k in graph.of(i)}
            self._beside[number] = frozenset(near - {number, -1})
        return self._beside[number]

    def draw(
        self, rng: np.random.Generator, among: set[int], duals: Duals | None
    ) -> int:
        """Return one of some federations by number.

        With prices it is the one with most to gain in it and those beside it.
        """
        drawn = sorted(among)
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

    def window(self, first: int, practices: int, busy: set[int]) -> list[int]:
        """Return federations around `first`, nearest rings first, none busy."""
        chosen, ring = [first], [first]
        size = len(self.groups[first][0])
        while ring and size < practices:
            outer = {k for g in ring for k in self.beside(g)}
            outer -= busy.union(chosen)
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
            for changed in self.beside(number):
                self._beside.pop(changed, None)
        for number in window:
            self._beside.pop(number, None)
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

    def alone_beside(self, inside: list[int]) -> list[int]:
        """Return the practices standing alone beside some, whole sets of them."""
        if not self.alone:
            return []
        problem = self.problem
        near = {int(k) for i in inside for k in problem.graph.of(i)} & self.alone
        for group in problem.together:
            if near & set(group):
                near |= set(group)
        return sorted(near)
