"""Small made-up areas, drawn in km from a corner in the middle of England."""

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from string import ascii_uppercase
from typing import Any

import numpy as np

from federate.geography.neighbours import PAIR_KINDS, NeighbourGraph
from federate.practices.coordinates import to_lonlat
from federate.practices.instance import Attribute, Instance, Practices

__all__ = ["CORNER_M", "Places", "area", "kinds", "lines", "neighbours", "polygons"]

CORNER_M = np.array([400_000.0, 300_000.0])
Places = Sequence[tuple[float, float]]


def area(
    places_km: Places,
    *,
    list_size: Sequence[int] | None = None,
    labels: Mapping[str, Sequence[str]] | None = None,
    **parts: Any,
) -> Instance:
    """Return practices A, B, C … at these places; `parts` go to `Instance`."""
    xy = CORNER_M + 1000.0 * np.array(places_km, dtype=float).reshape(-1, 2)
    code = tuple(ascii_uppercase[: len(xy)])
    attributes = {
        name: Attribute(name, "category", "label", np.array(values, dtype=np.str_))
        for name, values in (labels or {}).items()
    }
    practices = Practices(
        code=code,
        name=code,
        easting_m=xy[:, 0],
        northing_m=xy[:, 1],
        list_size=np.array(list_size or [8_000] * len(xy), dtype=np.int64),
        budget_gbp=np.full(len(xy), np.nan),
        attributes=attributes,
    )
    return Instance(name="area", title="Area", practices=practices, **parts)


def polygons(*shapes_km: Places, hole: Places | None = None) -> str:
    """Return GeoJSON of polygons given by their corners, km; a hole in the first."""
    rings = [[_ring([*s, s[0]])] for s in shapes_km]
    if hole is not None:
        rings[0].append(_ring([*hole, hole[0]]))
    return _collection("Polygon", rings)


def lines(*shapes_km: Places) -> str:
    """Return GeoJSON of lines given by their corners, km."""
    return _collection("LineString", [_ring(s) for s in shapes_km])


def neighbours(graph: NeighbourGraph, instance: Instance) -> set[str]:
    """Return the pairs as two-letter words, e.g. ``{"AB", "BC"}``."""
    code = instance.practices.code
    return {code[a] + code[b] for a, b in graph.pairs.tolist()}


def kinds(graph: NeighbourGraph, instance: Instance) -> dict[str, str]:
    """Return the kind of each pair by its two-letter word."""
    code = instance.practices.code
    return {
        code[a] + code[b]: PAIR_KINDS[kind]
        for (a, b), kind in zip(graph.pairs.tolist(), graph.kind, strict=True)
    }


def _ring(shape_km: Places) -> list[list[float]]:
    # Lines that are straight on the grid are drawn in steps of at most 1 km: in
    # longitude and latitude they bend.
    xy = CORNER_M + 1000.0 * np.array(shape_km, dtype=float)
    dense = [xy[:1]]
    for start, end in pairwise(xy):
        steps = max(1, int(np.ceil(np.hypot(*(end - start)) / 1000.0)))
        share = np.arange(1, steps + 1)[:, None] / steps
        dense.append(start + share * (end - start))
    xy = np.vstack(dense)
    lon, lat = to_lonlat(xy[:, 0], xy[:, 1])
    return [[float(x), float(y)] for x, y in zip(lon, lat, strict=True)]


def _collection(kind: str, coordinates: list[Any]) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": kind, "coordinates": c},
        }
        for c in coordinates
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})
