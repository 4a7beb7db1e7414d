"""Medians by greed and interchange, each practice with its cheapest (compiled).

Medians are exchanged one for one while that pays (Teitz and Bart 1968, Operations
Research 16, by the sums of Whitaker 1983, INFOR 21).
"""

from math import inf

import numpy as np
import numpy.typing as npt

from federate.engine.compiled import grown
from federate.engine.medians.table import Table

__all__ = ["better_medians", "greedy_medians"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

BARRED = 1e12
"""Price in place of infinity, £ a year: sums stay in order."""


def greedy_medians(table: Table, count: int) -> IntArray:
    """Return `count` medians, each the best to add to those before."""
    led = np.minimum(table.joining, BARRED)
    near = np.full(len(led), BARRED)
    chosen: list[int] = []
    for _ in range(count):
        total = np.empty(len(led))
        _total(led, near, total)
        total[chosen] = inf
        c = int(np.argmin(total))
        chosen.append(c)
        near = np.minimum(near, led[c])
    return np.array(sorted(chosen), dtype=np.int64)


@grown
def _total(led: FloatArray, near: FloatArray, total: FloatArray) -> None:
    for c in range(len(near)):
        total[c] = 0.0
        for i in range(len(near)):
            total[c] += min(near[i], led[c, i])


def better_medians(table: Table, medians: IntArray) -> IntArray:
    """Return medians that no exchange of one for another betters."""
    chosen = medians.astype(np.int64).copy()
    if len(chosen):
        _exchange(table.joining, chosen, 4 * len(chosen) + 20)
    return np.sort(chosen)


@grown
def _exchange(led: FloatArray, chosen: IntArray, most: int) -> None:
    """Exchange the best pair again and again, `most` times at most.

    Taking c in for r changes the cost by Σ_i min(0, d_ci − d1_i)
    + Σ_{i of r} (min(d_ci, d2_i) − min(d_ci, d1_i)), with d1, d2 the costs of the
    two cheapest medians.
    """
    n, p = len(led), len(chosen)
    first, nearest, second = np.zeros(n, np.int64), np.zeros(n), np.zeros(n)
    loss = np.zeros(p)
    for _ in range(most):
        _two_nearest(led, chosen, first, nearest, second)
        best, into, out = -1e-7, np.int64(-1), np.int64(-1)
        for c in range(n):
            if led[c, c] == np.inf:
                continue
            gain = 0.0
            loss[:] = 0.0
            for i in range(n):
                d = min(led[c, i], 1e12)
                r = first[i]
                if d < nearest[i]:
                    gain += d - nearest[i]
                elif d < second[i]:
                    loss[r] += d - nearest[i]
                else:
                    loss[r] += second[i] - nearest[i]
            r = np.argmin(loss)
            if gain + loss[r] < best:
                best, into, out = gain + loss[r], np.int64(c), r
        if into < 0:
            return
        chosen[out] = into


@grown
def _two_nearest(
    led: FloatArray,
    chosen: IntArray,
    first: IntArray,
    nearest: FloatArray,
    second: FloatArray,
) -> None:
    """Write each practice's cheapest median and the two least costs."""
    for i in range(len(first)):
        nearest[i], second[i], first[i] = 1e12, 1e12, 0
        for r in range(len(chosen)):
            d = min(led[chosen[r], i], 1e12)
            if d < nearest[i]:
                second[i], nearest[i], first[i] = nearest[i], d, r
            elif d < second[i]:
                second[i] = d
