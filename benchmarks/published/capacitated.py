"""Capacitated p-median: what its families share.

Choose p points as medians; every point is served by one median; the demand at a
median is at most Q; minimise the sum of *unweighted* distances. In our words:
exactly p federations of at most Q persons, not contiguous, with travel alone. A
journey costs list size × minutes, so distance / demand is stated as minutes. The
one thing that our model adds is that a median serves itself, as all the published
plans have it.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.published.statement import (
    Row,
    Statement,
    Verdict,
    instance_of,
    position,
    scenario_of,
)
from federate.plan import Plan

__all__ = ["Points", "read_points", "state_capacitated"]

Distance = Callable[[int, int], float]


@dataclass(frozen=True, eq=False)
class Points:
    """A file of the family: places ``(n, 2)``, demands ``(n,)``, one capacity."""

    num_medians: int
    places: npt.NDArray[np.float64]
    demand: npt.NDArray[np.int64]
    capacity: int


def read_points(path: Path) -> Points:
    """Read ``n p``, then ``x y capacity demand`` for each point.

    Raises
    ------
    ValueError
        If the capacities differ: then the median chosen would bound the size.
    """
    words = path.read_text(encoding="utf-8").split()
    n = int(words[0])
    table = np.array(words[2 : 2 + 4 * n], dtype=np.float64).reshape(n, 4)
    capacities = set(table[:, 2].tolist())
    if len(capacities) != 1:
        raise ValueError(f"{path.name}: {len(capacities)} different capacities")
    return Points(
        num_medians=int(words[1]),
        places=table[:, :2],
        demand=table[:, 3].astype(np.int64),
        capacity=int(capacities.pop()),
    )


def state_capacitated(
    row: Row,
    points: Points,
    cost: npt.NDArray[np.float64],
    distance: Distance,
    *,
    whole_numbers: bool = False,
) -> Statement:
    """State a capacitated p-median.

    Parameters
    ----------
    cost
        Shape ``(n, n)``: the distances, for our engines.
    distance
        The same from its own code, for the judge.
    """
    sizes, largest = _sizes(points)
    rules = {
        "size_bounds": (0, largest),
        "num_federations": points.num_medians,
        "contiguity": "none",
        "oversize": "refuse",
    }
    return Statement(
        instance=instance_of(row.instance, points.places, sizes, cost / sizes[:, None]),
        scenario=scenario_of(row.instance, whole_numbers=whole_numbers, rules=rules),
        judge=lambda plan: _judge(points, distance, plan),
    )


def _sizes(points: Points) -> tuple[npt.NDArray[np.int64], int]:
    """Return list sizes above 0, and the bound on them that says the same.

    Where a demand is 0, each is counted as (n + 1)·d + 1: up to n ones never
    reach the next multiple of n + 1, so Σd ≤ Q holds just where
    Σ((n + 1)·d + 1) ≤ (n + 1)·Q + n does.
    """
    if points.demand.min() > 0:
        return points.demand, points.capacity
    n = len(points.demand)
    return (n + 1) * points.demand + 1, (n + 1) * points.capacity + n


def _judge(points: Points, distance: Distance, plan: Plan) -> Verdict:
    """Add up the distances and the loads of a plan, point by point."""
    total = 0.0
    load: Counter[int] = Counter()
    faults = []
    for code, label in plan.federation.items():
        if not label:
            faults.append(f"point {code} is served by no median")
            continue
        i, median = position(code), position(plan.centre[label])
        total += distance(i, median)
        load[median] += int(points.demand[i])
    if len(load) != points.num_medians:
        faults.append(f"{len(load)} medians instead of {points.num_medians}")
    faults += [
        f"median {median} carries {carried} of {points.capacity}"
        for median, carried in sorted(load.items())
        if carried > points.capacity
    ]
    return Verdict(total, total, tuple(faults))
