"""The compiled tails against slow, obvious twins: quadrature and statistics."""

import itertools
import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq

from federate.criteria import pools, tails
from federate.criteria.tails import LOGNORMAL, NORMAL, NORMAL_POWER

CODES = (NORMAL, NORMAL_POWER, LOGNORMAL)
LAWS = [(tail, skew) for tail in CODES for skew in (0.0, 0.05, 0.4, 1.0)]
PHI = NormalDist()


def slow_value(tail: int, z: float, skew: float) -> float:
    """Y(z) as the module docstring has it, t by root finding."""
    if tail == NORMAL or skew == 0:
        return z
    if tail == NORMAL_POWER:
        z = max(z, -3 / skew)
        return z + skew / 6 * (z * z - 1)
    t = float(brentq(lambda t: t**3 + 3 * t - skew, 0.0, 10.0, xtol=1e-15))
    variance = math.log(1 + t * t)
    return (math.exp(math.sqrt(variance) * z - variance / 2) - 1) / t


def slow_mean(tail: int, skew: float, of: Callable[[float], float]) -> float:
    """E[of(Y)] by quadrature over the normal score."""
    ends = np.arange(-12.0, 12.5, 0.5)
    pieces = [
        quad(lambda z: of(slow_value(tail, z, skew)) * PHI.pdf(z), low, high)[0]
        for low, high in itertools.pairwise(ends)
    ]
    return float(sum(pieces))


def slow_score(tail: int, y: float, skew: float) -> float:
    low = -3 / skew if tail == NORMAL_POWER and skew > 0 else -30.0
    if slow_value(tail, low, skew) > y:
        return -math.inf
    return float(brentq(lambda z: slow_value(tail, z, skew) - y, low, 30.0))


@pytest.mark.parametrize("p", [1e-12, 1e-4, 0.02, 0.5, 0.9, 0.975, 1 - 1e-9])
def test_the_quantile_is_the_standard_library_s(p: float) -> None:
    assert tails.normal_quantile(p) == pytest.approx(PHI.inv_cdf(p), abs=1e-12)
    assert tails.normal_cdf(tails.normal_quantile(p)) == pytest.approx(p, rel=1e-9)


def test_the_quantile_has_ends_and_no_beyond() -> None:
    assert tails.normal_quantile(0.0) == -math.inf
    assert tails.normal_quantile(1.0) == math.inf
    assert math.isnan(tails.normal_quantile(1.2))


@pytest.mark.parametrize("z", [-9.0, -2.0, 0.0, 0.7, 6.0])
def test_the_normal_law_is_the_standard_library_s(z: float) -> None:
    assert tails.normal_pdf(z) == pytest.approx(PHI.pdf(z), rel=1e-14)
    assert tails.normal_cdf(z) == pytest.approx(PHI.cdf(z), rel=1e-10)
    assert tails.normal_above(z) == pytest.approx(PHI.cdf(-z), rel=1e-10)


@pytest.mark.parametrize("skew", [0.0, 0.05, 0.4, 1.0])
def test_the_lognormal_is_matched_to_three_moments(skew: float) -> None:
    moments = [slow_mean(LOGNORMAL, skew, lambda y, k=k: y**k) for k in (1, 2, 3)]  # type: ignore[misc]
    assert moments == pytest.approx([0.0, 1.0, skew], abs=1e-7)


@pytest.mark.parametrize("skew", [0.05, 0.4, 1.0])
def test_the_normal_power_overstates_the_variance_as_told(skew: float) -> None:
    variance = slow_mean(NORMAL_POWER, skew, lambda y: y * y)
    assert variance == pytest.approx(1 + skew**2 / 18, abs=1e-3)


@pytest.mark.parametrize(("tail", "skew"), LAWS)
@pytest.mark.parametrize("excess", [-0.2, -0.03, 0.0, 0.02, 0.1])
def test_probability_above_counts_the_scores_beyond(
    tail: int, skew: float, excess: float
) -> None:
    mean, sigma = 0.01, 0.04
    z = slow_score(tail, (excess - mean) / sigma, skew)
    found = tails.probability_above(tail, excess, mean, sigma, skew)
    assert found == pytest.approx(1 - PHI.cdf(z), abs=1e-12)


@pytest.mark.parametrize(("tail", "skew"), LAWS)
@pytest.mark.parametrize("attach", [-0.2, -0.03, 0.0, 0.02, 0.1])
def test_expected_excess_is_the_integral_of_the_tail(
    tail: int, skew: float, attach: float
) -> None:
    mean, sigma = 0.01, 0.04
    slow = slow_mean(tail, skew, lambda y: max(mean + sigma * y - attach, 0.0))
    found = tails.expected_excess(tail, attach, mean, sigma, skew)
    assert found == pytest.approx(slow, abs=2e-6)


@pytest.mark.parametrize(("tail", "skew"), LAWS)
def test_tail_mean_averages_the_worst_years(tail: int, skew: float) -> None:
    mean, sigma, alpha = 0.01, 0.04, 0.95
    least = slow_value(tail, PHI.inv_cdf(alpha), skew)
    over = slow_mean(tail, skew, lambda y: max(y - least, 0.0)) / (1 - alpha)
    assert tails.value_at_risk(tail, alpha, mean, sigma, skew) == pytest.approx(
        mean + sigma * least
    )
    assert tails.tail_mean(tail, alpha, mean, sigma, skew) == pytest.approx(
        mean + sigma * (least + over), abs=1e-5
    )


