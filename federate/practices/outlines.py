"""Outlines and barriers of an instance: GeoJSON checked before it is kept.

The text is kept as it is; the shape is only for judging points.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from federate.errors import Fault
from federate.practices.coordinates import to_bng

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["BARRIERS", "BOUNDARY", "Outline", "read_outline"]

BOUNDARY = "boundary.geojson"
BARRIERS = "barriers.geojson"

_POLYGONS = ("Polygon", "MultiPolygon")
_LINES = ("LineString", "MultiLineString")
_KINDS = {BOUNDARY: _POLYGONS, BARRIERS: _LINES}
_BRITAIN = (-9.0, 49.0, 3.0, 61.5)  # west, south, east, north, degrees
_WGS84_NAMES = ("CRS84", "4326")


@dataclass(frozen=True, eq=False)
class Outline:
    """A GeoJSON file: its text, its shape in metres, and what is wrong or odd."""

    text: str | None = None
    shape: "BaseGeometry | None" = None
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)


def read_outline(path: Path) -> Outline:
    """Read ``boundary.geojson`` or ``barriers.geojson`` and judge it.

    A file that does not exist is no fault: the instance has no such outline.
    """
    import shapely

    if not path.is_file():
        return Outline()
    try:
        text = path.read_bytes().decode("utf-8")
        shapes = _shapes(path.name, json.loads(text))
    except UnicodeDecodeError:
        return Outline(faults=[Fault(path.name, "is not UTF-8 text; save it as UTF-8")])
    except json.JSONDecodeError as error:
        message = f"is not GeoJSON: {error.msg}"
        return Outline(faults=[Fault(path.name, message, error.lineno)])
    except _OutlineError as error:
        return Outline(faults=[Fault(path.name, error.message, value=error.value)])
    degrees = shapely.union_all(shapely.make_valid(shapes))
    metres = shapely.transform(degrees, lambda p: np.column_stack(to_bng(*p.T)))
    warnings = [
        Fault(path.name, f"shape {k} crosses itself; it is repaired where it is used")
        for k, shape in enumerate(shapes, start=1)
        if not shape.is_valid
    ]
    return Outline(text, metres, [], warnings)


class _OutlineError(Exception):
    def __init__(self, message: str, value: Any = None) -> None:
        super().__init__(message)
        self.message, self.value = message, value


def _shapes(file: str, data: Any) -> "list[BaseGeometry]":
    import shapely

    _check_crs(data)
    shapes = []
    for k, geometry in enumerate(_geometries(data), start=1):
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        if kind not in _KINDS[file]:
            kinds = ", ".join(_KINDS[file])
            raise _OutlineError(f"shape {k} must be one of {kinds}", kind)
        try:
            shapes.append(shapely.from_geojson(json.dumps(geometry)))
        except shapely.GEOSException:
            message = f"shape {k} has unusable coordinates; write the file again"
            raise _OutlineError(message) from None
    if not shapes or all(shape.is_empty for shape in shapes):
        raise _OutlineError("holds no shape; remove the file or draw one")
    _check_extent(shapes)
    return shapes


def _geometries(data: Any) -> Iterator[Any]:
    """Yield the geometries of any GeoJSON object."""
    kind = data.get("type") if isinstance(data, dict) else None
    if kind == "FeatureCollection":
        for feature in data.get("features", []):
            yield from _geometries(feature)
    elif kind == "Feature":
        yield data.get("geometry")
    elif kind == "GeometryCollection":
        yield from data.get("geometries", [])
    elif kind is not None:
        yield data
    else:
        raise _OutlineError("is not GeoJSON: it has no type")


def _check_crs(data: Any) -> None:
    crs = data.get("crs") if isinstance(data, dict) else None
    if crs is not None and not any(name in json.dumps(crs) for name in _WGS84_NAMES):
        message = "must be in longitude and latitude (EPSG:4326); convert it"
        name = crs.get("properties", {}).get("name") if isinstance(crs, dict) else crs
        raise _OutlineError(message, name)


def _check_extent(shapes: "list[BaseGeometry]") -> None:
    import shapely

    west, south, east, north = (float(v) for v in shapely.total_bounds(shapes))
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        message = "must be in longitude and latitude (EPSG:4326), not in metres"
        raise _OutlineError(message, west)
    if shapely.box(west, south, east, north).disjoint(shapely.box(*_BRITAIN)):
        swapped = shapely.box(south, west, north, east).intersects(
            shapely.box(*_BRITAIN)
        )
        hint = "; longitude comes first in GeoJSON" if swapped else ""
        raise _OutlineError(f"lies outside Great Britain{hint}", west)
