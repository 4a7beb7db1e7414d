"""Beasley 1985 (OR-Library pmed): uncapacitated p-median on a network.

Practices of one patient each, exactly p federations, travel alone: the minutes are
the shortest paths.
"""

import heapq
import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from benchmarks.published.statement import (
    Row,
    Statement,
    Verdict,
    instance_of,
    position,
    scenario_of,
)
from federate.plan import Plan

__all__ = ["state"]

Edges = Mapping[tuple[int, int], int]


def state(folder: Path, row: Row) -> Statement:
    """State one instance; where an edge is given twice, the last counts."""
    words = [int(w) for w in (folder / f"{row.instance}.txt").read_text().split()]
    n, num_medians = words[0], words[2]
    edges = {}
    for u, v, cost in zip(words[3::3], words[4::3], words[5::3], strict=True):
        edges[min(u, v) - 1, max(u, v) - 1] = cost
    rules = {"num_federations": num_medians, "contiguity": "none"}
    return Statement(
        instance=instance_of(
            row.instance,
            _circle(n),
            np.ones(n, dtype=np.int64),
            _shortest(n, edges),
            tuple(sorted(pair for pair in edges if pair[0] != pair[1])),
        ),
        scenario=scenario_of(row.instance, whole_numbers=True, rules=rules),
        judge=lambda plan: _judge(n, num_medians, edges, plan),
    )


def _circle(n: int) -> npt.NDArray[np.float64]:
    """Return places for a network that has none, 1 km apart along a circle."""
    angle = 2 * np.pi * np.arange(n) / n
    radius = 1000.0 * n / (2 * np.pi)
    return radius * np.column_stack([np.cos(angle), np.sin(angle)])


def _shortest(n: int, edges: Edges) -> npt.NDArray[np.float64]:
    ends = np.array(list(edges))
    network = coo_array((list(edges.values()), (ends[:, 0], ends[:, 1])), shape=(n, n))
    out: npt.NDArray[np.float64] = dijkstra(network.tocsr(), directed=False)
    return out


def _judge(n: int, num_medians: int, edges: Edges, plan: Plan) -> Verdict:
    """Add up the paths of a plan, by a shortest-path search of its own."""
    roads: list[list[tuple[int, int]]] = [[] for _ in range(n)]
    for (u, v), cost in edges.items():
        roads[u].append((v, cost))
        roads[v].append((u, cost))
    medians = {position(plan.centre[g]) for g in plan.federation.values() if g}
    faults = []
    if len(medians) != num_medians:
        faults.append(f"{len(medians)} medians instead of {num_medians}")
    paths = {median: _paths_from(median, roads) for median in medians}
    total = 0.0
    for code, label in plan.federation.items():
        if label:
            total += paths[position(plan.centre[label])][position(code)]
        else:
            faults.append(f"point {code} is served by no median")
    return Verdict(total, total, tuple(faults))


def _paths_from(start: int, roads: list[list[tuple[int, int]]]) -> list[float]:
    """Return the shortest path from `start` to every point."""
    best = [math.inf] * len(roads)
    best[start] = 0
    queue = [(0.0, start)]
    while queue:
        length, here = heapq.heappop(queue)
        if length > best[here]:
            continue
        for there, step in roads[here]:
            if length + step < best[there]:
                best[there] = length + step
                heapq.heappush(queue, (best[there], there))
    return best
