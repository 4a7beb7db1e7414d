"""One contract on drawn years: what federations keep, what its partner pays.

With Z the overspend relative to budget before the contract and q, (d, l, c) and T its
quota, layer and carve-out (``federate.criteria.judge``),

    Z' = (1 − q)(Z − cut + E cut),   L = c [(Z' − d)+ − (Z' − l)+],   D = Z' − L + E L,

the expectations being those of the closed form: a fair price is agreed beforehand. D is
what the federation keeps, Z − D what the partner bears: what it pays less that price.
What surprises a federation is Z' − L, the price being known before the year begins.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from federate.criteria.layers import retained_excess
from federate.criteria.pooled import PooledRisk, Weighed
from federate.criteria.risk_terms import (
    ATTACH,
    BASE,
    LAYER,
    LIMIT,
    NUM_CUT,
    NUM_PARTS,
    QUOTA,
    VARIANCE,
)
from federate.criteria.tails import expected_layer
from federate.criteria.years import Years

__all__ = ["Item", "Kept", "kept_by", "overspend_gbp"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Item:
    """A row of a menu: `pooled` whose menu it is in, and which row."""

    pooled: PooledRisk
    row: int

    @property
    def name(self) -> str:
        """Name of the contract; ``""``: none."""
        return self.pooled.names[self.row]

    @property
    def partner(self) -> str:
        """Code of its partner; ``""``: none."""
        return self.pooled.partners[self.row]

    @property
    def terms(self) -> FloatArray:
        """Its terms, by column of the menu."""
        out: FloatArray = self.pooled.terms.menu[self.row]
        return out

    @property
    def cut(self) -> int | None:
        """Which of the carve-outs' thresholds it has, if any."""
        base = int(self.terms[BASE])
        return None if base == VARIANCE else (base - NUM_PARTS) // NUM_CUT

    def weighed(self, members: IntArray) -> Weighed:
        """Return the closed forms for these members."""
        return self.pooled.weighed(members, self.row)

    def cut_gbp(self, members: IntArray) -> float:
        """Return what is expected above the carve-out's threshold, £ a year."""
        if self.cut is None:
            return 0.0
        column = int(self.terms[BASE]) + 2
        return float(self.pooled.terms.parts[members, column].sum())


@dataclass(frozen=True, eq=False)
class Kept:
    """Years of one federation under one contract, £, shape ``(y,)`` each.

    ``kept_gbp`` is D·B, with the layer's fair price, ``surprise_gbp`` the same without
    it; ``claims_gbp`` is what the partner pays.
    """

    kept_gbp: FloatArray
    surprise_gbp: FloatArray
    claims_gbp: FloatArray


def law_of(item: Item, weighed: Weighed) -> tuple[float, float, float]:
    """Return mean, sd and skew of what is left after carve-out and quota."""
    left = 1.0 - float(item.terms[QUOTA])
    return left * item.pooled.terms.mean, left * weighed.sigma_rel, weighed.skew


def overspend_gbp(item: Item, weighed: Weighed) -> float:
    """Return the closed form of the mean overspend that is kept, £ a year."""
    row, tail = item.terms, item.pooled.terms.tail
    layer = (float(row[ATTACH]), float(row[LIMIT]), float(row[LAYER]))
    excess = retained_excess(tail, 0.0, *layer, *law_of(item, weighed))
    return float(excess) * weighed.exposed_gbp


def kept_by(
    item: Item, years: Years, group: int, members: Sequence[int] | IntArray
) -> Kept:
    """Return what a contract makes of the drawn years of one federation.

    Parameters
    ----------
    item
        The contract.
    years
        Drawn years of all federations.
    group
        Which row of them.
    members
        Indices of its practices.
    """
    who = np.asarray(members, dtype=np.int64)
    weighed, row = item.weighed(who), item.terms
    budget, bare = weighed.exposed_gbp, years.excess_gbp[group]
    if budget <= 0:
        return Kept(*np.zeros((3, len(bare))))
    cut = np.zeros_like(bare) if item.cut is None else years.ceded_gbp[item.cut, group]
    quota, attach, limit = float(row[QUOTA]), float(row[ATTACH]), float(row[LIMIT])
    left = (1.0 - quota) * (bare - cut + item.cut_gbp(who)) / budget
    taken, fair = np.zeros_like(bare), 0.0
    if attach < np.inf:
        share = float(row[LAYER])
        taken = share * (np.maximum(left - attach, 0) - np.maximum(left - limit, 0))
        law = law_of(item, weighed)
        fair = share * expected_layer(item.pooled.terms.tail, attach, limit, *law)
    quota_gbp = quota * (budget + bare - cut)
    return Kept(
        kept_gbp=budget * (left - taken + fair),
        surprise_gbp=budget * (left - taken),
        claims_gbp=cut + budget * taken + quota_gbp,
    )
