"""What a federation's pooled risk costs, and how near it comes to its rules.

One compiled function, `judge_members`, from a federation's members to £ a year;
cost, search and columns all call it. The spend X of a federation, relative to its
exposed budget B, is

    X/B = 1 + μ + s·Y,   s² = (V + R)/B² + τ_s²,   V = Σ v_i,
    R = τ_c² Σ_i Σ_k e^{−d_ik/ℓ} b_i b_k,

with Y of skew γ = K3/(sB)³ (``federate.criteria.tails``). A contract may cut what
single patients cost above a threshold (V, K3 are then those that remain, and a
mean is ceded), take a quota q of all the rest, and take a layer of the overspend
that is left (``federate.criteria.layers``). What is expected to be ceded is paid for
out of the same budget, so a contract costs what is asked beyond that:

    premium = θ (cut + layer) + λ · sd(ceded) + (fee + κ E[saving beyond m]) B + F

The rule P ≤ ε is on surprises: a price agreed before the year is set aside in the
budget and surprises nobody, so an overspend counts by what is left of it, Z − L, and
a stop-loss at r caps it there ("retained overspend capped at d": the stop-loss that
Bachmann and Bevan, BMJ 1996;313:1054, call for). Money is another matter: expected
overspend and CVaR count the fair price as spent, or a contract would look free.
"""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import types

from federate.criteria.gain_share import expected_saving
from federate.criteria.layers import (
    layer_sd,
    retained_excess,
    retained_tail_mean,
    unforeseen_probability,
)
from federate.criteria.risk_terms import (
    ATTACH,
    BASE,
    BUDGET,
    EXPECTED_OVERSPEND,
    FEE,
    FIXED,
    FULL,
    GAIN,
    GAIN_BEYOND,
    LAYER,
    LIMIT,
    LOADING,
    MANAGEMENT,
    PERSONS,
    QUOTA,
    RISK_TERMS,
    SD_LOADING,
    SUPPORT,
    VARIANCE,
    WHOLE,
    RiskTerms,
)
from federate.criteria.scale import running_gbp, scale_benefit_gbp
from federate.criteria.tails import expected_layer
from federate.engine.compiled import entry

__all__ = [
    "SLACK",
    "judge",
    "judge_members",
    "regional_gbp2",
    "shared_gbp2",
    "strain_of_scale",
    "sums_of",
    "weigh",
]

# A strain above 1 by no more than this is rounding.
SLACK = 1e-12
_WORST = 1e9
Floats = npt.NDArray[np.float64]
_numba: Any = types
_FLOAT, _INT, _BOOL = types.float64, types.int64, types.boolean
_ROW = types.Array(types.float64, 1, "A")
_MEMBERS = types.Array(types.int64, 1, "A")


@entry(_numba.UniTuple(_FLOAT, 8)(RISK_TERMS, _INT, _ROW, _FLOAT, _BOOL, _BOOL))
def weigh(
    terms: RiskTerms,
    item: int,
    sums: Floats,
    region: float,
    with_beyond: bool,
    with_worst: bool,
) -> tuple[float, float, float, float, float, float, float, float]:
    """Return what one contract makes of a federation.

    Parameters
    ----------
    terms, item
        The model, and the row of its menu.
    sums
        Σ `parts` over the members, shape ``(q,)``.
    region
        R, £².
    with_beyond, with_worst
        Whether the fourth and the fifth figure are wanted; 0 where they are not.

    Returns
    -------
    tuple
        σ/B and skew of the spend, patients cut; P(Z − L > r); expected overspend
        that is kept beyond r, and CVaR of what is kept, £ a year; ceded, £ a year;
        premium and price of the risk kept, £ a year.
    """
    row = terms.menu[item]
    budget, base, premium = sums[BUDGET], int(row[BASE]), row[FIXED]
    if budget <= 0.0:
        return 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, premium, 0.0
    variance = sums[base] + region + (terms.tau_shock * budget) ** 2
    sigma = math.sqrt(variance) / budget
    skew = 0.0 if variance <= 0.0 else sums[base + 1] / variance**1.5
    cut, cut_sd = 0.0, 0.0
    if base != VARIANCE:
        cut, cut_sd = sums[base + 2], math.sqrt(sums[base + 3])
    quota = row[QUOTA]
    mean, spread = (1.0 - quota) * terms.mean, (1.0 - quota) * sigma
    tail, attach, limit, share = terms.tail, row[ATTACH], row[LIMIT], row[LAYER]
    taken = 0.0
    if share > 0.0:
        taken = share * expected_layer(tail, attach, limit, mean, spread, skew)
    premium += row[LOADING] * (cut + taken * budget)
    if row[SD_LOADING] > 0.0:
        ceded_sd = layer_sd(tail, attach, limit, share, mean, spread, skew)
        premium += row[SD_LOADING] * ((ceded_sd + quota * sigma) * budget + cut_sd)
    premium += row[FEE] * budget
    if row[GAIN] > 0.0:
        saved = expected_saving(tail, row[GAIN_BEYOND], terms.mean, sigma, skew)
        premium += row[GAIN] * saved * budget
    over = unforeseen_probability(
        tail, terms.tolerance, attach, limit, share, mean, spread, skew
    )
    beyond = worst = 0.0
    if with_beyond:
        beyond = budget * retained_excess(
            tail, terms.tolerance, attach, limit, share, mean, spread, skew
        )
    if with_worst:
        worst = budget * retained_tail_mean(
            tail, terms.alpha, attach, limit, share, mean, spread, skew
        )
    ceded = cut + taken * budget + quota * (budget * (1.0 + terms.mean) - cut)
    kept = beyond if terms.measure == EXPECTED_OVERSPEND else max(worst, 0.0)
    return sigma, skew, over, beyond, worst, ceded, premium, terms.price * kept


