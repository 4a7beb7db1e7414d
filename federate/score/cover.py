"""Out-of-hours cover in figures: how near, how many bases, what they cost."""

import numpy as np

from federate.criteria.cover import contacts_per_year, cover_gbp
from federate.plan import Plan
from federate.practices.instance import Bases
from federate.problem import Problem

__all__ = ["THRESHOLDS_MIN", "cover_totals"]

# No national standard sets a drive time (Hansard, 22 April 2009), so several.
THRESHOLDS_MIN = (15, 20, 30, 60)
NAMES = (
    *(f"covered_{minutes}_min_share" for minutes in THRESHOLDS_MIN),
    "cover_mean_min",
    "cover_worst_min",
    "num_bases_open",
    "num_practices_uncovered",
    "bases_gbp",
    "base_contracts_gbp",
    "base_journeys_gbp",
)


def cover_totals(problem: Problem, plan: Plan) -> dict[str, float | int | None]:
    """Measure cover by the open bases; ``None`` where the plan opens none.

    Shares are of all registered patients, by minutes to the nearest open
    base; costs follow the plan's own choice of base for each practice.
    """
    bases = problem.instance.bases
    if bases is None or not plan.open_bases:
        return dict.fromkeys(NAMES)
    is_open = [b for b, code in enumerate(bases.code) if code in plan.open_bases]
    nearest = problem.travel.base_minutes[:, is_open].min(axis=1)
    patients = problem.list_size.astype(np.float64)
    total = max(float(patients.sum()), 1.0)
    near = {
        f"covered_{limit}_min_share": float(patients[nearest <= limit].sum()) / total
        for limit in THRESHOLDS_MIN
    }
    return {
        **near,
        "cover_mean_min": float(patients @ nearest) / total,
        "cover_worst_min": float(nearest.max()),
        "num_bases_open": len(is_open),
        "num_practices_uncovered": problem.n - len(plan.bases),
        **_costs(problem, plan, bases, is_open),
    }


def _costs(
    problem: Problem, plan: Plan, bases: Bases, is_open: list[int]
) -> dict[str, float | int | None]:
    """Price bases, contracts (one a federation and base) and journeys, £ a year."""
    asked = problem.scenario.cover
    fixed = bases.fixed_cost_gbp[is_open]
    fixed = np.where(np.isnan(fixed), asked.base_fixed_gbp, fixed)
    contacts = contacts_per_year(
        problem.list_size, contacts_per_1000=asked.contacts_per_1000
    )
    price = cover_gbp(
        contacts,
        problem.travel.base_minutes,
        gbp_per_contact_min=asked.travel_gbp_per_contact_min,
    )
    served = [
        (problem.instance.index[practice], bases.code.index(base))
        for practice, base in plan.bases.items()
    ]
    clients = {
        (plan.federation[practice] or practice, base)
        for practice, base in plan.bases.items()
    }
    return {
        "bases_gbp": float(fixed.sum()),
        "base_contracts_gbp": asked.contract_gbp * len(clients),
        "base_journeys_gbp": float(sum(price[i, b] for i, b in served)),
    }
