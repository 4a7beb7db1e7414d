"""Tails of many pools at once: array forms of ``federate.criteria.tails``.

Each is a ufunc: arguments broadcast, ``tail`` is a code (``TAILS``), the rest
are float64, and the result has the broadcast shape. Each only calls the scalar
function of the same rule, so that a kernel and a table never differ.

Examples
--------
>>> sigmas(np.array([1.0e10, 4.0e10]), 1.0e7, 0.0)
array([0.01, 0.02])
>>> overspend_probabilities(NORMAL, 0.02, 0.0, np.array([0.01, 0.02]), 0.0).round(4)
array([0.0228, 0.1587])
"""

import numpy as np  # noqa: F401  for the examples
from numba import types

from federate.criteria.tails import (
    NORMAL,  # noqa: F401  for the examples
    expected_excess,
    expected_layer,
    least_population_of,
    normal_cdf,
    pool_sigma,
    pool_skew,
    probability_above,
    tail_mean,
    value_at_risk,
)
from federate.engine.compiled import elementwise

__all__ = [
    "expected_excesses",
    "expected_layers",
    "least_populations",
    "normal_cdfs",
    "overspend_probabilities",
    "sigmas",
    "skews",
    "tail_means",
    "values_at_risk",
]

_F, _I = types.float64, types.int64


@elementwise(_F(_F))
def normal_cdfs(z: float) -> float:
    """Return Φ(z) of each score."""
    return normal_cdf(z)


@elementwise(_F(_F, _F, _F))
def sigmas(variance_gbp2: float, budget_gbp: float, tau_shock: float) -> float:
    """Return s of each pool, relative to its budget."""
    return pool_sigma(variance_gbp2, budget_gbp, tau_shock)


@elementwise(_F(_F, _F, _F, _F))
def skews(
    third_gbp3: float, variance_gbp2: float, budget_gbp: float, tau_shock: float
) -> float:
    """Return γ of each pool."""
    return pool_skew(third_gbp3, variance_gbp2, budget_gbp, tau_shock)


@elementwise(_F(_I, _F, _F, _F, _F))
def overspend_probabilities(
    tail: int, excess: float, mean: float, sigma: float, skew: float
) -> float:
    """Return P(X > (1 + r)B) of each pool."""
    return probability_above(tail, excess, mean, sigma, skew)


@elementwise(_F(_I, _F, _F, _F, _F))
def values_at_risk(
    tail: int, alpha: float, mean: float, sigma: float, skew: float
) -> float:
    """Return VaR_α/B − 1 of each pool."""
    return value_at_risk(tail, alpha, mean, sigma, skew)


@elementwise(_F(_I, _F, _F, _F, _F))
def tail_means(
    tail: int, alpha: float, mean: float, sigma: float, skew: float
) -> float:
    """Return CVaR_α/B − 1 of each pool."""
    return tail_mean(tail, alpha, mean, sigma, skew)


@elementwise(_F(_I, _F, _F, _F, _F))
def expected_excesses(
    tail: int, attach: float, mean: float, sigma: float, skew: float
) -> float:
    """Return U(a) of each pool, a fraction of its budget."""
    return expected_excess(tail, attach, mean, sigma, skew)


@elementwise(_F(_I, _F, _F, _F, _F, _F))
def expected_layers(
    tail: int, attach: float, limit: float, mean: float, sigma: float, skew: float
) -> float:
    """Return U(d) − U(l) of each pool, a fraction of its budget."""
    return expected_layer(tail, attach, limit, mean, sigma, skew)


@elementwise(_F(_I, _F, _F, _F, _F, _F))
def least_populations(
    tail: int, excess: float, epsilon: float, cv1: float, skew1: float, tau_shock: float
) -> float:
    """Return N_min of each setting, persons; infinite where no pool will do."""
    return least_population_of(tail, excess, epsilon, cv1, skew1, tau_shock)
