"""Subset-row cuts: odd sets of practices that few federations can share.

Each practice is in one federation, so the chosen federations S take at most |T|
places in a set T of practices, and as many pairs as fit:

    Σ_S ⌊|S ∩ T| / 2⌋ x_S ≤ ⌊|T| / 2⌋.

For fractional columns and odd |T| that is news (Jepsen, Petersen, Spoorendonk
and Pisinger 2008, Operations Research 56). Triples are searched whole; sets of
five, which are many more, are grown and mended from each practice, once triples
run short.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from federate.engine.columns.fives import scan_fives
from federate.engine.columns.triples import scan_triples

__all__ = ["violated_sets"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

THROUGH_ONE = 5
"""Cuts kept through any one practice in a round, so that they differ."""
FEW = 0.25
"""Sets of five are searched where triples fill less than this share of a round."""


def violated_sets(
    num_practices: int,
    members: Sequence[Sequence[int]],
    values: FloatArray,
    *,
    most: int,
    tolerance: float = 1e-3,
) -> IntArray:
    """Return the most violated cuts of fractional columns, at most `most`.

    Parameters
    ----------
    num_practices, members, values
        The columns' members and values.
    tolerance
        Least excess over ⌊|T| / 2⌋.

    Returns
    -------
    Shape ``(k, 5)``: three or five practices each, −1 where there are no more.
    """
    some = np.flatnonzero((values > 1e-6) & (values < 1 - 1e-6))
    if len(some) < 2:
        return np.zeros((0, 5), dtype=np.int64)
    columns = [sorted(members[int(k)]) for k in some]
    rows = (*_rows(columns, num_practices), values[some])
    found, excess = scan_triples(*rows, tolerance)
    kept = _most_violated(found, excess, num_practices, most)
    if len(kept) < FEW * most:
        found, excess = scan_fives(*rows, tolerance)
        kept += _most_violated(found, excess, num_practices, most - len(kept))
    blank = [(*t, -1, -1)[:5] for t in kept]
    return np.array(blank, dtype=np.int64).reshape(-1, 5)


def _most_violated(
    found: Sequence[Sequence[int]], excess: FloatArray, n: int, most: int
) -> list[tuple[int, ...]]:
    """Return the sets of greatest excess, few through any one practice."""
    used = np.zeros(n, dtype=np.int64)
    kept: dict[tuple[int, ...], None] = {}
    for a in np.argsort(-excess, kind="stable"):
        members = tuple(sorted(int(i) for i in found[int(a)]))
        if len(kept) == most:
            break
        inside = list(members)
        if members not in kept and (used[inside] < THROUGH_ONE).all():
            used[inside] += 1
            kept[members] = None
    return list(kept)


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
