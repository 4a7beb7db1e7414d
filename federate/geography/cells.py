"""The land of each site: Voronoi cells clipped to the land, without strays."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from federate.geography.sites import Diagram, Sites

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["Cells", "cells_on_edge", "land_cells"]

Geometries = npt.NDArray[np.object_]
Indices = npt.NDArray[np.int64]

GRID_M = 0.001
"""Clipped cells have corners on this grid, so that neighbours share them."""
MIN_BORDER_M = 1.0
"""Cells that share less touch at a corner."""
DISC_M = 500.0
"""A site whose cell holds no land keeps this much round itself."""


@dataclass(frozen=True, eq=False)
class Cells:
    """The land nearest to each site, and who borders whom on it.

    Parameters
    ----------
    geometry
        Shape ``(s,)``, polygon of each site or several, EPSG:27700; they do
        not overlap.
    pairs
        Shape ``(p, 2)``, sites whose land shares a border of at least 1 m,
        first < second, in order.
    """

    geometry: Geometries
    pairs: Indices


@dataclass(frozen=True, eq=False)
class _Parts:
    """Pieces of clipped cells: each cell has a main one, the rest are strays."""

    geometry: Geometries
    site: Indices
    is_main: npt.NDArray[np.bool_]
    near: Indices
    length_m: npt.NDArray[np.float64]


def cells_on_edge(voronoi: Diagram, land: "BaseGeometry") -> npt.NDArray[np.bool_]:
    """Return which cells touch the outside of the land.

    Holes of the land (a lake) are not outside.
    """
    import shapely

    shells = shapely.get_exterior_ring(shapely.get_parts(land))
    filled = shapely.union_all(shapely.polygons(shells))
    shapely.prepare(filled)
    return np.asarray(~shapely.contains_properly(filled, _whole_cells(voronoi)))


def land_cells(sites: Sites, voronoi: Diagram, land: "BaseGeometry") -> Cells:
    """Clip the cells to the land and give each stray to whom it borders.

    A cell that water divides keeps the piece its site stands on. A stray piece
    goes to the neighbour with which it shares the longest border, for that is
    how its people reach a practice; an island without a practice stays with
    its nearest site, as does a site off the land with a disc of 500 m.
    """
    import shapely

    whole = _whole_cells(voronoi)
    shapely.prepare(land)
    inland = shapely.contains_properly(land, whole)
    cells = whole.copy()
    cells[~inland] = shapely.intersection(whole[~inland], land, grid_size=GRID_M)
    points = np.asarray(shapely.points(sites.xy))
    dry = shapely.area(cells) == 0
    cells[dry] = shapely.intersection(whole[dry], shapely.buffer(points[dry], DISC_M))
    parts = _parts(points, cells, voronoi, inland, land)
    owner = _owners(parts)
    return Cells(_merged(parts, owner, len(sites)), _bordering(parts, owner))


def _whole_cells(voronoi: Diagram) -> Geometries:
    """Return the cells as polygons, not clipped to any land."""
    import shapely

    counts = [len(corners) for corners in voronoi.corners]
    rings = shapely.linearrings(
        np.vstack(voronoi.corners), indices=np.repeat(np.arange(len(counts)), counts)
    )
    return np.asarray(shapely.polygons(rings))


def _parts(
    points: Geometries,
    cells: Geometries,
    voronoi: Diagram,
    inland: npt.NDArray[np.bool_],
    land: "BaseGeometry",
) -> _Parts:
    """Take cells apart into pieces and find which pieces border each other."""
    import shapely

    piece, site = shapely.get_parts(cells, return_index=True)
    solid = shapely.get_dimensions(piece) == 2
    piece, site = piece[solid], site[solid]
    away = shapely.distance(piece, points[site])
    first = np.lexsort((-shapely.area(piece), away, site))
    is_main = np.zeros(len(piece), dtype=bool)
    is_main[first[np.unique(site[first], return_index=True)[1]]] = True
    main = np.empty(len(points), dtype=np.int64)
    main[site[is_main]] = np.flatnonzero(is_main)

    pairs = voronoi.pairs
    borders = np.asarray(shapely.linestrings(voronoi.borders))
    coastal = ~inland[pairs].all(axis=1)
    on_land = shapely.intersection(borders[coastal], land)
    line, pair = shapely.get_parts(on_land, return_index=True)
    long = shapely.length(line) > 0
    line, pair = line[long], np.flatnonzero(coastal)[pair[long]]
    middle = shapely.line_interpolate_point(line, 0.5, normalized=True)
    ends = [_nearest_part(piece, site, middle, pairs[pair, side]) for side in (0, 1)]
    near = np.vstack([main[pairs[~coastal]], np.column_stack(ends)])
    length_m = shapely.length(np.concatenate([borders[~coastal], line]))
    return _Parts(piece, site.astype(np.int64), is_main, near, length_m)


def _nearest_part(
    piece: Geometries, site: Indices, points: Geometries, sites: Indices
) -> Indices:
    """Return the piece of the given site's cell that lies nearest each point."""
    import shapely

    start = np.searchsorted(site, sites, side="left")
    count = np.searchsorted(site, sites, side="right") - start
    which = np.repeat(np.arange(len(points)), count)
    first = np.cumsum(count) - count
    candidate = start[which] + np.arange(len(which)) - first[which]
    away = shapely.distance(piece[candidate], points[which])
    order = np.lexsort((away, which))
    return np.asarray(candidate[order[first]])


def _owners(parts: _Parts) -> Indices:
    """Return the site that keeps each piece; -1 on islands without a practice.

    Strays next to owned pieces go first, then those next to them.
    """
    owner = np.where(parts.is_main, parts.site, -1)
    sides = np.vstack([parts.near, parts.near[:, ::-1]])
    length_m = np.tile(parts.length_m, 2)
    while True:
        open_side = (owner[sides[:, 0]] < 0) & (owner[sides[:, 1]] >= 0)
        if not open_side.any():
            return owner
        offer = np.column_stack([sides[open_side, 0], owner[sides[open_side, 1]]])
        offer, which = np.unique(offer, axis=0, return_inverse=True)
        shared_m = np.bincount(which.ravel(), weights=length_m[open_side])
        best = np.lexsort((offer[:, 1], -shared_m, offer[:, 0]))
        stray, first = np.unique(offer[best, 0], return_index=True)
        owner[stray] = offer[best[first], 1]


def _bordering(parts: _Parts, owner: Indices) -> Indices:
    """Return the sites whose land shares a border that is long enough."""
    pairs = np.sort(owner[parts.near], axis=1)
    apart = (pairs[:, 0] >= 0) & (pairs[:, 0] != pairs[:, 1])
    pairs, which = np.unique(pairs[apart], axis=0, return_inverse=True)
    shared_m = np.bincount(
        which.ravel(), weights=parts.length_m[apart], minlength=len(pairs)
    )
    return np.asarray(pairs[shared_m >= MIN_BORDER_M])


def _merged(parts: _Parts, owner: Indices, num_sites: int) -> Geometries:
    """Return the land of each site from the pieces it keeps."""
    import shapely

    keeper = np.where(owner < 0, parts.site, owner)
    land = np.empty(num_sites, dtype=object)
    alone = np.bincount(keeper, minlength=num_sites)[keeper] == 1
    land[keeper[alone]] = parts.geometry[alone]
    for site in np.unique(keeper[~alone]):
        land[site] = shapely.union_all(parts.geometry[keeper == site])
    return land
