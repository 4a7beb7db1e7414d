"""The neighbour graph: who borders whom, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Literal

import numpy as np
import numpy.typing as npt

from federate.errors import Fault, InstanceError, did_you_mean
from federate.geography.cells import cells_on_edge
from federate.geography.land import crosses_barrier, land_of
from federate.geography.pairs import neighbouring_sites, over_practices
from federate.geography.sites import diagram, sites_of
from federate.practices.instance import Instance

__all__ = ["PAIR_KINDS", "Method", "NeighbourGraph", "neighbour_graph"]

Method = Literal["auto", "file", "voronoi", "delaunay"]

PAIR_KINDS = ("border", "site", "island", "file")


@dataclass(frozen=True, eq=False)
class NeighbourGraph:
    """Which practices are neighbours; symmetric, without loops.

    Parameters
    ----------
    pairs
        Shape ``(m, 2)`` int32, first < second, in order.
    kind
        Shape ``(m,)`` int8, index into `PAIR_KINDS`: cells share a border, one
        site holds both, an island attached to its nearest mainland practice,
        stated in the neighbours file.
    km
        Shape ``(m,)``, straight-line length of each pair.
    indptr, indices
        The same as CSR over ``n`` practices, int32, rows in order.
    on_edge
        Shape ``(n,)`` bool: the practice's cell touches the outside of the area,
        or a cell that is too far or behind a barrier to count as a neighbour's.
    method
        ``file``, ``voronoi`` or ``delaunay``: what defined the pairs.
    islands
        Practices (indices) whose piece had to be attached.
    num_cut
        Pairs removed because a barrier runs between them.
    """

    pairs: npt.NDArray[np.int32]
    kind: npt.NDArray[np.int8]
    km: npt.NDArray[np.float64]
    indptr: npt.NDArray[np.int32]
    indices: npt.NDArray[np.int32]
    on_edge: npt.NDArray[np.bool_]
    method: str
    islands: tuple[int, ...] = ()
    num_cut: int = 0

    @property
    def num_practices(self) -> int:
        """Number of practices, isolated ones included."""
        return len(self.indptr) - 1

    def of(self, practice: int) -> npt.NDArray[np.int32]:
        """Return the neighbours of one practice, in order."""
        return self.indices[self.indptr[practice] : self.indptr[practice + 1]]


def neighbour_graph(
    instance: Instance, *, method: Method = "auto", max_km: float | None = None
) -> NeighbourGraph:
    """Return who borders whom among the practices of an instance.

    Practices at one site are joined pairwise and share the site's neighbours.

    - ``delaunay``: Delaunay pairs of sites up to the larger of 5 km and 2.5
      times the distance to the fourth nearest site (of the denser end); the
      minimum spanning tree is kept, so no practice is isolated.
    - ``voronoi``: sites whose cells share a border on land, so an estuary
      divides; land is the boundary, or an outline round the practices. Pieces
      apart are attached by the nearest pair of sites, the shortest first.
    - ``file``: the stated pairs and no others; a practice without pairs stays
      a practice without neighbours.
    - ``auto``: the file where there is one, ``voronoi`` where there is a
      boundary, else ``delaunay``.

    A pair whose straight line crosses a barrier is cut, unless both practices
    are at one site. What a barrier parts stays in parts: it is meant to. What
    water or distance parts is attached (kind ``island``) without crossing a
    barrier, and every piece but the largest is reported in ``islands``.

    Parameters
    ----------
    instance
        Practices, and stated pairs, boundary and barriers where it has them.
    method
        What defines a pair.
    max_km
        Longest pair, straight line, km; attachments of islands may be longer.

    Raises
    ------
    InstanceError
        If the method needs a file that the instance lacks, or a stated pair
        names an unknown practice.
    """
    chosen = _choose(instance, method)
    longest_km = np.inf if max_km is None else max_km
    sites = sites_of(instance)
    voronoi = diagram(sites)
    land = land_of(instance, sites)
    on_edge = cells_on_edge(voronoi, land)[sites.of]
    if chosen == "file":
        pairs, num_cut = _stated(instance, longest_km)
        kind = np.full(len(pairs), PAIR_KINDS.index("file"))
        return _assemble(instance, pairs, kind, on_edge, chosen, num_cut=num_cut)
    clip = land if chosen == "voronoi" else None
    found = neighbouring_sites(
        instance, sites, voronoi, land=clip, longest_km=longest_km
    )
    across, origin = over_practices(sites, found.pairs)
    same = np.repeat(np.arange(len(sites))[:, None], 2, axis=1)
    within, _ = over_practices(sites, same)
    border, site, island = (PAIR_KINDS.index(k) for k in ("border", "site", "island"))
    kind = np.where(found.attached[origin], island, border)
    return _assemble(
        instance,
        np.vstack([across, within]),
        np.concatenate([kind, np.full(len(within), site)]),
        on_edge | found.open_side[sites.of],
        chosen,
        islands=np.flatnonzero(found.island[sites.of]),
        num_cut=len(over_practices(sites, found.cut)[0]),
    )


def _choose(instance: Instance, method: Method) -> Method:
    """Return the method that ``auto`` stands for, or the one asked for."""
    if method == "auto":
        if instance.neighbours is not None:
            return "file"
        return "delaunay" if instance.boundary_geojson is None else "voronoi"
    if method == "file" and instance.neighbours is None:
        need = 'is missing, and method = "file" needs it; add it or choose "auto"'
        raise InstanceError(instance.name, [Fault("neighbours.csv", need)])
    return method


def _stated(instance: Instance, longest_km: float) -> tuple[npt.NDArray[np.int64], int]:
    """Return the stated pairs that may stay, and how many a barrier cut."""
    stated = instance.neighbours or ()
    index = instance.index
    faults = [
        Fault(
            "neighbours.csv",
            f"no practice {code} in practices.csv{did_you_mean(code, index)}",
        )
        for code in dict.fromkeys(chain.from_iterable(stated))
        if code not in index
    ]
    if faults:
        raise InstanceError(instance.name, faults)
    places = [sorted((index[a], index[b])) for a, b in stated if a != b]
    pairs = np.unique(np.array(places, dtype=np.int64).reshape(-1, 2), axis=0)
    pairs = pairs[_km(instance, pairs) <= longest_km]
    xy = np.column_stack([instance.practices.easting_m, instance.practices.northing_m])
    barred = crosses_barrier(instance, xy[pairs[:, 0]], xy[pairs[:, 1]])
    return pairs[~barred], int(barred.sum())


def _km(instance: Instance, pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return the straight-line length of pairs of practices, km."""
    east = instance.practices.easting_m[pairs]
    north = instance.practices.northing_m[pairs]
    return np.asarray(
        np.hypot(east[:, 0] - east[:, 1], north[:, 0] - north[:, 1]) / 1000.0
    )


def _assemble(
    instance: Instance,
    pairs: npt.NDArray[np.int64],
    kind: npt.NDArray[np.int64],
    on_edge: npt.NDArray[np.bool_],
    method: Method,
    *,
    islands: Iterable[int] = (),
    num_cut: int = 0,
) -> NeighbourGraph:
    """Put pairs in order and write them down as rows, too."""
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    pairs, kind = pairs[order], kind[order]
    both = np.vstack([pairs, pairs[:, ::-1]])
    both = both[np.lexsort((both[:, 1], both[:, 0]))]
    degree = np.bincount(both[:, 0], minlength=instance.num_practices)
    return NeighbourGraph(
        pairs=pairs.astype(np.int32),
        kind=kind.astype(np.int8),
        km=_km(instance, pairs),
        indptr=np.concatenate([[0], np.cumsum(degree)]).astype(np.int32),
        indices=both[:, 1].astype(np.int32),
        on_edge=on_edge,
        method=method,
        islands=tuple(int(i) for i in islands),
        num_cut=num_cut,
    )
