"""What a federation keeps when a partner takes a layer of its overspend, compiled.

With Z = X/B − 1 the overspend before the contract, a law (μ, s, γ) of
``federate.criteria.tails``, a partner takes the share c of what lies between d
(attach) and l (limit):

    L = c [(Z − d)+ − (Z − l)+],      D = Z − L + π,      π = E[L].

D is what the federation keeps. The fair premium π is paid out of the same budget, so
E[D] = E[Z] and insurance is no way to look better on average; what is asked beyond
π is a cost of its own. No layer is d = ∞; a stop-loss has c = 1; loss sharing beyond
a band has c < 1 and l = ∞. A quota share α is s(1 − α), μ(1 − α) put in beforehand.

D rises with Z (flat where c = 1), so P, VaR and CVaR follow from its inverse
`retained_point`. All relative to budget; compiled as in ``tails``; the slow twins are
in ``tests/criteria/test_layers.py``.
"""

import math

from numba import types

from federate.criteria.tails import (
    LOGNORMAL,
    NORMAL_POWER,
    expected_excess,
    expected_layer,
    lognormal_shift,
    normal_above,
    normal_cdf,
    normal_pdf,
    normal_score,
    partial_mean,
    probability_above,
    standard_value,
    tail_mean,
    value_at_risk,
)
from federate.engine.compiled import entry

__all__ = [
    "layer_sd",
    "retained_excess",
    "retained_point",
    "retained_sd",
    "retained_tail_mean",
    "retained_value_at_risk",
    "square_excess",
    "unforeseen_probability",
]

_F, _I = types.float64, types.int64
# Below, the lognormal's second moment loses more digits than the normal is off.
_LEAST_SHIFT = 1e-4


@entry(_F(_I, _F, _F))
def partial_square(tail: int, z: float, skew: float) -> float:
    """Return ∫_z^∞ Y(u)² φ(u) du.

    normal zφ + Φ̄; normal power adds (γ/3)(z² + 1)φ + (γ²/36)[(z³ + z)φ + 2Φ̄];
    lognormal [e^{σ²}Φ(2σ − z) − 2Φ(σ − z) + Φ(−z)]/t², with Φ̄ = 1 − Φ(z).
    """
    gamma = max(skew, 0.0)
    density, above = normal_pdf(z), normal_above(z)
    if tail == LOGNORMAL:
        t = lognormal_shift(gamma)
        if t > _LEAST_SHIFT:
            sigma = math.sqrt(math.log1p(t * t))
            first, second = normal_above(z - sigma), normal_above(z - 2.0 * sigma)
            return ((1.0 + t * t) * second - 2.0 * first + above) / (t * t)
    out = z * density + above
    if tail == NORMAL_POWER:
        out += gamma / 3.0 * (z * z + 1.0) * density
        out += gamma * gamma / 36.0 * ((z * z + 1.0) * z * density + 2.0 * above)
    return out


@entry(_F(_I, _F, _F, _F, _F))
def square_excess(
    tail: int, attach: float, mean: float, sigma: float, skew: float
) -> float:
    """Return E[((Z − a)+)²] = s²[∫_z^∞ Y²φ − 2y ∫_z^∞ Yφ + y²(1 − Φ(z))]."""
    if attach == math.inf:
        return 0.0
    if sigma <= 0.0:
        return max(mean - attach, 0.0) ** 2
    y = (attach - mean) / sigma
    z = normal_score(tail, y, skew)
    gathered = 0.0
    if z == -math.inf:
        # All of the law counts: for the normal power from its lowest value, where
        # what lies below is gathered; the lognormal has nothing below.
        z = -3.0 / skew if tail == NORMAL_POWER else -40.0
        low = standard_value(tail, z, skew)
        gathered = normal_cdf(z) * (low - y) ** 2
    first, second = partial_mean(tail, z, skew), partial_square(tail, z, skew)
    whole = second - 2.0 * y * first + y * y * normal_above(z) + gathered
    return sigma * sigma * max(whole, 0.0)


@entry(_F(_I, _F, _F, _F, _F, _F, _F))
def layer_sd(
    tail: int,
    attach: float,
    limit: float,
    share: float,
    mean: float,
    sigma: float,
    skew: float,
) -> float:
    """Return the standard deviation of L.

    With W(a) = E[((Z − a)+)²]: E[L²] = c²[W(d) − W(l) − 2(l − d)U(l)].
    """
    if attach == math.inf:
        return 0.0
    square = square_excess(tail, attach, mean, sigma, skew)
    if limit < math.inf:
        beyond = expected_excess(tail, limit, mean, sigma, skew)
        square -= square_excess(tail, limit, mean, sigma, skew)
        square -= 2.0 * (limit - attach) * beyond
    first = expected_layer(tail, attach, limit, mean, sigma, skew)
    return share * math.sqrt(max(square - first * first, 0.0))


