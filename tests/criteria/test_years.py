"""Drawn years against the closed forms, and against patients drawn one by one."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from federate.criteria.patients import PatientCost
from federate.criteria.sampled import sampled_mean, sampled_share
from federate.criteria.spend import SpendModel, practice_spend
from federate.criteria.tails import (
    NORMAL,
    NORMAL_POWER,
    expected_excess,
    probability_above,
)
from federate.criteria.years import SpendOfGroups, draw_years

HEAD_GBP = 1_700.0
CUT_GBP = 56_000.0


def groups(
    sizes: list[list[int]], model: SpendModel, *, apart_m: float = 1e9
) -> SpendOfGroups:
    """Return groups of practices of these lists, each practice far from the next."""
    patients = np.array([n for group in sizes for n in group])
    count = len(patients)
    return SpendOfGroups(
        group=np.repeat(np.arange(len(sizes)), [len(group) for group in sizes]),
        patients=patients,
        budget_gbp=patients * HEAD_GBP,
        exposed=np.ones(count),
        place_m=np.stack([apart_m * np.arange(count), np.zeros(count)], axis=1),
        model=model,
        cuts_gbp=(CUT_GBP,),
    )


PATIENTS_ALONE = SpendModel(tau_practice=0.0, tau_shock=0.0)
STEADY = replace(PATIENTS_ALONE, cv1=0.1)
"""Patients who hardly differ, so that shocks are all there is."""
ALL = SpendModel(
    tau_practice=0.05,
    tau_region=0.01,
    region_km=20.0,
    tau_shock=0.004,
    mean_shift=0.003,
)


def test_patients_drawn_in_bulk_are_patients_drawn_one_by_one() -> None:
    """4,000 years of 1,500 hospital patients, both ways: the same distribution."""
    persons, years = 1_500, 4_000
    spend = groups([[persons]], replace(PATIENTS_ALONE, cv1=4.6))
    bulk = draw_years(spend, years, seed=2)
    rng = np.random.default_rng(3)
    law = PatientCost.of_cv1(4.6)
    middle = -np.log(law.any_cost) - law.log_sd**2 / 2
    single, above = np.empty(years), np.empty(years)
    for year in range(years):
        some = rng.binomial(persons, law.any_cost)
        cost = HEAD_GBP * np.exp(middle + law.log_sd * rng.standard_normal(some))
        single[year] = cost.sum() - persons * HEAD_GBP
        above[year] = np.maximum(cost - CUT_GBP, 0.0).sum()
    for drawn, one_by_one in (
        (bulk.excess_gbp[0], single),
        (bulk.ceded_gbp[0, 0], above),
    ):
        # Kolmogorov and Smirnov: 1.95 √(2/n) is passed by chance in one of 1,000.
        ends = np.sort(np.concatenate([drawn, one_by_one]))
        shares = [
            np.searchsorted(np.sort(x), ends, side="right") / years
            for x in (drawn, one_by_one)
        ]
        assert np.abs(shares[0] - shares[1]).max() < 1.95 * sqrt(2 / years)


def test_moments_of_drawn_years_are_those_of_the_model() -> None:
    spend, years = groups([[7_000, 3_000], [12_000]], ALL), 60_000
    drawn = draw_years(spend, years, seed=1)
    whole = practice_spend(spend.patients, spend.budget_gbp, ALL)
    cut = practice_spend(spend.patients, spend.budget_gbp, ALL, carve_out_gbp=CUT_GBP)
    regional = spend.regional_gbp2()
    for g, members in enumerate(([0, 1], [2])):
        budget = spend.budget_gbp[members].sum()
        variance = whole.variance_gbp2[members].sum() + regional[g, g]
        variance += (ALL.tau_shock * budget) ** 2
        excess, ceded = drawn.excess_gbp[g], drawn.ceded_gbp[0, g]
        mean = sampled_mean(excess)
        assert abs(mean.value - ALL.mean_shift * budget) < 4 * mean.error
        assert excess.var() == pytest.approx(variance, rel=0.03)
        mean = sampled_mean(ceded)
        assert abs(mean.value - cut.ceded_gbp[members].sum()) < 4 * mean.error
        square = cut.ceded_square_gbp2[members].sum()
        assert ceded.var() == pytest.approx(square, rel=0.06)


@pytest.mark.parametrize(("size", "tail"), [(20_000, NORMAL_POWER), (200_000, NORMAL)])
def test_v9_closed_forms_agree_within_three_standard_errors(
    size: int, tail: int
) -> None:
    """Derived: 40,000 years of patients of CV1 3.6, the large pool by the normal law.

    Within the larger of 3 standard errors and a third of a point.
    """
    spend = groups([[size]], PATIENTS_ALONE)
    excess = draw_years(spend, 40_000, seed=9).excess_gbp[0] / spend.budget_gbp[0]
    sigma = 3.6 / sqrt(size)
    skew = PatientCost.of_cv1(3.6).skew1 / sqrt(size)
    for times in (0.5, 1.0, 2.0):
        found = sampled_share(excess > times * sigma)
        formula = probability_above(tail, times * sigma, 0.0, sigma, skew)
        assert abs(found.value - formula) < max(3 * found.error, 1 / 300)
    over = sampled_mean(np.maximum(excess, 0.0))
    formula = expected_excess(tail, 0.0, 0.0, sigma, skew)
    assert over.value == pytest.approx(formula, rel=0.02)


def test_the_same_seed_gives_the_same_years() -> None:
    spend = groups([[7_000, 3_000], [12_000]], ALL)
    first, second = (draw_years(spend, 500, seed=4) for _ in range(2))
    other = draw_years(spend, 500, seed=5)
    assert np.array_equal(first.excess_gbp, second.excess_gbp)
    assert not np.array_equal(first.excess_gbp, other.excess_gbp)


def test_the_order_of_practices_is_that_of_their_groups() -> None:
    model = replace(PATIENTS_ALONE, tau_practice=0.05)
    spend = groups([[7_000, 3_000], [60_000]], model)
    mixed = replace(
        spend,
        group=np.array([1, 0, 0]),
        patients=np.array([60_000, 7_000, 3_000]),
        budget_gbp=np.array([60_000, 7_000, 3_000]) * HEAD_GBP,
    )
    first, second = (draw_years(s, 20_000, seed=1).excess_gbp for s in (spend, mixed))
    assert first.std(axis=1) == pytest.approx(second.std(axis=1), rel=0.02)


@pytest.mark.parametrize(
    ("apart_m", "expected"), [(0.0, 1.0), (20_000.0, np.exp(-1.0)), (1e9, 0.0)]
)
def test_near_federations_suffer_together(apart_m: float, expected: float) -> None:
    model = replace(STEADY, tau_region=0.1, region_km=20.0)
    spend = groups([[8_000], [8_000]], model, apart_m=apart_m)
    excess = draw_years(spend, 20_000, seed=6).excess_gbp
    assert float(np.corrcoef(excess[0], excess[1])[0, 1]) == pytest.approx(
        expected, abs=0.03
    )


def test_a_budget_set_top_down_errs_by_federation_and_not_by_practice() -> None:
    model = replace(
        STEADY, budget_origin="top_down", tau_formula=0.03, tau_practice=0.1
    )
    spend = groups([[4_000, 4_000], [8_000]], model)
    excess = draw_years(spend, 20_000, seed=7).excess_gbp / spend.exposed_gbp[:, None]
    assert excess.std(axis=1) == pytest.approx([0.03, 0.03], rel=0.03)
    both = float(np.corrcoef(excess[0], excess[1])[0, 1])
    assert both == pytest.approx(0.0, abs=0.03)


def test_heavy_errors_have_the_same_variance_and_more_of_the_far_tail() -> None:
    normal = replace(STEADY, tau_practice=0.07)
    heavy = replace(normal, practice_law="heavy")
    found = [
        draw_years(groups([[8_000]], m), 60_000, seed=8).excess_gbp[0]
        / (8_000 * HEAD_GBP)
        for m in (normal, heavy)
    ]
    # t₄ has no fourth moment, so its sample variance settles slowly.
    assert found[1].std() == pytest.approx(found[0].std(), rel=0.05)
    assert (found[1] > 0.25).mean() > 5 * (found[0] > 0.25).mean()


def test_who_bears_no_risk_has_none() -> None:
    whole = groups([[7_000], [12_000]], ALL)
    spend = replace(whole, exposed=np.array([0.0, 0.5]))
    first, second = (draw_years(s, 20_000, seed=1) for s in (whole, spend))
    assert not second.excess_gbp[0].any()
    half = 0.5 * first.excess_gbp[1].std()
    assert second.excess_gbp[1].std() == pytest.approx(half, rel=0.02)
    assert not second.ceded_gbp[0, 0].any()
    half = 0.5 * first.ceded_gbp[0, 1].mean()
    assert second.ceded_gbp[0, 1].mean() == pytest.approx(half, rel=0.02)


def test_a_practice_without_budget_spends_nothing() -> None:
    spend = replace(groups([[7_000]], ALL), budget_gbp=np.zeros(1))
    assert not draw_years(spend, 100, seed=1).excess_gbp.any()
