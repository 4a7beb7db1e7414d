"""Federations of whole practices under every centre, whatever the map.

The least reduced cost of any set whose size fits, by a table (`whole`); only where
practices in part (`knapsack`) leave room for less than 0, for nothing else counts.
Contiguity and the other rules on one federation but size, reach, zone and pairs apart
from the centre are left out.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from federate.proof.knapsack import Knapsack
from federate.proof.pricing import Federations
from federate.proof.whole import NEVER, least_whole, least_with, table_of_best

__all__ = ["Pairs", "Wholes"]

IntArray = npt.NDArray[np.int64]

WORK = 10**11
"""Steps in all: beyond its share of them a centre is left to practices in part."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """Who may be led by whom in a plan cheaper than a claim; (pairs,) each."""

    centre: IntArray
    member: IntArray


@dataclass(frozen=True, eq=False)
class _Under:
    """What is known under one centre, units.

    `least` is of the reduced cost, `more` what every other practice in it takes the
    bound up by, at least.
    """

    centre: int
    near: IntArray
    least: int
    more: IntArray


class Wholes:
    """Bounds under every centre; the tables are made anew whenever asked for.

    Parameters
    ----------
    federations
        The problem at some prices.
    """

    def __init__(self, federations: Federations) -> None:
        self._all = federations
        problem, rules = federations.problem, federations.rules
        self._knapsack = Knapsack(problem, rules.lower, rules.upper, rules.base)
        self._waived = np.zeros(problem.n, dtype=np.bool_)
        self._waived[list(problem.waived)] = True

    def least(self) -> int:
        """Return Σ_c min(0, least reduced cost under c), or less; units.

        Raises
        ------
        OverflowError
            If the figures do not fit whole numbers.
        """
        return sum(min(0, least) for least in self._map(self._least))

    def pairs(self, slack: int) -> Pairs:
        """Return the pairs that take the bound up by less than some units.

        Where c leads i, the bound rises from min(0, z_c) to z_c(i) at least.
        """
        centre, member = [], []
        for under in self._map(self._under):
            if under is None or under.least - min(0, under.least) >= slack:
                continue
            kept = under.near[under.more - min(0, under.least) < slack]
            member.append(np.append(kept, under.centre))
            centre.append(np.full(len(kept) + 1, under.centre))
        none = np.zeros(0, dtype=np.int64)
        return Pairs(np.concatenate([none, *centre]), np.concatenate([none, *member]))

    def _map(self, of: Callable[[int, IntArray, IntArray], Any]) -> Iterator[Any]:
        """Yield what is asked of every centre, in order."""
        with ThreadPoolExecutor(max_workers=self._all.threads) as pool:
            for chunk in pool.map(
                lambda centres: [of(*one) for one in self._all.by_size(centres)],
                self._all.centres(),
            ):
                yield from chunk

    def _least(self, centre: int, near: IntArray, profit: IntArray) -> int:
        rough = self._knapsack.least(centre, near, profit)
        if rough >= 0:
            return 0
        best = self._best(centre, near, profit)
        if best is None:
            return rough
        least = least_whole(best, self._room(centre, near)[0])
        if least >= NEVER:
            return 0
        return max(rough, self._all.rules.base - int(profit[centre]) + least)

    def _under(self, centre: int, near: IntArray, profit: IntArray) -> _Under | None:
        """Return what is known under a centre; ``None``: it leads in no plan."""
        low, high = self._room(centre, near)
        sizes, reduced = self._sizes(near), -profit[near]
        base = self._all.rules.base - int(profit[centre])
        if high < 0 or low > int(sizes.sum()):
            return None
        best = self._best(centre, near, profit)
        if best is None:
            rough = self._knapsack.least(centre, near, profit)
            return _Under(centre, near, rough, np.full(len(near), rough))
        least = least_whole(best, low)
        if least >= NEVER:
            return None
        more = least_with(best, sizes, reduced, low)
        return _Under(centre, near, base + least, base + np.maximum(more, least))

    def _best(self, centre: int, near: IntArray, profit: IntArray) -> IntArray | None:
        low, high = self._room(centre, near)
        return table_of_best(
            self._sizes(near),
            -profit[near],
            low,
            high,
            work=WORK // self._all.problem.n,
        )

    def _sizes(self, near: IntArray) -> IntArray:
        sizes: IntArray = self._all.problem.list_size[near].astype(np.int64)
        return sizes

    def _room(self, centre: int, near: IntArray) -> tuple[int, int]:
        """Return how many patients must join a centre, and may."""
        own = int(self._all.problem.list_size[centre])
        waived = self._waived[centre] or self._waived[near].any()
        lower = 0 if waived else self._all.rules.lower
        return max(0, lower - own), self._all.rules.upper - own
