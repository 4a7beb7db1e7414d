"""The toy: eight practices on a grid of roads, small enough to solve by hand.

``instances/toy/README.md`` works the optimum out; every number here is chosen so
that its sums stay whole.

```text
    A ── 6 ── B ── 10 ── C ── 6 ── D      minutes by road
    4         4          4         4
    E ── 6 ── F ── 10 ── G ── 6 ── H
```
"""

from types import MappingProxyType

import numpy as np

from federate.practices.generate.outline import land_geojson
from federate.practices.instance import (
    Attribute,
    Bases,
    Instance,
    Practices,
    Tie,
    TravelTable,
)

__all__ = ["make_toy"]

_NAMES = (
    "Alvesk", "Brenlow", "Corvick", "Dunmarl", "Elvary", "Fenvold", "Gorveth",
    "Harvane",
)  # fmt: skip
_CODES = tuple(f"V0000{k}" for k in range(1, 9))
_LIST_SIZE = (8_000, 12_000, 9_000, 7_000, 7_000, 10_000, 11_000, 8_000)
_BUDGET_GBP_PER_HEAD = 1_700
_EAST_KM, _NORTH_KM = (0, 3, 8, 11) * 2, (2,) * 4 + (0,) * 4
_MIN_PER_KM = 2
_CORNER_M = (630_000.0, 470_000.0)  # open sea, far from English land
_SHORE_KM = ((-2, -2), (13, -2), (14, 1), (13, 4), (5, 5), (-2, 4), (-2, -2))
_BASES = {"VB001": ("open", 1, 60_000.0), "VB002": ("candidate", 6, 40_000.0)}


def make_toy() -> Instance:
    """Return the toy instance."""
    km = np.array([_EAST_KM, _NORTH_KM], dtype=np.float64).T
    place_m = km * 1_000 + _CORNER_M
    shore_m = np.array(_SHORE_KM, dtype=np.float64) * 1_000 + _CORNER_M
    rural = np.where(np.isin(km[:, 0], (0, 11)), "Rural", "Urban")
    list_size = np.array(_LIST_SIZE, dtype=np.int64)
    attributes = {"rurality": Attribute("rurality", "category", "label", rural)}
    sites = [practice for _, practice, _ in _BASES.values()]
    return Instance(
        name="toy",
        title="Toy county",
        practices=Practices(
            code=_CODES,
            name=tuple(f"{name} Surgery" for name in _NAMES),
            easting_m=place_m[:, 0],
            northing_m=place_m[:, 1],
            list_size=list_size,
            budget_gbp=(list_size * _BUDGET_GBP_PER_HEAD).astype(np.float64),
            attributes=MappingProxyType(attributes),
        ),
        neighbours=tuple(
            (_CODES[i], _CODES[j])
            for i in range(8)
            for j in range(i + 1, 8)
            if j == i + 4 or (j == i + 1 and j != 4)
        ),
        travel=_minutes(),
        bases=Bases(
            code=tuple(_BASES),
            name=tuple(f"{_NAMES[k]} Urgent Care" for k in sites),
            easting_m=place_m[sites, 0],
            northing_m=place_m[sites, 1],
            status=tuple(status for status, _, _ in _BASES.values()),
            fixed_cost_gbp=np.array([cost for _, _, cost in _BASES.values()]),
        ),
        ties=(
            Tie(_CODES[0], _CODES[4], "allied"),
            Tie(_CODES[1], _CODES[5], "would_not"),
        ),
        current=("North",) * 4 + ("South",) * 4,
        boundary_geojson=land_geojson([shore_m], "Toy county"),
        attribution="Synthetic region, no real place or practice.",
    )


def _minutes() -> TravelTable:
    """State every journey: along the grid, two minutes a kilometre."""

    def between(i: int, j: int) -> float:
        east = abs(_EAST_KM[i] - _EAST_KM[j])
        return float(_MIN_PER_KM * (east + abs(_NORTH_KM[i] - _NORTH_KM[j])))

    rows = [
        (_CODES[i], _CODES[j], between(i, j)) for i in range(8) for j in range(i + 1, 8)
    ]
    rows += [
        (_CODES[i], base, between(i, site))
        for base, (_, site, _) in _BASES.items()
        for i in range(8)
    ]
    origin, destination, minutes = zip(*rows, strict=True)
    return TravelTable(origin, destination, np.array(minutes))
