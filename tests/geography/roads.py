"""Four practices in a row, with a travel model that is easy to work out."""

from typing import Any

import numpy as np

from federate.geography.travel import Travel, estimate_travel
from federate.practices.instance import Bases, Instance, TravelTable
from tests.geography.places import CORNER_M, area

__all__ = ["bases", "row", "stated", "travel"]

# 60 km/h in town, 90 on the way out and 120 in the country.
MODEL: dict[str, Any] = {
    "detour_urban": 1.5,
    "detour_rural": 1.0,
    "speed_urban_mph": 60.0 / 1.609344,
    "speed_mixed_mph": 90.0 / 1.609344,
    "speed_rural_mph": 120.0 / 1.609344,
    "rurality": "rurality",
}
ROW = [(0.0, 0.0), (12.0, 0.0), (24.0, 0.0), (36.0, 0.0)]
LABELS = {"rurality": ["Urban", "Urban", "Rural", "Rural"]}


def bases(*places_km: tuple[float, float]) -> Bases:
    xy = CORNER_M + 1000.0 * np.array(places_km)
    return Bases(
        code=tuple(f"Z{k}" for k in range(len(xy))),
        name=("Base",) * len(xy),
        easting_m=xy[:, 0],
        northing_m=xy[:, 1],
        status=("open",) * len(xy),
        fixed_cost_gbp=np.full(len(xy), np.nan),
    )


def stated(*rows: tuple[str, str, float]) -> TravelTable:
    return TravelTable(
        origin=tuple(r[0] for r in rows),
        destination=tuple(r[1] for r in rows),
        minutes=np.array([r[2] for r in rows], dtype=float),
    )


def row(**parts: Any) -> Instance:
    return area(ROW, labels=LABELS, **parts)


def travel(instance: Instance) -> Travel:
    return estimate_travel(instance, **MODEL)
