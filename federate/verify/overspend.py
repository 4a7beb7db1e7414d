"""The law of an overspend by quadrature and bisection, for the verifier alone."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import erf, erfc, exp, inf, log, sqrt
from statistics import NormalDist
from typing import Any

import numpy as np

__all__ = ["Kept", "patient_moments", "value_of"]

# The costliest 1 % of patients take 18 % of hospital spend (IFS W15/21).
LOG_SD = NormalDist().inv_cdf(0.99) - NormalDist().inv_cdf(0.82)
NODES, WEIGHTS = np.polynomial.legendre.leggauss(24)
FAR = 12.0


@dataclass(frozen=True)
class Kept:
    """What is kept of an overspend: what the layer leaves, and its fair price.

    The price is agreed before the year: as money it counts (`worst_mean`), as a
    surprise it does not (`exceedance`).

    `over` is the overspend that the quota leaves at a standard normal score; it
    rises from `lowest` on.
    """

    over: Callable[[float], float]
    attach: float
    limit: float
    layer: float
    lowest: float

    def taken(self, over: float) -> float:
        """Return what the layer takes of an overspend left by the quota."""
        if over <= self.attach:
            return 0.0
        return self.layer * (min(over, self.limit) - self.attach)

    @cached_property
    def price(self) -> float:
        """The mean that the layer takes, a share of budget: it is paid for."""
        if self.attach == inf:
            return 0.0
        start = self._score(self.over, self.attach)
        return self._mean(lambda z: self.taken(self.over(z)), start)

    def left(self, z: float) -> float:
        """Return what the layer leaves of the overspend at a score."""
        over = self.over(z)
        return over - self.taken(over)

    def __call__(self, z: float) -> float:
        """Return what is kept at a score, a share of budget."""
        return self.left(z) + self.price

    def exceedance(self, most: float) -> float:
        """Return P(overspend less what the layer takes > most)."""
        if self.left(self.lowest) > most:
            return 1.0
        return 0.5 * erfc(self._score(self.left, most) / sqrt(2.0))

    def worst_mean(self, level: float) -> float:
        """Return the mean of what is kept above the quantile of a level."""
        return self._mean(self, NormalDist().inv_cdf(level)) / (1.0 - level)

    def _score(self, rising: Callable[[float], float], most: float) -> float:
        """Return the score where a rising function passes `most`, by bisection."""
        low, high = self.lowest, 40.0
        if not rising(high) > most:
            return inf
        for _ in range(200):
            middle = 0.5 * (low + high)
            low, high = (low, middle) if rising(middle) > most else (middle, high)
        return high

    def _mean(self, figure: Callable[[float], float], start: float) -> float:
        """Return ∫ figure φ above a score: quadrature between the kinks."""
        if start >= FAR:
            return 0.0
        kinks = [self._score(self.over, x) for x in (self.attach, self.limit)]
        stops = sorted({start, FAR, *(k for k in kinks if start < k < FAR)})
        total = 0.0
        for first, last in pairwise(stops):
            edges = np.linspace(first, last, 8)
            for low, high in pairwise(edges):
                z = 0.5 * (high - low) * NODES + 0.5 * (high + low)
                weight = 0.5 * (high - low) * WEIGHTS * np.exp(-0.5 * z * z)
                total += float(weight @ np.array([figure(float(x)) for x in z]))
        return total / sqrt(2.0 * np.pi)


def value_of(tail: str, skew: float) -> Any:
    """Return the function from a normal score to standardised spend."""
    gamma = max(skew, 0.0)
    if tail == "normal-power":
        return lambda z: z + gamma / 6.0 * (z * z - 1.0)
    if tail == "lognormal" and gamma > 1e-6:
        low, high = 0.0, 1.0 + gamma
        for _ in range(200):
            t = 0.5 * (low + high)
            low, high = (t, high) if t**3 + 3.0 * t < gamma else (low, t)
        w = sqrt(log(1.0 + low * low))
        return lambda z: (exp(w * z - 0.5 * w * w) - 1.0) / low
    return lambda z: z


def patient_moments(
    cv1: float, threshold_gbp: float, mean_gbp: float
) -> tuple[float, float]:
    """Return variance and third moment of a patient's cost, cut, mean 1 when uncut.

    No cost with probability 1 − p, else a lognormal amount; see the README.
    """
    p, s = exp(LOG_SD**2) / (1.0 + cv1**2), LOG_SD
    if p > 1.0:
        p, s = 1.0, sqrt(log(1.0 + cv1**2))
    middle = -log(p) - s * s / 2.0
    cap = inf if mean_gbp <= 0 else threshold_gbp / mean_gbp
    raw = [p * exp(k * middle + (k * s) ** 2 / 2.0) for k in (1, 2, 3)]
    if cap < inf:
        raw = [p * _capped(k, middle, s, cap) for k in (1, 2, 3)]
    mean, square, cube = raw
    return square - mean**2, cube - 3.0 * mean * square + 2.0 * mean**3


def _capped(power: int, middle: float, s: float, cap: float) -> float:
    """Return E[min(Z, T)^k] of a lognormal Z: quadrature below T, T^k above."""
    at = (log(cap) - middle) / s
    below = 0.0
    edges = np.linspace(min(-FAR, at - 1.0), at, 25)
    for low, high in pairwise(edges):
        x = 0.5 * (high - low) * NODES + 0.5 * (high + low)
        weight = 0.5 * (high - low) * WEIGHTS
        below += float(weight @ np.exp(power * (middle + s * x) - 0.5 * x * x))
    above = 0.5 * (1.0 - erf(at / sqrt(2.0)))
    return below / sqrt(2.0 * np.pi) + cap**power * above
