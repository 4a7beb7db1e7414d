"""The sums over members that σ hangs on, and what σ is at least at each size.

See ``criteria.by_size`` for the algebra.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from federate.criteria.risk_terms import BASE, BUDGET, PERSONS, VARIANCE, RiskTerms

__all__ = [
    "EVERY",
    "Sums",
    "Within",
    "common_share",
    "own_spread",
    "own_variance",
    "sums_of",
]

FloatArray = npt.NDArray[np.float64]


class Within(NamedTuple):
    """G and H: Σ r_i of the federations asked about, £²."""

    least: float
    most: float


EVERY = Within(0.0, math.inf)


class Sums(NamedTuple):
    """β, ω, τ², G, what Σ g is typically, σ_H(U) + σ_G(U), f and g of one contract."""

    budget: float
    variance: float
    shock2: float
    least: float
    typical: float
    roots: float
    more_budget: FloatArray
    more_variance: FloatArray

    def sigma(self, size: FloatArray, above: float | None = None) -> FloatArray:
        """Return σ_G, £ a year, or the same with `above` in place of G."""
        more = self.least if above is None else above
        out: FloatArray = np.sqrt(
            self.variance * size + more + self.shock2 * (self.budget * size) ** 2
        )
        return out

    def line_below(
        self, low: FloatArray, high: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return the ends of a line below σ_G in each cell of size."""
        curve = 4.0 * self.shock2 * self.budget**2
        if self.variance**2 >= curve * self.least:
            return self.sigma(low), self.sigma(high)
        middle = 0.5 * (low + high)
        sigma = self.sigma(middle)
        slope = (0.5 * self.variance + 0.25 * curve * middle) / sigma
        return sigma + slope * (low - middle), sigma + slope * (high - middle)


def common_share(terms: RiskTerms) -> float:
    """Return e = e^{−D/ℓ}: what regions of any two practices share at least."""
    if terms.tau_region <= 0 or not len(terms.place_m):
        return 0.0
    span = terms.place_m.max(axis=0) - terms.place_m.min(axis=0)
    return math.exp(-terms.per_m * math.hypot(*span.tolist()))


def own_spread(terms: RiskTerms) -> FloatArray:
    """Return r, £²: the variance a practice has beyond the least a person has."""
    persons = np.maximum(terms.parts[:, PERSONS], 1e-6)
    own = _variance(terms, VARIANCE)
    out: FloatArray = np.maximum(own - float((own / persons).min()) * persons, 0.0)
    return out


def own_variance(terms: RiskTerms, item: int) -> FloatArray:
    """Return w of one contract, £²."""
    return _variance(terms, int(terms.menu[item, BASE]))


def _variance(terms: RiskTerms, base: int) -> FloatArray:
    """Return w, £², the column `base` of parts being v."""
    apart = (1.0 - common_share(terms)) * terms.tau_region**2
    own: FloatArray = terms.parts[:, base]
    out: FloatArray = own + apart * terms.parts[:, BUDGET] ** 2
    return out


def sums_of(
    terms: RiskTerms, item: int, persons: FloatArray, most: float, within: Within
) -> Sums:
    """Return the sums of one contract; see `Sums`."""
    budget, own = terms.parts[:, BUDGET], own_variance(terms, item)
    beta, omega = float((budget / persons).min()), float((own / persons).min())
    shock2 = terms.tau_shock**2 + common_share(terms) * terms.tau_region**2
    more = min(most * (float((own / persons).max()) - omega), within.most)
    largest2 = omega * most + more
    largest2 += shock2 * (most * float((budget / persons).max())) ** 2
    least2 = omega * most + within.least + shock2 * (beta * most) ** 2
    return Sums(
        budget=beta,
        variance=omega,
        shock2=shock2,
        least=within.least,
        typical=0.5 * (within.least + within.most) if within != EVERY else 0.0,
        roots=math.sqrt(largest2) + math.sqrt(least2),
        more_budget=budget - beta * persons,
        more_variance=own - omega * persons,
    )
