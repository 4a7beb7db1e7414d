"""A proven under-estimate of what pooled risk costs, a sum over the members.

Searches that leave a branch when even its best filling cannot pay need what the
risk of any federation costs at least, as a figure for each practice and one for
the federation:

    gbp(S) ≥ c + Σ_{i∈S} a_i    for every S with L ≤ N_S ≤ U.

The cost is the least over the menu, so a_i and c may be the least over the menu of
a bound for each contract. Under one contract, with the variance w_i = v_i +
τ_c² b_i² that is a practice's own whatever its neighbours (R ≥ τ_c² Σ b_i²):

    σ = √(V + R + τ_s² B²) ≥ √(Σ w_i + τ_s² B²)
      ≥ cos θ · √(Σ w_i) + sin θ · τ_s B               (Cauchy–Schwarz)
      ≥ cos θ · (√w + (Σ w_i − w) / (√w + √W)) + sin θ · τ_s B

for any θ in [0, π/2] (as no two members are further apart than all practices, e τ_c²
is moved from w to τ_s² first, see ``criteria.by_size``): √ is concave, so it lies
above its secant on [w, W], the least and the most that Σ w_i can be, by fractional
knapsacks from L and up to U.
Let Z = μ + sY with μ ≥ 0 be the overspend over budget, of which a quota leaves
Q = 1 − q, and h(σ, B) = E[(Qσ Y − rB)+] what of it is expected beyond r:

- normal: h is convex and homogeneous, so its tangent at any x lies below it,
  h ≥ Q φ(x) σ − r (1 − Φ(x)) B, touching where rB = xQσ;
- normal-power: not less, as dE[(Y − x)+]/dγ = z φ(z)/6 ≥ 0 at the z of x ≥ 0;
- lognormal: h ≥ Q f σ − r B/2 with f = E[Y+], as P(Y > 0) ≤ 1/2. Here
  f = (2Φ(w/2) − 1)/√(e^{w²} − 1) falls in w, since 2Φ(w/2) − 1 ≥ w φ(w/2) and
  w² e^{w²} ≥ e^{w²} − 1, so it is taken at the largest skew. No skew is larger than
  the largest of a practice: Σk3 / (Σv)^{3/2} ≤ Σk3 / Σ v^{3/2} ≤ max.

CVaR at α ≥ 1/2 is at least Qσ times φ(z_α)/(1 − α) for the normal, not less for
normal-power (d/dγ = φ(z) z/6 /(1 − α)). For the lognormal, the weights
2·1{Y > 0} + 1 − 2P are a density of at most 3, so 2f at α ≥ 2/3; the weights
1{Y > 0} + 1 − P of at most 2, so f.

A layer is paid for at its mean, so it leaves at least Z − L. Beyond r that is
h − E[L] or more: at a loading θ ≥ price the layer saves nothing, price · h stays.
Else L ≤ c (Z − r)+ where it begins at d ≥ r, and (1 − c) price · h stays, or
nothing that is proven. Of CVaR (1 − c) stays where the quantile is not below 0.
Fee, loading on cut patients and fixed price are sums as they stand; λ and savings
are left out. A management effect below 0 leaves only these. The scale benefit
η B (1 − e^{−N/N0}) is at most that of N = U.
"""

import math

import numpy as np
import numpy.typing as npt

from federate.criteria.risk_terms import (
    ATTACH,
    BASE,
    BUDGET,
    EXPECTED_OVERSPEND,
    FEE,
    FIXED,
    GAIN,
    LAYER,
    LOADING,
    PERSONS,
    QUOTA,
    SD_LOADING,
    VARIANCE,
    WHOLE,
    RiskTerms,
)
from federate.criteria.spread_sums import common_share
from federate.criteria.tails import (
    LOGNORMAL,
    expected_excess,
    lognormal_shift,
    normal_above,
    normal_pdf,
    normal_quantile,
)

__all__ = [
    "linear_gbp",
    "most_gbp",
    "most_sum",
    "of_spread_and_budget",
    "plane_gbp",
]

FloatArray = npt.NDArray[np.float64]
# Taken off every figure, so that rounding cannot lift it above the truth.
_ROUNDING = 1e-9
# Where tangents are laid, in shares of budget ÷ σ of the largest and most spread
# federation; the one that says most of a federation of middling size is taken.
TANGENTS = (0.4, 0.55, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0)


