"""The search tree under one centre where federations cost their outline alone.

As in ``tree``, but a minimum cut (``parting``) takes the place of the filling. A tree
of its own: handing a net to every step of the other would slow it by a third.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from federate.engine.columns.parting import (
    FIXED,
    Net,
    exclude,
    include,
    restore,
    stow,
    tune,
    widen,
)
from federate.engine.columns.records import (
    COUNT,
    EXCLUDED,
    GAIN,
    INSIDE,
    LOST,
    SIZE,
    Cut,
    Facts,
    Limits,
    Space,
    Store,
)
from federate.engine.columns.tree import (
    densest,
    enter,
    leave,
    may_grow,
    next_beside,
    put,
    reduced_cost,
    reopen,
    reset,
)
from federate.engine.compiled import grown

__all__ = ["grow_by_outline"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@grown
def may_pay(limit: float, profit: Floats, space: Space, net: Net) -> bool:
    """Whether the minimum cut leaves room below the limit."""
    dues = -space.tally[GAIN]
    for i in space.members[: int(space.tally[COUNT])]:
        dues += profit[i]
    need = limit - dues - net.tally[FIXED]
    return bool(widen(need, net) < need)


@grown
def descend(
    v: int,
    depth: int,
    profit: Floats,
    facts: Facts,
    cut: Cut,
    space: Space,
    net: Net,
) -> None:
    """Go down the branch that includes a practice."""
    space.stack[depth] = v
    space.phase[depth] = INSIDE
    space.gains[depth] = space.tally[GAIN]
    space.losses[depth] = space.tally[LOST]
    stow(depth, net)
    include(v, net)
    enter(v, profit, facts, cut, space)


@grown
def turn(depth: int, facts: Facts, cut: Cut, space: Space, net: Net) -> None:
    """Go over to the branch that excludes the practice included at a depth."""
    v = space.stack[depth]
    space.tally[GAIN] = space.gains[depth]
    space.tally[LOST] = space.losses[depth]
    leave(v, facts, cut, space)
    restore(depth, net)
    exclude(v, net)
    space.phase[depth] = EXCLUDED


@grown
def grow_by_outline(
    centre: int,
    order: Ints,
    profit: Floats,
    facts: Facts,
    limits: Limits,
    cut: Cut,
    store: Store,
    space: Space,
    net: Net,
    limit: float,
    best_only: bool,
    node_limit: int,
) -> Any:
    """Search under one centre as `tree.grow` does, with the net of that centre."""
    lower = reset(centre, order, profit, facts, limits, cut, space)
    tally = space.tally
    found, nodes, depth, least = 0, 0, 0, limit
    dense = densest(order, facts)
    fresh = True
    root = tune(centre, order, profit, facts, limits, lower, net)
    while True:
        out = limits.base + limits.per_person * abs(tally[SIZE] - limits.target)
        reduced = reduced_cost(fresh, out, limit, facts, limits, space)
        if reduced < limit:
            least = min(least, reduced)
            found = put(store, found, reduced, space, best_only)
            if found > len(store.reduced):
                return found - 1, min(least, root), False
            if best_only and found == len(store.reduced):
                limit = min(limit, store.reduced.max())
        nodes += 1
        if nodes > node_limit:
            return found, min(least, root), False
        v = -1
        if may_grow(dense, limits, space) and may_pay(limit, profit, space, net):
            v = next_beside(order, facts, limits, space)
        if v >= 0:
            descend(v, depth, profit, facts, cut, space, net)
            depth += 1
            fresh = True
            continue
        depth = reopen(depth, space)
        if depth == 0:
            return found, least, True
        turn(depth - 1, facts, cut, space, net)
        fresh = False
