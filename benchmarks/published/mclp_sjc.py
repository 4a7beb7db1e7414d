"""Lorena & Pereira 2002: the maximal covering problem.

Open p sites, each at a point; cover the demand within a radius S; cover as much as
may be. In our words: voluntary membership, where standing alone costs £1 a
person; exactly p federations whose members lie within S of the centre; travel
free of charge. The cost is then the demand left uncovered.
"""

import math
from pathlib import Path

import numpy as np
from scipy.spatial.distance import cdist

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
    """State one instance; its name is that of the file, then ``_S`` and the radius."""
    name, _, radius = row.instance.partition("_S")
    words = (folder / f"{name}.txt").read_text(encoding="utf-8").split()
    n = int(words[0])
    table = np.array(words[4 : 4 + 3 * n], dtype=np.float64).reshape(n, 3)
    places, demand = table[:, :2], table[:, 2].astype(np.int64)
    # Minutes are metres here, exactly: the price of travel is nil.
    metres = cdist(places, places)
    rules = {
        "num_federations": row.num_federations,
        "contiguity": "none",
        "max_travel_min": float(radius),
    }
    scenario = scenario_of(
        row.instance,
        whole_numbers=True,
        rules=rules,
        membership={"mode": "voluntary", "alone_gbp_per_patient": 1.0},
        weights={"travel_gbp_per_patient_min": 0.0},
    )
    return Statement(
        instance=instance_of(row.instance, places, demand, metres),
        scenario=scenario,
        judge=lambda plan: _judge(
            plan, places.tolist(), demand.tolist(), row.num_federations, float(radius)
        ),
        maximise=True,
    )


def _judge(
    plan: Plan,
    places: list[list[float]],
    demand: list[int],
    num_sites: int,
    radius: float,
) -> Verdict:
    """Count who has an open site within reach, whatever the plan says of them."""
    sites = [places[position(code)] for code in plan.centre.values()]
    covered = sum(
        people
        for place, people in zip(places, demand, strict=True)
        if any(math.dist(place, site) <= radius for site in sites)
    )
    faults: tuple[str, ...] = ()
    if len(sites) != num_sites:
        faults = (f"{len(sites)} sites instead of {num_sites}",)
    return Verdict(float(covered), float(sum(demand) - covered), faults)