def plane_gbp(
    terms: RiskTerms, most_persons: float, fewest_persons: float
) -> tuple[FloatArray, float]:
    """Return a, shape ``(n,)``, and c, £ a year; see the module.

    Parameters
    ----------
    terms
        The model and its menu.
    most_persons, fewest_persons
        U and L; no federation has more, or fewer.
    """
    found = [
        _of_contract(terms, k, most_persons, fewest_persons)
        for k in range(len(terms.menu))
    ]
    each = np.min([row for row, _ in found], axis=0)
    once = min(fixed for _, fixed in found)
    out: FloatArray = each - _ROUNDING * np.abs(each)
    return out, once - _ROUNDING * abs(once)


def most_gbp(terms: RiskTerms) -> float:
    """Return more than the risk of any plan can cost, £ a year.

    σ is subadditive, so Σ_g σ_g ≤ Σ_i σ_i. Under any contract what is kept is at
    most the overspend and the layer's fair price, each of mean at most μ + σ and
    of CVaR at most μ + σ√(α/(1 − α)) (Cantelli); a loading is charged on no more.
    Twice that allows for the normal-power form, whose variance is 1 + γ²/18.
    """
    budget = terms.parts[:, BUDGET]
    shared = terms.tau_shock**2 + terms.tau_region**2
    sigma = np.sqrt(terms.parts[:, VARIANCE] + shared * budget**2)
    mean = max(terms.mean, 0.0) * budget + sigma
    worst = mean * math.sqrt(terms.alpha / (1.0 - terms.alpha))
    menu = terms.menu
    loading = float(menu[:, LOADING].max() + 2.0 * menu[:, SD_LOADING].max())
    each = terms.price * (mean + np.maximum(mean, worst))
    each = each + loading * (mean + budget) + float(menu[:, GAIN].max()) * mean
    each = 2.0 * each + float(menu[:, FEE].max()) * budget
    return float(each.sum() + len(budget) * menu[:, FIXED].max())


def most_sum(values: FloatArray, persons: FloatArray, most_persons: float) -> float:
    """Return the most that Σ values can be among so many persons, the last in part.

    Examples
    --------
    >>> most_sum(np.array([3.0, 4.0]), np.array([1.0, 2.0]), 2.0)
    5.0
    """
    weight = np.maximum(persons, 1e-9)
    order = np.argsort(-values / weight)
    before = np.concatenate([[0.0], np.cumsum(weight[order])[:-1]])
    share = np.clip((most_persons - before) / weight[order], 0.0, 1.0)
    return float(values[order] @ share)


def least_sum(values: FloatArray, persons: FloatArray, fewest: float) -> float:
    """Return the least that Σ values can be among so many persons, the last in part.

    Examples
    --------
    >>> least_sum(np.array([3.0, 4.0]), np.array([1.0, 2.0]), 2.5)
    5.5
    """
    weight = np.maximum(persons, 1e-9)
    order = np.argsort(values / weight)
    before = np.concatenate([[0.0], np.cumsum(weight[order])[:-1]])
    share = np.clip((fewest - before) / weight[order], 0.0, 1.0)
    return float(values[order] @ share)


def _of_contract(
    terms: RiskTerms, item: int, most_persons: float, fewest_persons: float
) -> tuple[FloatArray, float]:
    """Return what one contract costs at least: a practice, ``(n,)``, a federation."""
    fixed = float(terms.menu[item, FIXED])
    budget, base = terms.parts[:, BUDGET], int(terms.menu[item, BASE])
    persons = terms.parts[:, PERSONS]
    linear = linear_gbp(terms, item, most_persons)
    common = common_share(terms) * terms.tau_region**2
    own = terms.parts[:, base] + (terms.tau_region**2 - common) * budget**2
    most = most_sum(own, persons, most_persons)
    if terms.price <= 0 or terms.mean < 0 or most <= 0:
        return linear, fixed
    fewest = least_sum(own, persons, fewest_persons)
    largest = most_sum(budget, persons, most_persons)
    tau = math.sqrt(terms.tau_shock**2 + common)
    shock = tau * largest
    theta = math.atan2(shock, math.sqrt(most))
    slope = math.cos(theta) / (math.sqrt(fewest) + math.sqrt(most))
    spread = slope * own
    # √w − w/(√w + √W), what the secant has at no variance at all.
    start = slope * math.sqrt(fewest * most)
    spread = spread + math.sin(theta) * tau * budget
    typical = largest / math.hypot(math.sqrt(most), shock)
    middle = 0.5 * (fewest_persons + most_persons) / max(float(persons.sum()), 1.0)
    # Nothing is a bound too, and the better one where every tangent lies deep.
    best, risk, once = 0.0, np.zeros(len(budget)), 0.0
    for times in TANGENTS:
        of_spread, of_budget = of_spread_and_budget(terms, item, times * typical)
        each = terms.price * (of_spread * spread + of_budget * budget)
        start_gbp = terms.price * of_spread * start
        found = middle * float(each.sum()) + start_gbp
        if found > best:
            best, risk, once = found, each, start_gbp
    return linear + risk, fixed + once


