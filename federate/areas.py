"""Areas that no federation crosses, and how many federations each can hold."""

from math import ceil, floor

import numpy as np

from federate.problem import Problem

__all__ = ["areas", "count_range"]


def areas(problem: Problem) -> list[list[int]]:
    """Return the sets that no federation can cross, oversize practices left out.

    Zones always; pieces of the neighbour graph where federations are contiguous.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    n = problem.n
    label = np.zeros(n, dtype=np.int64) if problem.zone is None else problem.zone
    own = np.zeros(n, dtype=bool)
    own[list(problem.oversize)] = True
    if problem.max_pieces == 1:
        pairs = problem.graph.pairs
        a, b = pairs[:, 0], pairs[:, 1]
        kept = (label[a] == label[b]) & ~own[a] & ~own[b]
        ones = np.ones(int(kept.sum()))
        graph = csr_array((ones, (a[kept], b[kept])), shape=(n, n))
        _, piece = connected_components(graph, directed=False)
        label = piece.astype(np.int64)
    inside = np.flatnonzero(~own)
    found: dict[int, list[int]] = {}
    for i in inside:
        found.setdefault(int(label[i]), []).append(int(i))
    return list(found.values())


def count_range(problem: Problem, area: list[int]) -> tuple[int, int] | None:
    """Return the fewest and most federations that can hold an area's practices.

    k federations in bounds hold between k·L and k·U patients and between k·m and k·M
    practices; up to one more for each waived practice may lie below L. ``None``: no k
    does.
    """
    fewest, most = 1, len(area)
    if problem.practices_bounds is not None:
        few, many = problem.practices_bounds
        fewest, most = max(fewest, ceil(most / many)), floor(most / max(few, 1))
    if problem.size_bounds is not None:
        lower, upper = problem.size_bounds
        patients = int(problem.list_size[area].sum())
        waived = len(set(problem.waived) & set(area))
        if upper > 0:
            fewest = max(fewest, ceil(patients / upper))
        if lower > 0:
            most = min(most, floor(patients / lower) + waived)
    return (fewest, most) if fewest <= most else None
