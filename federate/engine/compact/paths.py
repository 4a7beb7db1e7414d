"""Shortest paths through the neighbour graph by patients, and what they cut off."""

from collections.abc import Collection, Iterable, Sequence
from heapq import heappop, heappush
from math import inf

from federate.problem import Problem

__all__ = ["components", "lightest", "neighbours_of"]

Neighbours = tuple[tuple[int, ...], ...]


def neighbours_of(problem: Problem) -> Neighbours:
    """Return the neighbours of every practice as tuples."""
    return tuple(tuple(int(k) for k in problem.graph.of(i)) for i in range(problem.n))


def lightest(
    neighbours: Neighbours,
    weight: Sequence[float],
    source: int,
    allowed: Collection[int],
    most: float = inf,
) -> dict[int, float]:
    """Return the least total weight of a path from `source` to each practice.

    Both ends count. Only practices of `allowed` are walked through or reached;
    those beyond `most` are left out.
    """
    done: dict[int, float] = {}
    heap = [(weight[source], source)]
    while heap:
        total, i = heappop(heap)
        if i in done or total > most:
            continue
        done[i] = total
        for k in neighbours[i]:
            if k not in done and k in allowed:
                heappush(heap, (total + weight[k], k))
    return done


def components(neighbours: Neighbours, members: Iterable[int]) -> list[set[int]]:
    """Return the connected pieces of a set of practices, in order of least index."""
    left = set(members)
    found = []
    for start in sorted(left):
        if start not in left:
            continue
        piece, stack = {start}, [start]
        left.discard(start)
        while stack:
            fresh = left.intersection(neighbours[stack.pop()])
            left -= fresh
            piece |= fresh
            stack.extend(fresh)
        found.append(piece)
    return found
