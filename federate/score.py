"""Plan → scorecard: every criterion in its own unit and in £ a year."""

from dataclasses import dataclass, field

from federate.plan import Plan
from federate.problem import Problem

__all__ = ["FederationScore", "Scorecard", "score"]


@dataclass(frozen=True)
class FederationScore:
    """One federation in figures; names end in their unit.

    `terms_gbp` are the named terms of its cost. `n_min_persons` is the least
    population at which a federation like this keeps the risk rule.
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
    terms_gbp: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Scorecard:
    """A plan in figures: totals, terms in £ a year, and one row a federation.

    `totals` maps metric names (each ends in its unit) to figures; see
    ``federate/score.py`` for the list; it is what ``metrics.json`` holds.
    """

    objective_gbp: float
    terms_gbp: dict[str, float]
    totals: dict[str, float | int | None]
    federations: tuple[FederationScore, ...]


def score(problem: Problem, plan: Plan) -> Scorecard:
    """Return the scorecard of `plan` under `problem`."""
    raise NotImplementedError
