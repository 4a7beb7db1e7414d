"""Regions made small enough for a page: simplified together, whole metres."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from federate.geography.regions import PALETTE, federation_regions
from federate.plan import Plan
from federate.practices.instance import Instance

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["Polygons", "Shapes", "anchor", "shapes_of"]

Ring = list[int]
Polygons = list[list[Ring]]

DETAIL = 4_000
"""A border keeps the detail of one part in this of the width of the map."""
FINEST_M = 10.0
"""Less than this is never worth keeping, metres."""
ANCHOR_DETAIL = 0.05
"""A label's place is found to this share of the width of its region."""


@dataclass(frozen=True)
class Shapes:
    """Regions by federation label, as the page reads them.

    Parameters
    ----------
    region
        Polygons as rings of whole metres (EPSG:27700), each flat: first x, y,
        then steps dx, dy.
    anchor
        Where the label stands: the middle of the widest place, metres.
    colour
        Index into `palette`; regions that touch differ.
    alone
        Land of practices that stand alone.
    outline
        The land of all.
    palette
        Colours as ``#rrggbb``.
    """

    region: Mapping[str, Polygons]
    anchor: Mapping[str, tuple[int, int]]
    colour: Mapping[str, int]
    alone: Polygons
    outline: Polygons
    palette: tuple[str, ...]


def shapes_of(instance: Instance, plan: Plan) -> Shapes:
    """Return the regions of `plan`, simplified so that borders stay shared."""
    import shapely

    practices = instance.practices
    width_m = max(np.ptp(practices.easting_m), np.ptp(practices.northing_m))
    tolerance_m = max(float(width_m) / DETAIL, FINEST_M)
    regions = federation_regions(instance, plan.federation, simplify_m=tolerance_m)
    labels = [str(label) for label in regions["federation"]]
    drawn = np.asarray(regions.geometry.array)
    shape = dict(zip(labels, drawn, strict=True))
    colour = zip(labels, regions["colour"], strict=True)
    return Shapes(
        region={label: _polygons(g) for label, g in shape.items() if label},
        anchor={label: anchor(g) for label, g in shape.items() if label},
        colour={label: int(c) for label, c in colour if label},
        alone=_polygons(shape[""]) if "" in shape else [],
        outline=_polygons(shapely.coverage_union_all(drawn)),
        palette=PALETTE,
    )


def anchor(geometry: "BaseGeometry") -> tuple[int, int]:
    """Return the middle of the widest place of a region, whole metres."""
    import shapely

    parts = shapely.get_parts(geometry)
    largest = parts[int(np.argmax(shapely.area(parts)))]
    west, south, east, north = shapely.bounds(largest)
    tolerance_m = ANCHOR_DETAIL * max(east - west, north - south, 1.0)
    radius = shapely.maximum_inscribed_circle(largest, tolerance_m)
    x, y = shapely.get_coordinates(radius)[0]
    return round(x), round(y)


def _polygons(geometry: "BaseGeometry") -> Polygons:
    """Return the parts of a region, largest first."""
    import shapely

    parts = shapely.get_parts(geometry)
    order = np.argsort(-shapely.area(parts), kind="stable")
    return [rings for part in parts[order] if (rings := _rings(part))]


def _rings(part: "BaseGeometry") -> list[Ring]:
    """Return the outer ring and the holes that are left in whole metres."""
    import shapely

    outer, *holes = shapely.get_rings(part)
    packed = [_steps(ring) for ring in (outer, *holes)]
    if not packed[0]:
        return []
    return [ring for ring in packed if ring]


def _steps(ring: "BaseGeometry") -> Ring:
    """Return a ring as its first corner and the steps to the next ones."""
    import shapely

    corners = np.rint(shapely.get_coordinates(ring)).astype(np.int64)
    steps = np.diff(corners, axis=0)
    moved = steps.any(axis=1)
    if moved.sum() < 3:
        return []
    return [int(v) for v in np.vstack([corners[:1], steps[moved]]).ravel()]
