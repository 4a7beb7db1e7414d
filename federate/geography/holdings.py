"""Who holds the land of a site where practices of several federations work."""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from federate.geography.cells import Cells
from federate.geography.sites import Sites

if TYPE_CHECKING:
    from shapely import MultiPolygon, Polygon

__all__ = ["Holdings", "holdings"]

Indices = npt.NDArray[np.int64]

PATCH_CORNERS = 48
FEWEST_CORNERS = 4
"""Corners of a patch, which is round; and of the thinnest slice of one."""
TINY = 1e-9
"""Share of an empty list, so that several of them share alike."""
PATCH_SHARES = (0.02, 0.5)
"""Least and greatest share of a cell that patches take, to be seen and not cover."""
PATCH_REACH = 0.8
"""A patch keeps inside this share of the way to the border of its cell."""


@dataclass(frozen=True, eq=False)
class Holdings:
    """Pieces of land that do not overlap, each held by one label.

    Parameters
    ----------
    geometry
        Land of every site, then the patches cut out of it.
    label
        Number of the label that holds each.
    pairs
        Labels whose land shares a border, shape ``(p, 2)``.
    """

    geometry: npt.NDArray[np.object_]
    label: Indices
    pairs: Indices


def holdings(
    sites: Sites, cells: Cells, label: Indices, list_size: Indices
) -> Holdings:
    """Give each site to one label, and every label some land.

    A site goes to the label with most patients there, of equals the first. A
    label that so holds no site gets a patch of its largest site: a round one
    in the share of its patients there, divided like a pie among several.

    Parameters
    ----------
    label, list_size
        Shape ``(n,)``: number of each practice's label, 0 … ; its patients.
    """
    import shapely

    num_labels = int(label.max()) + 1
    place, inverse = np.unique(sites.of * num_labels + label, return_inverse=True)
    patients = np.bincount(inverse.ravel(), weights=list_size)
    site, which = place // num_labels, place % num_labels
    holder = _first_of_each(site, np.lexsort((which, -patients, site)))
    held = which[holder]
    land = cells.geometry.copy()
    pieces, owners, touching = [], [], [held[cells.pairs]]
    landless = np.isin(which, held, invert=True)
    order = np.lexsort((site, -patients, which))
    chosen = _first_of_each(which, order[landless[order]])
    for here in np.unique(site[chosen]):
        rows = chosen[site[chosen] == here]
        share = patients[rows] / max(1.0, patients[site == here].sum())
        slices = _slices(land[here], sites.xy[here], share)
        land[here] = land[here].difference(shapely.coverage_union_all(slices))
        pieces += slices
        owners += which[rows].tolist()
        near = np.array([held[here], *which[rows]])
        touching.append(near[np.column_stack(np.triu_indices(len(near), 1))])
    pairs = np.sort(np.vstack(touching), axis=1)
    return Holdings(
        geometry=np.concatenate([land, np.array(pieces, dtype=object)]),
        label=np.concatenate([held, np.array(owners, dtype=np.int64)]),
        pairs=np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0),
    )


def _first_of_each(group: Indices, order: Indices) -> Indices:
    """Return the first row of each group, rows taken in `order`."""
    _, first = np.unique(group[order], return_index=True)
    return np.asarray(order[first])


def _slices(
    cell: "Polygon | MultiPolygon",
    xy: npt.NDArray[np.float64],
    share: npt.NDArray[np.float64],
) -> list["Polygon"]:
    """Return a round patch inside a cell, cut like a pie by the shares."""
    import shapely

    middle = shapely.Point(xy)
    if not cell.contains_properly(middle):
        middle = shapely.Point(shapely.maximum_inscribed_circle(cell).coords[0])
    area_m2 = cell.area * np.clip(share.sum(), *PATCH_SHARES)
    room_m = PATCH_REACH * cell.boundary.distance(middle)
    part = (share + TINY) / (share + TINY).sum()
    corners = np.maximum(FEWEST_CORNERS, np.rint(PATCH_CORNERS * part))
    turn = 2 * np.pi * np.arange(corners.sum()) / corners.sum()
    rim = np.column_stack([np.cos(turn), np.sin(turn)])
    rim = np.array(middle.coords[0]) + min(np.sqrt(area_m2 / np.pi), room_m) * rim
    if len(share) == 1:
        return [shapely.Polygon(rim)]
    rim = np.vstack([rim, rim[:1]])
    ends = np.concatenate([[0], np.cumsum(corners)]).astype(int)
    return [
        shapely.Polygon([middle.coords[0], *rim[start : end + 1]])
        for start, end in pairwise(ends)
    ]
