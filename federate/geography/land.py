"""The land an area covers, and the barriers that run through it."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from federate.errors import Fault, InstanceError
from federate.geography.sites import Sites, spacing_km
from federate.practices.instance import Instance

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["crosses_barrier", "land_of", "outline"]

Reach = tuple[float, float, float]

OUTLINE: Reach = (0.7, 1.5, 10.0)
"""How far land reaches from a site: spacings, but at least and at most this (km)."""
WITHIN: Reach = (2.5, 5.0, 40.0)
"""The same to tell whether a boundary belongs to the practices."""
CLOSE_KM = 2.0
"""Notches of the outline narrower than twice this are closed."""
END_M = 1.0
"""A practice may stand on a barrier: what counts begins this far from it."""
SNUG = 0.5
"""A boundary with less than this share within reach is a larger area's."""


def outline(sites: Sites) -> "BaseGeometry":
    """Return a plausible outline of the land around practices, EPSG:27700.

    A disc round every site with 0.7 of the distance to its fourth nearest site
    as radius (1.5 to 10 km), united; holes filled and narrow notches closed.
    England's outline so holds 97 % of its land, and is 5 % larger than it.
    """
    close_m = 1000.0 * CLOSE_KM
    closed = _discs(sites, OUTLINE).buffer(close_m).buffer(-close_m)
    return _without_holes(closed)


def land_of(instance: Instance, sites: Sites) -> "BaseGeometry":
    """Return the land of an instance, EPSG:27700.

    Its boundary; the outline of its practices where it has none; and the part
    of the boundary inside that outline where most of the boundary lies out of
    reach of every practice, because a part of a larger area was selected. Land
    is out of reach beyond 5 km and 2.5 times the spacing of the practices.
    """
    import shapely

    if instance.boundary_geojson is None:
        return outline(sites)
    faces = _parts(instance.boundary_geojson, "boundary.geojson", polygons=True)
    boundary = shapely.union_all(faces)
    near = shapely.intersection(boundary, _discs(sites, WITHIN))
    if near.area >= SNUG * boundary.area:
        return boundary
    inside = shapely.intersection(boundary, outline(sites))
    return outline(sites) if inside.is_empty else inside


def crosses_barrier(
    instance: Instance,
    start: npt.NDArray[np.float64],
    end: npt.NDArray[np.float64],
) -> npt.NDArray[np.bool_]:
    """Return which straight lines cross a barrier of the instance.

    A line that starts or ends within a metre of a barrier does not cross it there.

    Parameters
    ----------
    start, end
        Shape ``(m, 2)``, metres, EPSG:27700.
    """
    import shapely

    crossing = np.zeros(len(start), dtype=bool)
    if instance.barriers_geojson is None or not len(start):
        return crossing
    barriers = _parts(instance.barriers_geojson, "barriers.geojson", polygons=False)
    step = end - start
    length_m = np.hypot(step[:, 0], step[:, 1])
    inset = step * (END_M / np.maximum(length_m, 2 * END_M))[:, None]
    lines = shapely.linestrings(np.stack([start + inset, end - inset], axis=1))
    hit, _ = shapely.STRtree(barriers).query(lines, predicate="intersects")
    crossing[hit] = length_m[hit] > 2 * END_M
    return crossing


def _discs(sites: Sites, reach: Reach) -> "BaseGeometry":
    """Unite a disc round every site, as far as a multiple of its spacing."""
    import shapely

    spacings, least_km, most_km = reach
    radius_m = 1000.0 * np.clip(spacings * spacing_km(sites), least_km, most_km)
    points = shapely.points(sites.xy)
    return shapely.union_all(shapely.buffer(points, radius_m, quad_segs=8))


def _parts(text: str, file: str, *, polygons: bool) -> npt.NDArray[np.object_]:
    """Read the polygons, or the lines, of a GeoJSON text into EPSG:27700."""
    import shapely

    from federate.practices.coordinates import to_bng

    try:
        geometry = shapely.from_geojson(text)
    except shapely.GEOSException as error:
        message = f"cannot be read as GeoJSON ({error})"
        raise InstanceError(file, [Fault(file, message)]) from error
    lon, lat = shapely.get_coordinates(geometry).T
    xy = np.column_stack(to_bng(lon, lat))
    if not np.isfinite(xy).all():
        message = "must be in longitude and latitude, degrees (EPSG:4326)"
        raise InstanceError(file, [Fault(file, message)])
    on_grid = shapely.set_coordinates(geometry, xy)
    parts = _simple_parts(shapely.make_valid(on_grid))
    areas = shapely.get_dimensions(parts) == 2
    if polygons:
        parts = parts[areas]
    else:
        parts[areas] = shapely.boundary(parts[areas])
        parts = parts[shapely.get_dimensions(parts) == 1]
    if not len(parts):
        need = "polygon" if polygons else "line"
        message = f"holds no {need}; give at least one or leave the file out"
        raise InstanceError(file, [Fault(file, message)])
    return np.asarray(parts)


def _simple_parts(geometry: "BaseGeometry") -> npt.NDArray[np.object_]:
    """Take collections apart until only points, lines and polygons remain."""
    import shapely

    parts = np.atleast_1d(shapely.get_parts(geometry))
    while (shapely.get_type_id(parts) >= 4).any():
        parts = shapely.get_parts(parts)
    return np.asarray(parts)


def _without_holes(geometry: "BaseGeometry") -> "BaseGeometry":
    """Fill every hole of a polygon or several."""
    import shapely

    shells = shapely.get_exterior_ring(shapely.get_parts(geometry))
    return shapely.union_all(shapely.polygons(shells))
