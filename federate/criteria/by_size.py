"""What pooled risk costs at least at each size: an under-estimate, piecewise in N.

    gbp(S) ≥ ρ(N_S) + Σ_{i∈S} a_i    for every S with L ≤ N_S ≤ U,

and no S of a size where ρ is infinite keeps the rule of risk. Most of what risk
costs hangs on how many persons share it, and ρ follows that where one slope cannot
(``criteria.least``); a_i holds what practices differ in.

Any two members are at most D apart, the diagonal of the box around all, so with
e = e^{−D/ℓ} the regional term is R ≥ τ_c² (e B² + (1 − e) Σ b_i²). Hence

    σ² ≥ Σ w_i + τ² B²,   w_i = v_i + τ_c² (1 − e) b_i²,   τ² = τ_s² + e τ_c².

With β = min b_i/n_i, ω = min w_i/n_i, what is left f_i = b_i − β n_i and
g_i = w_i − ω n_i are at least 0, and with σ_0(N)² = ωN + τ²β²N²

    σ − σ_0 ≥ Σ (g_i + 2τ²βL f_i) / (σ_U + σ_0(U)),

σ_U the most that σ can be (Δ of a root is Δ of the square over the sum of the
roots). With Q = 1 − q and h_d = E[(QσY − dB)+], a contract costs at least

    fixed + Σ linear + A σ + Σ_d c_d h_d + price · c · K,

- bare: A = price · Q · φ(z_α)/(1 − α) for CVaR, or c_r = price; a quota's λqσ too;
- an open layer of share c from d on costs θ c h_d. Under CVaR it leaves (1 − c) of A,
  gives its fair price back, so (price + θ) c h_d, and K = CVaR of min(QσY, dB), the
  parts being comonotone. Beyond r it leaves at least (Z − r)+ − L, so price · h_r and
  (θ − price) c h_d where θ ≥ price, else (1 − c) price · h_r where d ≥ r;
- a layer with a limit leaves no less than an open one; of its own price nothing.

h_d is convex and homogeneous in (σ, B): h_d ≥ Qφ(x) σ − d (1 − Φ(x)) B for every x.
So A + Σ c_d Qφ(x_d), at its least over N, may stand before σ − σ_0, and
Σ c_d d (1 − Φ(x_d)), at its most, before −f_i; tangents at σ_0, βN. What is left is a
function of N alone. Along a cell of sizes with one x it is concave, as σ_0 is, so it
lies above its chord; K rises with N, so it is at least what it is at the cell's start.
The least of the menu's chords lies above the chord of the least ends.

A contract falls out below the population at which the rule can first be kept:
V + R ≤ κ_k² B² (``criteria.slope``) and B ≤ N max b_i/n_i ask for
N ≥ min(w_i/b_i) / ((κ_k² − eτ_c²) max b_i/n_i).

Of federations whose Σ r_i, r = g of the bare risk, lies within [G, H], more is known
(``criteria.by_spread``): with σ_G(N)² = ωN + G + τ²β²N² in place of σ_0² and σ_H(U) in
place of σ_U,

    σ − σ_G ≥ (Σ (g_i + 2τ²βL f_i) − G) / (σ_H(U) + σ_G(U)),

so −G of the slope goes into ρ. σ_G is concave in N only while ω² ≥ 4τ²β²G; where it is
convex it lies above its tangent in the middle of a cell.

All of it is proven for the normal law; the normal-power law costs no less where
z_α ≥ 1 and d ≥ 0, as ``criteria.least`` shows.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from federate.criteria.risk_terms import (
    ATTACH,
    BASE,
    BUDGET,
    EXPECTED_OVERSPEND,
    FIXED,
    LAYER,
    LIMIT,
    LOADING,
    PERSONS,
    QUOTA,
    SD_LOADING,
    VARIANCE,
    RiskTerms,
)
from federate.criteria.slope import slopes2
from federate.criteria.spread_sums import (
    EVERY,
    Sums,
    Within,
    common_share,
    own_variance,
    sums_of,
)
from federate.criteria.tails import (
    LOGNORMAL,
    NORMAL,
    normal_above,
    normal_pdf,
    normal_quantile,
)

__all__ = ["BySize", "gbp_by_size", "hangs_on_spread"]

FloatArray = npt.NDArray[np.float64]
# More cells follow ρ closer and cost each look at a branch more.
CELLS = 12
# Taken off every figure, so that rounding cannot lift it above the truth.
_ROUNDING = 1e-9
# Persons by which the least population is eased, a share.
_EASE = 1e-6


class BySize(NamedTuple):
    """ρ and a; see the module.

    Parameters
    ----------
    each
        a, shape ``(n,)``, £ a year.
    edges
        Where cells of size begin and the last ends, shape ``(k + 1,)``, persons.
    left, right
        ρ at both ends of each cell, shape ``(k,)``, £ a year; linear between them.
        Infinite where no federation of that size keeps the rule.
    """

    each: FloatArray
    edges: FloatArray
    left: FloatArray
    right: FloatArray


class _Form(NamedTuple):
    """A σ + Σ c_d h_d + price · c · K of one contract: A, (c_d, d), price · c, d."""

    of_spread: float
    beyond: tuple[tuple[float, float], ...]
    capped: float
    attach: float


def hangs_on_spread(terms: RiskTerms) -> bool:
    """Whether ρ and a know of some contract that it costs more, the more spread."""
    if terms.mean < 0 or terms.tail == LOGNORMAL:
        return False
    forms = [_form(terms, k) for k in range(len(terms.menu))]
    bare = terms.menu[:, BASE] == VARIANCE
    return any(
        is_bare and form is not None and (form.of_spread > 0 or _weight(form) > 0)
        for is_bare, form in zip(bare, forms, strict=True)
    )


def _weight(form: _Form) -> float:
    return sum(gbp for gbp, _ in form.beyond)


def gbp_by_size(
    terms: RiskTerms,
    linear: FloatArray,
    fewest: float,
    most: float,
    within: Within = EVERY,
) -> BySize:
    """Return ρ and a over the sizes from `fewest` to `most`, L and U.

    Parameters
    ----------
    terms
        The model and its menu.
    linear
        Shape ``(k, n)``, £ a year: what each contract costs whatever the spread.
    fewest, most
        L and U, persons.
    within
        Of which federations; of all.
    """
    persons = np.maximum(terms.parts[:, PERSONS], 1e-6)
    starts = _least_populations(terms, persons)
    inside = starts[(starts > fewest) & (starts < most)]
    edges = np.unique(np.append(np.linspace(fewest, most, CELLS + 1), inside))
    found = [
        _of_contract(terms, k, linear[k], persons, edges, within)
        for k in range(len(linear))
    ]
    shut = starts[:, None] * (1 - _EASE) >= edges[None, 1:]
    each = np.min([a for a, _, _ in found], axis=0)
    left = np.where(shut, np.inf, [row for _, row, _ in found]).min(axis=0)
    right = np.where(shut, np.inf, [row for _, _, row in found]).min(axis=0)
    return BySize(
        each - _ROUNDING * np.abs(each),
        edges,
        left - _ROUNDING * np.where(shut.all(axis=0), 0.0, np.abs(left)),
        right - _ROUNDING * np.where(shut.all(axis=0), 0.0, np.abs(right)),
    )


def _least_populations(terms: RiskTerms, persons: FloatArray) -> FloatArray:
    """Return below how many persons each contract surely breaks the rule, ``(k,)``."""
    out = np.zeros(len(terms.menu))
    budget = terms.parts[:, BUDGET]
    if not (budget > 0).all():
        return out
    common = common_share(terms) * terms.tau_region**2
    for k, kappa2 in enumerate(slopes2(terms)):
        if kappa2 < np.inf:
            own = own_variance(terms, k) / budget
            room = kappa2 - common
            needed = float(own.min()) / float((budget / persons).max())
            out[k] = needed / room if room > 0 else np.inf
    return out


def _of_contract(
    terms: RiskTerms,
    item: int,
    linear: FloatArray,
    persons: FloatArray,
    edges: FloatArray,
    within: Within,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return a and both ends of ρ under one contract."""
    per_head = float((linear / persons).min())
    each = linear - per_head * persons
    fixed = float(terms.menu[item, FIXED])
    left, right = fixed + per_head * edges[:-1], fixed + per_head * edges[1:]
    form = _form(terms, item)
    if terms.mean < 0 or terms.tail == LOGNORMAL or form is None:
        return each, left, right
    keeps = 1.0 - float(terms.menu[item, QUOTA])
    # Of who is spread by other figures than the bare risk, nothing more is known.
    is_bare = int(terms.menu[item, BASE]) == VARIANCE
    sums = sums_of(terms, item, persons, edges[-1], within if is_bare else EVERY)
    low, high = edges[:-1], edges[1:]
    middle = 0.5 * (low + high)
    of_spread = np.full(len(low), form.of_spread)
    of_budget = np.zeros(len(low))
    for gbp, attach in form.beyond:
        sigma = np.maximum(keeps * sums.sigma(middle, sums.typical), 1e-12)
        x = attach * sums.budget * middle / sigma
        of_spread += gbp * keeps * np.array([normal_pdf(z) for z in x])
        of_budget += gbp * attach * np.array([normal_above(z) for z in x])
    least = float(of_spread.min())
    below = sums.line_below(low, high)
    for size, sigma, ends in ((low, below[0], left), (high, below[1], right)):
        ends += of_spread * sigma - of_budget * sums.budget * size
        ends -= least * sums.least / max(sums.roots, 1e-12)
    capped = form.capped * _capped(terms, form.attach, sums, low, keeps)
    shocked = 2.0 * sums.shock2 * sums.budget * edges[0]
    more = (sums.more_variance + shocked * sums.more_budget) / max(sums.roots, 1e-12)
    each = each + least * more - of_budget.max() * sums.more_budget
    return each, left + capped, right + capped


