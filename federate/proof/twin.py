"""The slow twin: the least reduced cost under one centre, in whole numbers.

A set of practices is grown from its centre. The practice beside it that promises
most joins in one branch and stays out of all the others:

    least(S, open) = min(rc(S), min_v least(S + v, open after v))

At prices π, σ ≥ 0 and μ a federation S led from c has the reduced cost

    rc(S, c) = F − μ + p·|N_S − T| − Σ_{j∈S} profit_j + Σ_k σ_k·⌊|S ∩ T_k| / 2⌋
               + half·(pairs of neighbours that S parts)
    profit_j = π_j − assign_gbp[j, c] − f·n_j − f_m

and a branch is left when no filling with open practices, the last in part, gets
below the best so far: taken by profit per patient, each rounded up to a whole unit,
while that pays and up to U, and on to L in any case. Neighbours, and cuts not yet
hit, only make a federation dearer, so leaving is exact. Pairs whose one end is inside
and whose other end stays out are parted whoever joins. Where federations cost their
outline alone, a least cut takes the place of the filling (``outline``).

What pooled risk costs at least is a sum that is close where federations are about
equally spread: a search is of one class of them, and Σ r only grows.

Money is in whole units (see `units`).
"""

from typing import Any

import numpy as np

from federate.engine.compiled import grown
from federate.proof.bearing import bearing
from federate.proof.keeping import keeps_rules
from federate.proof.outline import (
    Table,
    follow,
    no_table,
    shut_out,
    table_of,
    widest,
)
from federate.proof.records import (
    COUNT,
    FOUND,
    GAIN,
    INSIDE,
    NODES,
    OPEN,
    OUT,
    SIZE,
    TRAIL,
    WAIVED,
    Facts,
    Rules,
    Space,
    Store,
    View,
)
from federate.proof.units import GRID

__all__ = ["least_reduced"]

WEAKER = 1.0 - 2.0**-50
"""Takes back more than three roundings of floats can have added."""
NEVER = 2**62
"""Dearer than any federation."""


@grown
def least_reduced(
    view: View,
    facts: Facts,
    rules: Rules,
    space: Space,
    store: Store,
    limit: int,
    node_limit: int,
) -> Any:
    """Return the least reduced cost below `limit`, or a bound on it.

    Returns
    -------
    tuple
        The least (at most `limit`), and whether the search ended by itself;
        where it did not, the bound of its root stands in.
    """
    space.status[:] = OUT
    space.beside[:] = 0 if rules.connected else 1
    space.hits[:] = 0
    space.tally[:] = 0
    for j in view.order:
        space.status[j] = OPEN
    enter(view.centre, view, facts, space)
    table = table_of(view, facts, rules) if rules.by_outline else no_table()
    root = lowest(view, facts, rules, space, table, limit)
    dense = densest(view, facts)
    least = explore(view, facts, rules, space, store, table, limit, node_limit, dense)
    if space.tally[NODES] > node_limit:
        return min(limit, root), False
    return least, True


@grown
def explore(
    view: View,
    facts: Facts,
    rules: Rules,
    space: Space,
    store: Store,
    table: Table,
    best: int,
    node_limit: int,
    dense: float,
) -> int:
    """Return the least of `best` and what the present set and its growths cost."""
    tally = space.tally
    away = abs(tally[SIZE] - rules.target)
    dearer = int(np.floor(away * rules.per_person * WEAKER))
    reduced = rules.base + dearer - tally[GAIN]
    reduced += rules.half * parted(facts, space, INSIDE)
    above = spread_of(facts, space)
    is_asked = rules.from_above <= above <= rules.to_above
    if reduced < best and is_asked and keeps_rules(facts, rules, space):
        reduced = with_risk(reduced, facts, rules, space)
    else:
        reduced = NEVER
    if reduced < best:
        if len(store.length) > 0:
            keep(reduced, store, space)
        else:
            best = reduced
    start = tally[TRAIL]
    most = above + dense * (rules.upper - tally[SIZE] + 1)
    may_grow = above <= rules.to_above and most >= rules.from_above
    may_grow = may_grow and tally[COUNT] < rules.most
    while may_grow and lowest(view, facts, rules, space, table, best) < best:
        v = next_beside(view, facts, rules, space)
        tally[NODES] += 1
        if v < 0 or tally[NODES] > node_limit:
            break
        if rules.by_outline:
            follow(v, tally[COUNT] - 1, table)
        enter(v, view, facts, space)
        best = explore(view, facts, rules, space, store, table, best, node_limit, dense)
        leave(v, view, facts, space)
        if rules.by_outline:
            shut_out(v, tally[COUNT] - 1, table)
        space.trail[tally[TRAIL]] = v
        tally[TRAIL] += 1
    while tally[TRAIL] > start:
        tally[TRAIL] -= 1
        space.status[space.trail[tally[TRAIL]]] = OPEN
    return int(best)


@grown
def spread_of(facts: Facts, space: Space) -> float:
    """Return Σ r of the present set, £²."""
    total = 0.0
    for i in space.members[: space.tally[COUNT]]:
        total += facts.above[i]
    return total


