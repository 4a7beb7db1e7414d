"""Pooled risk against published and derived figures."""

import math

import numpy as np
import pytest

from federate.criteria.risk import (
    expected_overspend_gbp,
    least_population,
    overspend_probability,
    practice_variance_gbp2,
    risk_slope,
    sigma_rel,
)


@pytest.mark.parametrize(
    ("tolerance", "epsilon", "persons"),
    [
        (0.05, 0.05, (14_025, 14_415, 22_899)),
        (0.03, 0.05, (38_959, 42_125, 63_610)),
        (0.02, 0.10, (53_212, 59_299, 86_881)),
        (0.02, 0.05, (87_659, 105_499, 143_123)),
        (0.01, 0.05, (350_638, 1_083_507, 572_492)),
    ],
)
def test_v8_least_population_follows_the_one_line_result(
    tolerance: float, epsilon: float, persons: tuple[int, int, int]
) -> None:
    """Derived: N_min for CV1 3.6 without and with a shock of 0.5 %, and CV1 4.6."""
    settings = ((3.6, 0.0), (3.6, 0.005), (4.6, 0.0))
    for (cv1, tau), expected in zip(settings, persons, strict=True):
        found = least_population(
            cv1=cv1, tolerance=tolerance, max_probability=epsilon, tau_shock=tau
        )
        assert found == pytest.approx(expected, abs=1)


@pytest.mark.parametrize(
    ("tolerance", "persons", "derived", "published"),
    [
        (0.02, 100_000, 0.0395, 0.04),
        (0.01, 100_000, 0.1899, 0.20),
        (0.01, 300_000, 0.0641, 0.06),
    ],
)
def test_v2_one_parameter_gives_the_german_deficits(
    tolerance: float, persons: int, derived: float, published: float
) -> None:
    """Published: Richardson et al., HSJ 2011; one CV1 of 3.6 gives all three."""
    sigma = sigma_rel(3.6**2 / persons, 1.0, tau_shock=0.0)
    found = overspend_probability(sigma, tolerance=tolerance)
    assert found == pytest.approx(derived, abs=5e-5)
    assert found == pytest.approx(published, abs=0.011)


@pytest.mark.parametrize(
    ("persons", "derived", "published"),
    [(9_000, 0.0801, 0.0749), (24_000, 0.0491, 0.0498), (179_400, 0.0179, 0.0180)],
)
def test_v3_surgery_budgets_shrink_with_the_root_of_the_list(
    persons: int, derived: float, published: float
) -> None:
    """Published: Crump et al., BMJ 1991; CV1 of 7.6 for surgery alone."""
    found = sigma_rel(7.6**2 / persons, 1.0, tau_shock=0.0)
    assert found == pytest.approx(derived, abs=5e-5)
    assert found == pytest.approx(published, rel=0.07)


def test_v7_practices_miss_their_budget_as_often_as_reported() -> None:
    """Published: 53 % miss by over 5 %, 26 % by over 10 % (HSJ 2010)."""
    budget, patients = np.array([7_000 * 1_713.0]), np.array([7_000])
    own = practice_variance_gbp2(budget, patients, cv1=3.6, tau_practice=0.07)
    sigma = sigma_rel(float(own[0]), float(budget[0]), tau_shock=0.0)
    missed = [2 * overspend_probability(sigma, tolerance=r) for r in (0.05, 0.10)]
    assert missed == pytest.approx([0.544, 0.224], abs=0.002)


@pytest.mark.parametrize(("persons", "share"), [(500, 0.0321), (60_000, 0.00293)])
def test_v5_half_the_expected_overspend_is_the_option_price(
    persons: int, share: float
) -> None:
    """Published: 3.1 % and 0.3 % of cost (Am J Manag Care 2013)."""
    sigma = sigma_rel(3.6**2 / persons, 1.0, tau_shock=0.0)
    assert expected_overspend_gbp(sigma, 0.5) == pytest.approx(share, rel=2e-3)


def test_the_rule_and_the_probability_agree_at_the_border() -> None:
    settings = {"tolerance": 0.02, "max_probability": 0.1, "tau_shock": 0.005}
    kappa = risk_slope(**settings)
    sigma = sigma_rel(kappa**2, 1.0, tau_shock=0.005)
    assert overspend_probability(sigma, tolerance=0.02) == pytest.approx(0.1)


def test_no_population_is_large_enough_against_a_common_shock() -> None:
    settings = {"tolerance": 0.008, "max_probability": 0.05, "tau_shock": 0.005}
    assert math.isnan(risk_slope(**settings))
    assert least_population(cv1=3.6, **settings) is None


def test_a_practice_without_patients_carries_no_risk() -> None:
    own = practice_variance_gbp2(
        np.array([0.0]), np.array([0]), cv1=3.6, tau_practice=0.07
    )
    assert own.tolist() == [0.0]
    assert sigma_rel(0.0, 0.0, tau_shock=0.005) == 0.0
