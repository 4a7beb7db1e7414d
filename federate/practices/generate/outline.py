"""Outlines and lines as GeoJSON in longitude and latitude."""

import json
from collections.abc import Sequence
from typing import Any

from federate.practices.coordinates import to_lonlat
from federate.practices.instance import FloatArray

__all__ = ["land_geojson", "line_geojson"]

_DIGITS = 6  # of a degree: about a decimetre


def land_geojson(rings: Sequence[FloatArray], name: str) -> str:
    """Return closed rings, metres, as one feature of polygons without holes."""
    return _collection("MultiPolygon", [[_lonlat(ring)] for ring in rings], name)


def line_geojson(points_m: FloatArray, name: str) -> str:
    """Return a line, metres, as one feature."""
    return _collection("LineString", _lonlat(points_m), name)


def _collection(kind: str, coordinates: Any, name: str) -> str:
    feature = {
        "type": "Feature",
        "properties": {"name": name},
        "geometry": {"type": kind, "coordinates": coordinates},
    }
    whole = {"type": "FeatureCollection", "features": [feature]}
    return json.dumps(whole, separators=(",", ":")) + "\n"


def _lonlat(points_m: FloatArray) -> list[tuple[float, float]]:
    lon, lat = to_lonlat(points_m[:, 0], points_m[:, 1])
    return [
        (round(float(x), _DIGITS), round(float(y), _DIGITS))
        for x, y in zip(lon, lat, strict=True)
    ]
