"""The spend of a practice in a year, around its budget.

    X_i = b_i (1 + μ + A + C_i + P_i) + ε_i

ε_i  patients' noise: n_i independent patients (``federate.criteria.patients``),
     all alike, or by age where the ages are known; the only skewed part.
P_i  budget-setting error and style of the practice, sd τ_p, lasting, independent
     between practices; none where the budget is the practice's own history.
C_i  regional shock, sd τ_c, correlation exp(−km/ℓ) between practices.
A    national shock, sd τ_s, the same for all: no pool diversifies it.
μ    management effect, a share of budget.

So a federation g has B_g = Σ b_i, V_g = Σ v_i (+ the regional term) and K3_g = Σ k3_i,
and ``federate.criteria.tails`` gives its tail from (V_g, K3_g, B_g, τ).

τ_p = 0.07 puts 54 % and 22 % of practices of 7,000 patients more than 5 % and 10 % off
budget, against 53 % and 26 % reported (Nuffield figures in HSJ 2010, 5016663). The
reported 11 % beyond 20 % needs a heavier tail: ``practice_law = "heavy"`` has the same
variance, so it shows in a simulation and not in the closed forms. τ_c, τ_s and ℓ are
choices of ours, to be varied: 0 to 0.02, 0 to 0.01, about 30 km.
"""

from dataclasses import dataclass, replace
from math import hypot, inf, sqrt
from typing import Literal

import numpy as np
import numpy.typing as npt

from federate.criteria.ages import AGE_CV, AGE_MEAN_GBP, AGE_SHARES_ENGLAND
from federate.criteria.patients import PatientCost, capped_moments

__all__ = [
    "PracticeSpend",
    "Scope",
    "SpendModel",
    "pooled_scope",
    "practice_spend",
    "standard_errors",
]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class SpendModel:
    """How uncertain spend is; see the module for what each part means.

    ``tau_*`` and ``mean_shift`` are fractions of budget; ``region_km`` is ℓ.

    ``budget_origin`` says who sets the budget. ``bottom_up``: practice by practice and
    added up, so that errors τ_p cancel out with the number of practices. ``top_down``:
    one formula for the federation, whose error τ_f (``tau_formula``, a choice of ours)
    does not cancel, while the errors within do not matter.
    """

    cv1: float = 3.6
    tau_practice: float = 0.07
    practice_law: Literal["normal", "heavy"] = "normal"
    tau_region: float = 0.0
    region_km: float = 30.0
    tau_shock: float = 0.005
    mean_shift: float = 0.0
    budget_origin: Literal["bottom_up", "top_down"] = "bottom_up"
    tau_formula: float = 0.01

    @property
    def tau_own(self) -> float:
        """Error of each practice's budget that counts: τ_p, or 0 top-down."""
        return self.tau_practice if self.budget_origin == "bottom_up" else 0.0

    @property
    def tau_common(self) -> float:
        """Relative sd of what the whole federation shares: τ_s, with τ_f top-down."""
        if self.budget_origin == "bottom_up":
            return self.tau_shock
        return hypot(self.tau_shock, self.tau_formula)

    def in_scope(self, scope: "Scope") -> "SpendModel":
        """Return this model for the services in `scope`."""
        return replace(self, cv1=scope.cv1)


@dataclass(frozen=True)
class Scope:
    """Some services: their share of all spend, and the CV1 of their cost a head."""

    share: float
    cv1: float


def pooled_scope(parts: list[Scope], *, correlation: float = 0.0) -> Scope:
    """Return several services as one: the scope of a budget.

    share = Σ w_k,  CV1² = Σ_k Σ_l ρ_kl w_k w_l c_k c_l / share², ρ_kk = 1. One
    correlation ρ between a patient's costs in any two services; none is published
    that we found, and 0 is a choice.

    Examples
    --------
    >>> pooled_scope([Scope(0.5, 3.0), Scope(0.5, 3.0)])
    Scope(share=1.0, cv1=2.1213203435596424)
    """
    weight = np.array([part.share for part in parts])
    spread = weight * np.array([part.cv1 for part in parts])
    share = float(weight.sum())
    squared = correlation * spread.sum() ** 2 + (1 - correlation) * (spread**2).sum()
    return Scope(share, sqrt(float(squared)) / share if share > 0 else 0.0)


@dataclass(frozen=True, eq=False)
class PracticeSpend:
    """Per-practice arrays of expected spend and its noise, all of shape ``(n,)``.

    Parameters
    ----------
    budget_gbp
        b_i in scope, £ a year, before any carve-out.
    patient_variance_gbp2
        Of ε_i, £²: falls as years are pooled.
    lasting_variance_gbp2
        τ_p² b_i², £²: does not.
    third_gbp3
        k3_i, third central moment of ε_i, £³.
    ceded_gbp
        Expected cost above the carve-out, £ a year; 0 without one.
    ceded_square_gbp2
        Variance of what the carve-out takes, £².
    """

    budget_gbp: FloatArray
    patient_variance_gbp2: FloatArray
    lasting_variance_gbp2: FloatArray
    third_gbp3: FloatArray
    ceded_gbp: FloatArray
    ceded_square_gbp2: FloatArray

    @property
    def variance_gbp2(self) -> FloatArray:
        """v_i, £²."""
        return self.patient_variance_gbp2 + self.lasting_variance_gbp2

    def over_years(self, years: float) -> "PracticeSpend":
        """Return the mean year of `years` years with carry-over, for the same budget.

        Independent years: patients' variance / Y and third moment / Y²; a lasting
        error stays as it is.
        """
        return replace(
            self,
            patient_variance_gbp2=self.patient_variance_gbp2 / years,
            third_gbp3=self.third_gbp3 / years**2,
        )