def linear_gbp(terms: RiskTerms, item: int, most_persons: float) -> FloatArray:
    """Return what a contract costs whatever the spread, less what scale saves at most.

    Shape ``(n,)``, £ a year: fee and loading on cut patients, less η b_i of N = U.
    """
    base = int(terms.menu[item, BASE])
    out: FloatArray = terms.menu[item, FEE] * terms.parts[:, BUDGET]
    if base != VARIANCE:
        out = out + terms.menu[item, LOADING] * terms.parts[:, base + 2]
    if terms.benefit > 0:
        most = 1.0 - math.exp(-most_persons / terms.benefit_persons)
        out = out - terms.benefit * most * terms.parts[:, WHOLE]
    return out


def of_spread_and_budget(
    terms: RiskTerms, item: int, per_spread: float
) -> tuple[float, float]:
    """Return the £ at risk that each £ of σ, and of budget, give at least.

    The tangent is laid at budget ÷ σ = `per_spread`; any is valid.
    """
    skew = _most_skew(terms, int(terms.menu[item, BASE]))
    if terms.measure == EXPECTED_OVERSPEND:
        return _beyond(terms, item, skew, per_spread)
    return _worst(terms, item, skew), 0.0


def _beyond(
    terms: RiskTerms, item: int, most_skew: float, per_spread: float
) -> tuple[float, float]:
    """Return the £ of E[(D − r)+] that each £ of σ and of budget give at least.

    The tangent is laid at budget ÷ σ = `per_spread`.
    """
    layer, attach = terms.menu[item, LAYER], terms.menu[item, ATTACH]
    left = 1.0
    if layer > 0 and terms.menu[item, LOADING] < terms.price:
        left = 1.0 - layer if attach >= terms.tolerance else 0.0
    share = 1.0 - terms.menu[item, QUOTA]
    if terms.tail == LOGNORMAL:
        over = float(expected_excess(LOGNORMAL, 0.0, 0.0, 1.0, most_skew))
        return left * share * over, -0.5 * left * terms.tolerance
    x = terms.tolerance * per_spread / share
    density, above = float(normal_pdf(x)), float(normal_above(x))
    return left * share * density, -left * terms.tolerance * above


def _worst(terms: RiskTerms, item: int, most_skew: float) -> float:
    """Return the £ of CVaR that each £ of σ gives at least."""
    layer = terms.menu[item, LAYER]
    z = float(normal_quantile(terms.alpha))
    if terms.tail == LOGNORMAL:
        over = float(expected_excess(LOGNORMAL, 0.0, 0.0, 1.0, most_skew))
        worst = over * (2.0 if terms.alpha >= 2 / 3 else 1.0)
        shift = float(lognormal_shift(most_skew))
        is_above = z >= 0.5 * math.sqrt(math.log1p(shift * shift))
    else:
        worst = float(normal_pdf(z)) / (1.0 - terms.alpha)
        is_above = z >= 1.0
    left = 1.0 - layer if is_above or layer == 0 else 0.0
    return (1.0 - terms.menu[item, QUOTA]) * left * worst


def _most_skew(terms: RiskTerms, base: int) -> float:
    """Return the largest skew of a single practice: no pool's is larger."""
    variance, third = terms.parts[:, base], terms.parts[:, base + 1]
    held = variance > 0
    if not held.any():
        return 0.0
    return max(0.0, float((third[held] / variance[held] ** 1.5).max()))
