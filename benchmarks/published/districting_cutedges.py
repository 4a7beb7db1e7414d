"""Validi & Buchanan 2022: districting that cuts the fewest neighbour pairs.

Minimise the number of neighbour pairs between districts, over connected districts:
our price of £1 for each pair of neighbours that a plan parts, and nothing else.
"""

from pathlib import Path

import numpy as np

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
    """State one instance, by county or by census tract."""
    districts = read_map(folder / f"{row.instance}.txt")
    sizes = np.array(districts.population, dtype=np.int64)
    n = len(sizes)
    return Statement(
        instance=instance_of(
            row.instance,
            districts.places,
            sizes,
            np.zeros((n, n)),
            districts.edges,
        ),
        scenario=scenario_of(
            row.instance,
            whole_numbers=True,
            rules=rules_of(districts, contiguous=True),
            weights={
                "travel_gbp_per_patient_min": 0.0,
                "cut_edges_gbp_per_pair": 1.0,
            },
        ),
        judge=lambda plan: _judge(districts, plan),
    )


def _judge(districts: Map, plan: Plan) -> Verdict:
    """Count the pairs whose ends lie in different districts."""
    label = {position(code): name for code, name in plan.federation.items()}
    cut = sum(label[i] != label[k] for i, k in districts.edges)
    faults = broken_rules(districts, plan, contiguous=True)
    return Verdict(float(cut), float(cut), faults)
