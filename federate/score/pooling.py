"""Pooled risk, contracts and tiers in figures."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from federate.criteria.liability import Exposure, exposure
from federate.criteria.tails import value_at_risk
from federate.criteria.tiers import FULL, PARTIAL, PROVIDER, tier_share
from federate.plan import Plan
from federate.problem import Problem
from federate.score.card import FederationScore

__all__ = ["contract_names", "contracts_taken", "pooled_figures", "pooled_totals"]


def contracts_taken(problem: Problem, plan: Plan) -> dict[str, int]:
    """Return the row of the menu that each federation takes, where it is not its own.

    As the plan states; or, where partners are limited, the cheapest that they can
    carry. Empty where each takes its cheapest.
    """
    pooled, index = problem.cost.pooled, problem.instance.index
    if pooled is None:
        return {}
    if plan.contracts:
        rows = {name: k for k, name in enumerate(pooled.names)}
        stated = plan.contracts.items()
        return {g: rows[name] for g, name in stated if name in rows}
    if not pooled.limits:
        return {}
    groups = [[index[code] for code in codes] for codes in plan.members.values()]
    chosen = pooled.contracts(groups)
    return {} if chosen is None else dict(zip(plan.members, chosen, strict=True))


def contract_names(problem: Problem, plan: Plan) -> tuple[str, ...]:
    """Return the contract of each federation, by the order of `Plan.members`.

    ``""``: none. As `contracts_taken` has it, or a federation's cheapest.
    """
    pooled, index = problem.pooled, problem.instance.index
    if pooled is None:
        return ("",) * plan.num_federations
    stated = contracts_taken(problem, plan)
    return tuple(
        pooled.names[stated[label]]
        if label in stated
        else pooled.weighed([index[code] for code in codes]).contract
        for label, codes in plan.members.items()
    )


def pooled_figures(
    problem: Problem, members: Sequence[int], contract: int | None = None
) -> dict[str, Any]:
    """Return the figures of risk of a federation, by the names of its card.

    Under a row of the menu, or its cheapest.
    """
    pooled = problem.pooled
    if pooled is None:
        return {}
    held, bare = pooled.weighed(members, contract), pooled.bare.weighed(members)
    owed = _exposure(problem, members, held.cvar_gbp)
    codes = problem.instance.practices.code
    terms = pooled.terms
    worst = value_at_risk(
        terms.tail, terms.alpha, terms.mean, bare.sigma_rel, bare.skew
    )
    return {
        "overspend_probability": held.overspend_probability,
        "contract": held.contract,
        "sigma_rel": bare.sigma_rel,
        "skew": bare.skew,
        "value_at_risk_gbp": max(0.0, worst) * bare.exposed_gbp,
        "bare_overspend_probability": bare.overspend_probability,
        "expected_overspend_gbp": held.expected_overspend_gbp,
        "cvar_gbp": held.cvar_gbp,
        "ceded_gbp": held.ceded_gbp,
        "premium_gbp": held.premium_gbp,
        "exposed_gbp": held.exposed_gbp,
        **_tiers(problem, members),
        "exposure_max_gbp": float(owed.member_gbp.max()),
        "exposure_gbp": {
            codes[i]: float(gbp)
            for i, gbp in zip(members, owed.member_gbp, strict=True)
        },
        "uncovered_gbp": owed.uncovered_gbp,
        "incentive": held.incentive,
    }


def _tiers(problem: Problem, members: Sequence[int]) -> dict[str, float | int]:
    """Return how many members each tier has, and shares of budget."""
    budget = problem.budget_gbp[members]
    if problem.tier is None or float(budget.sum()) <= 0:
        return {}
    tier = problem.tier[members]
    names = ("num_full_tier", "num_partial_tier", "num_provider_tier")
    return {
        **{
            name: int((tier == k).sum())
            for name, k in zip(names, (FULL, PARTIAL, PROVIDER), strict=True)
        },
        "full_tier_share": tier_share(budget, tier, FULL),
        "partial_tier_share": tier_share(budget, tier, PARTIAL),
    }


def _exposure(problem: Problem, members: Sequence[int], cvar_gbp: float) -> Exposure:
    """Return what each member answers for in the worst years, £, and what nobody does.

    Its own loss, where liability is several, is alone and without a contract.
    """
    asked, pooled = problem.scenario.tiers, problem.pooled
    assert pooled is not None
    income = asked.income_gbp_per_patient or 0.0
    persons = problem.list_size[members].astype(np.float64)
    own = np.zeros(len(members))
    if asked.liability == "several":
        own = np.array([pooled.bare.weighed([i]).cvar_gbp for i in members])
    return exposure(
        asked.liability,
        budget_gbp=problem.budget_gbp[members],
        own_tail_gbp=own,
        pool_tail_gbp=cvar_gbp,
        cap_gbp=persons * income * (asked.max_exposure_share or 0.0),
    )


def pooled_totals(cards: Sequence[FederationScore]) -> dict[str, float | int | None]:
    """Sum what is kept, ceded and paid over the federations.

    Means add up however federations depend on one another; the chance that they
    overspend together does not, and is left to simulation.
    """
    known = [card for card in cards if card.premium_gbp is not None]
    if not known:
        return dict.fromkeys(
            ("expected_overspend_gbp", "ceded_gbp", "premium_gbp", "num_contracts")
        )
    return {
        "expected_overspend_gbp": sum(c.expected_overspend_gbp or 0.0 for c in known),
        "ceded_gbp": sum(c.ceded_gbp or 0.0 for c in known),
        "premium_gbp": sum(c.premium_gbp or 0.0 for c in known),
        "num_contracts": sum(bool(c.contract) for c in known),
    }
