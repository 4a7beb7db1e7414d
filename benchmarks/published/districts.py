"""Districting: what its families share.

Partition the nodes of a graph into k districts with a population in [L, U],
connected where asked. In our words: exactly k federations within size bounds,
contiguous, with the family's distance to the centre as minutes.
"""

import math
from collections import deque
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.published.statement import position
from federate.plan import Plan

__all__ = ["Map", "broken_rules", "pieces", "read_map", "rules_of"]

METRES_PER_DEGREE = 111_195.0  # of latitude, on a sphere of 6,371 km


@dataclass(frozen=True, eq=False)
class Map:
    """A file of the family.

    `population` by node; `places` in metres, from ``X`` lines where there are any,
    else from longitude and latitude; `edges` as pairs i < k.
    """

    num_districts: int
    smallest: int
    largest: int
    population: tuple[int, ...]
    places: npt.NDArray[np.float64]
    edges: tuple[tuple[int, int], ...]

    @property
    def around(self) -> list[list[int]]:
        """The neighbours of each node."""
        out: list[list[int]] = [[] for _ in self.population]
        for i, k in self.edges:
            out[i].append(k)
            out[k].append(i)
        return out


def read_map(path: Path) -> Map:
    """Read ``# k=… L=… U=…``, nodes ``N``, edges ``E`` and metres ``X``."""
    lines = path.read_text(encoding="utf-8").splitlines()
    head = dict(word.split("=") for word in lines[0].split()[1:] if "=" in word)
    nodes, edges, metres = {}, set(), {}
    for line in lines[1:]:
        kind, *values = line.split(",")
        if kind == "N":
            nodes[int(values[0])] = (int(values[2]), float(values[3]), float(values[4]))
        elif kind == "E":
            edges.add((min(int(values[0]), int(values[1])), max(map(int, values[:2]))))
        elif kind == "X":
            metres[int(values[0])] = (float(values[1]), float(values[2]))
    order = sorted(nodes)
    return Map(
        num_districts=int(head["k"]),
        smallest=int(head["L"]),
        largest=int(head["U"]),
        population=tuple(nodes[i][0] for i in order),
        places=np.array(
            [metres.get(i, _plane(*nodes[i][1:])) for i in order], dtype=np.float64
        ),
        edges=tuple(sorted(edges)),
    )


def rules_of(districts: Map, *, contiguous: bool) -> dict[str, object]:
    """Return the rules of the districting as those of a scenario."""
    return {
        "size_bounds": (districts.smallest, districts.largest),
        "num_federations": districts.num_districts,
        "contiguity": "contiguous" if contiguous else "none",
        "oversize": "refuse",
    }


def broken_rules(districts: Map, plan: Plan, *, contiguous: bool) -> tuple[str, ...]:
    """Return which rules of the family a plan breaks."""
    members: dict[str, set[int]] = {}
    for code, label in plan.federation.items():
        members.setdefault(label, set()).add(position(code))
    faults = []
    if "" in members:
        faults.append(f"{len(members.pop(''))} nodes in no district")
    if len(members) != districts.num_districts:
        faults.append(f"{len(members)} districts, not {districts.num_districts}")
    for label, nodes in sorted(members.items()):
        people = sum(districts.population[i] for i in nodes)
        if not districts.smallest <= people <= districts.largest:
            faults.append(f"district {label} has {people} people")
        if contiguous and (parts := pieces(districts.around, nodes)) > 1:
            faults.append(f"district {label} is in {parts} pieces")
    return tuple(faults)


def pieces(around: list[list[int]], nodes: set[int]) -> int:
    """Return in how many pieces some nodes lie."""
    left = set(nodes)
    found = 0
    while left:
        found += 1
        queue = deque([left.pop()])
        while queue:
            for there in around[queue.popleft()]:
                if there in left:
                    left.remove(there)
                    queue.append(there)
    return found


def _plane(lon: float, lat: float) -> tuple[float, float]:
    return (
        lon * METRES_PER_DEGREE * math.cos(math.radians(lat)),
        lat * METRES_PER_DEGREE,
    )
