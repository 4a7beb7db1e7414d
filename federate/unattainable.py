"""Proofs, before any search, that rules on risk, scale or counts cannot be kept.

Sentences for a planner, each with the number that would make the rule possible; see
``feasibility``, which tells them with its own.
"""

from collections.abc import Iterator
from math import ceil, floor, inf, isnan

import numpy as np

from federate.criteria.attainable import least_tolerance
from federate.criteria.least import most_sum
from federate.criteria.pooled import PooledRisk
from federate.criteria.risk_terms import BUDGET, FULL, PERSONS, WHOLE
from federate.problem import Problem

__all__ = ["unattainable"]

MOST_NAMED = 5


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
    if problem.alone_gbp is not None:
        return
    yield from _members(problem, areas)
    if problem.pooled is not None and not _is_hopeless(problem):
        yield from _risk(problem, problem.pooled, areas)
    pooled = problem.cost.pooled
    if pooled is None:
        return
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


def _is_hopeless(problem: Problem) -> bool:
    """Whether no population at all is large enough, as ``feasibility`` says."""
    return problem.kappa is not None and isnan(problem.kappa)


def _members(problem: Problem, areas: list[list[int]]) -> Iterator[str]:
    """Find areas that no number of federations divides by practices and patients.

    k federations hold between k·m and k·M practices, and have between k·L and k·U
    patients; as many as there are waived practices may lie below L.
    """
    if problem.practices_bounds is None:
        return
    fewest, most = problem.practices_bounds
    lower, upper = problem.size_bounds or (0.0, inf)
    for area in areas:
        patients = int(problem.list_size[area].sum())
        waived = len(set(problem.waived) & set(area))
        least = max(ceil(len(area) / most), ceil(patients / upper) if upper else 1)
        greatest = len(area) // fewest
        if lower > 0:
            greatest = min(greatest, floor(patients / lower) + waived)
        if least > greatest:
            bounds = problem.size_bounds
            size = f" and {lower:,.0f}-{upper:,.0f} patients" if bounds else ""
            yield (
                f"{_who(problem, area)} with {patients:,} patients are no whole number "
                f"of federations of {fewest:,}-{most:,} practices{size}: at least "
                f"{least:,} are needed and at most {greatest:,} possible; widen "
                f"rules.practices_bounds or rules.size_bounds"
            )


def _risk(
    problem: Problem, pooled: PooledRisk, areas: list[list[int]]
) -> Iterator[str]:
    """Say so where the common shock, or an area's size, alone breaks the rule."""
    risk = problem.scenario.risk
    everybody = np.array([i for area in areas for i in area], dtype=np.int64)
    if not len(everybody):
        return
    rule = (
        f"to keep overspends above {risk.tolerance:.2%} rarer than "
        f"{risk.max_probability or 0.0:.1%}"
    )
    contract = ", with any contract of the menu" if pooled.names != ("",) else ""
    least = least_tolerance(pooled.terms, everybody, inf)
    if least is not None and least > risk.tolerance:
        yield (
            f"no population is large enough {rule}{contract}: the shock that all "
            f"share alone exceeds that; raise risk.tolerance to {_up(least)}, lower "
            f"risk.tau_shock, or offer a contract that takes what is beyond"
        )
        return
    for area in areas:
        who = np.array(area, dtype=np.int64)
        parts = pooled.terms.parts[who]
        most = most_sum(parts[:, BUDGET], parts[:, PERSONS], pooled.most_persons)
        least = least_tolerance(pooled.terms, who, most) if most > 0 else None
        if least is not None and least > risk.tolerance:
            yield (
                f"{_who(problem, area)} are too few {rule}{contract}: even the "
                f"largest federation they allow overspends by {least:.2%} more often; "
                f"raise risk.tolerance to {_up(least)}, or offer a contract that "
                f"takes what is beyond"
            )


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
    for i in range(problem.n):
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
