"""What made a synthetic panel is found again, and as exactly as is claimed."""

from typing import NamedTuple

import numpy as np
import pytest

from federate.criteria.panel_fit import (
    Estimate,
    autocorrelation,
    deviations,
    lasting_variance,
    near_correlations,
    own_noise,
    regional_shock,
    shock_variance,
)


class Made(NamedTuple):
    """A panel of logarithms, with patients and distances."""

    levels: np.ndarray
    patients: np.ndarray
    km: np.ndarray


def made(
    seed: int,
    *,
    count: int = 250,
    years: int = 9,
    tau_year: float = 0.05,
    cv1: float = 3.0,
    lasting: float = 0.15,
    tau_region: float = 0.04,
    region_km: float = 20.0,
    tau_shock: float = 0.01,
    side_km: float = 150.0,
) -> Made:
    """Return a panel of known parameters, its years on a rising trend."""
    rng = np.random.default_rng(seed)
    patients = np.exp(rng.uniform(np.log(1_500), np.log(20_000), (count, 1)))
    patients = patients * np.ones(years)
    place = rng.uniform(0, side_km, (count, 2))
    km = np.hypot(*(place[:, None] - place[None]).T)
    values, vectors = np.linalg.eigh(np.exp(-km / region_km))
    root = vectors * np.sqrt(np.maximum(values, 0))
    levels = 0.02 * np.arange(years) + tau_shock * rng.standard_normal(years)
    levels = levels + lasting * rng.standard_normal((count, 1))
    levels = levels + tau_region * root @ rng.standard_normal((count, years))
    own = np.sqrt(tau_year**2 + cv1**2 / patients)
    return Made(levels + own * rng.standard_normal((count, years)), patients, km)


def test_own_noise_is_found_within_its_error() -> None:
    """40 panels: no bias, and errors as large as the estimates' own spread."""
    level, slope = [], []
    for seed in range(40):
        panel = made(seed, tau_region=0.0)
        found = own_noise(deviations(panel.levels), panel.patients)
        level.append(found.level)
        slope.append(found.slope)
    for estimates, truth in ((level, 0.05**2), (slope, 9.0)):
        check(estimates, truth)


def check(estimates: list[Estimate], truth: float, most: float = 3.5) -> None:
    """Assert that estimates lie about the truth, by as much as they say."""
    values = np.array([e.value for e in estimates])
    errors = np.array([e.error for e in estimates])
    spread = values.std(ddof=1)
    assert abs(values.mean() - truth) < most * spread / np.sqrt(len(values))
    assert np.sqrt((errors**2).mean()) == pytest.approx(spread, rel=0.4)


def test_lasting_levels_and_shocks_of_all_are_found_within_their_errors() -> None:
    lasting, shock = [], []
    for seed in range(40):
        panel = made(seed, tau_region=0.0)
        own = own_noise(deviations(panel.levels), panel.patients)
        lasting.append(lasting_variance(panel.levels, own.mean))
        others = own.mean / len(panel.levels)
        shock.append(shock_variance(panel.levels, others=others))
    check(lasting, 0.15**2)
    check(shock, 0.01**2)


def test_shocks_that_neighbours_share_are_found_within_their_error() -> None:
    found = [regional_shock(*made(seed)[::2]) for seed in range(12)]
    check([f.variance for f in found], 0.04**2)
    lengths = np.array([f.region_km.value for f in found])
    assert 15 < np.exp(np.log(lengths).mean()) < 27


def test_without_shared_shocks_hardly_any_are_found() -> None:
    found = [regional_shock(*made(s, tau_region=0.0)[::2]).variance for s in range(6)]
    assert all(estimate.value < 3 * estimate.error for estimate in found)
    near = near_correlations(deviations(made(1, tau_region=0.0).levels), made(1).km)
    assert all(abs(e.value) < 4 * e.error + 1 / 250 for *_, e in near)


def test_correlation_falls_with_distance() -> None:
    panel = made(3, tau_region=0.06)
    near = near_correlations(deviations(panel.levels), panel.km)
    values = [estimate.value for *_, estimate in near]
    assert values[0] > 0.3 > values[1] > values[2] > values[3]
    assert sum(pairs for _, _, pairs, _ in near) == 250 * 249 / 2


def test_independent_years_go_with_the_year_before_by_minus_one_in_the_rest() -> None:
    found = [
        autocorrelation(deviations(made(seed, tau_region=0.0).levels))
        for seed in range(20)
    ]
    assert np.mean(found) == pytest.approx(-1 / 8, abs=0.01)


def test_a_root_below_zero_is_zero_with_an_error() -> None:
    assert Estimate(-1e-4, 4e-4).root == pytest.approx((0.0, 0.02))
    assert Estimate(0.04, 0.004).root == pytest.approx((0.2, 0.01))
