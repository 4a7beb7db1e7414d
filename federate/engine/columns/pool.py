"""A pool: all the federations that could still matter, priced by looking at each.

Once the bound is near the best plan, few federations have a reduced cost below
the difference, and no cheaper plan holds another. Then the tree has done its work:
the few are priced in one product, however many cuts there are, where the tree
would slow down with each (Pessoa, Sadykov, Uchoa and Vanderbeck 2020, Mathematical
Programming 183, who enumerate routes so).
"""

import numpy as np
import numpy.typing as npt

from federate.engine.columns.facts import Cuts
from federate.engine.columns.finds import Found, Priced
from federate.engine.columns.pricing import Stop

__all__ = ["Pool"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class Pool:
    """Answers as a `Pricer` does, over given federations alone."""

    def __init__(
        self, centre: IntArray, cost: FloatArray, members: IntArray, num_practices: int
    ) -> None:
        """Set up over given federations; `members` has −1 where there are no more."""
        from scipy.sparse import csc_array

        self._centre, self._cost, self._members = centre, cost, members
        row, place = np.nonzero(members >= 0)
        flat = members[row, place]
        shape = (len(centre), num_practices)
        self._holds = csc_array((np.ones(len(flat)), (row, flat)), shape=shape)
        self._in_set: dict[bytes, tuple[IntArray, FloatArray]] = {}

    @classmethod
    def of(
        cls, found: Found, practice_duals: FloatArray, count_dual: float, cuts: Cuts
    ) -> "Pool":
        """Return the pool of what was found at these prices.

        Each set of members is kept once, under its cheapest centre; its cost is
        its reduced cost and what its practices pay.
        """
        n = len(practice_duals)
        blank = np.arange(found.members.shape[1]) >= found.length[:, None]
        members = np.sort(np.where(blank, n, found.members), axis=1)
        kept = _cheapest(members, found.reduced, n)
        members = np.where(members[kept] < n, members[kept], -1)
        pool = cls(found.centre[kept], np.zeros(len(kept)), members, n)
        paid = -pool._reduced(practice_duals, count_dual, cuts)
        pool._cost = found.reduced[kept] + paid
        return pool

    @property
    def num_classes(self) -> int:
        """How many searches there are under each centre."""
        return 1

    def __len__(self) -> int:
        return len(self._centre)

    def price(
        self,
        practice_duals: FloatArray,
        count_dual: float,
        cuts: Cuts,
        *,
        limit: float = 0.0,
        keep: int = 4,
        node_limit: int = 0,
        stop: Stop | None = None,
    ) -> Priced:
        """Return the `keep` cheapest federations under each centre below `limit`.

        `node_limit` and `stop` are what a tree needs; here every federation is seen.
        """
        reduced = self._reduced(practice_duals, count_dual, cuts)
        order = np.lexsort((reduced, self._centre))
        order = order[reduced[order] < limit]
        centre = self._centre[order]
        first = np.searchsorted(centre, centre, side="left")
        chosen = order[np.arange(len(order)) - first < keep]
        return self._priced(chosen, reduced, limit)

    def enumerate(
        self,
        practice_duals: FloatArray,
        count_dual: float,
        cuts: Cuts,
        *,
        limit: float,
        most: int,
        stop: Stop | None = None,
    ) -> Priced:
        """Return every federation with reduced cost below `limit`, up to `most`."""
        reduced = self._reduced(practice_duals, count_dual, cuts)
        chosen = np.flatnonzero(reduced < limit)
        return self._priced(chosen[:most], reduced, limit, whole=len(chosen) <= most)

    def _reduced(self, duals: FloatArray, count: float, cuts: Cuts) -> FloatArray:
        """Cost − Σπ − μ + Σ |σ|·⌊|S ∩ T| / 2⌋ of every federation."""
        reduced: FloatArray = self._cost - self._holds @ duals - count
        for k in np.flatnonzero(cuts.sigma > 0):
            which, times = self._times(cuts.sets[k])
            reduced[which] += cuts.sigma[k] * times
        return reduced

    def _times(self, blank: IntArray) -> tuple[IntArray, FloatArray]:
        """Return the federations with two practices of a set, and ⌊|S ∩ T| / 2⌋."""
        key = blank.tobytes()
        if key not in self._in_set:
            inside: FloatArray = self._holds[:, blank[blank >= 0]].sum(axis=1)
            times = np.floor_divide(np.asarray(inside).ravel(), 2.0)
            which = np.flatnonzero(times)
            self._in_set[key] = which, times[which]
        return self._in_set[key]

    def _priced(
        self, chosen: IntArray, reduced: FloatArray, limit: float, whole: bool = True
    ) -> Priced:
        least = np.full(self._holds.shape[1], limit)
        np.minimum.at(least, self._centre, reduced)
        return Priced(
            members=tuple(
                tuple(row[row >= 0].tolist()) for row in self._members[chosen]
            ),
            centres=tuple(self._centre[chosen].tolist()),
            reduced=reduced[chosen],
            least=least,
            complete=whole,
        )


def _cheapest(members: IntArray, reduced: FloatArray, n: int) -> IntArray:
    """Return the place of the cheapest of each set of members; n fills a row up.

    Sets are brought together by the sum of random keys of their members; should
    two sets share a sum, both stay.
    """
    key = np.random.default_rng(0).integers(2**40, size=n + 1)
    order = np.lexsort((reduced, key[members].sum(axis=1)))
    again = (members[order][1:] == members[order][:-1]).all(axis=1)
    first = np.ones(min(1, len(order)), dtype=np.bool_)
    kept: IntArray = order[np.concatenate([first, ~again])]
    return kept
