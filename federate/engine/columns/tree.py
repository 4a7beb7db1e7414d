"""The search tree under one centre: include, exclude, bound, store.

For a centre c, each connected set with c in it is met once: the practice beside
the federation that promises most is included in one branch and excluded in the
other. At duals π (practices), σ ≤ 0 (cuts) and μ (count) a federation S
led from c has the reduced cost

    rc(S, c) = F − μ + p·|N_S − T| − Σ_{j∈S} profit_j + Σ_k |σ_k|·⌊|S ∩ T_k| / 2⌋
               + p_e/2 · (Σ_{j∈S} deg_j − 2·e(S))
    profit_j = π_j − assign_gbp[j, c] − f·n_j − f_m

A branch is left when even the best fractional filling with open candidates
cannot get below the limit. The filling ignores neighbours and the cuts not yet
hit, which only make a federation dearer, so leaving the branch is exact. Of the
neighbour pairs that a federation parts it counts those between a practice inside
and one that is excluded: they stay parted whoever joins. Where nothing else costs,
a minimum cut says more (``outline_tree``).

The cost of pooled risk is no sum over the practices. A proven under-estimate of it
is, but for a part by size (``federate.criteria.by_size``); the sum stands in profit
and F, the part by size in the filling (``filling``). It is close where federations are
about equally spread, so a search is of one class of them (``criteria.by_spread``).
What the federation costs above that, never less than 0, is added when one is found.

Compiled by numba; the plain twin stands in the tests.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from federate.engine.columns.allowed import allowed, bearing
from federate.engine.columns.filling import cell_of, fill, least_at
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
    Store,
)
from federate.engine.compiled import grown

__all__ = [
    "densest",
    "enter",
    "grow",
    "leave",
    "may_grow",
    "next_beside",
    "put",
    "reduced_cost",
    "reopen",
    "reset",
]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@grown
def next_beside(order: Ints, facts: Facts, limits: Limits, space: Space) -> int:
    """Return the most promising open candidate that may join now, or −1.

    Where parting neighbours has a price, that is the one with most neighbours
    inside: to exclude it parts them all, so that branch is soon left.
    """
    room = limits.upper - space.tally[SIZE]
    chosen, most = -1, 0
    for j in order:
        if space.state[j] != OPEN or space.touch[j] == 0 or facts.patients[j] > room:
            continue
        free = True
        for e in range(facts.apart_ptr[j], facts.apart_ptr[j + 1]):
            free = free and space.state[facts.apart[e]] != INSIDE
        if free and limits.half_cut == 0.0:
            return int(j)
        if free and space.touch[j] > most:
            chosen, most = int(j), space.touch[j]
    return chosen


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
def reduced_cost(
    fresh: bool, out: float, limit: float, facts: Facts, limits: Limits, space: Space
) -> float:
    """Return the reduced cost of the present set, `out` being its terms of size.

    Infinite where it was met before, at the limit, or where rules say no.
    """
    tally = space.tally
    reduced = out - tally[GAIN]
    reduced += limits.half_cut * (tally[ENDS] - 2.0 * tally[PAIRS])
    if not fresh or reduced >= limit:
        return np.inf
    if not limits.from_above <= tally[ABOVE] <= limits.to_above:
        return np.inf
    if len(facts.sizes) > 0:
        size = tally[SIZE]
        least = least_at(facts, cell_of(facts, size), size)
        if reduced + least >= limit:
            return np.inf
    if not allowed(facts, limits, space):
        return np.inf
    if not facts.terms.is_on:
        return float(reduced)
    return float(reduced + bearing(facts, limits, space))


@grown
def densest(order: Ints, facts: Facts) -> float:
    """Return the most r a patient that a candidate brings."""
    most = 0.0
    for j in order:
        most = max(most, facts.above[j] / facts.patients[j])
    return most


@grown
def may_grow(dense: float, limits: Limits, space: Space) -> bool:
    """Whether who joins may still make a federation of those asked for."""
    tally = space.tally
    if tally[COUNT] >= limits.most or tally[ABOVE] > limits.to_above:
        return False
    room = limits.upper - tally[SIZE]
    return bool(tally[ABOVE] + dense * room >= limits.from_above)


@grown
def put(store: Store, found: int, reduced: float, space: Space, best_only: bool) -> int:
    """Store the present set; return how many there are, or one more than room.

    With `best_only` the dearest gives way once the store is full.
    """
    at = found
    if found >= len(store.reduced):
        if not best_only:
            return found + 1
        at = int(np.argmax(store.reduced))
    count = int(space.tally[COUNT])
    store.reduced[at] = reduced
    store.length[at] = count
    store.members[at, :count] = space.members[:count]
    return min(found + 1, len(store.reduced))


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
def reopen(depth: int, space: Space) -> int:
    """Walk back past the branches seen both ways; return the depth reached."""
    while depth > 0 and space.phase[depth - 1] == EXCLUDED:
        depth -= 1
        space.state[space.stack[depth]] = OPEN
    return depth


@grown
def grow(
    centre: int,
    order: Ints,
    profit: Floats,
    facts: Facts,
    limits: Limits,
    cut: Cut,
    store: Store,
    space: Space,
    limit: float,
    best_only: bool,
    node_limit: int,
) -> Any:
    """Search under one centre; return finds, least reduced cost, and whether whole.

    Where the search is cut short, the least is what its root says: no federation
    led from c has less, so a bound stands on it, if a weak one.

    Parameters
    ----------
    centre, order, profit
        c; its candidates (without c) by profit per patient; profits.
    limit
        Only federations below this reduced cost are wanted.
    best_only
        Keep the cheapest that the store holds, and lower the limit to them;
        otherwise keep all, and stop when the store is full.
    node_limit
        Give up after so many nodes.
    """
    lower = reset(centre, order, profit, facts, limits, cut, space)
    tally = space.tally
    found, nodes, depth, least = 0, 0, 0, limit
    dense = densest(order, facts)
    fresh = True
    root = limits.base + limits.per_person * abs(tally[SIZE] - limits.target)
    root -= tally[GAIN] + fill(order, profit, facts, limits, space, lower)
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
        if may_grow(dense, limits, space):
            need = out - tally[GAIN] + limits.half_cut * tally[LOST] - limit
            if fill(order, profit, facts, limits, space, lower) > need:
                v = next_beside(order, facts, limits, space)
        if v >= 0:
            space.stack[depth] = v
            space.phase[depth] = INSIDE
            space.gains[depth] = tally[GAIN]
            space.losses[depth] = tally[LOST]
            depth += 1
            enter(v, profit, facts, cut, space)
            fresh = True
            continue
        depth = reopen(depth, space)
        if depth == 0:
            return found, least, True
        tally[GAIN] = space.gains[depth - 1]
        tally[LOST] = space.losses[depth - 1]
        leave(space.stack[depth - 1], facts, cut, space)
        space.phase[depth - 1] = EXCLUDED
        fresh = False
