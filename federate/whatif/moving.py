"""Who moves between a plan and another, as one number and as prices for engines.

A federation carries on the group that its lead comes from; where several do, the
one with most of the group's patients does. Whoever is in another federation than
the one that carries on their group, or stands alone, moves. Practices that stood
alone before belong to no group and join for nothing.

Two prices of i led from c, in persons, bound that number from both sides:

* by group: n_i where c is of another group. Never more than move, since a group
  that is split counts as staying on both sides; a bound for every plan.
* by anchor: n_i where c is not the one practice that stands for i's group. Never
  less than move; exact for plans that are led from the anchors.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from federate.criteria.disruption import disruption_gbp
from federate.draft import Draft
from federate.plan import Plan
from federate.problem import Problem

__all__ = [
    "carriers",
    "largest_first",
    "least_by_size",
    "leaving_persons",
    "moved_by_anchor",
    "moved_by_federation",
    "moved_by_group",
    "patients_moved",
    "well_led",
]

FloatArray = npt.NDArray[np.float64]


def carriers(problem: Problem, before: Plan, after: Plan) -> dict[str, str]:
    """Return the federation of `after` that carries on each group of `before`."""
    size = _sizes(problem)
    shares: dict[str, dict[str, int]] = {}
    for label, members in after.members.items():
        group = before.federation[after.centre[label]]
        inside = sum(size[code] for code in members if before.federation[code] == group)
        if group:
            shares.setdefault(group, {})[label] = inside
    return {
        group: max(parts, key=lambda label: parts[label])
        for group, parts in shares.items()
    }


def well_led(problem: Problem, before: Plan, plan: Plan) -> Plan:
    """Return a plan led as cheaply as may be, so that nobody more moves.

    A federation that carries a group on is led from that group; the lead stays
    within the travel limit of every member.
    """
    index, carried = problem.instance.index, carriers(problem, before, plan)
    groups = {label: group for group, label in carried.items()}
    centre = {}
    for label, codes in plan.members.items():
        members = [index[code] for code in codes]
        stays = groups.get(label, "")
        leads = [
            i
            for i, code in zip(members, codes, strict=True)
            if (not stays or before.federation[code] == stays)
            and (problem.reachable is None or problem.reachable[members, i].all())
        ]
        leads = leads or [index[plan.centre[label]]]
        cost = problem.cost.assign_gbp[np.ix_(members, leads)].sum(axis=0)
        centre[label] = problem.instance.practices.code[leads[int(np.argmin(cost))]]
    return replace(plan, centre=centre)


def patients_moved(problem: Problem, before: Plan, after: Plan) -> int:
    """Return the patients who move."""
    return sum(moved_by_federation(problem, before, after).values())


def moved_by_federation(problem: Problem, before: Plan, after: Plan) -> dict[str, int]:
    """Return the patients who move out of each federation."""
    size, carried = _sizes(problem), carriers(problem, before, after)
    return {
        group: sum(size[code] for code in members if after.federation[code] != home)
        for group, members in before.members.items()
        for home in [carried.get(group)]
    }


def largest_first(problem: Problem, codes: Sequence[str]) -> list[str]:
    """Return practices by their lists, the largest first."""
    size = _sizes(problem)
    return sorted(codes, key=lambda code: (-size[code], code))


def moved_by_group(problem: Problem, before: Plan) -> FloatArray:
    """Return n_i where c is of another group than i, shape ``(n, n)``, persons."""
    groups = [before.federation[code] for code in problem.instance.practices.code]
    return disruption_gbp(problem.list_size, groups, gbp_per_patient=1.0)


def moved_by_anchor(
    problem: Problem, before: Plan, anchors: Mapping[str, str]
) -> FloatArray:
    """Return n_i where c is not the anchor of i's group, shape ``(n, n)``, persons."""
    codes, index = problem.instance.practices.code, problem.instance.index
    patients = problem.list_size.astype(np.float64)
    out = np.repeat(patients[:, None], problem.n, axis=1)
    for i, code in enumerate(codes):
        group = before.federation[code]
        if not group:
            out[i] = 0.0
        elif group in anchors:
            out[i, index[anchors[group]]] = 0.0
    return out


def least_by_size(problem: Problem, before: Plan) -> int:
    """Return patients who move in any plan, since their group is too large.

    One federation carries a group on, and has at most U patients or one oversize
    practice alone. So of a group g at most the largest sum of some of its lists that
    is not above U stays, or its largest oversize list:

    moved ≥ Σ_g ( n(g) − max { Σ_{i∈s} n_i ≤ U : s ⊆ g } )
    """
    if problem.size_bounds is None:
        return 0
    upper, index = problem.size_bounds[1], problem.instance.index
    own = set(problem.oversize)
    total = 0
    for members in before.members.values():
        sizes = {index[code]: int(problem.list_size[index[code]]) for code in members}
        sums = {0}
        for i, size in sizes.items():
            if i not in own:
                sums |= {have + size for have in sums if have + size <= upper}
        alone = max((size for i, size in sizes.items() if i in own), default=0)
        total += sum(sizes.values()) - max(*sums, alone)
    return total


def leaving_persons(problem: Problem, before: Plan, draft: Draft) -> FloatArray:
    """Return the patients that move if i stands alone, shape ``(n,)``, persons.

    None where it stood alone before; more than all where it is locked.
    """
    locked = {*draft.now.frozen, *draft.now.grown}
    out = problem.list_size.astype(np.float64)
    for i, code in enumerate(problem.instance.practices.code):
        group = before.federation[code]
        if not group:
            out[i] = 0.0
        elif group in locked:
            out[i] += 1.0 + float(problem.list_size.sum())
    return out


def _sizes(problem: Problem) -> dict[str, int]:
    codes = problem.instance.practices.code
    return dict(zip(codes, problem.list_size.tolist(), strict=True))
