"""Per-practice spend arrays against the same thing patient by patient."""

from math import inf, sqrt

import numpy as np
import pytest

from federate.criteria.ages import AGE_SHARES_ENGLAND, age_shares
from federate.criteria.patients import PatientCost
from federate.criteria.regional import regional_covariance_gbp2, regional_variance_gbp2
from federate.criteria.risk import practice_variance_gbp2
from federate.criteria.spend import (
    Scope,
    SpendModel,
    pooled_scope,
    practice_spend,
    standard_errors,
)

SIZES = np.array([2_000, 7_000, 15_000, 0])
BUDGETS = np.array([3.0e6, 1.2e7, 2.9e7, 0.0])


def test_patients_all_alike_are_the_plain_formula() -> None:
    found = practice_spend(SIZES, BUDGETS, SpendModel())
    plain = practice_variance_gbp2(BUDGETS, SIZES, cv1=3.6, tau_practice=0.07)
    assert found.variance_gbp2 == pytest.approx(plain)
    third = PatientCost.of_cv1(3.6).third * BUDGETS[:3] ** 3 / SIZES[:3] ** 2.0
    assert found.third_gbp3[:3] == pytest.approx(third)
    assert found.ceded_gbp.tolist() == [0.0] * 4
    assert found.variance_gbp2[3] == 0.0


def test_england_s_ages_are_as_uncertain_as_patients_all_alike() -> None:
    shares = np.tile(AGE_SHARES_ENGLAND, (4, 1))
    by_age = practice_spend(SIZES, BUDGETS, SpendModel(), shares=shares)
    alike = practice_spend(SIZES, BUDGETS, SpendModel())
    assert by_age.variance_gbp2 == pytest.approx(alike.variance_gbp2)
    assert by_age.third_gbp3 == pytest.approx(alike.third_gbp3)


def test_an_older_list_of_the_same_budget_is_steadier_a_head() -> None:
    shares = age_shares({65: np.array([0.1, 0.3])}, 2)
    sizes, budgets = np.array([8_000, 8_000]), np.array([1.0e7, 1.0e7])
    found = practice_spend(sizes, budgets, SpendModel(), shares=shares)
    assert found.patient_variance_gbp2[1] < found.patient_variance_gbp2[0]


def test_moments_by_age_are_those_of_simulated_patients() -> None:
    """A seeded practice of 400 patients over 40,000 years: sd within 2 %."""
    rng = np.random.default_rng(5)
    model = SpendModel(cv1=2.0, tau_practice=0.0)
    people = np.array([0, 0, 100, 0, 150, 0, 150, 0])
    size = np.array([people.sum()])
    found = practice_spend(
        size, np.array([1.0e6]), model, shares=people[None, :] / people.sum()
    )
    from federate.criteria.spend import _cells

    means, cvs, counts, _ = _cells(
        np.array([1.0e6]), size.astype(float), model, people[None, :] / people.sum()
    )
    years = np.zeros(40_000)
    for a in np.flatnonzero(people):
        law = PatientCost.of_cv1(float(cvs[a]))
        for _ in range(round(counts[0, a])):
            amount = rng.lognormal(
                -np.log(law.any_cost) - law.log_sd**2 / 2, law.log_sd, len(years)
            )
            years += means[0, a] * amount * (rng.random(len(years)) < law.any_cost)
    assert years.mean() == pytest.approx(1.0e6, rel=2e-3)
    assert years.std() == pytest.approx(sqrt(found.variance_gbp2[0]), rel=0.02)


def test_a_carve_out_takes_the_dear_patients_and_conserves_the_mean() -> None:
    plain = practice_spend(SIZES, BUDGETS, SpendModel())
    capped = practice_spend(SIZES, BUDGETS, SpendModel(), carve_out_gbp=50_000.0)
    assert (capped.ceded_gbp[:3] > 0).all()
    assert (capped.ceded_gbp < 0.2 * BUDGETS + 1).all()
    assert (capped.variance_gbp2[:3] < plain.variance_gbp2[:3]).all()
    assert (capped.third_gbp3[:3] < 0.5 * plain.third_gbp3[:3]).all()
    # Var C = Var min + Var (C−T)+ + 2 Cov, and Cov = (T − E min) E(C−T)+ a patient.
    mean = BUDGETS[:3] / SIZES[:3]
    kept = mean - capped.ceded_gbp[:3] / SIZES[:3]
    cov = (50_000.0 - kept) * capped.ceded_gbp[:3]
    whole = capped.patient_variance_gbp2[:3] + capped.ceded_square_gbp2[:3] + 2 * cov
    assert whole == pytest.approx(plain.patient_variance_gbp2[:3], rel=1e-9)


