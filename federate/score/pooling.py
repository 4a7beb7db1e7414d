"""Pooled risk, contracts and tiers in figures."""

from collections.abc import Sequence
from typing import Any

from federate.criteria.tails import value_at_risk
from federate.problem import Problem
from federate.score.card import FederationScore

__all__ = ["pooled_figures", "pooled_totals"]


def pooled_figures(problem: Problem, members: Sequence[int]) -> dict[str, Any]:
    """Return the figures of risk of a federation, by the names of its card."""
    pooled = problem.pooled
    if pooled is None:
        return {}
    held, bare = pooled.weighed(members), pooled.bare.weighed(members)
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
        "exposure_max_gbp": _exposure(problem, members, held.cvar_gbp),
    }


def _tiers(problem: Problem, members: Sequence[int]) -> dict[str, float | int]:
    """Return how many members each tier has, and shares of budget."""
    budget = problem.budget_gbp[members]
    whole = float(budget.sum())
    if problem.tier is None or whole <= 0:
        return {}
    tier = problem.tier[members]
    names = ("num_full_tier", "num_partial_tier", "num_provider_tier")
    return {
        **{name: int((tier == k).sum()) for k, name in enumerate(names)},
        "full_tier_share": float(budget[tier == 0].sum()) / whole,
        "partial_tier_share": float(budget[tier == 1].sum()) / whole,
    }


def _exposure(problem: Problem, members: Sequence[int], cvar_gbp: float) -> float:
    """Return what the member that answers for most owes in the worst years, £.

    Joint: its share of the pool's loss by budget. Joint and capped: at most the
    cap on its income. Several: its own loss, alone and without a contract.
    """
    asked, pooled = problem.scenario.tiers, problem.pooled
    assert pooled is not None
    if asked.liability == "several":
        return max(pooled.bare.weighed([i]).cvar_gbp for i in members)
    budget = problem.budget_gbp[members]
    whole = float(budget.sum())
    if whole <= 0:
        return 0.0
    owed = cvar_gbp * budget / whole
    if asked.liability == "joint-capped":
        income = asked.income_gbp_per_patient or 0.0
        most = (asked.max_exposure_share or 0.0) * income
        owed = owed.clip(max=most * problem.list_size[members])
    return float(owed.max())


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
