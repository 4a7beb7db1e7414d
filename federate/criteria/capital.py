"""Risk capital as a game: what any members of a federation would hold by themselves.

c(S) is the CVaR, or the standard deviation, of what the members S would keep of their
spend under the federation's contract. It hangs on three sums alone, the exposed budget
B, the variance W and the third moment K of the pooled spend:

    c = B · ρ(μ, √W/B, K/W^{3/2}),

and grows by λ where B, W, K grow by λ, λ², λ³. So by Euler's theorem the shares

    φ_i = c_B b_i + 2 c_W Cov(X_i, X) + 3 c_K k3_i

add up to c: they are what each member adds at the margin (Aumann and Shapley; Denault
2001, as told by Tsanakas). For the standard deviation without a contract they are
Cov(X_i, X)/σ, which is ``split.euler_shares``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from federate.criteria.judge import regional_gbp2, shared_gbp2
from federate.criteria.layers import retained_sd, retained_tail_mean
from federate.criteria.nucleolus import nucleolus_shares
from federate.criteria.risk_terms import (
    ATTACH,
    BASE,
    BUDGET,
    LAYER,
    LIMIT,
    QUOTA,
    RiskTerms,
)
from federate.criteria.split import (
    covariance_shares,
    member_covariance_gbp2,
    proportional_shares,
    sampled_shapley,
)

__all__ = ["METHODS", "CapitalGame", "Measure", "shares_by"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Measure = Literal["cvar", "sd"]

# Relative step of the central differences: their error is about its square.
_STEP = 1e-4


@dataclass(frozen=True, eq=False)
class CapitalGame:
    """The members of one federation, and what any of them would hold.

    Parameters
    ----------
    terms, row
        Spend model and the row of its menu that is the federation's contract.
    members
        Indices of its practices, shape ``(m,)``.
    measure
        ``cvar`` at the model's level, or ``sd``.
    """

    terms: RiskTerms
    row: int
    members: IntArray
    measure: Measure = "cvar"

    def cost(self, who: Sequence[int]) -> float:
        """Return what these of the members (0 … m − 1) would hold, £."""
        members = self.members[np.asarray(who, dtype=np.int64)]
        sums = self.terms.parts[members].sum(axis=0)
        base = int(self.terms.menu[self.row, BASE])
        budget = float(sums[BUDGET])
        variance = float(sums[base]) + regional_gbp2(self.terms, members)
        variance += (self.terms.tau_shock * budget) ** 2
        return self.held(budget, variance, float(sums[base + 1]))

    @property
    def whole(self) -> float:
        """What all of them hold together, £."""
        return self.cost(range(len(self.members)))

    def held(self, budget: float, variance: float, third: float) -> float:
        """Return c of the sums B (£), W (£²) and K (£³)."""
        if budget <= 0:
            return 0.0
        row = self.terms.menu[self.row]
        left = 1.0 - float(row[QUOTA])
        sigma = float(np.sqrt(variance)) / budget
        skew = third / variance**1.5 if variance > 0 else 0.0
        layer = (float(row[ATTACH]), float(row[LIMIT]), float(row[LAYER]))
        law = (left * self.terms.mean, left * sigma, skew)
        if self.measure == "sd":
            return budget * float(retained_sd(self.terms.tail, *layer, *law))
        alpha = self.terms.alpha
        return budget * float(retained_tail_mean(self.terms.tail, alpha, *layer, *law))

    @property
    def budget_gbp(self) -> FloatArray:
        """Exposed budget of each member, £ a year, shape ``(m,)``."""
        out: FloatArray = self.terms.parts[self.members, BUDGET]
        return out

    @property
    def covariance_gbp2(self) -> FloatArray:
        """Covariance of the members' spend, £², shape ``(m, m)``."""
        base = int(self.terms.menu[self.row, BASE])
        shared = None
        if self.terms.tau_region > 0:
            shared = np.array(
                [
                    [shared_gbp2(self.terms, i, k) for k in self.members]
                    for i in self.members
                ]
            )
        return member_covariance_gbp2(
            self.terms.parts[self.members, base],
            self.budget_gbp,
            tau_shock=self.terms.tau_shock,
            regional_gbp2=shared,
        )

    @property
    def euler(self) -> FloatArray:
        """Each member's Euler share of `whole`, £, shape ``(m,)``."""
        base = int(self.terms.menu[self.row, BASE])
        thirds = self.terms.parts[self.members, base + 1]
        pulls = covariance_shares(self.covariance_gbp2)
        budget, variance = float(self.budget_gbp.sum()), float(pulls.sum())
        third = float(thirds.sum())
        if budget <= 0 or variance <= 0:
            return np.zeros(len(self.members))
        by_variance = _slope(lambda w: self.held(budget, w, third), variance)
        by_third = _slope(lambda k: self.held(budget, variance, k), third)
        # Of the whole, what variance and skew do not explain goes by budget.
        rest = self.whole - 2 * variance * by_variance - 3 * third * by_third
        out: FloatArray = (
            rest / budget * self.budget_gbp
            + 2 * by_variance * pulls
            + 3 * by_third * thirds
        )
        return out


def _slope(function: Callable[[float], float], at: float) -> float:
    """Return a derivative by central differences; 0 at 0."""
    step = _STEP * abs(at)
    return (function(at + step) - function(at - step)) / (2 * step) if step else 0.0


METHODS = ("proportional", "euler", "covariance", "shapley", "nucleolus")
"""How capital may be split.

``proportional`` by budget; ``euler`` by what each adds at the margin; ``covariance`` by
Cov(X_i, X), the Shapley value of the variance game, scaled to the capital; ``shapley``
by what each adds on average over all orders of joining; ``nucleolus`` so that the
worst-treated coalition is treated least badly.
"""


def shares_by(
    method: str, game: CapitalGame, *, orders: int = 2_000, seed: int = 0
) -> FloatArray:
    """Return each member's share of the capital, £: they add up to `game.whole`.

    Parameters
    ----------
    method
        One of `METHODS`.
    game
        The federation.
    orders, seed
        Of the sampled Shapley value.
    """
    whole, count = game.whole, len(game.members)
    if not game.budget_gbp.sum() > 0:
        return np.zeros(count)
    if method == "proportional":
        return proportional_shares(whole, game.budget_gbp)
    if method == "euler":
        return game.euler
    if method == "covariance":
        pulls = covariance_shares(game.covariance_gbp2)
        total = float(pulls.sum())
        return whole * pulls / total if total > 0 else np.zeros(count)
    if method == "shapley":
        return sampled_shapley(game.cost, count, num_orders=orders, seed=seed)
    if method == "nucleolus":
        return nucleolus_shares(game.cost, count)
    raise ValueError(f"no method {method}; there are {', '.join(METHODS)}")
