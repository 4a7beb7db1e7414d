"""Tails of pooled spend, compiled once: kernels and plain Python call the same.

Everything is relative to the budget B of a pool: its spend is

    X / B = 1 + μ + s·Y,     E[Y] = 0,   E[Y²] = 1,   E[Y³] = γ,

with μ the mean shift (management effect), s = σ/B ≥ 0 the relative standard
deviation and γ ≥ 0 the skew. Three laws of Y may be asked for by their code:

``NORMAL``
    Y = z, standard normal; γ is not read.
``NORMAL_POWER``
    Y = z + (γ/6)(z² − 1), the second-order Cornish-Fisher (normal power) form.
    It rises in z above z₀ = −3/γ only; what lies below is gathered at z₀, so
    that the law is proper. Its variance is 1 + γ²/18: keep γ below about 1.
``LOGNORMAL``
    Y = (e^{σz − σ²/2} − 1)/t, a shifted lognormal with exactly (0, 1, γ):
    t = √(e^{σ²} − 1) solves t³ + 3t = γ, so t = 2 sinh(asinh(γ/2)/3).

A negative γ is read as 0: spend is bounded below and open above.

Every function here is compiled for float64 and may be called from a kernel
(``federate.engine.compiled``) or from Python with numbers; for arrays see
``federate.criteria.pools``. The obvious slow twins are in
``tests/criteria/test_tails.py``.

References
----------
Normal power: Beard, Pentikäinen and Pesonen, Risk Theory, ch. 3. Normal
quantile: Abramowitz and Stegun, formula 26.2.23, polished by Halley's method.
The stop-loss and tail-mean forms are integrated here from the laws above.
"""

import math

from numba import types

from federate.engine.compiled import entry

__all__ = [
    "LOGNORMAL",
    "NORMAL",
    "NORMAL_POWER",
    "TAILS",
    "expected_excess",
    "expected_layer",
    "least_population_of",
    "normal_above",
    "normal_cdf",
    "normal_pdf",
    "normal_quantile",
    "pool_sigma",
    "pool_skew",
    "probability_above",
    "tail_mean",
    "value_at_risk",
]

NORMAL, NORMAL_POWER, LOGNORMAL = 0, 1, 2
TAILS = {"normal": NORMAL, "normal-power": NORMAL_POWER, "lognormal": LOGNORMAL}
"""The code of each law by the name a scenario uses."""

_F, _I = types.float64, types.int64
_ROOT_TWO = math.sqrt(2.0)
_ROOT_TWO_PI = math.sqrt(2.0 * math.pi)
# Below, the lognormal is the normal to within rounding of its own formula.
_LEAST_SHIFT = 1e-7
# A pool is sought between one person and more than the world holds.
_MOST_PERSONS = 1e11


@entry(_F(_F))
def normal_pdf(z: float) -> float:
    """Return φ(z) = e^{−z²/2}/√(2π)."""
    return math.exp(-0.5 * z * z) / _ROOT_TWO_PI


@entry(_F(_F))
def normal_cdf(z: float) -> float:
    """Return Φ(z), accurate in the lower tail."""
    return 0.5 * math.erfc(-z / _ROOT_TWO)


@entry(_F(_F))
def normal_above(z: float) -> float:
    """Return 1 − Φ(z), accurate in the upper tail."""
    return 0.5 * math.erfc(z / _ROOT_TWO)


@entry(_F(_F))
def normal_quantile(p: float) -> float:
    """Return z with Φ(z) = p; ∓∞ at 0 and 1, NaN outside.

    The rational form of Abramowitz and Stegun (error < 4.5e-4) in the smaller
    tail, then two steps of Halley's method, each cubing the error.
    """
    if not 0.0 <= p <= 1.0:
        return math.nan
    q = min(p, 1.0 - p)
    if q == 0.0:
        return -math.inf if p == 0.0 else math.inf
    t = math.sqrt(-2.0 * math.log(q))
    above = 2.515517 + t * (0.802853 + t * 0.010328)
    below = 1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308))
    z = above / below - t
    for _ in range(2):
        step = (normal_cdf(z) - q) / normal_pdf(z)
        z -= step / (1.0 + 0.5 * z * step)
    return z if p < 0.5 else -z


