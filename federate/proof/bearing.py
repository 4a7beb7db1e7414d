"""Pooled risk of one federation, derived again: what it costs at least and at most.

The engine's closed forms are left aside for bisection and quadrature (``law``).
Figures are moved outward by `SLACK` of what was added up, far more than those are
off, and a rule counts as broken only where it is by more than `RULE_SLACK`.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from federate.criteria.risk_terms import (
    BASE,
    BUDGET,
    EXPECTED_OVERSPEND,
    FEE,
    FIXED,
    FULL,
    GAIN,
    GAIN_BEYOND,
    LOADING,
    MANAGEMENT,
    PERSONS,
    QUOTA,
    SD_LOADING,
    SUPPORT,
    VARIANCE,
    WHOLE,
    RiskTerms,
)
from federate.engine.compiled import grown
from federate.problem import Problem
from federate.proof.law import (
    BEYOND,
    KEPT,
    MEAN,
    OVER,
    PRICE,
    SHARE,
    SPREAD,
    SQUARE,
    law_of,
    mean_above,
    passes,
)

__all__ = ["bearing", "bearing_gbp"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SLACK, RULE_SLACK = 1e-9, 1e-8
# A cent would be too much; a millionth of a pound is a unit.
LEAST_SLACK_GBP = 1e-6


@grown
def sums_over(terms: RiskTerms, members: Ints, sums: Floats) -> float:
    """Write Σ parts into `sums`; return what the members' regions share, £²."""
    shared = 0.0
    for k in range(len(sums)):
        sums[k] = 0.0
        for i in members:
            sums[k] += terms.parts[i, k]
    for i in members:
        for j in members:
            if terms.tau_region > 0.0:
                east = terms.place_m[i, 0] - terms.place_m[j, 0]
                north = terms.place_m[i, 1] - terms.place_m[j, 1]
                near = math.exp(-terms.per_m * math.hypot(east, north))
                shared += near * terms.parts[i, BUDGET] * terms.parts[j, BUDGET]
    return float(terms.tau_region**2 * shared)


@grown
def breaks_scale(terms: RiskTerms, count: int, sums: Floats) -> bool:
    """Whether a rule that hangs on no contract is surely broken."""
    if terms.full_share >= 0.0:
        asked = terms.full_share * sums[WHOLE]
        if sums[FULL] < asked * (1.0 - RULE_SLACK):
            return True
    if terms.allowance >= 0.0:
        spent = terms.fixed_gbp + terms.head_gbp * sums[PERSONS]
        spent += terms.member_gbp * count + terms.innovation * sums[WHOLE]
        if spent > terms.allowance * sums[PERSONS] * (1.0 + RULE_SLACK):
            return True
    return False


@grown
def breaks_risk(terms: RiskTerms, law: Floats) -> bool:
    """Whether what the layer leaves passes r surely more often than ε."""
    if terms.max_probability < 0.0:
        return False
    score = passes(KEPT, law, terms.tolerance + law[PRICE])
    chance = 0.5 * math.erfc(score / math.sqrt(2.0))
    return bool(chance > terms.max_probability * (1.0 + RULE_SLACK))


@grown
def worst_of(terms: RiskTerms, law: Floats) -> float:
    """Return CVaR_α of what is kept, a share of budget, or 0."""
    low, high = -10.0, 10.0
    for _ in range(100):
        middle = 0.5 * (low + high)
        if 0.5 * math.erfc(middle / math.sqrt(2.0)) > 1.0 - terms.alpha:
            low = middle
        else:
            high = middle
    return float(max(0.0, mean_above(KEPT, law, high, 0.0) / (1.0 - terms.alpha)))


