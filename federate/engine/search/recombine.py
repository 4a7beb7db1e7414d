"""Merge two federations and cut them anew along a random spanning tree.

The cut that is worth most is kept, no cut at all included: so one move merges,
splits and redraws. DeFord, Duchin & Solomon (2021), Recombination: a family of
Markov chains for redistricting, Harvard Data Science Review 3(1).
"""

import math

from numba import types

from federate.engine.compiled import kernel
from federate.engine.search.arrays import ALONE, FIXED, MOVING, Fixed, Moving
from federate.engine.search.bearing import bearing_of_side
from federate.engine.search.chance import below, uniform
from federate.engine.search.groups import relocate, settle, spare_slot
from federate.engine.search.moves import (
    count_fine_gbp,
    draw_limit_gbp,
    knot_fine_gbp,
)
from federate.engine.search.worth import (
    clashes_within,
    pain_of,
    pairs_within,
    persons_out,
    running_gbp,
    unit_led_gbp,
    unit_short,
)

__all__ = ["disband", "found", "recombine"]

_INT, _FLOAT, _BOOL, _VOID = types.int64, types.float64, types.boolean, types.void


@kernel(_INT(FIXED, MOVING, _INT, _INT))
def list_units(fixed: Fixed, moving: Moving, slot: int, length: int) -> int:
    """Append the units of a slot to the scratch list; return its new length."""
    i = moving.first[slot]
    while i >= 0:
        unit = fixed.unit_of[i]
        if fixed.unit_items[fixed.unit_start[unit]] == i:
            moving.listed[length] = unit
            moving.spot[unit] = length
            moving.origin[length] = slot
            length += 1
        i = moving.after[i]
    return length


@kernel(_VOID(FIXED, MOVING, _INT, _INT, _INT))
def reach_out(fixed: Fixed, moving: Moving, spot: int, a: int, b: int) -> None:
    """Offer the tree the edges of a unit that has just joined it."""
    unit = moving.listed[spot]
    ground = 1e-3 * fixed.heat[unit]
    for k in range(fixed.unit_start[unit], fixed.unit_start[unit + 1]):
        i = fixed.unit_items[k]
        for e in range(fixed.near_start[i], fixed.near_start[i + 1]):
            other = fixed.near_items[e]
            slot = moving.slot[other]
            if slot < 0 or (slot != a and slot != b):
                continue
            there = moving.spot[fixed.unit_of[other]]
            if moving.key[there] < 0.0:
                continue
            apart = fixed.assign[i, other] + fixed.assign[other, i] + ground
            length = uniform(moving) * apart
            if length < moving.key[there]:
                moving.key[there] = length
                moving.parent[there] = spot


@kernel(_VOID(FIXED, MOVING, _INT, _INT, _INT))
def draw_tree(fixed: Fixed, moving: Moving, count: int, a: int, b: int) -> None:
    """Draw a random spanning tree of the listed units, short edges likelier.

    Prim's algorithm; a unit no edge reaches hangs on the one before it.
    """
    for spot in range(count):
        moving.key[spot] = math.inf
    at = below(moving, count)
    moving.parent[at] = -1
    for done in range(count):
        moving.key[at] = -1.0
        moving.order[done] = at
        reach_out(fixed, moving, at, a, b)
        nearest = -1
        for spot in range(count):
            if moving.key[spot] < 0.0:
                continue
            if nearest < 0 or moving.key[spot] < moving.key[nearest]:
                nearest = spot
        if nearest >= 0 and moving.key[nearest] == math.inf:
            moving.parent[nearest] = at
        at = nearest


@kernel(_VOID(MOVING, _INT, _INT))
def mark_subtree(moving: Moving, count: int, root: int) -> None:
    """Set `side` to 1 below a unit of the tree and 0 elsewhere."""
    for k in range(count):
        spot = moving.order[k]
        parent = moving.parent[spot]
        above = 0 if parent < 0 else moving.side[parent]
        moving.side[spot] = 1 if spot == root else above


