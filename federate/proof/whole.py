"""Federations of whole practices by size alone: the least reduced cost, by a table.

With r_j and sizes n_j of whole practices, best[w] is the least Σ r_j over the sets of
others that hold w patients (Bellman 1957, Dynamic Programming). Practice after
practice, from the fullest place down:

    best[w] ← min(best[w], r_j + best[w − n_j])

and the least reduced cost under c is base + r_c + min of best[w] over the w that keep
L ≤ n_c + w ≤ U. Where L asks nothing, best[w] is of *at most* w patients, and only
those with r_j < 0 count. With practice i besides, whoever else there is, it is at
least base + r_c + r_i + min of best[w − n_i]: i once more could only lower it.
Compiled by numba; all in whole units.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from federate.engine.compiled import grown

__all__ = ["NEVER", "least_whole", "least_with", "table_of_best"]

IntArray = npt.NDArray[np.int64]

NEVER = 2**61
"""Dearer than any federation."""


def table_of_best(
    sizes: IntArray, reduced: IntArray, low: int, high: int, *, work: int
) -> IntArray | None:
    """Return best[w], w = 0 … room, units; ``None``: too long a table.

    Parameters
    ----------
    sizes, reduced
        n_j and r_j of all who may join.
    low, high
        How many patients must join, and may.
    work
        Steps beyond which no table is made.
    """
    room = min(high, int(sizes.sum()))
    if room < 0:
        return np.zeros(0, dtype=np.int64)
    some = np.flatnonzero((sizes <= room) & ((reduced < 0) | (low > 0)))
    if len(some) * (room + 1) > work:
        return None
    best = np.full(room + 1, NEVER if low > 0 else 0, dtype=np.int64)
    best[0] = 0
    _fill(sizes[some], reduced[some], best)
    return best


@grown
def _fill(sizes: IntArray, reduced: IntArray, best: Any) -> None:
    for j in range(len(sizes)):
        n, r = sizes[j], reduced[j]
        for w in range(len(best) - 1, n - 1, -1):
            if best[w - n] < NEVER and best[w - n] + r < best[w]:
                best[w] = best[w - n] + r


def least_whole(best: IntArray, low: int) -> int:
    """Return the least of best[w], w ≥ low; `NEVER` where there is none."""
    inside = best[max(0, low) :]
    return int(inside.min()) if len(inside) else NEVER


def least_with(
    best: IntArray, sizes: IntArray, reduced: IntArray, low: int
) -> IntArray:
    """Return the least with each practice besides, at least; `NEVER`: no room."""
    out = np.full(len(sizes), NEVER, dtype=np.int64)
    room = len(best) - 1
    for n in np.unique(sizes):
        inside = sizes == n
        first = max(0, low - int(n))
        last = room - int(n)
        if last < 0 or first > last:
            continue
        least = int(best[first : last + 1].min())
        if least < NEVER:
            out[inside] = reduced[inside] + least
    return out
