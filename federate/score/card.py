"""The scorecard: figures only, each name ending in its unit."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["FederationScore", "Scorecard"]


@dataclass(frozen=True)
class FederationScore:
    """One federation in figures; names end in their unit.

    Parameters
    ----------
    federation, centre
        Label, and code of the lead practice.
    num_practices, patients, budget_gbp
        Members, registered persons, and what they would spend, £ a year.
    pieces
        Connected pieces in the neighbour graph; 1 is contiguous.
    travel_mean_min, travel_max_min
        Minutes to the centre: mean over patients, and the longest.
    likeness_mean
        Likeness of its members to the centre in [0, 1], mean over patients;
        ``None`` where nothing says what is alike.
    sigma_rel
        Standard deviation of a year's spend, as a fraction of the budget,
        before any contract.
    overspend_probability
        Chance of overspending by more than the scenario's tolerance, under the
        contract it takes.
    n_min_persons
        Least population at which a federation of such practices keeps the
        risk rule without a contract; ``None`` without a rule, or where no
        population does.
    running_gbp, running_gbp_per_head, running_gbp_per_member
        Running cost, £ a year.
    terms_gbp
        The named terms of its cost; they add up to it.
    contract
        Name of the contract it takes; ``""``: none.
    skew, value_at_risk_gbp
        Skew of a year's spend, and the overspend not passed in so many years as
        the scenario's CVaR level says, both before any contract.
    bare_overspend_probability
        Chance of overspending by more than the tolerance without a contract.
    expected_overspend_gbp, cvar_gbp
        What it keeps of the overspend: beyond the tolerance, in the mean of all
        years; and all of it, in the mean of the worst ones, £.
    ceded_gbp, premium_gbp
        Cost that the partner is expected to take over, and what that costs, £ a year.
    exposed_gbp
        Budget for whose overspend it answers, £ a year: all of it but for tiers.
    full_tier_share, partial_tier_share
        Shares of its budget with practices in the full and the partial tier.
    num_full_tier, num_partial_tier, num_provider_tier
        Member practices that bear all, part and none of their risk.
    exposure_max_gbp
        What the member that answers for most would owe in the worst years, £.
    exposure_gbp, uncovered_gbp
        What each member would owe in the worst years by the rule of liability, £, by
        code, and what caps leave to the commissioner.
    incentive
        Part of the next pound saved inside the budget that the federation keeps under
        its contract; less than 1 is moral hazard.
    allowance_used_share
        Running cost, and what is kept for innovation, as a share of the running-cost
        allowance; ``None`` where none is stated.
    """

    federation: str
    centre: str
    num_practices: int
    patients: int
    budget_gbp: float
    pieces: int
    travel_mean_min: float
    travel_max_min: float
    likeness_mean: float | None
    sigma_rel: float
    overspend_probability: float
    n_min_persons: float | None
    running_gbp: float
    running_gbp_per_head: float
    running_gbp_per_member: float
    terms_gbp: Mapping[str, float] = field(default_factory=dict)
    contract: str = ""
    skew: float | None = None
    value_at_risk_gbp: float | None = None
    bare_overspend_probability: float | None = None
    expected_overspend_gbp: float | None = None
    cvar_gbp: float | None = None
    ceded_gbp: float | None = None
    premium_gbp: float | None = None
    exposed_gbp: float | None = None
    full_tier_share: float | None = None
    partial_tier_share: float | None = None
    num_full_tier: int | None = None
    num_partial_tier: int | None = None
    num_provider_tier: int | None = None
    exposure_max_gbp: float | None = None
    exposure_gbp: Mapping[str, float] = field(default_factory=dict)
    uncovered_gbp: float | None = None
    incentive: float | None = None
    allowance_used_share: float | None = None


@dataclass(frozen=True)
class Scorecard:
    """A plan in figures: totals, terms in £ a year, and one row a federation.

    Parameters
    ----------
    objective_gbp
        Cost of the plan, as every engine values it.
    terms_gbp
        Its terms, summed over federations; ``alone`` is the price of the
        practices that stand alone.
    totals
        Figures over the whole plan, by name; what ``metrics.json`` holds.
        ``None`` where a figure does not apply, e.g. cover without bases.
    federations
        In the order of their labels.
    """

    objective_gbp: float
    terms_gbp: Mapping[str, float]
    totals: Mapping[str, float | int | None]
    federations: tuple[FederationScore, ...]
