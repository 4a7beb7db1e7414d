"""Pooled risk: the rule, its edges; published figures are in test_validation."""

import math
from typing import Any

import numpy as np
import pytest

from federate.criteria.risk import (
    expected_overspend_gbp,
    least_population,
    least_population_for_patient,
    overspend_probability,
    patient_shock,
    practice_variance_gbp2,
    risk_slope,
    sigma_rel,
)
from federate.criteria.tails import NORMAL_POWER


def test_the_rule_and_the_probability_agree_at_the_border() -> None:
    settings: dict[str, Any] = {
        "tolerance": 0.02,
        "max_probability": 0.1,
        "tau_shock": 0.005,
    }
    kappa = risk_slope(**settings)
    sigma = sigma_rel(kappa**2, 1.0, tau_shock=0.005)
    assert overspend_probability(sigma, tolerance=0.02) == pytest.approx(0.1)


def test_no_population_is_large_enough_against_a_common_shock() -> None:
    settings: dict[str, Any] = {
        "tolerance": 0.008,
        "max_probability": 0.05,
        "tau_shock": 0.005,
    }
    assert math.isnan(risk_slope(**settings))
    assert least_population(cv1=3.6, **settings) is None


def test_a_practice_without_patients_carries_no_risk() -> None:
    own = practice_variance_gbp2(
        np.array([0.0]), np.array([0]), cv1=3.6, tau_practice=0.07
    )
    assert own.tolist() == [0.0]
    assert sigma_rel(0.0, 0.0, tau_shock=0.005) == 0.0


def test_one_patient_is_felt_until_the_pool_is_large_enough() -> None:
    persons = least_population_for_patient(
        250_000.0, share=0.005, budget_gbp_per_head=1_713.0
    )
    assert patient_shock(250_000.0, persons * 1_713.0) == pytest.approx(0.005)
    assert patient_shock(1.0, 0.0) == math.inf


def test_a_skewed_tail_needs_another_population() -> None:
    settings: dict[str, Any] = {
        "tolerance": 0.02,
        "max_probability": 0.05,
        "tau_shock": 0.0,
    }
    normal = least_population(cv1=4.59, **settings)
    skewed = least_population(cv1=4.59, skew1=36.2, tail=NORMAL_POWER, **settings)
    assert normal is not None
    assert skewed is not None
    assert normal < skewed < 1.3 * normal


def test_half_of_all_years_overspend_by_0_4_sigma_on_average() -> None:
    assert expected_overspend_gbp(0.02, 1e6) == pytest.approx(0.398942 * 2e4)
