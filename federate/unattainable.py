"""Proofs, before any search, that rules on risk, scale or members cannot be kept.

Sentences for a planner, each with the number that would make the rule possible; see
``feasibility``, which tells them with its own.
"""

from collections.abc import Iterator
from math import ceil, exp, hypot, inf, isnan, sqrt

import numpy as np
import numpy.typing as npt

from federate.criteria.attainable import least_tolerance
from federate.criteria.least import most_sum
from federate.criteria.pooled import PooledRisk
from federate.criteria.risk_terms import (
    BASE,
    BUDGET,
    FULL,
    PERSONS,
    WHOLE,
    RiskTerms,
    frozen,
)
from federate.criteria.tails import value_at_risk
from federate.problem import Problem

__all__ = ["unattainable"]

MOST_NAMED = 5
IntArray = npt.NDArray[np.int64]


def unattainable(problem: Problem, areas: list[list[int]]) -> Iterator[str]:
    """Yield why no plan can keep the rules on members, risk, tiers and scale.

    Parameters
    ----------
    problem
        What is asked; where joining is voluntary, everybody may stand alone and
        nothing is yielded.
    areas
        The sets that no federation can cross, oversize practices left out.
    """
    pooled = problem.cost.pooled
    if problem.alone_gbp is not None:
        return
    if pooled is None:
        if problem.pooled is not None and problem.kappa is not None:
            yield from _too_few(problem, problem.pooled.bare, areas)
        return
    yield from _risk(problem, pooled, areas)
    yield from _full_tier(problem, pooled, areas)
    yield from _allowance(problem, pooled)
    yield from _several(problem, pooled)


def _who(problem: Problem, area: list[int]) -> str:
    """Return the name of an area: all practices, or those it holds."""
    if len(area) == problem.n - len(problem.oversize):
        return f"the {len(area):,} practices"
    code = problem.instance.practices.code
    listed = ", ".join(code[i] for i in area[:MOST_NAMED])
    more = len(area) - MOST_NAMED
    return (
        f"{listed}{f' and {more:,} more' if more > 0 else ''}, cut off from the rest,"
    )


def _risk(
    problem: Problem, pooled: PooledRisk, areas: list[list[int]]
) -> Iterator[str]:
    """Say so where the common shock, or an area's size, alone breaks the rule."""
    everybody = np.array([i for area in areas for i in area], dtype=np.int64)
    if not len(everybody):
        return
    least = least_tolerance(pooled.terms, everybody, inf)
    if least is None or least <= problem.scenario.risk.tolerance:
        yield from _too_few(problem, pooled, areas)
        return
    yield (
        f"no population is large enough {_asked(problem, pooled)}: the shock that all "
        f"share alone exceeds that; raise risk.tolerance to {_up(least)}, lower "
        f"risk.tau_shock, or offer a contract that takes what is beyond"
    )


def _asked(problem: Problem, pooled: PooledRisk) -> str:
    """Return the rule on risk in words."""
    risk = problem.scenario.risk
    contract = ", with any contract of the menu" if pooled.names != ("",) else ""
    return (
        f"to keep overspends above {risk.tolerance:.2%} rarer than "
        f"{risk.max_probability or 0.0:.1%}{contract}"
    )


def _too_few(
    problem: Problem, pooled: PooledRisk, areas: list[list[int]]
) -> Iterator[str]:
    """Find areas in which no set of practices that a federation may hold is safe."""
    tolerance = problem.scenario.risk.tolerance
    if isnan(problem.kappa or 0.0):  # no population keeps the rule: told apart
        return
    for area in areas:
        who = np.array(area, dtype=np.int64)
        parts = pooled.terms.parts[who]
        most = most_sum(parts[:, BUDGET], parts[:, PERSONS], pooled.most_persons)
        terms = _within(pooled.terms, who)
        least = _least_of_any(terms, who, most) if most > 0 else None
        if least is not None and least > tolerance:
            yield (
                f"{_who(problem, area)} are too few {_asked(problem, pooled)}: even "
                f"the steadiest federation they allow overspends by {least:.2%} more "
                f"often; raise risk.tolerance to {_up(least)} or more"
                f"{_as_one(pooled, who)}, or offer a contract that takes what is beyond"
            )


def _within(terms: RiskTerms, who: IntArray) -> RiskTerms:
    """Return terms that make no set of some practices riskier, their region split.

    Two of them are at most D apart, so their regions share at least ρ = e^{−D/ℓ} of
    the shock: R = τ_c² Σ_i Σ_k e^{−d_ik/ℓ} b_i b_k ≥ ρ τ_c² B² + (1 − ρ) τ_c² Σ_i b_i².
    The first part is a shock that all share.
    """
    span = np.ptp(terms.place_m[who], axis=0)
    shared = exp(-terms.per_m * hypot(span[0], span[1]))
    return terms._replace(
        tau_shock=hypot(terms.tau_shock, sqrt(shared) * terms.tau_region),
        tau_region=sqrt(1 - shared) * terms.tau_region,
    )


