"""Neighbouring sites: near by Delaunay or bordering on land, and joined up."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from federate.geography.cells import land_cells
from federate.geography.land import crosses_barrier
from federate.geography.sites import Diagram, Sites, spacing_km
from federate.practices.instance import Instance

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["SitePairs", "neighbouring_sites", "over_practices"]

Mask = npt.NDArray[np.bool_]
Pairs = npt.NDArray[np.int64]

NEAR_KM = 5.0
"""A Delaunay pair up to this length is always kept."""
NEAR_SPACINGS = 2.5
"""A longer one up to this many times the spacing of its denser end."""


@dataclass(frozen=True, eq=False)
class SitePairs:
    """Neighbouring sites, before they are spread over practices.

    Parameters
    ----------
    pairs
        Shape ``(p, 2)``, first < second, in order.
    attached
        Shape ``(p,)``: the pair only attaches a piece that was apart.
    island
        Shape ``(s,)``: the site is in a piece that had to be attached.
    cut
        Shape ``(c, 2)``, pairs removed because a barrier runs between them.
    open_side
        Shape ``(s,)``: the site's cell borders one that is no neighbour, being
        too far or behind a barrier: on that side nobody encloses it.
    """

    pairs: Pairs
    attached: Mask
    island: Mask
    cut: Pairs
    open_side: Mask


def neighbouring_sites(
    instance: Instance,
    sites: Sites,
    voronoi: Diagram,
    *,
    land: "BaseGeometry | None",
    longest_km: float,
) -> SitePairs:
    """Return the sites that border each other on land, or by Delaunay without.

    Barriers cut first. What is then apart, though not by a barrier, is attached
    by the shortest Delaunay pairs that cross no barrier, however long.
    """
    pairs = voronoi.pairs
    if land is None:
        near = sites.km(pairs) <= _trim_km(sites, pairs)
    else:
        bordering = land_cells(sites, voronoi, land).pairs
        pairs = np.unique(np.vstack([pairs, bordering]), axis=0)
        near = _is_in(pairs, bordering, len(sites))
    bordering_here = np.ones(len(pairs), dtype=np.bool_) if land is None else near
    km = sites.km(pairs)
    near = near & (km <= longest_km)
    barred = crosses_barrier(instance, sites.xy[pairs[:, 0]], sites.xy[pairs[:, 1]])
    cut = pairs[near & barred]
    lost = pairs[bordering_here & (barred | ~near)]
    pairs, near, km = pairs[~barred], near[~barred], km[~barred]
    # Delaunay keeps the whole minimum spanning tree; on land a border is free,
    # so that the tree holds only borders and what attaches the pieces.
    tree = _tree(pairs, km if land is None else np.where(near, 0.0, km), len(sites))
    piece = _pieces(pairs[near], len(sites))
    attached = tree & (piece[pairs[:, 0]] != piece[pairs[:, 1]])
    kept = near | tree
    open_side = np.zeros(len(sites), dtype=np.bool_)
    open_side[lost] = True
    return SitePairs(
        pairs=pairs[kept],
        attached=attached[kept],
        island=_off_mainland(sites, piece, _pieces(pairs[kept], len(sites))),
        cut=cut,
        open_side=open_side,
    )


def over_practices(sites: Sites, pairs: Pairs) -> tuple[Pairs, npt.NDArray[np.int64]]:
    """Spread pairs of sites over their practices: every one with every one.

    Returns
    -------
    tuple
        Pairs of practices, first < second, and the pair of sites each is from.
        A site paired with itself gives all pairs of its practices.
    """
    by_site = np.argsort(sites.of, kind="stable")
    count = np.bincount(sites.of, minlength=len(sites))
    first = np.cumsum(count) - count
    width = count[pairs[:, 1]]
    origin = np.repeat(np.arange(len(pairs)), count[pairs[:, 0]] * width)
    start = np.cumsum(count[pairs[:, 0]] * width) - count[pairs[:, 0]] * width
    step = np.arange(len(origin)) - start[origin]
    a = by_site[first[pairs[origin, 0]] + step // width[origin]]
    b = by_site[first[pairs[origin, 1]] + step % width[origin]]
    once = (a < b) | (pairs[origin, 0] != pairs[origin, 1])
    spread = np.sort(np.column_stack([a, b]), axis=1)
    return spread[once], origin[once]


def _trim_km(sites: Sites, pairs: Pairs) -> npt.NDArray[np.float64]:
    """Return how long each Delaunay pair may be, km.

    max(5 km, 2.5 × spacing), spacing of the denser end: a village is not the
    neighbour of a far town, nor are two headlands across a bay.
    """
    spacing = spacing_km(sites)[pairs].min(axis=1)
    return np.asarray(np.maximum(NEAR_KM, NEAR_SPACINGS * spacing))


def _is_in(pairs: Pairs, some: Pairs, num_sites: int) -> Mask:
    """Return which pairs are among some."""
    code = pairs[:, 0] * num_sites + pairs[:, 1]
    return np.isin(code, some[:, 0] * num_sites + some[:, 1])


def _tree(pairs: Pairs, km: npt.NDArray[np.float64], num_sites: int) -> Mask:
    """Return which pairs make up the minimum spanning forest."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import minimum_spanning_tree

    # Ranks keep ties and zeros apart: a stored zero would count as no pair.
    rank = np.empty(len(km))
    rank[np.argsort(km, kind="stable")] = np.arange(1, len(km) + 1)
    shape = (num_sites, num_sites)
    graph = coo_array((rank, (pairs[:, 0], pairs[:, 1])), shape=shape)
    chosen = minimum_spanning_tree(graph.tocsr()).data
    return np.asarray(np.isin(rank, chosen))


def _pieces(pairs: Pairs, num_sites: int) -> npt.NDArray[np.int64]:
    """Return the connected piece of each site."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    shape = (num_sites, num_sites)
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=shape)
    _, piece = connected_components(graph.tocsr(), directed=False)
    return np.asarray(piece, dtype=np.int64)


def _off_mainland(
    sites: Sites, piece: npt.NDArray[np.int64], whole: npt.NDArray[np.int64]
) -> Mask:
    """Return the sites outside the largest piece (practices) of their whole.

    Of two equally large pieces the one with the westernmost site is mainland.
    """
    practices = np.bincount(sites.of, minlength=len(sites))
    size = np.bincount(piece, weights=practices)[piece]
    mainland = np.full(whole.max() + 1, -1, dtype=np.int64)
    for site in np.lexsort((np.arange(len(sites)), -size)):
        if mainland[whole[site]] < 0:
            mainland[whole[site]] = piece[site]
    return np.asarray(piece != mainland[whole])
