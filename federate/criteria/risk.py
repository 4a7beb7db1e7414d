"""Pooled risk: how far a federation's spend may stray from its budget.

A practice's spend has its own variance v_i (patients fall ill independently,
practices prescribe differently) and shares a national shock of relative size
τ_s. A federation g pools V_g = Σ v_i over B_g = Σ b_i, so that

    σ_g² = V_g + τ_s² B_g²,    P(X_g > (1+r) B_g) = 1 − Φ(r B_g / σ_g).

The normal form is within about 2 percentage points of simulation for tails
inside ±3 % at 20,000 patients and more; small pools have a heavier tail, for which
see ``federate.criteria.tails``. Richer models of spend are in
``federate.criteria.spend``; this is the plain one, of patients all alike.

References
----------
Martin, Rice and Smith (1997), CHE Discussion Paper 153, for the question;
Bachmann and Bevan (1996), BMJ 313:1054, and Richardson et al. (2011), HSJ
5023200, for the figures that the per-head coefficient CV1 = 3.6 reproduces.
"""

from math import inf, isinf, nan, sqrt

import numpy as np
import numpy.typing as npt

from federate.criteria.tails import (
    NORMAL,
    expected_excess,
    least_population_of,
    normal_quantile,
    pool_sigma,
    probability_above,
)

__all__ = [
    "expected_overspend_gbp",
    "least_population",
    "least_population_for_patient",
    "overspend_probability",
    "patient_shock",
    "practice_variance_gbp2",
    "risk_slope",
    "sigma_rel",
]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def practice_variance_gbp2(
    budget_gbp: FloatArray, list_size: IntArray, *, cv1: float, tau_practice: float
) -> FloatArray:
    """Return each practice's own variance v_i, £².

    v_i = CV1² b_i² / n_i + τ_p² b_i²

    The first term is n_i independent patients with mean cost b_i/n_i and
    coefficient of variation CV1; the second the budget-setting error. A
    practice without patients has no spend and no variance.

    Examples
    --------
    >>> v = practice_variance_gbp2(
    ...     np.array([1e6]), np.array([10_000]), cv1=3.6, tau_practice=0.0
    ... )
    >>> float(np.sqrt(v[0]).round(6))
    36000.0
    """
    patients = np.maximum(list_size, 1).astype(np.float64)
    squared: FloatArray = budget_gbp**2
    out: FloatArray = squared * (cv1**2 / patients + tau_practice**2)
    return out


def risk_slope(*, tolerance: float, max_probability: float, tau_shock: float) -> float:
    """Return κ of the rule P(overspend > r) ≤ ε ⇔ V_g ≤ κ² B_g².

    κ² = (r / z_{1−ε})² − τ_s². NaN where κ² ≤ 0: the common shock alone breaks
    the rule, whatever the population.

    Examples
    --------
    >>> round(risk_slope(tolerance=0.02, max_probability=0.1, tau_shock=0.005), 6)
    0.014783
    >>> risk_slope(tolerance=0.005, max_probability=0.1, tau_shock=0.005)
    nan
    """
    z = float(normal_quantile(1 - max_probability))
    squared = (tolerance / z) ** 2 - tau_shock**2
    return sqrt(squared) if squared > 0 else nan


def least_population(
    *,
    cv1: float,
    tolerance: float,
    max_probability: float,
    tau_shock: float,
    tail: int = NORMAL,
    skew1: float = 0.0,
) -> float | None:
    """Return the least pool that keeps the rule, persons, by patient noise alone.

    N_min = CV1² / ((r / z_{1−ε})² − τ_s²) by the normal tail; with the skew γ₁ of one
    patient by another (``tails.least_population_of``). ``None``: no pool is large
    enough.

    Examples
    --------
    >>> int(least_population(
    ...     cv1=3.6, tolerance=0.02, max_probability=0.05, tau_shock=0.0
    ... ))
    87659
    """
    found = float(
        least_population_of(tail, tolerance, max_probability, cv1, skew1, tau_shock)
    )
    return None if isinf(found) else found


def sigma_rel(variance_gbp2: float, budget_gbp: float, *, tau_shock: float) -> float:
    """Return σ_g / B_g, a fraction of budget; 0 for a federation without budget."""
    return float(pool_sigma(variance_gbp2, budget_gbp, tau_shock))


def overspend_probability(
    sigma: float,
    *,
    tolerance: float,
    tail: int = NORMAL,
    skew: float = 0.0,
    mean_shift: float = 0.0,
) -> float:
    """Return P(X_g > (1+r) B_g), σ relative to budget; 1 − Φ(r/σ) for the normal.

    The other tails (``tails.TAILS``) take the skew into account.

    Examples
    --------
    >>> round(overspend_probability(3.6 / 100_000**0.5, tolerance=0.02), 4)
    0.0395
    """
    return float(probability_above(tail, tolerance, mean_shift, sigma, skew))


def expected_overspend_gbp(sigma: float, budget_gbp: float) -> float:
    """Return E[(X_g − B_g)+] = σ B_g φ(0), £ a year, by the normal tail.

    Examples
    --------
    >>> round(expected_overspend_gbp(0.01, 1e6), 1)
    3989.4
    """
    return budget_gbp * float(expected_excess(NORMAL, 0.0, 0.0, sigma, 0.0))


def patient_shock(patient_gbp: float, budget_gbp: float) -> float:
    """Return what one patient costing x takes of a budget, x/B_g.

    Examples
    --------
    >>> patient_shock(250_000, 12_500_000)
    0.02
    """
    return patient_gbp / budget_gbp if budget_gbp > 0 else inf


def least_population_for_patient(
    patient_gbp: float, *, share: float, budget_gbp_per_head: float
) -> float:
    """Return the population at which one patient costing x is a share ρ: x/(ρ m).

    Examples
    --------
    >>> round(
    ...     least_population_for_patient(
    ...         1e6, share=0.01, budget_gbp_per_head=1_713.0
    ...     )
    ... )
    58377
    """
    return patient_gbp / (share * budget_gbp_per_head)
