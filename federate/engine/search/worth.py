"""What a federation is worth to the search: its cost and its broken bounds.

worth = cost(members, best centre) + stress · local price · persons out of bounds

Every broken rule counts in persons: patients above U or below L, a typical list
for each practice too many, each member who cannot reach the centre, and so on.
One soft scale lets a move trade them, and zero persons means every rule of one
federation but contiguity and donuts (see `shape`) is kept.
"""

import math

from numba import types

from federate.engine.compiled import kernel
from federate.engine.search.arrays import FIXED, MOVING, Fixed, Moving
from federate.engine.search.bearing import bearing_after

__all__ = [
    "clashes_with",
    "clashes_within",
    "pain_of",
    "pairs_with",
    "pairs_within",
    "persons_out",
    "running_gbp",
    "unit_led_gbp",
    "unit_short",
    "worth_after",
]

_INT, _FLOAT = types.int64, types.float64
_STEP = 1.0  # typical lists that a bound broken by one person counts as


@kernel(_FLOAT(FIXED, _INT, _INT, _FLOAT, _FLOAT, _INT, _INT))
def persons_out(
    fixed: Fixed,
    size: int,
    count: int,
    budget: float,
    variance: float,
    waived: int,
    clash: int,
) -> float:
    """Return by how much a federation's sums break its bounds, in persons.

    Risk: V > κ² B² counts as the persons it would take at the same spend a head,
    N · (V / (κ² B²) − 1).
    """
    out = clash * 2.0 * fixed.typical
    if size > fixed.upper:
        out += size - fixed.upper + _STEP * fixed.typical
    elif size < fixed.lower and waived == 0:
        out += fixed.lower - size + _STEP * fixed.typical
    if count > fixed.most:
        out += (count - fixed.most) * fixed.typical
    elif count < fixed.fewest:
        out += (fixed.fewest - count) * fixed.typical
    if fixed.kappa2 >= 0.0:
        allowed = fixed.kappa2 * budget * budget
        if variance > allowed:
            if allowed > 0.0:
                over = variance / allowed - 1.0
                out += max(size, 1) * min(over, 10.0) + _STEP * fixed.typical
            else:
                out += 10.0 * fixed.typical
    return out


@kernel(_FLOAT(FIXED, _INT, _INT))
def running_gbp(fixed: Fixed, size: int, count: int) -> float:
    """Return the terms that hang on size alone, £ a year."""
    return (
        fixed.fixed_gbp
        + fixed.head_gbp * size
        + fixed.member_gbp * count
        + fixed.deviation_gbp * abs(size - fixed.target_size)
    )


@kernel(_FLOAT(FIXED, _INT, _INT))
def unit_led_gbp(fixed: Fixed, unit: int, centre: int) -> float:
    """Return what the practices of a unit cost led from `centre`, £ a year."""
    total = 0.0
    for k in range(fixed.unit_start[unit], fixed.unit_start[unit + 1]):
        total += fixed.assign[fixed.unit_items[k], centre]
    return total


@kernel(_INT(FIXED, _INT, _INT))
def unit_short(fixed: Fixed, unit: int, centre: int) -> int:
    """Return how many practices of a unit cannot have `centre`."""
    if fixed.reachable.size == 0:
        return 0
    out = 0
    for k in range(fixed.unit_start[unit], fixed.unit_start[unit + 1]):
        if not fixed.reachable[fixed.unit_items[k], centre]:
            out += 1
    return out


@kernel(_INT(FIXED, MOVING, _INT, _INT, _INT))
def clashes_with(
    fixed: Fixed, moving: Moving, unit: int, slot: int, without: int
) -> int:
    """Return the pairs a unit must stay apart from in a slot, one unit left out."""
    out = 0
    for k in range(fixed.unit_start[unit], fixed.unit_start[unit + 1]):
        i = fixed.unit_items[k]
        for a in range(fixed.apart_start[i], fixed.apart_start[i + 1]):
            other = fixed.apart_items[a]
            mate = fixed.unit_of[other]
            if moving.slot[other] == slot and mate != without and mate != unit:
                out += 1
    return out


@kernel(_FLOAT(FIXED, MOVING, _INT, _INT, _INT, _FLOAT))
def led_after(
    fixed: Fixed, moving: Moving, slot: int, leaves: int, joins: int, toll: float
) -> float:
    """Return the cheapest lead of a slot once one unit left and one joined.

    `toll` is what a member out of reach of the centre costs, £ a year; −1 as
    unit means none.
    """
    best = math.inf
    c = moving.first[slot]
    while c >= 0:
        if fixed.unit_of[c] != leaves:
            led = moving.own[c]
            short = moving.short[c]
            if leaves >= 0:
                led -= unit_led_gbp(fixed, leaves, c)
                short -= unit_short(fixed, leaves, c)
            if joins >= 0:
                led += unit_led_gbp(fixed, joins, c)
                short += unit_short(fixed, joins, c)
            best = min(best, led + toll * short)
        c = moving.after[c]
    if joins < 0:
        return best
    for k in range(fixed.unit_start[joins], fixed.unit_start[joins + 1]):
        c = fixed.unit_items[k]
        led = unit_led_gbp(fixed, joins, c)
        short = unit_short(fixed, joins, c)
        i = moving.first[slot]
        while i >= 0:
            if fixed.unit_of[i] != leaves:
                led += fixed.assign[i, c]
                if fixed.reachable.size > 0 and not fixed.reachable[i, c]:
                    short += 1
            i = moving.after[i]
        best = min(best, led + toll * short)
    return best


