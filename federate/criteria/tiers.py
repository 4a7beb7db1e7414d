"""Tiers: who bears the whole of its risk, who part of it, who none.

A practice of tier m answers for the share ρ_m ∈ {1, ρ, 0} of its own budget; the rest
stays with the commissioner. A federation is then exposed to Σ ρ_i b_i with variance
Σ ρ_i² v_i and third moment Σ ρ_i³ k3_i.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from federate.criteria.spend import PracticeSpend

__all__ = [
    "FULL",
    "PARTIAL",
    "PROVIDER",
    "TIERS",
    "exposed_spend",
    "exposure_shares",
    "highest_tier",
    "tier_share",
]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

FULL, PARTIAL, PROVIDER = 0, 1, 2
TIERS = {"full": FULL, "partial": PARTIAL, "provider": PROVIDER, "none": PROVIDER}
"""The code of each tier by the words of a practice table."""


def highest_tier(score: FloatArray, *, partial: float, full: float) -> IntArray:
    """Return the highest tier whose threshold each score reaches, shape ``(n,)``.

    A score that is not known (NaN) reaches none. Of readiness and willingness, the
    lower tier counts: take ``np.maximum`` of the two codes.

    Examples
    --------
    >>> highest_tier(np.array([0.9, 0.5, 0.1, np.nan]), partial=0.4, full=0.8)
    array([0, 1, 2, 2])
    """
    partly = np.where(score >= partial, PARTIAL, PROVIDER)
    out: IntArray = np.where(score >= full, FULL, partly)
    return out


def exposure_shares(tier: IntArray, *, partial_share: float) -> FloatArray:
    """Return ρ of each practice, by its tier.

    Examples
    --------
    >>> exposure_shares(np.array([FULL, PARTIAL, PROVIDER]), partial_share=0.5)
    array([1. , 0.5, 0. ])
    """
    out: FloatArray = np.array([1.0, partial_share, 0.0])[tier]
    return out


def exposed_spend(spend: PracticeSpend, shares: FloatArray) -> PracticeSpend:
    """Return what practices answer for: each array by the power of ρ of its unit."""
    return replace(
        spend,
        budget_gbp=spend.budget_gbp * shares,
        patient_variance_gbp2=spend.patient_variance_gbp2 * shares**2,
        lasting_variance_gbp2=spend.lasting_variance_gbp2 * shares**2,
        third_gbp3=spend.third_gbp3 * shares**3,
        ceded_gbp=spend.ceded_gbp * shares,
        ceded_square_gbp2=spend.ceded_square_gbp2 * shares**2,
    )


def tier_share(budget_gbp: FloatArray, tiers: IntArray, tier: int) -> float:
    """Return the share of a federation's budget in one tier's hands; 0 without budget.

    Examples
    --------
    >>> tier_share(np.array([3.0, 1.0]), np.array([FULL, PARTIAL]), FULL)
    0.75
    """
    total = float(budget_gbp.sum())
    return float(budget_gbp[tiers == tier].sum()) / total if total > 0 else 0.0