def _form(terms: RiskTerms, item: int) -> _Form | None:
    """Return what one contract costs at least as a function of σ and B."""
    row, price, tolerance = terms.menu[item], terms.price, terms.tolerance
    keeps, layer = 1.0 - row[QUOTA], row[LAYER]
    attach = max(row[ATTACH], 0.0) if layer > 0 else 0.0
    is_open, theta = bool(row[LIMIT] == np.inf), float(row[LOADING])
    of_spread = float(row[SD_LOADING] * row[QUOTA])
    if terms.measure != EXPECTED_OVERSPEND and price > 0:
        z = float(normal_quantile(terms.alpha))
        if terms.tail != NORMAL and z < 1.0:
            return None
        worst = price * keeps * float(normal_pdf(z)) / (1.0 - terms.alpha)
        of_spread += (1.0 - layer) * worst
        beyond = (((price + theta) * layer, attach),) if layer > 0 and is_open else ()
        return _Form(of_spread, beyond, price * layer, attach)
    if layer == 0:
        return _Form(of_spread, ((price, tolerance),), 0.0, 0.0)
    if price <= theta:
        kept, asked = price, (theta - price) * layer
    else:
        kept, asked = (price * (1.0 - layer) if attach >= tolerance else 0.0), theta
        asked *= layer
    parts = ((kept, tolerance), (asked if is_open else 0.0, attach))
    return _Form(of_spread, parts, 0.0, 0.0)


def _capped(
    terms: RiskTerms, attach: float, sums: Sums, size: FloatArray, keeps: float
) -> FloatArray:
    """Return K at σ_0 and βN, £ a year: the mean of min(QσY, dB) in the worst years.

    It is dB where the quantile z Qσ is above that; else Qσφ(z)/(1 − α) less what
    is expected beyond dB in those years.
    """
    z = float(normal_quantile(terms.alpha))
    sigma = keeps * sums.sigma(size)
    cap = attach * sums.budget * size
    out = np.zeros(len(size))
    for k, (spread, most) in enumerate(zip(sigma, cap, strict=True)):
        if z * spread >= most:
            out[k] = 0.0 if spread <= 0 else most
            continue
        x = most / spread if spread > 0 else math.inf
        beyond = spread * (normal_pdf(x) - x * normal_above(x)) if x < 40 else 0.0
        out[k] = (spread * normal_pdf(z) - beyond) / (1.0 - terms.alpha)
    return out
