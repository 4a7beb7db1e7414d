"""Triples of practices that fractional columns share too often."""

from typing import Any

import numpy as np
import numpy.typing as npt

from federate.engine.compiled import grown

__all__ = ["near_to", "scan_triples"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@grown
def scan_triples(
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
        near = near_to(hinge, ptr, flat, back, of, values, weight)
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
def near_to(
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