@kernel(_FLOAT(FIXED, MOVING, _INT, _INT, _FLOAT))
def led_of_side(
    fixed: Fixed, moving: Moving, count: int, side: int, toll: float
) -> float:
    """Return the cheapest lead of the listed units on one side."""
    best = math.inf
    for spot in range(count):
        if moving.side[spot] != side:
            continue
        unit = moving.listed[spot]
        for k in range(fixed.unit_start[unit], fixed.unit_start[unit + 1]):
            c = fixed.unit_items[k]
            led = 0.0
            for other in range(count):
                if moving.side[other] == side:
                    member = moving.listed[other]
                    led += unit_led_gbp(fixed, member, c)
                    led += toll * unit_short(fixed, member, c)
                    if led >= best:
                        break
            best = min(best, led)
    return best


@kernel(_FLOAT(FIXED, MOVING, _INT, _INT, _FLOAT))
def worth_of_side(
    fixed: Fixed, moving: Moving, count: int, side: int, limit: float
) -> float:
    """Return the worth of the listed units on one side; inf once above `limit`."""
    size, members, waived, budget, variance, pain = 0, 0, 0, 0.0, 0.0, 0.0
    for spot in range(count):
        if moving.side[spot] != side:
            continue
        unit = moving.listed[spot]
        size += fixed.unit_size[unit]
        members += fixed.unit_count[unit]
        waived += fixed.unit_waived[unit]
        budget += fixed.unit_budget[unit]
        variance += fixed.unit_variance[unit]
        pain += pain_of(fixed, moving, unit)
    if members == 0:
        return 0.0
    clash = 0
    if len(fixed.apart_items) > 0:
        clash = clashes_within(fixed, moving, count, side)
    fine = moving.stress[0] * pain / max(size, 1)
    out = persons_out(fixed, size, members, budget, variance, waived, clash)
    worth = running_gbp(fixed, size, members)
    if fixed.terms.is_on:
        gbp, more = bearing_of_side(fixed, moving, count, side, size, members)
        worth += gbp
        out += more
    worth += fine * out - fixed.pair_gbp * pairs_within(fixed, moving, count, side)
    if worth >= limit:
        return math.inf
    return worth + led_of_side(fixed, moving, count, side, fine * fixed.typical)


@kernel(_FLOAT(FIXED, MOVING, _INT, _INT))
def best_cut(fixed: Fixed, moving: Moving, count: int, used: int) -> float:
    """Find the tree edge worth cutting; leave its side marked, return the worth.

    `used` is the number of federations the units come from: one fewer or one
    more is fined as `count_fine_gbp` says.
    """
    for spot in range(count):
        moving.side[spot] = 0
    best = worth_of_side(fixed, moving, count, 0, math.inf)
    best += count_fine_gbp(fixed, moving, 1 - used)
    best_root = -1
    fine = count_fine_gbp(fixed, moving, 2 - used)
    for k in range(1, count):
        root = moving.order[k]
        mark_subtree(moving, count, root)
        worth = fine + worth_of_side(fixed, moving, count, 1, best - fine)
        if worth < best:
            worth += worth_of_side(fixed, moving, count, 0, best - worth)
        if worth < best:
            best, best_root = worth, root
    mark_subtree(moving, count, best_root)
    return best


@kernel(_VOID(FIXED, MOVING, _INT, _INT, _INT))
def deal(fixed: Fixed, moving: Moving, count: int, a: int, b: int) -> None:
    """Send the listed units to slot `b` (side 1) or slot `a` (side 0)."""
    for spot in range(count):
        unit = moving.listed[spot]
        goal = b if moving.side[spot] == 1 else a
        if moving.slot[fixed.unit_items[fixed.unit_start[unit]]] != goal:
            relocate(fixed, moving, unit, goal)
    settle(fixed, moving, a)
    settle(fixed, moving, b)


