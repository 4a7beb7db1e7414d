"""Sites: the distinct places practices stand on, and the diagram over them.

Practices at the same coordinates, to the centimetre, are one site, so that no
diagram meets a duplicate point. Sites are ordered by easting, then northing:
what is derived from them does not depend on how practices are named.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from federate.practices.instance import Instance

__all__ = ["Diagram", "Sites", "diagram", "sites_of", "spacing_km"]

FRAME = 6.0
"""Distance of the frame points, in half-diagonals of the area."""
FRAME_MIN_M = 200_000.0
"""Least distance of the frame points, metres: cells reach out half as far."""
FRAME_POINTS = 12
"""Frame points on the circle round the area."""
NEAREST = 4
"""The spacing of a site is its distance to the fourth nearest."""


@dataclass(frozen=True, eq=False)
class Sites:
    """Distinct coordinates of the practices.

    Parameters
    ----------
    xy
        Shape ``(s, 2)``, easting and northing, metres, EPSG:27700.
    of
        Shape ``(n,)``, the site of each practice.
    """

    xy: npt.NDArray[np.float64]
    of: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.xy)

    def km(self, pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Return the straight-line length of pairs of sites, km."""
        step = self.xy[pairs[:, 0]] - self.xy[pairs[:, 1]]
        return np.asarray(np.hypot(step[:, 0], step[:, 1]) / 1000.0)


@dataclass(frozen=True, eq=False)
class Diagram:
    """The Voronoi diagram of the sites and, as its dual, the Delaunay pairs.

    Parameters
    ----------
    pairs
        Shape ``(p, 2)``, sites whose cells share a border, first < second.
    borders
        Shape ``(p, 2, 2)``, both ends of that border, metres.
    corners
        For each site the corners of its cell in order, shape ``(k, 2)``.
    """

    pairs: npt.NDArray[np.int64]
    borders: npt.NDArray[np.float64]
    corners: tuple[npt.NDArray[np.float64], ...]


def sites_of(instance: Instance) -> Sites:
    """Return the distinct sites of the practices of an instance."""
    practices = instance.practices
    xy = np.column_stack([practices.easting_m, practices.northing_m])
    distinct, of = np.unique(np.round(xy, 2), axis=0, return_inverse=True)
    return Sites(xy=distinct, of=of.ravel().astype(np.int64))


def diagram(sites: Sites) -> Diagram:
    """Return the Voronoi diagram of the sites inside a far frame.

    Frame points on a circle round the area close every cell, so one site, two
    sites and sites on one line need no rule of their own. Pairs that would be
    neighbours only beyond the frame are left out; pairs whose borders meet in
    a point (four sites on a square) are not neighbours either.
    """
    from scipy.spatial import Voronoi

    middle = (sites.xy.min(axis=0) + sites.xy.max(axis=0)) / 2
    half = np.hypot(*(sites.xy.max(axis=0) - middle))
    radius = max(FRAME * half, FRAME_MIN_M)
    angle = 2 * np.pi * (np.arange(FRAME_POINTS) + 0.5) / FRAME_POINTS
    frame = radius * np.column_stack([np.cos(angle), np.sin(angle)])
    voronoi = Voronoi(np.vstack([sites.xy - middle, frame]))
    vertices = np.round(voronoi.vertices + middle, 3)
    inside = (voronoi.ridge_points < len(sites)).all(axis=1)
    pairs = np.sort(voronoi.ridge_points[inside].astype(np.int64), axis=1)
    ends = np.array(voronoi.ridge_vertices, dtype=object)[inside]
    ends = np.array(ends.tolist(), dtype=np.int64).reshape(-1, 2)
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    regions = (voronoi.regions[k] for k in voronoi.point_region[: len(sites)])
    return Diagram(
        pairs=pairs[order],
        borders=vertices[ends[order]],
        corners=tuple(vertices[region] for region in regions),
    )


def spacing_km(sites: Sites) -> npt.NDArray[np.float64]:
    """Return the distance of each site to its fourth nearest, km.

    With fewer than five sites, to the furthest; 0 for a single site.
    """
    from scipy.spatial import cKDTree

    nearest = min(NEAREST, len(sites) - 1)
    if nearest == 0:
        return np.zeros(1)
    distance, _ = cKDTree(sites.xy).query(sites.xy, k=[nearest + 1])
    return np.asarray(distance).reshape(-1) / 1000.0
