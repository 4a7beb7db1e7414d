"""The rules on one federation, looked at where its members are known (compiled)."""

import numpy as np

from federate.criteria.judge import SLACK, judge_members
from federate.engine.columns.enclosure import encloses
from federate.engine.columns.records import (
    BUDGET,
    COUNT,
    SIZE,
    SPREAD,
    WAIVED,
    Facts,
    Limits,
    Space,
)
from federate.engine.compiled import grown

__all__ = ["allowed", "bearing"]


@grown
def keeps_sets_whole(facts: Facts, space: Space) -> bool:
    """Whether every together-set has all or none of its practices inside."""
    inside = space.members[: int(space.tally[COUNT])]
    for i in inside:
        number = facts.group[i]
        if number >= 0:
            found = 0
            for k in inside:
                found += facts.group[k] == number
            if found != facts.group_size[number]:
                return False
    return True


@grown
def allowed(facts: Facts, limits: Limits, space: Space) -> bool:
    """Whether the present set keeps every rule on one federation."""
    tally = space.tally
    if not limits.fewest <= tally[COUNT] <= limits.most:
        return False
    if tally[SIZE] > limits.upper:
        return False
    if tally[SIZE] < limits.lower and tally[WAIVED] == 0:
        return False
    if limits.kappa2 >= 0.0 and tally[SPREAD] > limits.kappa2 * tally[BUDGET] ** 2:
        return False
    if not keeps_sets_whole(facts, space):
        return False
    return not (limits.no_donut and encloses(facts, limits, space))


@grown
def bearing(facts: Facts, limits: Limits, space: Space) -> float:
    """Return what pooled risk costs above its under-estimate, inf where none fits."""
    inside = space.members[: int(space.tally[COUNT])]
    gbp, strain, _ = judge_members(facts.terms, inside, space.sums)
    if strain > 1.0 + SLACK:
        return np.inf
    for i in inside:
        gbp -= facts.least[i]
    return float(max(0.0, gbp - limits.least))