@entry(_F(_F, _F, _F))
def pool_sigma(variance_gbp2: float, budget_gbp: float, tau_shock: float) -> float:
    """Return s = √(V/B² + τ_s²), relative to budget; 0 without a budget."""
    if budget_gbp <= 0.0:
        return 0.0
    return math.sqrt(variance_gbp2 / (budget_gbp * budget_gbp) + tau_shock * tau_shock)


@entry(_F(_F, _F, _F, _F))
def pool_skew(
    third_gbp3: float, variance_gbp2: float, budget_gbp: float, tau_shock: float
) -> float:
    """Return γ = K3/σ³ with σ² = V + τ_s²B²; the shocks are symmetric."""
    variance = variance_gbp2 + (tau_shock * budget_gbp) ** 2
    if variance <= 0.0:
        return 0.0
    return third_gbp3 / (variance * math.sqrt(variance))


@entry(_F(_F))
def lognormal_shift(skew: float) -> float:
    """Return t ≥ 0 with t³ + 3t = γ, from 2 sinh 3u = 8 sinh³u + 6 sinh u."""
    return 2.0 * math.sinh(math.asinh(0.5 * max(skew, 0.0)) / 3.0)


@entry(_F(_I, _F, _F))
def normal_score(tail: int, y: float, skew: float) -> float:
    """Return z with Y(z) = y, ∓∞ where y lies outside the law.

    Normal power: γz² + 6z − γ − 6y = 0, and its root is written without the
    difference that loses all digits as γ → 0:
    z = (γ + 6y)/(3 + √(9 + γ² + 6γy)); no root means y below all of the law.
    """
    gamma = max(skew, 0.0)
    if y == math.inf:
        return y
    if tail == NORMAL_POWER:
        squared = 9.0 + gamma * gamma + 6.0 * gamma * y
        if squared < 0.0:
            return -math.inf
        return (gamma + 6.0 * y) / (3.0 + math.sqrt(squared))
    if tail == LOGNORMAL:
        t = lognormal_shift(gamma)
        if t > _LEAST_SHIFT:
            if t * y <= -1.0:
                return -math.inf
            variance = math.log1p(t * t)
            return (math.log1p(t * y) + 0.5 * variance) / math.sqrt(variance)
    return y


@entry(_F(_I, _F, _F))
def standard_value(tail: int, z: float, skew: float) -> float:
    """Return Y(z), the standardised spend at normal score z."""
    gamma = max(skew, 0.0)
    if tail == NORMAL_POWER:
        score = max(z, -3.0 / gamma) if gamma > 0.0 else z
        return score + gamma / 6.0 * (score * score - 1.0)
    if tail == LOGNORMAL:
        t = lognormal_shift(gamma)
        if t > _LEAST_SHIFT:
            variance = math.log1p(t * t)
            return math.expm1(math.sqrt(variance) * z - 0.5 * variance) / t
    return z


@entry(_F(_I, _F, _F))
def partial_mean(tail: int, z: float, skew: float) -> float:
    """Return ∫_z^∞ Y(u) φ(u) du, what the part above score z adds to the mean.

    normal φ(z); normal power φ(z)(1 + γz/6), as ∫_z^∞ (u² − 1)φ = zφ(z);
    lognormal [Φ(σ − z) − Φ(−z)]/t. For z above z₀ = −3/γ.
    """
    gamma = max(skew, 0.0)
    if tail == NORMAL_POWER:
        return normal_pdf(z) * (1.0 + gamma * z / 6.0)
    if tail == LOGNORMAL:
        t = lognormal_shift(gamma)
        if t > _LEAST_SHIFT:
            sigma = math.sqrt(math.log1p(t * t))
            return (normal_above(z - sigma) - normal_above(z)) / t
    return normal_pdf(z)


@entry(_F(_I, _F, _F, _F, _F))
def probability_above(
    tail: int, excess: float, mean: float, sigma: float, skew: float
) -> float:
    """Return P(X > (1 + r)B) for r = `excess`, given (μ, s, γ).

    1 − Φ(z) at the normal score z of y = (r − μ)/s. Without spread it is 1 or 0.
    """
    if sigma <= 0.0:
        return 1.0 if mean > excess else 0.0
    return normal_above(normal_score(tail, (excess - mean) / sigma, skew))


