"""The neighbour graph: who borders whom, and why."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["PAIR_KINDS", "NeighbourGraph"]

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
        Shape ``(n,)`` bool: the practice's cell touches the outside of the area.
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
