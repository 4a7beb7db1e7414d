"""Four practices along a street, for models small enough to read.

P0 ── P1 ── P2 ── P3      10,000, 20,000, 30,000 and 40,000 patients;
                          ten minutes from door to door; both ends on the edge
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from federate.criteria.federation import FederationCost
from federate.geography.neighbours import NeighbourGraph
from federate.geography.travel import Travel
from federate.practices.instance import Instance, Practices
from federate.problem import Problem
from federate.scenario.schema import Scenario

__all__ = ["street"]

FloatArray = npt.NDArray[np.float64]

SIZES = np.array([10_000, 20_000, 30_000, 40_000], dtype=np.int64)


def street(**held: Any) -> Problem:
    """Return the street with the problem's own fields replaced by `held`."""
    n = len(SIZES)
    at = np.arange(n, dtype=np.float64)
    minutes: FloatArray = np.abs(at[:, None] - at[None, :]) * 10
    travel_gbp: FloatArray = minutes * SIZES[:, None]
    fields: dict[str, Any] = {
        "instance": _instance(),
        "scenario": Scenario.model_validate(
            {"schema": 1, "rules": {"num_federations": "free", "contiguity": "none"}}
        ),
        "graph": _graph(),
        "travel": Travel(
            minutes,
            np.zeros((n, n), np.uint8),
            np.zeros((n, 0)),
            np.zeros((n, 0), np.uint8),
        ),
        "cost": FederationCost(
            travel_gbp, None, None, travel_gbp, SIZES, fixed_gbp=100_000.0
        ),
        "list_size": SIZES,
        "budget_gbp": SIZES * 1_000.0,
        "variance_gbp2": SIZES * 1_000.0**2 * 9.0,
        "num_federations": (0, None),
    }
    return Problem(**(fields | held))


def _graph() -> NeighbourGraph:
    pairs = np.array([[0, 1], [1, 2], [2, 3]], dtype=np.int32)
    return NeighbourGraph(
        pairs=pairs,
        kind=np.zeros(3, np.int8),
        km=np.ones(3),
        indptr=np.array([0, 1, 3, 5, 6], np.int32),
        indices=np.array([1, 0, 2, 1, 3, 2], np.int32),
        on_edge=np.array([True, False, False, True]),
        method="file",
    )


def _instance() -> Instance:
    code = ("P0", "P1", "P2", "P3")
    easting_m: FloatArray = 400_000.0 + 1_000 * np.arange(4, dtype=np.float64)
    budget_gbp: FloatArray = SIZES.astype(np.float64) * 1_000
    return Instance(
        name="street",
        title="Street",
        practices=Practices(
            code=code,
            name=("Ash", "Beech", "Cherry", "Damson"),
            easting_m=easting_m,
            northing_m=np.full(4, 300_000.0),
            list_size=SIZES,
            budget_gbp=budget_gbp,
        ),
    )
