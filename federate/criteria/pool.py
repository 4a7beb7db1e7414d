"""A federation as its sums: all that the risk of a pool depends on."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from federate.criteria.spend import PracticeSpend, SpendModel
from federate.criteria.tails import pool_sigma, pool_skew

__all__ = ["Pool"]

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Pool:
    """The sums of some practices' spend.

    Parameters
    ----------
    budget_gbp
        B = Σ b_i, £ a year, carve-out not taken off.
    variance_gbp2, third_gbp3
        V = Σ v_i with any regional term (£²), K3 = Σ k3_i (£³), after a carve-out.
    tau_common
        Relative sd of what all share.
    mean_shift
        μ, of budget.
    ceded_gbp, ceded_variance_gbp2
        Mean and variance of what a carve-out takes.
    """

    budget_gbp: float
    variance_gbp2: float
    third_gbp3: float = 0.0
    tau_common: float = 0.0
    mean_shift: float = 0.0
    ceded_gbp: float = 0.0
    ceded_variance_gbp2: float = 0.0

    @classmethod
    def of(
        cls,
        spend: PracticeSpend,
        members: IntArray,
        model: SpendModel,
        *,
        regional_gbp2: float = 0.0,
    ) -> "Pool":
        """Return the pool of `members`, indices into the arrays of `spend`."""
        idx = np.asarray(members, dtype=np.int64)
        return cls(
            budget_gbp=float(spend.budget_gbp[idx].sum()),
            variance_gbp2=float(spend.variance_gbp2[idx].sum()) + regional_gbp2,
            third_gbp3=float(spend.third_gbp3[idx].sum()),
            tau_common=model.tau_common,
            mean_shift=model.mean_shift,
            ceded_gbp=float(spend.ceded_gbp[idx].sum()),
            ceded_variance_gbp2=float(spend.ceded_square_gbp2[idx].sum()),
        )

    @property
    def sigma(self) -> float:
        """Standard deviation s over budget."""
        return float(pool_sigma(self.variance_gbp2, self.budget_gbp, self.tau_common))

    @property
    def skew(self) -> float:
        """Skew γ; the shocks are symmetric."""
        return float(
            pool_skew(
                self.third_gbp3, self.variance_gbp2, self.budget_gbp, self.tau_common
            )
        )
