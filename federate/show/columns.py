"""The figures shown of each federation: one list for page, sheets and files."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from federate.result import Result
from federate.scenario.schema import Scenario
from federate.score import FederationScore

__all__ = [
    "COLUMNS",
    "Column",
    "Figure",
    "Unit",
    "columns_of",
    "columns_shown",
    "num_broken",
    "stated",
]

Unit = Literal["count", "minutes", "share", "gbp", "number", "text"]
Figure = float | int | str | None
Topic = Literal["", "risk", "contracts", "tiers", "allowance"]


@dataclass(frozen=True)
class Column:
    """One figure of a federation: its key, heading, unit and where it is found.

    `key` is the name in files and ends in its unit; `hint` says how the figure
    is worked out; `in_table` whether it is worth a column of the page's table
    as well as a line among the details; `topic` what a scenario must ask about for
    the figure to be shown, ``""``: it always is.
    """

    key: str
    title: str
    unit: Unit
    hint: str
    of: Callable[[FederationScore], Figure]
    in_table: bool = True
    topic: Topic = ""


def _kept_gbp(row: FederationScore) -> float | None:
    """Return the budget that stays on the federation's own account, £ a year."""
    if row.exposed_gbp is None or row.ceded_gbp is None:
        return None
    return row.exposed_gbp - row.ceded_gbp


COLUMNS = (
    Column(
        "practices",
        "Practices",
        "count",
        "Number of member practices",
        lambda f: f.num_practices,
    ),
    Column(
        "patients",
        "Patients",
        "count",
        "Registered patients of all members",
        lambda f: f.patients,
    ),
    Column(
        "travel_mean_min",
        "Mean travel, min",
        "minutes",
        "Minutes from practice to lead practice, averaged over patients",
        lambda f: f.travel_mean_min,
    ),
    Column(
        "travel_max_min",
        "Worst travel, min",
        "minutes",
        "Minutes from the furthest member to the lead practice",
        lambda f: f.travel_max_min,
    ),
    Column(
        "overspend_probability",
        "Overspend risk",
        "share",
        "Chance in a year of spending over budget by more than the tolerance",
        lambda f: f.overspend_probability,
    ),
    Column(
        "bare_overspend_probability",
        "Risk without contract",
        "share",
        "Chance in a year of spending over budget by more than the tolerance, had it "
        "no contract",
        lambda f: f.bare_overspend_probability,
        topic="contracts",
    ),
    Column(
        "contract",
        "Contract",
        "text",
        "Contract that it takes, of the scenario's menu",
        lambda f: f.contract or "none",
        topic="contracts",
    ),
    Column(
        "premium_gbp",
        "Premium, £ a year",
        "gbp",
        "What the contract costs beyond the mean of what it pays, which is paid out of "
        "the same budget",
        lambda f: f.premium_gbp,
        topic="contracts",
    ),
    Column(
        "ceded_gbp",
        "Ceded, £ a year",
        "gbp",
        "Spend that the partner is expected to take over",
        lambda f: f.ceded_gbp,
        in_table=False,
        topic="contracts",
    ),
    Column(
        "kept_gbp",
        "Kept, £ a year",
        "gbp",
        "Exposed budget less what is ceded",
        _kept_gbp,
        in_table=False,
        topic="contracts",
    ),
    Column(
        "expected_overspend_gbp",
        "Mean overspend, £ a year",
        "gbp",
        "Overspend beyond the tolerance that it keeps, the mean of all years, good "
        "and bad",
        lambda f: f.expected_overspend_gbp,
        in_table=False,
        topic="risk",
    ),
    Column(
        "cvar_gbp",
        "Worst years, £",
        "gbp",
        "Overspend that it keeps in the mean of the worst years (CVaR at the "
        "scenario's level)",
        lambda f: f.cvar_gbp,
        topic="risk",
    ),
    Column(
        "sigma_share",
        "Spread of spend",
        "share",
        "Standard deviation of a year's spend as a share of the exposed budget, "
        "before any contract",
        lambda f: f.sigma_rel,
        in_table=False,
        topic="risk",
    ),
    Column(
        "exposed_gbp",
        "Exposed budget, £ a year",
        "gbp",
        "Budget for whose overspend it answers: all of it but for tiers",
        lambda f: f.exposed_gbp,
        in_table=False,
        topic="risk",
    ),
    *(
        Column(
            f"{tier}_tier_practices",
            f"{title} tier",
            "count",
            f"Member practices that bear {share} of their risk",
            of,
            in_table=False,
            topic="tiers",
        )
        for tier, title, share, of in (
            ("full", "Full", "all", lambda f: f.num_full_tier),
            ("partial", "Partial", "part", lambda f: f.num_partial_tier),
            ("provider", "Provider", "none", lambda f: f.num_provider_tier),
        )
    ),
    Column(
        "allowance_used_share",
        "Allowance used",
        "share",
        "Running cost, and what is kept for innovation, as a share of the running-cost "
        "allowance",
        lambda f: f.allowance_used_share,
        topic="allowance",
    ),
    Column(
        "n_min_persons",
        "Safe size",
        "count",
        "Fewest patients at which a federation like this keeps the risk rule",
        lambda f: f.n_min_persons,
    ),
    Column(
        "running_gbp_per_head",
        "Cost a head",
        "gbp",
        "Running cost of the federation a year, per patient",
        lambda f: f.running_gbp_per_head or None,
    ),
    Column(
        "likeness_mean",
        "Likeness",
        "number",
        "How alike members and lead practice are: 0 not at all, 1 wholly",
        lambda f: f.likeness_mean,
    ),
    Column(
        "pieces",
        "Pieces",
        "count",
        "Separate parts in the neighbour graph; 1 is contiguous",
        lambda f: f.pieces,
        in_table=False,
    ),
    Column(
        "budget_gbp",
        "Budget, £ a year",
        "gbp",
        "Expected spend of all members",
        lambda f: f.budget_gbp,
        in_table=False,
    ),
)


def stated(scenario: Scenario) -> frozenset[Topic]:
    """Return what a scenario asks about; ``""`` is always among it.

    Pooled risk is asked about where it is bounded, priced, insured or borne in tiers:
    every scenario has a model of spend, but not every planner an interest in it.
    """
    risk, tiers = scenario.risk, scenario.tiers
    asked: dict[Topic, bool] = {
        "": True,
        "contracts": bool(scenario.contracts.menu),
        "tiers": tiers.is_stated,
        "allowance": scenario.scale.allowance_gbp_per_head is not None,
    }
    asked["risk"] = (
        risk.max_probability is not None
        or risk.gbp_per_gbp_at_risk > 0
        or tiers.max_exposure_share is not None
        or asked["contracts"]
        or asked["tiers"]
    )
    return frozenset(topic for topic, is_asked in asked.items() if is_asked)


def columns_of(scenario: Scenario) -> tuple[Column, ...]:
    """Return the columns of a scenario: what it asks nothing about is left out."""
    topics = stated(scenario)
    return tuple(column for column in COLUMNS if column.topic in topics)


def columns_shown(
    rows: tuple[FederationScore, ...], scenario: Scenario
) -> tuple[Column, ...]:
    """Return the columns that say something: a figure in at least one row."""
    return tuple(
        column
        for column in columns_of(scenario)
        if any(column.of(row) is not None for row in rows)
    )


def num_broken(result: Result) -> Counter[str]:
    """Return how many rules each federation breaks; absent where none."""
    return Counter(v.federation for v in result.violations if v.federation)
