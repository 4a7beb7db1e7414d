"""The best that any federation can do: proofs that a rule on risk cannot be kept."""

import math

import numpy as np
import numpy.typing as npt

from federate.criteria.risk_terms import (
    ATTACH,
    BASE,
    BUDGET,
    LAYER,
    LIMIT,
    QUOTA,
    RiskTerms,
)
from federate.criteria.tails import LOGNORMAL, NORMAL, normal_quantile

__all__ = ["least_tolerance"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def least_tolerance(terms: RiskTerms, who: IntArray, most_gbp: float) -> float | None:
    """Return a tolerance below which no federation of some practices keeps the rule.

    With w_i = v_i + τ_c² b_i², any set of exposed budget B ≤ `most_gbp` has

        s² ≥ Σ w_i / B² + τ_s² ≥ min_i (w_i / b_i) / B + τ_s²,

    and overspends by Z* = μ + s z_{1−ε} or more too often: for the normal law at
    once, for normal-power as Y(z) = z + (γ/6)(z² − 1) ≥ z at z ≥ 1. A contract
    leaves at least (1 − q) Z* less what its layer takes of that.
    The least over the menu is returned.

    Parameters
    ----------
    terms
        The model and its menu.
    who
        Practices that may share a federation.
    most_gbp
        The largest exposed budget of a federation, £ a year; may be infinite.

    Returns
    -------
    float | None
        A share of budget; ``None`` where nothing is proven: without a rule, for the
        lognormal law, for normal-power where the rule lets more than 16 % of years
        pass, or where some practice bears no risk.
    """
    if terms.max_probability < 0 or terms.tail == LOGNORMAL:
        return None
    z = float(normal_quantile(1.0 - terms.max_probability))
    budget = terms.parts[who, BUDGET]
    if (terms.tail != NORMAL and z < 1.0) or not (budget > 0).all():
        return None
    found = []
    for row in terms.menu:
        own = terms.parts[who, int(row[BASE])] + (terms.tau_region * budget) ** 2
        least = float((own / budget).min()) / most_gbp
        over = terms.mean + z * math.sqrt(least + terms.tau_shock**2)
        left = (1.0 - row[QUOTA]) * over
        if left > row[ATTACH]:
            left -= row[LAYER] * (min(left, row[LIMIT]) - row[ATTACH])
        found.append(left)
    return float(min(found))
