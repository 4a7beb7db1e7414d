"""What proves a bound: prices from which anyone can derive it again.

For any prices π of the practices, μ of the count of federations and σ ≥ 0 of
odd sets T of practices, every plan costs at least

    own + Σ_i π_i + μ·(fewest, or most where μ < 0) − Σ_T σ_T·⌊|T| / 2⌋
        + Σ_c min(0, least reduced cost of a federation led by c)
        + Σ min(0, reduced cost of standing alone),

where `own` is the cost of the practices above the upper bound, π counts the
others only, and a federation S led by c has the reduced cost

    cost(S, c) − Σ_{i∈S} π_i − μ + Σ_T σ_T·⌊|S ∩ T| / 2⌋.

It holds because a practice is covered once, a centre leads one federation at
most, and the federations of a plan hold at most ⌊|T| / 2⌋ disjoint pairs of a set T.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

__all__ = ["Evidence"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Evidence:
    """Prices that prove a bound, for the practices by code.

    Parameters
    ----------
    codes
        The practices, in the order of the arrays.
    practice_gbp
        Shape ``(n,)``: π, £ a year.
    count_gbp
        μ, £ a year for each federation; 0 where no count is asked.
    sets, cut_gbp
        The sets T, shape ``(t, 5)``: indices of three or five practices, −1 where
        there are no more; and shape ``(t,)``: σ ≥ 0, £ a year.
    dual_bound_gbp
        What these prices prove by themselves, £ a year.
    bound_gbp
        What the engine claims, £ a year; above `dual_bound_gbp` only where every
        federation of reduced cost below `reach_gbp` was in an integer model.
    pricing
        Over which federations the least reduced cost was taken: ``connected``:
        those that keep the rules; ``knapsack``: any set whose size fits, the last
        practice in part; ``whole``: any set of whole practices whose size fits.
    reach_gbp
        Reduced cost below which all federations were chosen from: the optimum is
        at least min(best choice among them, `dual_bound_gbp` + `reach_gbp`).
    later
        Prices found later over those federations alone: they prove more, of plans
        made of them.
    """

    codes: tuple[str, ...]
    practice_gbp: FloatArray
    count_gbp: float
    sets: IntArray
    cut_gbp: FloatArray
    dual_bound_gbp: float
    bound_gbp: float
    pricing: Literal["connected", "knapsack", "whole"] = "connected"
    reach_gbp: float | None = None
    later: "Evidence | None" = None

    def over(self, codes: Sequence[str]) -> "Evidence":
        """Return these prices for other practices, in their order.

        Practices not known here get the median price; a set stays where all of
        its practices do. What the prices prove there is for the next pricing to
        say: the bounds are −inf.
        """
        place = {code: i for i, code in enumerate(codes)}
        moved = np.array([place.get(code, -1) for code in self.codes], dtype=np.int64)
        middle = float(np.median(self.practice_gbp)) if len(self.codes) else 0.0
        prices = np.full(len(codes), middle)
        prices[moved[moved >= 0]] = self.practice_gbp[moved >= 0]
        blank = self.sets < 0
        sets = np.where(blank, -1, moved[self.sets])
        whole = ((sets >= 0) | blank).all(axis=1)
        return replace(
            self,
            codes=tuple(codes),
            practice_gbp=prices,
            sets=sets[whole],
            cut_gbp=self.cut_gbp[whole],
            dual_bound_gbp=-np.inf,
            bound_gbp=-np.inf,
            reach_gbp=None,
            later=None,
        )
