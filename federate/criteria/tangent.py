"""An under-estimate of what risk costs under one contract, tight at one federation.

The bound of ``federate.criteria.least`` lies below √(Σ w_i) by a secant; where the
members are ordered it may lie below by the polymatroid instead: with S_i the sum of
w up to and with i, √S_i − √S_{i−1} adds up to no more than √(Σ w_i) over any set, and
to just that over the first of the order (Atamtürk and Narayanan 2008, Operations
Research Letters 36(5)). Both angle and tangent are laid at those first.
"""

import math

import numpy as np
import numpy.typing as npt

from federate.criteria.least import linear_gbp, of_spread_and_budget
from federate.criteria.risk_terms import BASE, BUDGET, FIXED, RiskTerms

__all__ = ["own_variance_gbp2", "tangent_gbp"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def own_variance_gbp2(terms: RiskTerms, item: int, who: IntArray) -> FloatArray:
    """Return w_i = v_i + τ_c² b_i² under a contract, £²: Σ w_i ≤ V + R."""
    budget = terms.parts[who, BUDGET]
    own: FloatArray = terms.parts[who, int(terms.menu[item, BASE])]
    out: FloatArray = own + (terms.tau_region * budget) ** 2
    return out


def tangent_gbp(
    terms: RiskTerms, item: int, most_persons: float, order: IntArray, first: int
) -> tuple[FloatArray, float]:
    """Return a, shape of `order`, and c: gbp_k(S) ≥ c + Σ_{i∈S} a_i, S within `order`.

    Parameters
    ----------
    terms, item, most_persons
        The model, a row of its menu, and U.
    order, first
        Practices, and how many of them the bound is laid at.
    """
    each = linear_gbp(terms, item, most_persons)[order]
    fixed = float(terms.menu[item, FIXED])
    budget = terms.parts[order, BUDGET]
    sums = np.concatenate([[0.0], np.cumsum(own_variance_gbp2(terms, item, order))])
    held = float(budget[:first].sum())
    if terms.price <= 0 or terms.mean < 0 or sums[first] <= 0 or held <= 0:
        return each, fixed
    sigma, shock = math.sqrt(sums[first]), terms.tau_shock * held
    theta = math.atan2(shock, sigma)
    spread = math.cos(theta) * np.diff(np.sqrt(sums))
    spread = spread + math.sin(theta) * terms.tau_shock * budget
    per_spread = held / math.hypot(sigma, shock)
    of_spread, of_budget = of_spread_and_budget(terms, item, per_spread)
    risk: FloatArray = terms.price * (of_spread * spread + of_budget * budget)
    return each + risk, fixed
