"""The cost of one patient: moments against quadrature and published shares."""

from itertools import pairwise
from math import exp, inf, sqrt
from statistics import NormalDist

import numpy as np
import pytest
from scipy.integrate import quad

from federate.criteria.patients import (
    CV1_PRESETS,
    PatientCost,
    capped_moments,
    hospital_patient,
)

PHI = NormalDist()


def slow_moment(
    patient: PatientCost, threshold: float, power: int, kept: float
) -> float:
    """E[(min(C, T) + h(C − T)+)^k] by quadrature over the lognormal part."""
    p, s = patient.any_cost, patient.log_sd

    def value(z: float) -> float:
        cost = exp(-np.log(p) - s * s / 2 + s * z)
        left = min(cost, threshold) + kept * max(cost - threshold, 0.0)
        return float(left**power * PHI.pdf(z))

    ends = np.arange(-12.0, 16.0, 0.5)
    pieces = [quad(value, low, high)[0] for low, high in pairwise(ends)]
    return p * float(sum(pieces))


@pytest.mark.parametrize("kept", [0.0, 0.45])
@pytest.mark.parametrize("threshold", [0.5, 10.0, 100.0, inf])
@pytest.mark.parametrize("patient", [hospital_patient(), PatientCost(1.0, 0.8)])
def test_capped_moments_are_those_of_the_capped_cost(
    patient: PatientCost, threshold: float, kept: float
) -> None:
    m1, m2, m3 = (slow_moment(patient, threshold, k, kept) for k in (1, 2, 3))
    found = capped_moments(
        np.array([patient.any_cost]),
        np.array([patient.log_sd]),
        np.array([threshold]),
        kept_above=kept,
    )
    assert found.mean[0] == pytest.approx(m1, rel=1e-4)
    assert found.variance[0] == pytest.approx(m2 - m1**2, rel=1e-4)
    assert found.third[0] == pytest.approx(m3 - 3 * m1 * m2 + 2 * m1**3, rel=1e-4)


@pytest.mark.parametrize("cv1", CV1_PRESETS.values())
def test_every_preset_is_the_patient_of_its_cv1(cv1: float) -> None:
    patient = PatientCost.of_cv1(cv1)
    assert patient.cv1 == pytest.approx(cv1, abs=1e-9)
    assert 0 < patient.any_cost <= 1
    uncapped = capped_moments(
        np.array([patient.any_cost]), np.array([patient.log_sd]), np.array([inf])
    )
    assert sqrt(uncapped.variance[0]) == pytest.approx(cv1)
    assert uncapped.third[0] == pytest.approx(patient.third)


def test_a_threshold_of_nothing_leaves_nothing() -> None:
    patient = hospital_patient()
    left = capped_moments(
        np.array([patient.any_cost]), np.array([patient.log_sd]), np.array([0.0])
    )
    assert left.mean[0] == pytest.approx(0.0, abs=1e-12)
    assert left.variance[0] == pytest.approx(0.0, abs=1e-12)