@kernel(_BOOL(FIXED, MOVING, _INT, _INT, _FLOAT))
def recombine(fixed: Fixed, moving: Moving, a: int, b: int, temperature: float) -> bool:
    """Redraw two slots (or split one, `b` being spare) if the temperature lets it."""
    count = list_units(fixed, moving, a, 0)
    used = 1 if moving.count[b] == 0 else 2
    count = list_units(fixed, moving, b, count)
    if count < 2:
        return False
    unit = moving.listed[below(moving, count)]
    limit = draw_limit_gbp(fixed, moving, unit, temperature)
    knot_gbp = knot_fine_gbp(fixed, moving, unit)
    knots = moving.knots[a] + moving.knots[b]
    now = moving.worth[a] + moving.worth[b] + count_fine_gbp(fixed, moving, 0)
    draw_tree(fixed, moving, count, a, b)
    delta = best_cut(fixed, moving, count, used) - now
    if delta - knot_gbp * knots >= limit:
        return False
    deal(fixed, moving, count, a, b)
    change = moving.knots[a] + moving.knots[b] - knots
    if delta + knot_gbp * change < limit:
        return True
    for spot in range(count):
        moving.side[spot] = moving.origin[spot] == b
    deal(fixed, moving, count, a, b)
    return False


@kernel(_BOOL(FIXED, MOVING, _INT, _FLOAT))
def disband(fixed: Fixed, moving: Moving, slot: int, temperature: float) -> bool:
    """Let every member of a slot stand alone if the temperature lets it."""
    count = list_units(fixed, moving, slot, 0)
    unit = moving.listed[below(moving, count)]
    limit = draw_limit_gbp(fixed, moving, unit, temperature)
    delta = count_fine_gbp(fixed, moving, -1) - count_fine_gbp(fixed, moving, 0)
    delta -= moving.worth[slot]
    delta -= knot_fine_gbp(fixed, moving, unit) * moving.knots[slot]
    for spot in range(count):
        delta += fixed.unit_alone[moving.listed[spot]]
    if delta >= limit:
        return False
    for spot in range(count):
        relocate(fixed, moving, moving.listed[spot], ALONE)
    return True


@kernel(_INT(FIXED, MOVING, _INT, _FLOAT))
def gather_alone(fixed: Fixed, moving: Moving, unit: int, goal: float) -> int:
    """List units that stand alone around one, until they hold `goal` persons."""
    for spot in range(len(moving.spot)):
        moving.spot[spot] = -1
    moving.listed[0] = unit
    moving.spot[unit] = 0
    size, members = fixed.unit_size[unit], fixed.unit_count[unit]
    count, head = 1, 0
    while head < count:
        u = moving.listed[head]
        head += 1
        for k in range(fixed.unit_start[u], fixed.unit_start[u + 1]):
            i = fixed.unit_items[k]
            for e in range(fixed.near_start[i], fixed.near_start[i + 1]):
                if size >= goal and members >= fixed.fewest:
                    return count
                other = fixed.near_items[e]
                mate = fixed.unit_of[other]
                taken = moving.slot[other] != ALONE or moving.spot[mate] >= 0
                if taken or size + fixed.unit_size[mate] > fixed.upper:
                    continue
                moving.listed[count] = mate
                moving.spot[mate] = count
                count += 1
                size += fixed.unit_size[mate]
                members += fixed.unit_count[mate]
    return count


@kernel(_BOOL(FIXED, MOVING, _INT, _FLOAT))
def found(fixed: Fixed, moving: Moving, unit: int, temperature: float) -> bool:
    """Found a federation of units that stand alone if the temperature lets it."""
    goal = fixed.lower + uniform(moving) * 3.0 * fixed.typical
    count = gather_alone(fixed, moving, unit, goal)
    limit = draw_limit_gbp(fixed, moving, unit, temperature)
    fine = count_fine_gbp(fixed, moving, 1) - count_fine_gbp(fixed, moving, 0)
    delta = fine
    for spot in range(count):
        moving.side[spot] = 0
        delta -= fixed.unit_alone[moving.listed[spot]]
    delta += worth_of_side(fixed, moving, count, 0, math.inf)
    if delta >= limit:
        return False
    slot = spare_slot(moving)
    for spot in range(count):
        relocate(fixed, moving, moving.listed[spot], slot)
    settle(fixed, moving, slot)
    if delta + knot_fine_gbp(fixed, moving, unit) * moving.knots[slot] < limit:
        return True
    for spot in range(count):
        relocate(fixed, moving, moving.listed[spot], ALONE)
    return False