def test_the_normal_tail_mean_is_2_063_sigma() -> None:
    assert tails.tail_mean(NORMAL, 0.95, 0.0, 1.0, 0.0) == pytest.approx(
        2.063, abs=5e-4
    )


@pytest.mark.parametrize("tail", CODES)
def test_every_law_becomes_the_normal_as_the_skew_goes(tail: int) -> None:
    for skew in (-1.0, 0.0, 1e-12, 1e-8, 3e-7):
        found = tails.expected_excess(tail, 0.02, 0.0, 0.03, skew)
        expected = tails.expected_excess(NORMAL, 0.02, 0.0, 0.03, 0.0)
        assert found == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("tail", CODES)
def test_without_spread_the_mean_is_what_happens(tail: int) -> None:
    assert tails.probability_above(tail, 0.02, 0.03, 0.0, 0.5) == 1.0
    assert tails.probability_above(tail, 0.02, 0.01, 0.0, 0.5) == 0.0
    assert tails.expected_excess(tail, 0.02, 0.03, 0.0, 0.5) == pytest.approx(0.01)
    assert tails.tail_mean(tail, 0.95, 0.03, 0.0, 0.5) == 0.03


@pytest.mark.parametrize("tail", CODES)
def test_layers_add_up_to_the_whole_excess(tail: int) -> None:
    law = (0.0, 0.03, 0.4)
    parts = [
        tails.expected_layer(tail, d, limit, *law)
        for d, limit in ((0.0, 0.02), (0.02, 0.05), (0.05, math.inf))
    ]
    assert sum(parts) == pytest.approx(tails.expected_excess(tail, 0.0, *law))
    assert min(parts) > 0


@pytest.mark.parametrize("tail", CODES)
def test_the_least_population_just_keeps_the_rule(tail: int) -> None:
    cv1, skew1, tau = 4.59, 36.2, 0.005
    persons = tails.least_population_of(tail, 0.02, 0.1, cv1, skew1, tau)
    own = cv1**2 / persons
    sigma = math.hypot(math.sqrt(own), tau)
    skew = skew1 / math.sqrt(persons) * (math.sqrt(own) / sigma) ** 3
    assert tails.probability_above(tail, 0.02, 0.0, sigma, skew) == pytest.approx(0.1)
    assert tails.least_population_of(tail, 0.005, 0.1, cv1, skew1, tau) == math.inf


def test_sigma_and_skew_pool_as_written() -> None:
    variance, budget, third, tau = 4.0e10, 1.0e7, 3.0e15, 0.01
    whole = variance + (tau * budget) ** 2
    assert tails.pool_sigma(variance, budget, tau) == pytest.approx(
        math.sqrt(whole) / budget
    )
    assert tails.pool_skew(third, variance, budget, tau) == pytest.approx(
        third / whole**1.5
    )
    assert tails.pool_sigma(1.0, 0.0, tau) == tails.pool_skew(1.0, 0.0, 0.0, 0.0) == 0.0


PAIRS: list[tuple[Any, Any, tuple[float, ...]]] = [
    (pools.sigmas, tails.pool_sigma, (4.0e10, 1.0e7, 0.01)),
    (pools.skews, tails.pool_skew, (3.0e15, 4.0e10, 1.0e7, 0.01)),
    (pools.overspend_probabilities, tails.probability_above, (1, 0.02, 0.0, 0.02, 0.3)),
    (pools.values_at_risk, tails.value_at_risk, (1, 0.95, 0.0, 0.02, 0.3)),
    (pools.tail_means, tails.tail_mean, (2, 0.95, 0.0, 0.02, 0.3)),
    (pools.expected_excesses, tails.expected_excess, (2, 0.02, 0.0, 0.02, 0.3)),
    (pools.expected_layers, tails.expected_layer, (1, 0.02, 0.05, 0.0, 0.02, 0.3)),
    (
        pools.least_populations,
        tails.least_population_of,
        (1, 0.02, 0.1, 4.6, 36.2, 0.0),
    ),
]


@pytest.mark.parametrize(("many", "one", "args"), PAIRS)
def test_each_array_form_is_its_scalar_twin(
    many: Any, one: Any, args: tuple[float, ...]
) -> None:
    column = np.linspace(0.5, 1.0, 4)[:, None] * args[-1]
    found = many(*args[:-1], np.broadcast_to(column, (4, 2)))
    assert found.shape == (4, 2)
    assert found[2, 1] == one(*args[:-1], float(column[2, 0]))


def test_a_kernel_may_call_the_same_function() -> None:
    from numba import types

    from federate.engine.compiled import entry

    @entry(types.float64(types.float64))
    def caller(sigma: float) -> float:
        return tails.probability_above(1, 0.02, 0.0, sigma, 0.3)  # type: ignore[no-any-return]

    assert caller(0.02) == tails.probability_above(1, 0.02, 0.0, 0.02, 0.3)
