"""The risk rule under each contract as a slope: V_g + R_g ≤ κ_k² B_g².

Under contract k the rule is P((1 − q)(μ + sY) − L > r) ≤ ε. What the layer leaves
rises with the overspend, so it passes r where the overspend passes one point p
(``layers.retained_point``), the same for every federation:

    P(sY > p/(1 − q) − μ) ≤ ε   ⇔   s·y_{1−ε}(γ) ≤ p/(1 − q) − μ.

For the normal law y_{1−ε} = z, so this is s ≤ (p/(1 − q) − μ)/z exactly, and with
s² = (V + R)/B² + τ_s² a slope. Normal-power has y(z) = z + (γ/6)(z² − 1) ≥ z where
z ≥ 1, so there the slope is a rule that must be kept, if not the whole of it.
"""

import numpy as np
import numpy.typing as npt

from federate.criteria.layers import retained_point
from federate.criteria.risk_terms import ATTACH, LAYER, LIMIT, QUOTA, RiskTerms
from federate.criteria.tails import LOGNORMAL, NORMAL, normal_quantile

__all__ = ["slopes2"]

FloatArray = npt.NDArray[np.float64]


def slopes2(terms: RiskTerms) -> FloatArray:
    """Return κ_k² of each contract of the menu, shape ``(k,)``.

    Infinite where nothing is asked or nothing is proven: the lognormal law, and
    normal-power where more than 16 % of years may pass. Below 0 where the shock that
    all share breaks the rule by itself: no federation keeps it.
    """
    out = np.full(len(terms.menu), np.inf)
    if terms.max_probability < 0 or terms.tail == LOGNORMAL:
        return out
    z = float(normal_quantile(1.0 - terms.max_probability))
    if terms.tail != NORMAL and z < 1.0:
        return out
    for k, row in enumerate(terms.menu):
        most = float(
            retained_point(terms.tolerance, row[ATTACH], row[LIMIT], row[LAYER], 0.0)
        )
        if most < np.inf:
            sigma = (most / (1.0 - row[QUOTA]) - terms.mean) / z
            out[k] = sigma * abs(sigma) - terms.tau_shock**2
    return out
