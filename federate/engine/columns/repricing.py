"""Pricing again: only the centres under which prices moved are searched.

Late in the linear programme a few columns join in one place, and all over the rest
of a map prices stay as they were. What a search under a centre says depends on the
prices of those alone who may share a federation with it, so there it still stands.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from federate.engine.columns.facts import Cuts
from federate.engine.columns.finds import Priced
from federate.engine.columns.pricing import Pricer, Stop

__all__ = ["Repricer"]

FloatArray = npt.NDArray[np.float64]

SLIP = 1e-10
"""Prices that moved by this share of all prices, or less, over all centres, stand."""

FEW, MORE = 0.0, 1
"""Where few centres are searched, so many times as many federations are taken."""


@dataclass(frozen=True, eq=False)
class _Prices:
    """The prices of one pricing: π, μ, σ."""

    practice: FloatArray
    count: float
    cuts: Cuts

    def moved(self, before: "_Prices") -> FloatArray | None:
        """Return by how much each practice may move a reduced cost, shape ``(n,)``.

        |Δπ_i| + Σ_{T∋i} |Δσ_T| / 2: a federation S hits a set T ⌊|S ∩ T| / 2⌋ times,
        which is half a time for each practice of S in T at most. ``None`` where the
        sets are others than before, but for new ones after them.
        """
        sets, old = self.cuts.sets, before.cuts.sets
        if len(old) > len(sets) or not np.array_equal(sets[: len(old)], old):
            return None
        each = np.abs(self.practice - before.practice)
        change = self.cuts.sigma.copy()
        change[: len(old)] -= before.cuts.sigma
        which, place = np.nonzero(sets >= 0)
        np.add.at(each, sets[which, place], np.abs(change)[which] / 2)
        return each


class Repricer:
    """Answers as its `Pricer` does, from memory where nothing moved."""

    def __init__(self, pricer: Pricer) -> None:
        from scipy.sparse import csr_array

        n = pricer.problem.n
        self._pricer = pricer
        self._before: _Prices | None = None
        self._least = np.zeros(n)
        self._since = np.full(n, np.inf)
        ptr, flat = pricer.candidates
        self._reach: Any = csr_array((np.ones(len(flat)), flat, ptr), shape=(n, n))

    def price(
        self,
        practice_duals: FloatArray,
        count_dual: float,
        cuts: Cuts,
        *,
        keep: int = 4,
        node_limit: int = 10**12,
        stop: Stop | None = None,
    ) -> Priced:
        """Return the `keep` cheapest federations of negative reduced cost a centre.

        Where nothing moved since a centre was searched, its finds are left out: they
        were handed over then. Its least reduced cost is lowered by the little that
        may have moved, so that a bound on it is proven.
        """
        now = _Prices(practice_duals, count_dual, cuts)
        since = self._moved_since(now)
        slip = SLIP * float(np.abs(practice_duals).sum()) / len(practice_duals)
        again = since > slip
        priced = self._pricer.price(
            practice_duals,
            count_dual,
            cuts,
            keep=keep if again.mean() > FEW else MORE * keep,
            node_limit=node_limit,
            stop=stop,
            centres=again,
        )
        standing = np.minimum(0.0, self._least) - np.where(again, 0.0, since)
        self._least = np.where(again, priced.least, self._least)
        # One search cut short, and nobody knows whose it was.
        self._since = np.where(again, 0.0 if priced.complete else np.inf, since)
        self._before = now
        return Priced(
            members=priced.members,
            centres=priced.centres,
            reduced=priced.reduced,
            least=np.where(again, priced.least, standing),
            complete=priced.complete,
        )

    def _moved_since(self, now: _Prices) -> FloatArray:
        """Return how much a reduced cost under each centre may have moved since.

        Since its search, that is; infinite where that is not known.
        """
        n = len(self._least)
        before = self._before
        if before is None:
            return np.full(n, np.inf)
        each = now.moved(before)
        if each is None:
            return np.full(n, np.inf)
        step = each + self._reach @ each + abs(now.count - before.count)
        since: FloatArray = self._since + step
        return since
