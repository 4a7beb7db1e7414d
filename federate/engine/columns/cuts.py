"""Subset-row cuts on three practices.

Of all federations that hold two or more of any three practices, at most one is
chosen: two of them would share a practice. For fractional columns that is news
(Jepsen, Petersen, Spoorendonk and Pisinger 2008, Operations Research 56).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

__all__ = ["violated_triples"]

BoolArray = npt.NDArray[np.bool_]
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
    some = [k for k, x in enumerate(values) if 1e-6 < x < 1 - 1e-6]
    if len(some) < 2:
        return np.zeros((0, 3), dtype=np.int64)
    busy = sorted({i for k in some for i in members[k]})
    place = {i: a for a, i in enumerate(busy)}
    inside = np.zeros((len(some), len(busy)), dtype=np.bool_)
    for row, k in enumerate(some):
        inside[row, [place[i] for i in members[k]]] = True
    found, excess = _scan(inside, values[some], tolerance)
    used = np.zeros(num_practices, dtype=np.int64)
    kept: list[tuple[int, int, int]] = []
    for k in np.argsort(-excess, kind="stable"):
        triple = tuple(busy[a] for a in found[k])
        if len(kept) == most:
            break
        if all(used[i] < 5 for i in triple):
            used[list(triple)] += 1
            kept.append((triple[0], triple[1], triple[2]))
    return np.array(kept, dtype=np.int64).reshape(-1, 3)


@njit(cache=True, nogil=True)
def _scan(inside: BoolArray, values: FloatArray, tolerance: float) -> Any:
    """Return the violated triples among the busy practices, and by how much.

    With w_ij the weight of columns that hold i and j, a triple carries
    w_ij + w_ik + w_jk − 2·w_ijk.
    """
    n = inside.shape[1]
    weighted = inside * values.reshape(-1, 1)
    weight = weighted.T @ inside.astype(np.float64)
    found = []
    excess = []
    for i in range(n):
        for j in range(i + 1, n):
            both = weighted[:, i] * inside[:, j]
            for k in range(j + 1, n):
                carried = weight[i, j] + weight[i, k] + weight[j, k] - 1.0
                if carried <= tolerance:
                    continue
                carried -= 2.0 * (both * inside[:, k]).sum()
                if carried > tolerance:
                    found.append((i, j, k))
                    excess.append(carried)
    return found, np.array(excess)
