"""Subset-row cuts on three practices.

Of all federations that hold two or more of any three practices, at most one is
chosen: two of them would share a practice. For fractional columns that is news
(Jepsen, Petersen, Spoorendonk and Pisinger 2008, Operations Research 56).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from federate.engine.compiled import grown

__all__ = ["violated_triples"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def violated_triples(
    num_practices: int,
    members: Sequence[Sequence[int]],
    values: FloatArray,
    *,
    most: int,
    tolerance: float = 1e-3,
) -> IntArray:
    """Return the most violated triples of fractional columns, shape ``(k, 3)``.

    Σ_{S: |S ∩ T| ≥ 2} x_S > 1 + tolerance. Of the triples found, `most` are
    kept, at most five through any one practice, so that they do not all say
    the same.
    """
    some = np.flatnonzero((values > 1e-6) & (values < 1 - 1e-6))
    if len(some) < 2:
        return np.zeros((0, 3), dtype=np.int64)
    columns = [sorted(members[int(k)]) for k in some]
    found, excess = _scan(*_rows(columns, num_practices), values[some], tolerance)
    used = np.zeros(num_practices, dtype=np.int64)
    kept: list[tuple[int, int, int]] = []
    seen: set[tuple[int, ...]] = set()
    for a in np.argsort(-excess, kind="stable"):
        i, j, k = sorted(found[int(a)])
        if len(kept) == most:
            break
        if (i, j, k) not in seen and (used[[i, j, k]] < 5).all():
            seen.add((i, j, k))
            used[[i, j, k]] += 1
            kept.append((i, j, k))
    return np.array(kept, dtype=np.int64).reshape(-1, 3)


def _rows(
    columns: Sequence[Sequence[int]], n: int
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Return members by column and columns by practice, both as CSR."""
    ptr = np.cumsum([0, *(len(c) for c in columns)], dtype=np.int64)
    flat = np.array([i for c in columns for i in c], dtype=np.int64)
    owner = np.repeat(np.arange(len(columns)), np.diff(ptr))
    order = np.argsort(flat, kind="stable")
    back = np.searchsorted(flat[order], np.arange(n + 1)).astype(np.int64)
    return ptr, flat, back, owner[order].astype(np.int64)


@grown
def _scan(
    ptr: IntArray,
    flat: IntArray,
    back: IntArray,
    of: IntArray,
    values: FloatArray,
    tolerance: float,
) -> Any:
    """Return the violated triples and by how much.

    With w_ij the weight of columns that hold i and j, a triple carries
    w_ij + w_ik + w_jk − 2·w_ijk. Where that exceeds 1, two of the pairs carry
    two thirds at least: those of one practice, the hinge. A triple is found
    once or more.
    """
    n = len(back) - 1
    weight = np.zeros(n)
    found = [(0, 0, 0)]
    excess = [0.0]
    for hinge in range(n):
        near = _near(hinge, ptr, flat, back, of, values, weight)
        for a in range(len(near)):
            for b in range(a):
                carried = weight[near[a]] + weight[near[b]]
                if carried > 2.0 / 3.0:
                    pair, three = _shared(
                        hinge, near[a], near[b], ptr, flat, back, of, values
                    )
                    carried += pair - 2.0 * three - 1.0
                    if carried > tolerance:
                        found.append((hinge, near[a], near[b]))
                        excess.append(carried)
        for j in near:
            weight[j] = 0.0
    return found[1:], np.array(excess[1:])


@grown
def _near(
    hinge: int,
    ptr: IntArray,
    flat: IntArray,
    back: IntArray,
    of: IntArray,
    values: FloatArray,
    weight: FloatArray,
) -> Any:
    """Return who shares columns with the hinge; add up how much in `weight`."""
    near = [hinge]
    near.pop()
    for e in range(back[hinge], back[hinge + 1]):
        for f in range(ptr[of[e]], ptr[of[e] + 1]):
            j = flat[f]
            if j != hinge:
                if weight[j] == 0.0:
                    near.append(j)
                weight[j] += values[of[e]]
    return near


@grown
def _shared(
    hinge: int,
    i: int,
    j: int,
    ptr: IntArray,
    flat: IntArray,
    back: IntArray,
    of: IntArray,
    values: FloatArray,
) -> Any:
    """Return the weight of columns that hold i and j, and of those with the hinge."""
    pair = 0.0
    all_three = 0.0
    for e in range(back[i], back[i + 1]):
        has_j = False
        has_hinge = False
        for f in range(ptr[of[e]], ptr[of[e] + 1]):
            has_j = has_j or flat[f] == j
            has_hinge = has_hinge or flat[f] == hinge
        if has_j:
            pair += values[of[e]]
            if has_hinge:
                all_three += values[of[e]]
    return pair, all_three
