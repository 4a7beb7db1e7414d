"""Sets of five practices that fractional columns share too often."""

from typing import Any

import numpy as np
import numpy.typing as npt

from federate.engine.columns.triples import near_to
from federate.engine.compiled import grown

__all__ = ["scan_fives"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

STARTS = 12
"""Practices to start from beside each: those that share most columns with it."""
WIDEST = 40
"""Practices tried as a member of one set."""


@grown
def scan_fives(
    ptr: IntArray,
    flat: IntArray,
    back: IntArray,
    of: IntArray,
    values: FloatArray,
    tolerance: float,
) -> Any:
    """Return sets of five with Σ_S ⌊|S ∩ T| / 2⌋ x_S > 2, and by how much more.

    From each practice and any two of those it shares most columns with, a set is
    grown by the best practice twice; then practices are exchanged while that
    betters it. Not every violated set is found.
    """
    n = len(back) - 1
    weight = np.zeros(n)
    times = np.zeros(len(values), np.int64)
    five = np.empty(5, np.int64)
    found = [(0, 0, 0, 0, 0)]
    excess = [0.0]
    for hinge in range(n):
        close, pool = _pool(hinge, ptr, flat, back, of, values, weight)
        for a in range(len(close)):
            for b in range(len(close)):
                if a == b:
                    continue
                five[0], five[1], five[2] = hinge, close[a], close[b]
                carried = _settle(five, pool, back, of, values, times)
                if carried > 2.0 + tolerance:
                    found.append((five[0], five[1], five[2], five[3], five[4]))
                    excess.append(carried - 2.0)
    return found[1:], np.array(excess[1:])


@grown
def _pool(
    hinge: int,
    ptr: IntArray,
    flat: IntArray,
    back: IntArray,
    of: IntArray,
    values: FloatArray,
    weight: FloatArray,
) -> Any:
    """Return those that share most with the hinge, and those that share at all.

    The second are followed by who shares with them in turn, up to `WIDEST`.
    """
    near = near_to(hinge, ptr, flat, back, of, values, weight)
    first = np.empty(len(near), np.int64)
    for k in range(len(near)):
        first[k] = near[k]
    first = first[np.argsort(-weight[first], kind="mergesort")]
    weight[first] = 0.0
    pool = np.empty(max(WIDEST, len(first)), np.int64)
    pool[: len(first)] = first
    count = len(first)
    for j in first[:STARTS]:
        for k in near_to(j, ptr, flat, back, of, values, weight):
            weight[k] = 0.0
            if count < WIDEST and k != hinge and not (pool[:count] == k).any():
                pool[count] = k
                count += 1
    return first[:STARTS], pool[:count]


@grown
def _settle(
    five: IntArray,
    pool: IntArray,
    back: IntArray,
    of: IntArray,
    values: FloatArray,
    times: IntArray,
) -> float:
    """Fill and mend a set that starts with three practices; return what it carries."""
    carried = 0.0
    place, unchanged, size = 3, 0, 3
    while unchanged < 4:
        best, best_j = -1.0 if size < 5 else carried + 1e-9, -1
        old = five[place]
        for j in pool:
            if (five[:size] == j).any():
                continue
            five[place] = j
            now = _carried(five[: max(size, place + 1)], back, of, values, times)
            if now > best:
                best, best_j = now, j
        five[place] = old
        unchanged += 1
        if best_j >= 0:
            five[place], carried, unchanged = best_j, best, 0
        elif size < 5:
            return 0.0
        size = min(5, size + 1)
        place = place + 1 if place < 4 else 1
    return carried


@grown
def _carried(
    members: IntArray,
    back: IntArray,
    of: IntArray,
    values: FloatArray,
    times: IntArray,
) -> float:
    """Return Σ_S ⌊|S ∩ T| / 2⌋ x_S of a set T; `times` is zero before and after."""
    total = 0.0
    for i in members:
        for e in range(back[i], back[i + 1]):
            times[of[e]] += 1
            if times[of[e]] % 2 == 0:
                total += values[of[e]]
    for i in members:
        for e in range(back[i], back[i + 1]):
            times[of[e]] = 0
    return total