def _least_of_any(terms: RiskTerms, who: IntArray, most_gbp: float) -> float | None:
    """Return a tolerance below which no federation of some practices keeps the rule.

    `least_tolerance` takes the least w_i/b_i over one budget as the least spread. Of
    all sets of budget B the steadiest spread at least W(B)/B², W(B) being the least
    sum of w that fills B, shares of practices allowed: practices in rising order of
    w_i/b_i. W is convex and made of straight pieces of which none starts above the
    origin, so that W(B)/B² is least where one of them ends, or at the largest budget.
    It is handed on as the budget at which the first bound is as sharp.
    """
    found = []
    for row in terms.menu:
        budget = terms.parts[who, BUDGET]
        if not (budget > 0).all():
            return None
        own = terms.parts[who, int(row[BASE])] + (terms.tau_region * budget) ** 2
        ratio = own / budget
        order = np.argsort(ratio, kind="stable")
        filled, spread = np.cumsum(budget[order]), np.cumsum(own[order])
        at = np.append(filled[filled <= most_gbp], min(most_gbp, filled[-1]))
        ends = np.interp(at, np.append(0.0, filled), np.append(0.0, spread))
        steadiest = float((ends / at**2).min())
        alone = terms._replace(menu=frozen(row[None, :]))
        if steadiest <= 0:
            return None
        least = least_tolerance(alone, who, float(ratio.min()) / steadiest)
        if least is None:
            return None
        found.append(least)
    return min(found)


def _as_one(pooled: PooledRisk, who: IntArray) -> str:
    """Return the tolerance that all of them keep as one federation, where they may."""
    terms = pooled.terms
    persons = float(terms.parts[who, PERSONS].sum())
    if pooled.names != ("",) or persons > pooled.most_persons:
        return ""
    held = pooled.weighed(who)
    enough = value_at_risk(
        terms.tail, 1 - terms.max_probability, terms.mean, held.sigma_rel, held.skew
    )
    return f" (all of them as one federation keep {_up(enough)})"


def _up(share: float) -> str:
    """Return a share rounded up to hundredths of a per cent."""
    return f"{ceil(share * 1e4) / 1e4:.2%}"


def _full_tier(
    problem: Problem, pooled: PooledRisk, areas: list[list[int]]
) -> Iterator[str]:
    """Find areas whose budget in full-tier hands falls short of the share asked."""
    asked = pooled.terms.full_share
    for area in areas if asked >= 0 else ():
        whole = float(pooled.terms.parts[area, WHOLE].sum())
        full = float(pooled.terms.parts[area, FULL].sum())
        if full < asked * whole * (1 - 1e-9):
            yield (
                f"{_who(problem, area)} have {full / whole:.1%} of their budget with "
                f"practices of the full tier, and each federation needs {asked:.1%}; "
                f"lower tiers.min_full_share to {full / whole:.3f} or the thresholds "
                f"of the full tier"
            )


def _allowance(problem: Problem, pooled: PooledRisk) -> Iterator[str]:
    """Say so where even the largest federation would run over the allowance."""
    terms = pooled.terms
    free = np.ones(problem.n, dtype=np.bool_)
    free[list(problem.oversize)] = False
    if terms.allowance < 0 or not free.any() or pooled.most_persons <= 0:
        return
    persons = np.maximum(terms.parts[free, PERSONS], 1.0)
    kept = terms.innovation * float((terms.parts[free, WHOLE] / persons).min())
    once = (terms.fixed_gbp + terms.member_gbp) / pooled.most_persons
    least = once + terms.head_gbp + kept
    if least > terms.allowance * (1 + 1e-9):
        yield (
            f"no federation runs on £{terms.allowance:,.2f} a head: even one of "
            f"{pooled.most_persons:,.0f} patients needs £{least:,.2f}; raise "
            f"scale.allowance_gbp_per_head to {ceil(least * 100) / 100:.2f}, or let "
            f"federations be larger"
        )


def _several(problem: Problem, pooled: PooledRisk) -> Iterator[str]:
    """Find practices that, each for its own, answer for more than they may."""
    tiers = problem.scenario.tiers
    if tiers.liability != "several" or tiers.max_exposure_share is None:
        return
    most = tiers.max_exposure_share * (tiers.income_gbp_per_patient or 0.0)
    over = []
    for i in set(range(problem.n)) - set(problem.oversize):
        owed = pooled.bare.weighed([i]).cvar_gbp
        cap = most * float(problem.list_size[i])
        if owed > cap * (1 + 1e-9):
            over.append((owed / cap if cap > 0 else inf, i))
    if over:
        worst, i = max(over)
        code = problem.instance.practices.code[i]
        yield (
            f"{len(over):,} practices, each answering for its own overspend, pass "
            f"the cap, {code} by {worst:.1f} times: no grouping changes that; take "
            f'tiers.liability = "joint" or raise tiers.max_exposure_share to '
            f"{ceil(tiers.max_exposure_share * worst * 100) / 100:.2f}"
        )