@kernel(_INT(FIXED, MOVING, _INT, _INT))
def clashes_within(fixed: Fixed, moving: Moving, count: int, side: int) -> int:
    """Return the pairs that must stay apart among the listed units on one side."""
    out = 0
    for spot in range(count):
        if moving.side[spot] != side:
            continue
        unit = moving.listed[spot]
        for k in range(fixed.unit_start[unit], fixed.unit_start[unit + 1]):
            i = fixed.unit_items[k]
            for a in range(fixed.apart_start[i], fixed.apart_start[i + 1]):
                mate = fixed.unit_of[fixed.apart_items[a]]
                there = moving.spot[mate]
                listed = 0 <= there < count and moving.listed[there] == mate
                if listed and there > spot and moving.side[there] == side:
                    out += 1
    return out


@kernel(_INT(FIXED, MOVING, _INT, _INT, _INT))
def pairs_with(fixed: Fixed, moving: Moving, unit: int, slot: int, without: int) -> int:
    """Return the neighbour pairs a unit has within a slot, one unit left out.

    Those between two practices of the unit count as well; 0 where pairs have no
    price.
    """
    if fixed.pair_gbp == 0.0:
        return 0
    out, own = 0, 0
    for k in range(fixed.unit_start[unit], fixed.unit_start[unit + 1]):
        i = fixed.unit_items[k]
        for e in range(fixed.next_start[i], fixed.next_start[i + 1]):
            other = fixed.next_items[e]
            mate = fixed.unit_of[other]
            own += mate == unit
            out += moving.slot[other] == slot and mate != without and mate != unit
    return out + own // 2


@kernel(_INT(FIXED, MOVING, _INT, _INT))
def pairs_within(fixed: Fixed, moving: Moving, count: int, side: int) -> int:
    """Return the neighbour pairs within the listed units on one side."""
    if fixed.pair_gbp == 0.0:
        return 0
    twice = 0
    for spot in range(count):
        if moving.side[spot] != side:
            continue
        unit = moving.listed[spot]
        for k in range(fixed.unit_start[unit], fixed.unit_start[unit + 1]):
            i = fixed.unit_items[k]
            for e in range(fixed.next_start[i], fixed.next_start[i + 1]):
                mate = fixed.unit_of[fixed.next_items[e]]
                there = -1 if mate < 0 else moving.spot[mate]
                listed = 0 <= there < count and moving.listed[there] == mate
                twice += listed and moving.side[there] == side
    return twice // 2


@kernel(_FLOAT(FIXED, MOVING, _INT))
def pain_of(fixed: Fixed, moving: Moving, unit: int) -> float:
    """Return the local price of a unit's persons, £ a year."""
    persons = max(fixed.unit_size[unit], 1)
    return float(moving.weight[unit] * fixed.price[unit] * persons)


@kernel(_FLOAT(FIXED, MOVING, _INT, _INT, _INT))
def worth_after(
    fixed: Fixed, moving: Moving, slot: int, leaves: int, joins: int
) -> float:
    """Return the worth of a slot once one unit left and one joined (−1: none)."""
    size, count = moving.size[slot], moving.count[slot]
    waived, clash = moving.waived[slot], moving.clash[slot]
    budget, variance = moving.budget[slot], moving.variance[slot]
    pairs = moving.pairs[slot]
    pain = moving.pain[slot]
    if leaves >= 0:
        size -= fixed.unit_size[leaves]
        count -= fixed.unit_count[leaves]
        waived -= fixed.unit_waived[leaves]
        budget -= fixed.unit_budget[leaves]
        variance -= fixed.unit_variance[leaves]
        clash -= clashes_with(fixed, moving, leaves, slot, leaves)
        pairs -= pairs_with(fixed, moving, leaves, slot, leaves)
        pain -= pain_of(fixed, moving, leaves)
    if joins >= 0:
        size += fixed.unit_size[joins]
        count += fixed.unit_count[joins]
        waived += fixed.unit_waived[joins]
        budget += fixed.unit_budget[joins]
        variance += fixed.unit_variance[joins]
        clash += clashes_with(fixed, moving, joins, slot, leaves)
        pairs += pairs_with(fixed, moving, joins, slot, leaves)
        pain += pain_of(fixed, moving, joins)
    if count == 0:
        return 0.0
    fine = moving.stress[0] * pain / max(size, 1)
    out = persons_out(fixed, size, count, budget, variance, waived, clash)
    running = running_gbp(fixed, size, count)
    if fixed.terms.is_on:
        gbp, more = bearing_after(fixed, moving, slot, leaves, joins, size, count)
        running += gbp
        out += more
    led = led_after(fixed, moving, slot, leaves, joins, fine * fixed.typical)
    led -= fixed.pair_gbp * pairs
    return led + running + fine * out
