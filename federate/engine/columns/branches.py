"""One step in the search tree: a practice in, out again, and the branch without it."""

import numpy as np
import numpy.typing as npt

from federate.engine.columns.parting import Net, exclude, include, restore, stow
from federate.engine.columns.records import (
    ABOVE,
    BUDGET,
    COUNT,
    ENDS,
    EXCLUDED,
    GAIN,
    INSIDE,
    LOST,
    OPEN,
    PAIRS,
    SIZE,
    SPREAD,
    WAIVED,
    Cut,
    Facts,
    Limits,
    Space,
)
from federate.engine.compiled import grown

__all__ = ["descend", "enter", "reopen", "reset", "turn"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@grown
def reset(
    centre: int,
    order: Ints,
    profit: Floats,
    facts: Facts,
    limits: Limits,
    cut: Cut,
    space: Space,
) -> float:
    """Start from the centre alone; return the lower bound that may still apply."""
    space.state[:] = EXCLUDED
    space.touch[:] = 0 if limits.connected else 1
    space.hit[:] = 0
    space.tally[:] = 0.0
    waived = facts.waived[centre]
    for j in order:
        space.state[j] = OPEN
        waived = waived or facts.waived[j]
    enter(centre, profit, facts, cut, space)
    return 0.0 if waived else limits.lower


@grown
def enter(j: int, profit: Floats, facts: Facts, cut: Cut, space: Space) -> None:
    """Include practice j."""
    tally = space.tally
    space.state[j] = INSIDE
    space.members[int(tally[COUNT])] = j
    lost = facts.ends[j] - (facts.graph_ptr[j + 1] - facts.graph_ptr[j])
    for e in range(facts.graph_ptr[j], facts.graph_ptr[j + 1]):
        k = facts.graph[e]
        space.touch[k] += 1
        tally[PAIRS] += space.state[k] == INSIDE
        lost += space.state[k] == EXCLUDED
    tally[LOST] += lost
    tally[GAIN] += profit[j]
    for e in range(cut.ptr[j], cut.ptr[j + 1]):
        k = cut.of[e]
        space.hit[k] += 1
        if space.hit[k] % 2 == 0:
            tally[GAIN] -= cut.sigma[k]
    tally[SIZE] += facts.patients[j]
    tally[BUDGET] += facts.budget[j]
    tally[SPREAD] += facts.variance[j]
    tally[WAIVED] += facts.waived[j]
    tally[COUNT] += 1
    tally[ENDS] += facts.ends[j]
    tally[ABOVE] += facts.above[j]


@grown
def leave(j: int, facts: Facts, cut: Cut, space: Space) -> None:
    """Take practice j back and exclude it; the caller restored gain and loss."""
    tally = space.tally
    space.state[j] = EXCLUDED
    for e in range(facts.graph_ptr[j], facts.graph_ptr[j + 1]):
        k = facts.graph[e]
        space.touch[k] -= 1
        tally[PAIRS] -= space.state[k] == INSIDE
        tally[LOST] += space.state[k] == INSIDE
    for e in range(cut.ptr[j], cut.ptr[j + 1]):
        space.hit[cut.of[e]] -= 1
    tally[SIZE] -= facts.patients[j]
    tally[BUDGET] -= facts.budget[j]
    tally[SPREAD] -= facts.variance[j]
    tally[WAIVED] -= facts.waived[j]
    tally[COUNT] -= 1
    tally[ENDS] -= facts.ends[j]
    tally[ABOVE] -= facts.above[j]


@grown
def descend(
    v: int,
    depth: int,
    profit: Floats,
    facts: Facts,
    limits: Limits,
    cut: Cut,
    space: Space,
    net: Net,
) -> None:
    """Go down the branch that includes a practice."""
    space.stack[depth] = v
    space.phase[depth] = INSIDE
    space.gains[depth] = space.tally[GAIN]
    space.losses[depth] = space.tally[LOST]
    if limits.by_outline:
        stow(depth, net)
        include(v, net)
    enter(v, profit, facts, cut, space)


@grown
def turn(
    depth: int, facts: Facts, limits: Limits, cut: Cut, space: Space, net: Net
) -> None:
    """Go over to the branch that excludes the practice included at a depth."""
    v = space.stack[depth]
    space.tally[GAIN] = space.gains[depth]
    space.tally[LOST] = space.losses[depth]
    leave(v, facts, cut, space)
    if limits.by_outline:
        restore(depth, net)
        exclude(v, net)
    space.phase[depth] = EXCLUDED


@grown
def reopen(depth: int, space: Space) -> int:
    """Walk back past the branches seen both ways; return the depth reached."""
    while depth > 0 and space.phase[depth - 1] == EXCLUDED:
        depth -= 1
        space.state[space.stack[depth]] = OPEN
    return depth