def practice_spend(
    list_size: IntArray,
    budget_gbp: FloatArray,
    model: SpendModel,
    *,
    shares: FloatArray | None = None,
    scope_share: float = 1.0,
    carve_out_gbp: float = inf,
    carve_out_share: float = 1.0,
) -> PracticeSpend:
    """Return every practice's spend arrays.

    Patients alike: v_i = CV1² b_i²/n_i, k3_i = κ₃ b_i³/n_i². By age: a patient of
    cell a costs c_i m_a on average, c_i = b_i / Σ_a n_ia m_a, and

        v_i = Σ_a n_ia (c_i m_a)² CV_a²,   k3_i = Σ_a n_ia (c_i m_a)³ κ₃,a,

    CV_a and κ₃,a scaled so that a practice with England's ages has the same v_i and
    k3_i as patients all alike. To either τ_p² b_i² is added. A carve-out takes a share
    of each patient's cost above T: `capped_moments`.

    Parameters
    ----------
    list_size, budget_gbp
        n_i (persons) and b_i (£ a year for all services), shape ``(n,)``.
    model
        The uncertainty.
    shares
        People by age cell, shape ``(n, 8)``, from `ages.age_shares`; ``None``: alike.
    scope_share
        Share of all spend that is in the budget.
    carve_out_gbp
        T, £ of one patient in one year; infinite: none.
    carve_out_share
        Share of what is above T that the partner takes.

    Examples
    --------
    >>> one = practice_spend(np.array([10_000]), np.array([1e6]),
    ...                      SpendModel(tau_practice=0.0))
    >>> float(np.sqrt(one.variance_gbp2[0]).round(6))
    36000.0
    """
    budget = np.asarray(budget_gbp, dtype=np.float64) * scope_share
    patients = np.maximum(list_size, 1).astype(np.float64)
    means, cvs, people, third_scale = _cells(budget, patients, model, shares)
    laws = [PatientCost.of_cv1(float(cv)) for cv in cvs]
    any_cost = np.array([law.any_cost for law in laws])
    log_sd = np.array([law.log_sd for law in laws])
    limit = np.full(means.shape, inf)
    np.divide(carve_out_gbp, means, out=limit, where=means > 0)
    left = capped_moments(any_cost, log_sd, limit, kept_above=1 - carve_out_share)
    taken = carve_out_share**2 * _excess_variance(any_cost, log_sd, limit)
    return PracticeSpend(
        budget_gbp=budget,
        patient_variance_gbp2=(people * means**2 * left.variance).sum(axis=1),
        lasting_variance_gbp2=(model.tau_own * budget) ** 2,
        third_gbp3=(people * means**3 * left.third).sum(axis=1) * third_scale,
        ceded_gbp=(people * means * (1 - left.mean)).sum(axis=1),
        ceded_square_gbp2=(people * means**2 * taken).sum(axis=1),
    )


def _cells(
    budget: FloatArray,
    patients: FloatArray,
    model: SpendModel,
    shares: FloatArray | None,
) -> tuple[FloatArray, FloatArray, FloatArray, float]:
    """Return £ a head (n, a), CV (a,) and people (n, a) by cell, and κ₃'s scale."""
    if shares is None:
        alike = (budget / patients)[:, None]
        return alike, np.array([model.cv1]), patients[:, None], 1.0
    people = shares * patients[:, None]
    scale = budget / (people @ AGE_MEAN_GBP)
    ratio = AGE_MEAN_GBP / (AGE_SHARES_ENGLAND @ AGE_MEAN_GBP)
    spread = float(AGE_SHARES_ENGLAND @ (ratio * AGE_CV) ** 2)
    cvs = AGE_CV * model.cv1 / sqrt(spread)
    third = np.array([PatientCost.of_cv1(float(cv)).third for cv in cvs])
    mixed = float(AGE_SHARES_ENGLAND @ (ratio**3 * third))
    third_scale = PatientCost.of_cv1(model.cv1).third / mixed
    return scale[:, None] * AGE_MEAN_GBP, cvs, people, third_scale


def _excess_variance(
    any_cost: FloatArray, log_sd: FloatArray, limit: FloatArray
) -> FloatArray:
    """Return Var[(C − T)+] with E[C] = 1.

    Var C = Var min + Var (C − T)+ + 2 (T − E[min]) E[(C − T)+], as min(C, T) = T
    wherever there is anything above.
    """
    kept = capped_moments(any_cost, log_sd, limit)
    finite = np.where(np.isinf(limit), 0.0, limit)
    shared = 2 * (finite - kept.mean) * (1 - kept.mean)
    whole = np.exp(log_sd**2) / any_cost - 1
    return np.where(np.isinf(limit), 0.0, np.maximum(whole - kept.variance - shared, 0))


def standard_errors(
    law: Literal["normal", "heavy"],
    shape: tuple[int, ...],
    seed: int | np.random.Generator,
) -> FloatArray:
    """Draw practice errors P_i/τ_p of variance 1: normal, or Student's t with 4 df.

    t₄ has variance 2, hence the root. A generator in place of a seed is drawn from.
    """
    rng = np.random.default_rng(seed)
    if law == "normal":
        return rng.standard_normal(shape)
    out: FloatArray = rng.standard_t(4, shape) / sqrt(2)
    return out
