"""The finish in whole numbers: every plan that could be cheaper, looked at.

Each plan covers every practice once. From the practice that fewest federations
can still cover, one federation after the other is tried. A start S_1 … S_k cannot
end below `start` + Σ max(0, rc(S_l)), where `start` is what the prices alone prove:
of the rest, only negative reduced costs could help, and `start` has all of those.
What is reached is judged by its true cost, a sum of whole units rounded down.

Compiled by numba.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from federate.engine.compiled import grown

__all__ = ["Sets", "least_cover"]

Ints = npt.NDArray[np.int64]

NODES, LED, LEAST = range(3)


class Sets(NamedTuple):
    """Sets of practices to choose from; ragged lists as (ptr, entries).

    Parameters
    ----------
    ptr, members
        Rows each set covers.
    through_ptr, through
        Sets through each row.
    cost, more
        Units: the cost of each, rounded down, and max(0, reduced cost).
    is_led
        1 for a federation, 0 for practices that stand alone.
    """

    ptr: Ints
    members: Ints
    through_ptr: Ints
    through: Ints
    cost: Ints
    more: Ints
    is_led: Ints


def least_cover(
    sets: Sets,
    start: int,
    below: int,
    count: tuple[int, int],
    node_limit: int,
) -> int | None:
    """Return the cost of the cheapest plan below a cost, or that cost; units.

    Parameters
    ----------
    sets
        All that a plan cheaper than `below` can hold.
    start, below
        What prices prove, and the cost to look below; both without the practices
        above the upper bound.
    count
        Fewest and most federations.
    node_limit
        Give up after so many nodes, with ``None``.
    """
    rows = len(sets.through_ptr) - 1
    tally = np.array([0, 0, below], dtype=np.int64)
    covered = np.zeros(rows, dtype=np.bool_)
    _cover(sets, covered, rows, start, 0, tally, count[0], count[1], node_limit)
    return None if tally[NODES] > node_limit else int(tally[LEAST])


@grown
def _cover(
    sets: Sets,
    covered: npt.NDArray[np.bool_],
    left: int,
    bound: int,
    cost: int,
    tally: Ints,
    fewest: int,
    most: int,
    node_limit: int,
) -> Any:
    """Cover what is left in every way that may end below the least so far."""
    tally[NODES] += 1
    if left == 0:
        if fewest <= tally[LED] <= most:
            tally[LEAST] = min(tally[LEAST], cost)
        return 0
    row = _hardest(sets, covered, bound, tally[LEAST])
    for e in range(sets.through_ptr[row], sets.through_ptr[row + 1]):
        k = sets.through[e]
        if tally[NODES] > node_limit:
            return 0
        if bound + sets.more[k] >= tally[LEAST] or not _is_free(sets, covered, k):
            continue
        inside = sets.members[sets.ptr[k] : sets.ptr[k + 1]]
        covered[inside] = True
        tally[LED] += sets.is_led[k]
        _cover(
            sets,
            covered,
            left - len(inside),
            bound + sets.more[k],
            cost + sets.cost[k],
            tally,
            fewest,
            most,
            node_limit,
        )
        tally[LED] -= sets.is_led[k]
        covered[inside] = False
    return 0


@grown
def _hardest(sets: Sets, covered: npt.NDArray[np.bool_], bound: int, least: int) -> int:
    """Return the row left that fewest sets can still cover."""
    hardest, ways = -1, 2**62
    for row in range(len(covered)):
        if covered[row]:
            continue
        found = 0
        for e in range(sets.through_ptr[row], sets.through_ptr[row + 1]):
            k = sets.through[e]
            if bound + sets.more[k] < least and _is_free(sets, covered, k):
                found += 1
                if found >= ways:
                    break
        if found < ways:
            hardest, ways = row, found
    return hardest


@grown
def _is_free(sets: Sets, covered: npt.NDArray[np.bool_], k: int) -> bool:
    """Whether none of the rows of a set is covered."""
    for e in range(sets.ptr[k], sets.ptr[k + 1]):
        if covered[sets.members[e]]:
            return False
    return True