@entry(_F(_I, _F, _F, _F, _F, _F, _F))
def retained_sd(
    tail: int,
    attach: float,
    limit: float,
    share: float,
    mean: float,
    sigma: float,
    skew: float,
) -> float:
    """Return the standard deviation of D: Var Z − 2 Cov(Z, L) + Var L.

    E[Z (Z − a)+] = W(a) + a U(a). The normal power's variance is 1 + γ²/18: what
    is left is taken in proportion, so that no layer keeps s itself.
    """
    if attach == math.inf:
        return sigma
    joint = square_excess(tail, attach, mean, sigma, skew)
    joint += attach * expected_excess(tail, attach, mean, sigma, skew)
    if limit < math.inf:
        joint -= square_excess(tail, limit, mean, sigma, skew)
        joint -= limit * expected_excess(tail, limit, mean, sigma, skew)
    first = expected_layer(tail, attach, limit, mean, sigma, skew)
    shared = share * (joint - mean * first)
    own = layer_sd(tail, attach, limit, share, mean, sigma, skew)
    bare = sigma * sigma
    if tail == NORMAL_POWER:
        bare *= 1.0 + max(skew, 0.0) ** 2 / 18.0
    if bare <= 0.0:
        return 0.0
    return sigma * math.sqrt(max(1.0 - (2.0 * shared - own * own) / bare, 0.0))


@entry(_F(_F, _F, _F, _F, _F))
def retained_point(
    kept: float, attach: float, limit: float, share: float, premium: float
) -> float:
    """Return the largest Z for which D ≤ `kept`.

    D = Z + π up to d, d + (1 − c)(Z − d) + π up to l, then Z − c(l − d) + π.
    Infinite where the partner takes all that is above d without a limit.
    """
    before = kept - premium
    if before < attach:
        return before
    if share < 1.0:
        inside = attach + (before - attach) / (1.0 - share)
        if inside <= limit:
            return inside
    return before + share * (limit - attach)


@entry(_F(_I, _F, _F, _F, _F, _F, _F, _F))
def unforeseen_probability(
    tail: int,
    excess: float,
    attach: float,
    limit: float,
    share: float,
    mean: float,
    sigma: float,
    skew: float,
) -> float:
    """Return P(Z − L > r): the premium is known beforehand and no surprise.

    A stop-loss at r without a limit keeps every year below r.
    """
    point = retained_point(excess, attach, limit, share, 0.0)
    return probability_above(tail, point, mean, sigma, skew)


@entry(_F(_I, _F, _F, _F, _F, _F, _F, _F))
def retained_excess(
    tail: int,
    excess: float,
    attach: float,
    limit: float,
    share: float,
    mean: float,
    sigma: float,
    skew: float,
) -> float:
    """Return E[(D − r)+] = ∫ D'(x) P(Z > x) dx above the point where D = r.

    D' is 1 but for 1 − c inside the layer, and ∫_a^∞ P(Z > x) dx = U(a).
    """
    inside = share * expected_layer(tail, attach, limit, mean, sigma, skew)
    start = retained_point(excess, attach, limit, share, inside)
    out = expected_excess(tail, start, mean, sigma, skew)
    if start < limit:
        low = max(start, attach)
        out -= share * expected_layer(tail, low, limit, mean, sigma, skew)
    return max(out, 0.0)


@entry(_F(_I, _F, _F, _F, _F, _F, _F, _F))
def retained_value_at_risk(
    tail: int,
    alpha: float,
    attach: float,
    limit: float,
    share: float,
    mean: float,
    sigma: float,
    skew: float,
) -> float:
    """Return VaR_α of D: D at VaR_α of Z, as D never falls."""
    z = value_at_risk(tail, alpha, mean, sigma, skew)
    if attach == math.inf:
        return z
    premium = share * expected_layer(tail, attach, limit, mean, sigma, skew)
    return z - share * max(min(z, limit) - attach, 0.0) + premium


@entry(_F(_I, _F, _F, _F, _F, _F, _F, _F))
def retained_tail_mean(
    tail: int,
    alpha: float,
    attach: float,
    limit: float,
    share: float,
    mean: float,
    sigma: float,
    skew: float,
) -> float:
    """Return CVaR_α of D = VaR_α + E[(D − VaR_α)+]/(1 − α), atoms and all."""
    if attach == math.inf:
        return tail_mean(tail, alpha, mean, sigma, skew)
    least = retained_value_at_risk(tail, alpha, attach, limit, share, mean, sigma, skew)
    beyond = retained_excess(tail, least, attach, limit, share, mean, sigma, skew)
    return least + beyond / (1.0 - alpha)