@grown
def densest(view: View, facts: Facts) -> float:
    """Return the most r a patient that a candidate brings, £²."""
    most = 0.0
    for j in view.order:
        if facts.above[j] > 0.0 and facts.patients[j] == 0:
            return np.inf
        if facts.above[j] > 0.0:
            most = max(most, facts.above[j] / facts.patients[j])
    return most


@grown
def with_risk(reduced: int, facts: Facts, rules: Rules, space: Space) -> int:
    """Return the reduced cost with what risk costs, not only its under-estimate."""
    if not facts.terms.is_on:
        return reduced
    inside = space.members[: space.tally[COUNT]]
    gbp, _ = bearing(facts.terms, inside, space.sums)
    if gbp == np.inf:
        return NEVER
    least = rules.once
    for i in inside:
        least += facts.least[i]
    return max(reduced, reduced - least + int(np.floor(gbp * GRID)))


@grown
def parted(facts: Facts, space: Space, least: int) -> int:
    """Return how many pairs of neighbours part the present set from those outside.

    Outside is whose status is below `least`, and who is not in this area.
    """
    out = 0
    if len(facts.ends) > 0:
        for i in space.members[: space.tally[COUNT]]:
            out += facts.ends[i]
            for e in range(facts.near_ptr[i], facts.near_ptr[i + 1]):
                out -= space.status[facts.near[e]] >= least
    return int(out)


@grown
def lowest(
    view: View, facts: Facts, rules: Rules, space: Space, table: Table, enough: int
) -> int:
    """Return what no growth of the present set can cost less than, or `enough`.

    The gain is concave in the patients taken: a patient more is worth the
    practice's profit per patient, + p below T and − p above it.
    """
    size = space.tally[SIZE]
    if rules.by_outline:
        return int(by_cut(view, space, table, enough))
    out = rules.base - space.tally[GAIN] + rules.half * parted(facts, space, OPEN)
    out += rules.slope * (abs(size - rules.middle) - 1)
    for j in view.order:
        if size >= rules.upper:
            return int(out)
        if space.status[j] != OPEN:
            continue
        left = facts.patients[j]
        if left == 0:
            out -= max(0, view.profit[j])
        while left > 0 and size < rules.upper:
            worth, stop = view.density[j] - rules.slope, rules.upper
            if size < rules.middle:
                worth = view.density[j] + rules.slope
                stop = min(rules.upper, rules.middle)
            if worth <= 0:
                if size >= view.lower:
                    return int(out)
                stop = min(stop, view.lower)
            take = min(left, stop - size)
            out -= take * worth
            size += take
            left -= take
    return int(out) if size >= view.lower else NEVER


@grown
def by_cut(view: View, space: Space, table: Table, enough: int) -> int:
    """Return what the least cut says of all growths of the present set, or `enough`."""
    fixed = table.fixed[0] - space.tally[GAIN]
    for i in space.members[: space.tally[COUNT]]:
        fixed += view.profit[i]
    return int(fixed + widest(space.tally[COUNT] - 1, enough - fixed, table))


@grown
def next_beside(view: View, facts: Facts, rules: Rules, space: Space) -> int:
    """Return the first open candidate that may join now, or −1."""
    room = rules.upper - space.tally[SIZE]
    for j in view.order:
        if space.status[j] != OPEN or space.beside[j] == 0 or facts.patients[j] > room:
            continue
        free = True
        for e in range(facts.apart_ptr[j], facts.apart_ptr[j + 1]):
            free = free and space.status[facts.apart[e]] != INSIDE
        if free:
            return int(j)
    return -1


@grown
def enter(j: int, view: View, facts: Facts, space: Space) -> None:
    """Take practice j in."""
    tally = space.tally
    space.status[j] = INSIDE
    space.members[tally[COUNT]] = j
    tally[COUNT] += 1
    tally[SIZE] += facts.patients[j]
    tally[GAIN] += view.profit[j]
    tally[WAIVED] += facts.waived[j]
    for e in range(facts.near_ptr[j], facts.near_ptr[j + 1]):
        space.beside[facts.near[e]] += 1
    for e in range(facts.cut_ptr[j], facts.cut_ptr[j + 1]):
        k = facts.cut_of[e]
        space.hits[k] += 1
        if space.hits[k] % 2 == 0:
            tally[GAIN] -= facts.cut[k]


@grown
def leave(j: int, view: View, facts: Facts, space: Space) -> None:
    """Take practice j, the last that came in, out again for good."""
    tally = space.tally
    space.status[j] = OUT
    tally[COUNT] -= 1
    tally[SIZE] -= facts.patients[j]
    tally[GAIN] -= view.profit[j]
    tally[WAIVED] -= facts.waived[j]
    for e in range(facts.near_ptr[j], facts.near_ptr[j + 1]):
        space.beside[facts.near[e]] -= 1
    for e in range(facts.cut_ptr[j], facts.cut_ptr[j + 1]):
        k = facts.cut_of[e]
        if space.hits[k] % 2 == 0:
            tally[GAIN] += facts.cut[k]
        space.hits[k] -= 1


@grown
def keep(reduced: int, store: Store, space: Space) -> None:
    """Keep the present set; beyond the room there is, only count it."""
    found, count = space.tally[FOUND], space.tally[COUNT]
    if found < len(store.length):
        store.reduced[found] = reduced
        store.length[found] = count
        store.members[found, :count] = space.members[:count]
    space.tally[FOUND] += 1
