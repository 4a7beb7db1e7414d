"""Validi, Buchanan & Lykhovyd 2022: Hess districting by moment of inertia.

Minimise Σ population × (km to the centre)² / 10⁶, with connected districts or
without: our travel term, with squared kilometres / 10⁶ as minutes.
"""

import math
from pathlib import Path

import numpy as np
from scipy.spatial.distance import cdist

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

MILLION = 1e6


def state(folder: Path, row: Row) -> Statement:
    """State one instance; its name ends in ``_contig`` or ``_nocontig``."""
    name, _, ending = row.instance.rpartition("_")
    contiguous = ending == "contig"
    districts = read_map(folder / f"{name}.txt")
    sizes = np.array(districts.population, dtype=np.int64)
    km = cdist(districts.places, districts.places) / 1000.0
    return Statement(
        instance=instance_of(
            row.instance,
            districts.places,
            sizes,
            km**2 / MILLION,
            districts.edges,
        ),
        scenario=scenario_of(
            row.instance,
            whole_numbers=False,
            rules=rules_of(districts, contiguous=contiguous),
        ),
        judge=lambda plan: _judge(districts, plan, contiguous=contiguous),
    )


def _judge(districts: Map, plan: Plan, *, contiguous: bool) -> Verdict:
    """Add up the moments of inertia, node by node."""
    place = districts.places.tolist()
    total = 0.0
    for label, codes in plan.members.items():
        centre = place[position(plan.centre[label])]
        for i in map(position, codes):
            km = math.dist(place[i], centre) / 1000.0
            total += districts.population[i] * km * km
    faults = broken_rules(districts, plan, contiguous=contiguous)
    return Verdict(total / MILLION, total / MILLION, faults)