@entry(_FLOAT(_FLOAT, _FLOAT))
def strain(figure: float, most: float) -> float:
    """Return a figure over the most it may be; 1 or less keeps the rule."""
    if figure <= most:
        return figure / most if most > 0.0 else 0.0
    return figure / most if most > figure / _WORST else _WORST


@entry(_FLOAT(RISK_TERMS, _FLOAT, _ROW))
def strain_of_scale(terms: RiskTerms, count: float, sums: Floats) -> float:
    """Return the largest strain of the rules that hang on no contract.

    Full-tier share: φ Σ b_i ≤ Σ_full b_i. Allowance: F + f N + f_m m + ι B ≤ A·N.
    """
    out = 0.0
    if terms.full_share >= 0.0:
        out = strain(terms.full_share * sums[WHOLE], sums[FULL])
    if terms.allowance >= 0.0:
        size = sums[PERSONS]
        running = running_gbp(
            size, count, terms.fixed_gbp, terms.head_gbp, terms.member_gbp
        )
        spent = running + terms.innovation * sums[WHOLE]
        out = max(out, strain(spent, terms.allowance * size))
    return out


_JUDGED = _numba.Tuple((_FLOAT, _FLOAT, _INT))


@entry(_JUDGED(RISK_TERMS, _FLOAT, _ROW, _FLOAT, _FLOAT, _BOOL))
def judge(
    terms: RiskTerms,
    count: float,
    sums: Floats,
    region: float,
    cap: float,
    exempt: bool,
) -> tuple[float, float, int]:
    """Return the £ a year, the strain and the menu row of a federation.

    The row is the cheapest of those that keep every rule; where none does, the
    one of the least strain, ties by £ and then by the order of the menu.

    Parameters
    ----------
    terms
        The model.
    count
        Number of members.
    sums, region
        Σ `parts` over the members and R, as `weigh` takes them.
    cap
        The least `cap` among the members, or infinity.
    exempt
        Whether the rules of risk are waived.

    Returns
    -------
    tuple
        Premium, price of the risk kept and scale benefit in one; the largest
        ratio of a figure to what its rule allows, 1 or less where all are kept;
        row of the menu.
    """
    common = 0.0 if exempt else strain_of_scale(terms, count, sums)
    best, least, strained, chosen = math.inf, math.inf, math.inf, 0
    by_beyond = terms.price > 0.0 and terms.measure == EXPECTED_OVERSPEND
    by_worst = cap < math.inf or (terms.price > 0.0 and not by_beyond)
    for item in range(len(terms.menu)):
        found = weigh(terms, item, sums, region, by_beyond, by_worst)
        worst = common
        if not exempt:
            if terms.max_probability >= 0.0:
                worst = max(worst, strain(found[2], terms.max_probability))
            if cap < math.inf:
                worst = max(worst, strain(max(found[4], 0.0), cap * sums[BUDGET]))
            if terms.management_head > 0.0:
                held = sums[MANAGEMENT] + terms.menu[item, SUPPORT]
                worst = max(worst, strain(terms.management_head * sums[PERSONS], held))
        gbp = found[6] + found[7]
        level = max(worst, 1.0 + SLACK)
        if level < least or (level == least and gbp < best):
            best, least, strained, chosen = gbp, level, worst, item
    benefit = scale_benefit_gbp(
        sums[PERSONS], sums[WHOLE], terms.benefit, terms.benefit_persons
    )
    return best - benefit, strained, chosen


@entry(_FLOAT(RISK_TERMS, _INT, _INT))
def shared_gbp2(terms: RiskTerms, i: int, k: int) -> float:
    """Return τ_c² e^{−d_ik/ℓ} b_i b_k, £²: what two practices' regions share."""
    east = terms.place_m[i, 0] - terms.place_m[k, 0]
    north = terms.place_m[i, 1] - terms.place_m[k, 1]
    near = math.exp(-terms.per_m * math.sqrt(east * east + north * north))
    both = terms.parts[i, BUDGET] * terms.parts[k, BUDGET]
    return terms.tau_region * terms.tau_region * near * both


@entry(_FLOAT(RISK_TERMS, _MEMBERS))
def regional_gbp2(terms: RiskTerms, members: npt.NDArray[np.int64]) -> float:
    """Return R of a federation, £²."""
    out = 0.0
    if terms.tau_region <= 0.0:
        return out
    for a in range(len(members)):
        out += shared_gbp2(terms, members[a], members[a])
        for b in range(a):
            out += 2.0 * shared_gbp2(terms, members[a], members[b])
    return out


@entry(types.void(RISK_TERMS, _MEMBERS, _ROW))
def sums_of(terms: RiskTerms, members: npt.NDArray[np.int64], sums: Floats) -> None:
    """Write Σ `parts` over the members into `sums`."""
    sums[:] = 0.0
    for a in range(len(members)):
        for k in range(len(sums)):
            sums[k] += terms.parts[members[a], k]


@entry(_JUDGED(RISK_TERMS, _MEMBERS, _ROW))
def judge_members(
    terms: RiskTerms, members: npt.NDArray[np.int64], sums: Floats
) -> tuple[float, float, int]:
    """Return what `judge` does of the members, and their sums in `sums`."""
    sums_of(terms, members, sums)
    cap = math.inf
    if len(terms.cap) > 0:
        for i in members:
            cap = min(cap, terms.cap[i])
    exempt = len(members) == 1 and terms.exempt[members[0]]
    region = regional_gbp2(terms, members)
    return judge(terms, float(len(members)), sums, region, cap, exempt)