@entry(_F(_I, _F, _F, _F, _F))
def value_at_risk(
    tail: int, alpha: float, mean: float, sigma: float, skew: float
) -> float:
    """Return VaR_α/B − 1: the overspend not passed in a share α of years.

    μ + s·Y(z_α). A fraction of budget, negative for an underspend.
    """
    if sigma <= 0.0:
        return mean
    return mean + sigma * standard_value(tail, normal_quantile(alpha), skew)


@entry(_F(_I, _F, _F, _F, _F))
def tail_mean(tail: int, alpha: float, mean: float, sigma: float, skew: float) -> float:
    """Return CVaR_α/B − 1: the mean overspend of the worst 1 − α of years.

    μ + s·∫_{z_α}^∞ Y φ / (1 − α); for the normal μ + s φ(z_α)/(1 − α), which is
    2.063 s at α = 0.95. For α of one half and more.
    """
    if sigma <= 0.0:
        return mean
    share = partial_mean(tail, normal_quantile(alpha), skew) / (1.0 - alpha)
    return mean + sigma * share


@entry(_F(_I, _F, _F, _F, _F))
def expected_excess(
    tail: int, attach: float, mean: float, sigma: float, skew: float
) -> float:
    """Return the stop-loss transform U(a) = E[(X/B − 1 − a)+].

    s·[∫_z^∞ Y φ − y(1 − Φ(z))] with y = (a − μ)/s and z its normal score; for
    the normal s[φ(y) − y(1 − Φ(y))], so U(0) = 0.3989 s at μ = 0: the expected
    overspend. Below all of the law it is E[X/B] − 1 − a; beyond infinity nothing.
    """
    if attach == math.inf:
        return 0.0
    if sigma <= 0.0:
        return max(mean - attach, 0.0)
    y = (attach - mean) / sigma
    z = normal_score(tail, y, skew)
    if z > -math.inf:
        return max(sigma * (partial_mean(tail, z, skew) - y * normal_above(z)), 0.0)
    if tail == NORMAL_POWER:
        low = -3.0 / skew  # what lies below z₀ is gathered there
        gathered = standard_value(tail, low, skew) * normal_cdf(low)
        return sigma * (partial_mean(tail, low, skew) + gathered - y)
    return mean - attach


@entry(_F(_I, _F, _F, _F, _F, _F))
def expected_layer(
    tail: int, attach: float, limit: float, mean: float, sigma: float, skew: float
) -> float:
    """Return U(d) − U(l): what is expected between d and l, relative to budget.

    A limit of infinity leaves the layer open above.
    """
    below = expected_excess(tail, attach, mean, sigma, skew)
    return max(below - expected_excess(tail, limit, mean, sigma, skew), 0.0)


@entry(_F(_I, _F, _F, _F, _F, _F))
def least_population_of(
    tail: int, excess: float, epsilon: float, cv1: float, skew1: float, tau_shock: float
) -> float:
    """Return the least N with P(overspend > r) ≤ ε for equal patients, persons.

    s² = CV1²/N + τ_s² and γ = (γ₁/√N)(s_idio/s)³. Normal tail:
    N = CV1²/((r/z_{1−ε})² − τ_s²); the others by bisection on log N. Infinity
    where no pool is large enough, r ≤ z τ_s. For ε below one half.
    """
    z = normal_quantile(1.0 - epsilon)
    squared = (excess / z) ** 2 - tau_shock * tau_shock
    if squared <= 0.0:
        return math.inf
    if tail == NORMAL:
        return cv1 * cv1 / squared
    low, high = 0.0, math.log(_MOST_PERSONS)
    for _ in range(60):
        middle = 0.5 * (low + high)
        persons = math.exp(middle)
        own = cv1 * cv1 / persons
        sigma = math.sqrt(own + tau_shock * tau_shock)
        skew = skew1 / math.sqrt(persons) * (math.sqrt(own) / sigma) ** 3
        if probability_above(tail, excess, 0.0, sigma, skew) > epsilon:
            low = middle
        else:
            high = middle
    return math.exp(high)
