"""The prices of a certificate in whole units, and what every plan pays at them."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf

import numpy as np
import numpy.typing as npt

from federate.evidence import Evidence
from federate.plan import Plan
from federate.problem import Problem
from federate.proof.bearing import bearing_gbp
from federate.proof.units import down, nearest, units_down

__all__ = [
    "LARGEST_GBP",
    "Prices",
    "alone_groups",
    "federation_gbp",
    "own_units",
    "plan_gbp",
]

IntArray = npt.NDArray[np.int64]

LARGEST_GBP = 2.0**40
"""Prices or costs beyond this, all in all, would not fit whole units."""


@dataclass(frozen=True, eq=False)
class Prices:
    """π, μ and σ ≥ 0 in whole units; `sets` as `Evidence` has them."""

    practice: IntArray
    count: int
    sets: IntArray
    cut: IntArray

    @classmethod
    def of(cls, problem: Problem, evidence: Evidence) -> "Prices":
        """Round the prices of some evidence; idle cuts are left out.

        A price μ < 0 counts for nothing where the number of federations has no
        upper limit, so 0 is taken in its place.

        Raises
        ------
        OverflowError
            If the prices or the costs are beyond what whole units hold.
        """
        _refuse_large(problem, evidence)
        cut = nearest(evidence.cut_gbp)
        active = cut > 0
        count = int(nearest(np.array([evidence.count_gbp]))[0])
        if problem.num_federations[1] is None:
            count = max(0, count)
        return cls(
            nearest(evidence.practice_gbp),
            count,
            evidence.sets[active],
            cut[active],
        )

    def fixed(self, problem: Problem) -> int:
        """Return what every plan pays at these prices, whatever its federations.

        own + Σ_i π_i + μ·(fewest, or most where μ < 0) − Σ_T σ_T·⌊|T| / 2⌋
            + Σ min(0, alone − π of standing alone)
        """
        own = set(problem.oversize)
        fewest, most = problem.num_federations
        count = max(0, fewest - len(own))
        if self.count < 0 and most is not None:
            count = most - len(own)
        total = own_units(problem)
        total += sum(int(self.practice[i]) for i in range(problem.n) if i not in own)
        pairs = (self.sets >= 0).sum(axis=1) // 2
        total += self.count * count - int(self.cut @ pairs)
        return total + sum(min(0, reduced) for reduced in self._alone(problem))

    def _alone(self, problem: Problem) -> list[int]:
        """Return the reduced cost of each practice or set that may stand alone."""
        return [
            cost - int(self.practice[list(group)].sum())
            for group, cost in alone_groups(problem)
        ]


_NOTHING = Fraction(0)


def own_units(problem: Problem) -> int:
    """Return what the practices above the upper bound cost, units, rounded down."""
    own = (federation_gbp(problem, [i], i) for i in problem.oversize)
    return units_down(sum(own, _NOTHING))


def alone_groups(problem: Problem) -> list[tuple[tuple[int, ...], int]]:
    """Return who may stand alone, sets together, at what cost in units."""
    if problem.alone_gbp is None:
        return []
    own = set(problem.oversize)
    tied = {i for group in problem.together for i in group}
    groups = [*problem.together, *((i,) for i in range(problem.n) if i not in tied)]
    alone = down(problem.alone_gbp)
    return [(g, int(alone[list(g)].sum())) for g in groups if own.isdisjoint(g)]


def plan_gbp(problem: Problem, plan: Plan) -> Fraction:
    """Return the exact cost of a plan, £ a year: no rounding but of pooled risk, up.

    Σ_g cost(g, centre) + Σ alone over those in no federation
    """
    index = problem.instance.index
    pooled = problem.cost.pooled
    names = () if pooled is None else pooled.names
    rows: dict[str | None, int] = {name: k for k, name in enumerate(names)}
    total = _NOTHING
    for label, codes in plan.members.items():
        members = [index[code] for code in codes]
        lead, taken = index[plan.centre[label]], rows.get(plan.contracts.get(label))
        total += federation_gbp(problem, members, lead, taken, at_most=True)
    if problem.alone_gbp is not None:
        alone = [index[code] for code, label in plan.federation.items() if not label]
        total += sum((Fraction(float(problem.alone_gbp[i])) for i in alone), _NOTHING)
    return total


def federation_gbp(
    problem: Problem,
    members: Sequence[int],
    centre: int,
    contract: int | None = None,
    *,
    at_most: bool = False,
) -> Fraction:
    """Return the exact cost of one federation, £ a year, but for its pooled risk.

    Of that what it is at least, or at most (``bearing``), under a row of the menu or
    the cheapest. Where a federation breaks the rules under every contract, as scored.
    """
    cost = problem.cost
    patients = sum(int(problem.list_size[i]) for i in members)
    total = Fraction(cost.fixed_gbp) + Fraction(cost.gbp_per_head) * patients
    total += Fraction(cost.gbp_per_member) * len(members)
    if cost.target_size is not None:
        away = abs(patients - Fraction(cost.target_size))
        total += Fraction(cost.deviation_gbp_per_person) * away
    assigned = cost.assign_gbp[list(members), centre].tolist()
    low, high = bearing_gbp(problem, members, contract)
    total += (
        Fraction(high if at_most else low)
        if high < inf
        else Fraction(cost.risk_gbp(members, contract))
    )
    total += _cut_gbp(problem, members)
    return total + sum((Fraction(gbp) for gbp in assigned), _NOTHING)


def _cut_gbp(problem: Problem, members: Sequence[int]) -> Fraction:
    """Return p/2 for each pair of neighbours of which just one is a member."""
    priced = problem.cost.cut_edges
    if priced is None:
        return _NOTHING
    inside = set(members)
    within = sum(i in inside and k in inside for i, k in problem.graph.pairs.tolist())
    ends = sum(int(priced.num_neighbours[i]) for i in members)
    return Fraction(priced.gbp_per_pair) * (ends - 2 * within) / 2


def _refuse_large(problem: Problem, evidence: Evidence) -> None:
    cost = problem.cost
    patients = float(problem.list_size.sum())
    most = problem.num_federations[1] or problem.n
    largest = (
        float(np.abs(evidence.practice_gbp).sum()),
        float(evidence.cut_gbp.sum()) * evidence.sets.shape[1],
        abs(evidence.count_gbp) * most,
        cost.fixed_gbp * problem.n,
        (cost.gbp_per_head + cost.deviation_gbp_per_person) * patients,
        cost.deviation_gbp_per_person * (cost.target_size or 0.0),
        cost.gbp_per_member * problem.n,
        float(np.abs(cost.assign_gbp).max(axis=1).sum()),
        0.0 if cost.cut_edges is None else float(cost.cut_edges.alone_gbp.sum()),
    )
    if not sum(largest) < LARGEST_GBP:
        raise OverflowError(
            f"the prices and costs add up to more than £{LARGEST_GBP:,.0f} a year, "
            f"or are no numbers"
        )
