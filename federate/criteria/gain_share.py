"""Gain share: a federation keeps part of what it saves, and bears part of losses.

Chance alone saves something in half of all years, and more often and more of it in a
small pool; a dead band pays only what is unlikely to be luck. The US statutory form
pays nothing unless savings pass a minimum savings rate that falls with size (42 CFR
425.604(b)).
"""

from numba import types

from federate.criteria.tails import expected_excess, normal_quantile, probability_above
from federate.engine.compiled import entry

__all__ = [
    "expected_payment",
    "expected_saving",
    "false_reward",
    "least_band",
]


_F, _I = types.float64, types.int64


@entry(_F(_I, _F, _F, _F, _F))
def expected_saving(
    tail: int, band: float, mean: float, sigma: float, skew: float
) -> float:
    """Return E[(−Z − m)+], the saving beyond a band m, relative to budget.

    By parity with the overspend: E[(a − Z)+] = U(a) + a − μ at a = −m.

    Examples
    --------
    >>> round(expected_saving(0, 0.0, 0.0, 0.01, 0.0), 6)
    0.003989
    """
    excess = expected_excess(tail, -band, mean, sigma, skew)
    return float(max(excess - band - mean, 0.0))


def expected_payment(
    tail: int,
    *,
    gain_share: float,
    gain_band: float,
    loss_share: float = 0.0,
    loss_band: float = 0.0,
    mean: float,
    sigma: float,
    skew: float = 0.0,
) -> float:
    """Return what a federation may expect, relative to budget.

    κ_g E[(−Z − m)+] − κ_ℓ U(m'). At μ = 0 this is pay for luck.

    Examples
    --------
    >>> half = expected_payment(0, gain_share=0.5, gain_band=0.0, mean=0.0, sigma=0.01)
    >>> round(half, 6)
    0.001995
    """
    gain = float(expected_saving(tail, gain_band, mean, sigma, skew))
    loss = float(expected_excess(tail, loss_band, mean, sigma, skew))
    return gain_share * gain - loss_share * loss


def false_reward(tail: int, band: float, sigma: float, skew: float = 0.0) -> float:
    """Return P(saving > m | μ = 0), the chance of being paid for luck alone.

    Examples
    --------
    >>> round(false_reward(0, 0.02, 2.14 / 50_000**0.5), 3)
    0.018
    """
    return 1.0 - float(probability_above(tail, -band, 0.0, sigma, skew))


def least_band(sigma: float, max_probability: float) -> float:
    """Return the band m with P(saving > m | μ = 0) = ε under the normal law.

    m = z_{1−ε} s.

    Examples
    --------
    >>> round(least_band(2.14 / 5_000**0.5, 0.1), 4)
    0.0388
    """
    return float(normal_quantile(1.0 - max_probability)) * sigma