@grown
def premium_gbp(
    terms: RiskTerms, item: int, law: Floats, sigma: float, sums: Floats
) -> float:
    """Return what is asked beyond what is expected to be ceded, £ a year."""
    row, budget, base = terms.menu[item], sums[BUDGET], int(terms.menu[item, BASE])
    cut, cut_sd = 0.0, 0.0
    if base != VARIANCE:
        cut, cut_sd = sums[base + 2], math.sqrt(sums[base + 3])
    gbp = row[FIXED] + row[LOADING] * (cut + law[PRICE] * budget) + row[FEE] * budget
    if row[SD_LOADING] > 0.0:
        square = mean_above(SQUARE, law, -math.inf, 0.0)
        spread = math.sqrt(max(0.0, square - law[PRICE] ** 2)) + row[QUOTA] * sigma
        gbp += row[SD_LOADING] * (spread * budget + cut_sd)
    if row[GAIN] > 0.0:
        bare = law.copy()
        bare[MEAN], bare[SPREAD], bare[SHARE] = terms.mean, sigma, 0.0
        saved = mean_above(OVER, bare, -math.inf, -row[GAIN_BEYOND])
        saved -= row[GAIN_BEYOND] + terms.mean
        gbp += row[GAIN] * max(0.0, saved) * budget
    return float(gbp)


@grown
def under_contract(
    terms: RiskTerms, item: int, sums: Floats, shared: float, cap: float
) -> tuple[float, bool]:
    """Return what a contract costs, £ a year, and whether it surely breaks a rule."""
    row, budget = terms.menu[item], sums[BUDGET]
    held = sums[MANAGEMENT] + row[SUPPORT]
    if terms.management_head * sums[PERSONS] > held * (1.0 + RULE_SLACK):
        return 0.0, True
    if budget <= 0.0:
        return row[FIXED], False
    variance = sums[int(row[BASE])] + shared + (terms.tau_shock * budget) ** 2
    sigma = math.sqrt(variance) / budget
    third = sums[int(row[BASE]) + 1]
    law = law_of(terms, item, sigma, third / variance**1.5 if variance > 0.0 else 0.0)
    if breaks_risk(terms, law):
        return 0.0, True
    kept = 0.0
    if cap < math.inf or (terms.price > 0.0 and terms.measure != EXPECTED_OVERSPEND):
        kept = worst_of(terms, law)
        if kept > cap * (1.0 + RULE_SLACK):
            return 0.0, True
    if terms.price > 0.0 and terms.measure == EXPECTED_OVERSPEND:
        kept = mean_above(BEYOND, law, -math.inf, terms.tolerance)
    risk = terms.price * kept * budget
    return premium_gbp(terms, item, law, sigma, sums) + risk, False


@grown
def bearing(terms: RiskTerms, members: Ints, sums: Floats) -> tuple[float, float]:
    """Return what risk, contract and scale add to a cost, £ a year: at least, at most.

    Infinite where every contract surely breaks a rule; whom rules are waived for is
    the caller's to know. `sums` is scratch of as many figures as a practice has parts.
    """
    shared = sums_over(terms, members, sums)
    cap = math.inf
    for i in members:
        if len(terms.cap) > 0:
            cap = min(cap, terms.cap[i])
    if breaks_scale(terms, len(members), sums):
        return math.inf, math.inf
    least = math.inf
    for item in range(len(terms.menu)):
        found, broken = under_contract(terms, item, sums, shared, cap)
        if not broken:
            least = min(least, found)
    saved = 0.0
    if terms.benefit > 0.0:
        saved = -math.expm1(-sums[PERSONS] / terms.benefit_persons)
        saved *= terms.benefit * sums[WHOLE]
    if least == math.inf:
        return math.inf, math.inf
    slack = SLACK * (least + saved) + LEAST_SLACK_GBP
    return least - saved - slack, least - saved + slack


def bearing_gbp(
    problem: Problem, members: Sequence[int], contract: int | None = None
) -> tuple[float, float]:
    """Return `bearing` of some practices, under a row of the menu or the cheapest."""
    pooled: Any = problem.cost.pooled
    if pooled is None:
        return 0.0, 0.0
    held = pooled if contract is None else pooled.items[contract]
    terms = held.terms
    if len(members) == 1 and terms.exempt[members[0]]:
        # Rules are waived; what they would forbid still has its cost.
        terms = waived(terms)
    sums = np.zeros(terms.parts.shape[1])
    low, high = bearing(terms, np.array(members, dtype=np.int64), sums)
    return float(low), float(high)


def waived(terms: RiskTerms) -> RiskTerms:
    """Return the same terms without any rule."""
    return terms._replace(
        max_probability=-1.0,
        allowance=-1.0,
        management_head=0.0,
        full_share=-1.0,
        cap=terms.cap[:0],
    )
