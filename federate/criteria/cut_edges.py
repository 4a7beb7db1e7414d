"""Cut edges: what it is worth not to part neighbours.

A plan cuts a pair of neighbours where the two share no federation; a practice
alone or above the upper bound shares one with nobody. Few cut edges mean compact
federations with short borders (Validi and Buchanan 2022, Political districting to
minimize cut edges, Mathematical Programming Computation 14).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

__all__ = ["CutEdges"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class CutEdges:
    """The price of parting neighbours, shared out among federations.

    Half of a cut pair is paid for on either side:

        cut(g) = p · (Σ_{i∈g} deg_i − 2·e(g)) / 2

    with deg_i the neighbours of i and e(g) the pairs within g. A pair in one
    federation is paid by nobody, any other by its two ends, p/2 each; one that
    stands alone pays p·deg_i/2, as a federation of its own does. So the sum over
    federations and those alone is p × the pairs that the plan parts.

    Parameters
    ----------
    gbp_per_pair
        p, £ a year.
    num_neighbours
        deg_i, shape ``(n,)``. Of the whole area, also where the practices are
        some of it: a neighbour left out is parted in any case.
    start, neighbours
        The pairs among the practices, CSR, both ways.

    Examples
    --------
    A street of three, the middle one beside both others:

    >>> street = CutEdges(10.0, np.array([1, 2, 1]),
    ...                   np.array([0, 1, 3, 4]), np.array([1, 0, 2, 1]))
    >>> street.gbp([0, 1, 2]), street.gbp([0, 1]), street.gbp([2])
    (0.0, 5.0, 5.0)
    """

    gbp_per_pair: float
    num_neighbours: IntArray
    start: IntArray
    neighbours: IntArray

    @property
    def alone_gbp(self) -> FloatArray:
        """What each practice pays by itself, p·deg_i/2, shape ``(n,)``."""
        ends: FloatArray = self.num_neighbours.astype(np.float64)
        out: FloatArray = ends * (self.gbp_per_pair / 2)
        return out

    def pairs_within(self, members: Sequence[int] | IntArray) -> int:
        """Return e(g), the neighbour pairs whose ends are both members."""
        inside = {int(i) for i in members}
        twice = sum(
            int(k) in inside
            for i in inside
            for k in self.neighbours[self.start[i] : self.start[i + 1]]
        )
        return twice // 2

    def gbp(self, members: Sequence[int] | IntArray) -> float:
        """Return a federation's share of the pairs that are cut, £ a year."""
        out = int(self.num_neighbours[np.asarray(members, dtype=np.int64)].sum())
        return self.gbp_per_pair / 2 * (out - 2 * self.pairs_within(members))

    def among(self, keep: IntArray) -> "CutEdges":
        """Return the same for some of the practices, the others being elsewhere."""
        place = np.full(len(self.num_neighbours), -1, dtype=np.int64)
        place[keep] = np.arange(len(keep))
        rows = [place[self.neighbours[self.start[i] : self.start[i + 1]]] for i in keep]
        kept = [row[row >= 0] for row in rows]
        start = np.zeros(len(keep) + 1, dtype=np.int64)
        start[1:] = np.cumsum([len(row) for row in kept])
        return replace(
            self,
            num_neighbours=self.num_neighbours[keep],
            start=start,
            neighbours=np.concatenate([*kept, np.zeros(0, dtype=np.int64)]),
        )
