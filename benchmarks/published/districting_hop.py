"""Zhang, Validi, Buchanan & Hicks 2024: Hess districting by hop distance.

Minimise Σ population × hops to the centre, counted in the whole graph, over
connected districts: exactly our travel term, with hops as minutes.
"""

from collections import deque
from pathlib import Path

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import shortest_path

from benchmarks.published.districts import Map, broken_rules, read_map, rules_of
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


def state(folder: Path, row: Row) -> Statement:
    """State one instance."""
    districts = read_map(folder / f"{row.instance}.txt")
    sizes = np.array(districts.population, dtype=np.int64)
    n = len(sizes)
    ends = np.array(districts.edges)
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(n, n))
    hops = shortest_path(graph.tocsr(), directed=False, unweighted=True)
    return Statement(
        instance=instance_of(
            row.instance,
            districts.places,
            sizes,
            hops,
            districts.edges,
        ),
        scenario=scenario_of(
            row.instance,
            whole_numbers=True,
            rules=rules_of(districts, contiguous=True),
        ),
        judge=lambda plan: _judge(districts, plan),
    )


def _judge(districts: Map, plan: Plan) -> Verdict:
    """Count the hops of every inhabitant, centre by centre."""
    total = 0
    around = districts.around
    for label, codes in plan.members.items():
        hops = _hops_from(position(plan.centre[label]), around)
        total += sum(districts.population[i] * hops[i] for i in map(position, codes))
    faults = broken_rules(districts, plan, contiguous=True)
    return Verdict(float(total), float(total), faults)


def _hops_from(start: int, around: list[list[int]]) -> dict[int, int]:
    hops = {start: 0}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        for there in around[here]:
            if there not in hops:
                hops[there] = hops[here] + 1
                queue.append(there)
    return hops