def test_a_carve_out_beyond_every_patient_changes_nothing() -> None:
    plain = practice_spend(SIZES, BUDGETS, SpendModel())
    capped = practice_spend(SIZES, BUDGETS, SpendModel(), carve_out_gbp=inf)
    assert capped.patient_variance_gbp2 == pytest.approx(plain.patient_variance_gbp2)


def test_years_shrink_the_patients_noise_and_not_the_budget_error() -> None:
    one = practice_spend(SIZES, BUDGETS, SpendModel())
    three = one.over_years(3)
    assert three.patient_variance_gbp2 * 3 == pytest.approx(one.patient_variance_gbp2)
    assert three.lasting_variance_gbp2.tolist() == one.lasting_variance_gbp2.tolist()
    assert three.third_gbp3 * 9 == pytest.approx(one.third_gbp3)


def test_who_sets_the_budget_decides_which_error_cancels_out() -> None:
    below = SpendModel(tau_formula=0.012, tau_shock=0.005)
    above = SpendModel(tau_formula=0.012, tau_shock=0.005, budget_origin="top_down")
    assert below.tau_common == 0.005
    assert above.tau_common == pytest.approx(0.013)
    spend = practice_spend(SIZES, BUDGETS, above)
    assert spend.lasting_variance_gbp2.tolist() == [0.0] * 4


def test_services_out_of_scope_leave_budget_and_noise() -> None:
    scope = Scope(share=0.6, cv1=2.4)
    found = practice_spend(
        SIZES, BUDGETS, SpendModel().in_scope(scope), scope_share=scope.share
    )
    assert found.budget_gbp == pytest.approx(0.6 * BUDGETS)
    plain = practice_variance_gbp2(0.6 * BUDGETS, SIZES, cv1=2.4, tau_practice=0.07)
    assert found.variance_gbp2 == pytest.approx(plain)


def test_fully_correlated_services_do_not_diversify() -> None:
    parts = [Scope(0.5, 3.0), Scope(0.25, 5.0)]
    together = pooled_scope(parts, correlation=1.0)
    assert together.share == 0.75
    assert together.cv1 == pytest.approx((0.5 * 3 + 0.25 * 5) / 0.75)
    assert pooled_scope(parts).cv1 < together.cv1


def test_scattered_practices_diversify_a_regional_shock() -> None:
    budget = np.array([1.0e7, 2.0e7, 1.5e7])
    near = np.array([[0, 1, 2], [1, 0, 1], [2, 1, 0]], dtype=float)
    settings = {"tau_region": 0.005, "region_km": 30.0}
    members = np.array([0, 1, 2])
    close = regional_variance_gbp2(members, budget, near, **settings)
    apart = regional_variance_gbp2(members, budget, near * 1000, **settings)
    assert apart == pytest.approx(0.005**2 * (budget**2).sum())
    assert apart < close < 0.005**2 * budget.sum() ** 2
    whole = regional_covariance_gbp2(budget, near, **settings)
    pair = regional_variance_gbp2(np.array([0, 2]), budget, near, **settings)
    assert pair == pytest.approx(whole[np.ix_([0, 2], [0, 2])].sum())


def test_heavy_errors_have_the_same_variance_and_more_far_out() -> None:
    normal = standard_errors("normal", (200_000,), 1)
    heavy = standard_errors("heavy", (200_000,), 1)
    assert normal.std() == pytest.approx(1, abs=0.01)
    assert heavy.std() == pytest.approx(1, abs=0.05)
    assert (abs(heavy) > 3).mean() > 2 * (abs(normal) > 3).mean()
