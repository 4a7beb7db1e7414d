"""Moves of one or two units, judged before they are made.

A move is a list of *legs*: a slot, the unit that leaves it and the unit that
joins it. A shift has two legs, a swap two, an ejection (u pushes v out, v goes
on to a third federation) three.
"""

import math

from numba import types

from federate.engine.compiled import kernel
from federate.engine.search.arrays import (
    ALONE,
    FIXED,
    MOVING,
    NUM_FEDERATIONS,
    Fixed,
    Moving,
)
from federate.engine.search.chance import below, uniform
from federate.engine.search.groups import relocate, spare_slot
from federate.engine.search.shape import knots_after
from federate.engine.search.worth import worth_after

__all__ = ["count_fine_gbp", "step", "try_exchange", "try_shift"]

_INT, _FLOAT, _BOOL, _VOID = types.int64, types.float64, types.boolean, types.void
_KNOT_PERSONS = 2.0  # typical lists that one piece too many counts as
_SHARE_SHIFT, _SHARE_ALONE, _SHARE_FOUND = 0.5, 0.05, 0.01


@kernel(_FLOAT(FIXED, MOVING, _INT))
def count_fine_gbp(fixed: Fixed, moving: Moving, change: int) -> float:
    """Return the fine on the number of federations after a change of it."""
    count = moving.tally[NUM_FEDERATIONS] + change
    off = max(0, count - fixed.most_federations, fixed.fewest_federations - count)
    return moving.stress[0] * fixed.count_price * off


@kernel(_VOID(MOVING, _INT, _INT, _INT, _INT))
def set_leg(moving: Moving, k: int, slot: int, leaves: int, joins: int) -> None:
    """State leg k of a move."""
    moving.leg[3 * k] = slot
    moving.leg[3 * k + 1] = leaves
    moving.leg[3 * k + 2] = joins


@kernel(_BOOL(FIXED, MOVING, _INT, _FLOAT, _FLOAT, _FLOAT))
def judge(
    fixed: Fixed,
    moving: Moving,
    num_legs: int,
    extra_gbp: float,
    limit_gbp: float,
    knot_gbp: float,
) -> bool:
    """Whether a move costs less than `limit_gbp` more; knots last, being dear."""
    delta, change, credit = extra_gbp, 0, 0.0
    for k in range(num_legs):
        slot, leaves, joins = (
            moving.leg[3 * k],
            moving.leg[3 * k + 1],
            moving.leg[3 * k + 2],
        )
        worth = worth_after(fixed, moving, slot, leaves, joins)
        moving.leg_worth[k] = worth
        delta += worth - moving.worth[slot]
        credit += knot_gbp * moving.knots[slot]
        change += moving.count[slot] == 0
        if leaves >= 0 and joins < 0:
            change -= moving.count[slot] == fixed.unit_count[leaves]
    if change != 0:
        delta += count_fine_gbp(fixed, moving, change)
        delta -= count_fine_gbp(fixed, moving, 0)
    if delta - credit >= limit_gbp:
        return False
    for k in range(num_legs):
        slot = moving.leg[3 * k]
        knots = knots_after(
            fixed, moving, slot, moving.leg[3 * k + 1], moving.leg[3 * k + 2]
        )
        moving.leg_knots[k] = knots
        delta += knot_gbp * (knots - moving.knots[slot])
        if delta - credit >= limit_gbp:
            return False
    return delta < limit_gbp


@kernel(_VOID(FIXED, MOVING, _INT))
def make(fixed: Fixed, moving: Moving, num_legs: int) -> None:
    """Make the judged move."""
    for k in range(num_legs):
        joins = moving.leg[3 * k + 2]
        if joins >= 0:
            relocate(fixed, moving, joins, moving.leg[3 * k])
    for k in range(num_legs):
        slot, leaves = moving.leg[3 * k], moving.leg[3 * k + 1]
        if leaves >= 0:
            first = fixed.unit_items[fixed.unit_start[leaves]]
            if moving.slot[first] == slot:
                relocate(fixed, moving, leaves, ALONE)
        if moving.count[slot] > 0:
            moving.worth[slot] = moving.leg_worth[k]
            moving.knots[slot] = moving.leg_knots[k]


@kernel(_FLOAT(FIXED, MOVING, _INT, _FLOAT))
def draw_limit_gbp(
    fixed: Fixed, moving: Moving, unit: int, temperature: float
) -> float:
    """Return how much a move about `unit` may cost (Metropolis, drawn first)."""
    heat = temperature * fixed.heat[unit]
    return -heat * math.log(1.0 - uniform(moving))


@kernel(_FLOAT(FIXED, MOVING, _INT))
def knot_fine_gbp(fixed: Fixed, moving: Moving, unit: int) -> float:
    """Return what a piece too many is fined near a unit."""
    local = moving.weight[unit] * fixed.price[unit] * fixed.typical
    return moving.stress[0] * _KNOT_PERSONS * local


@kernel(_BOOL(FIXED, MOVING, _INT, _INT, _FLOAT))
def try_shift(
    fixed: Fixed, moving: Moving, unit: int, slot: int, temperature: float
) -> bool:
    """Move a unit to a slot (−1: alone) if the temperature lets it."""
    old = moving.slot[fixed.unit_items[fixed.unit_start[unit]]]
    extra, legs = 0.0, 0
    if old >= 0:
        set_leg(moving, legs, old, unit, -1)
        legs += 1
    else:
        extra -= fixed.unit_alone[unit]
    if slot >= 0:
        set_leg(moving, legs, slot, -1, unit)
        legs += 1
    else:
        extra += fixed.unit_alone[unit]
    limit = draw_limit_gbp(fixed, moving, unit, temperature)
    fine = knot_fine_gbp(fixed, moving, unit)
    if not judge(fixed, moving, legs, extra, limit, fine):
        return False
    make(fixed, moving, legs)
    return True


@kernel(_BOOL(FIXED, MOVING, _INT, _INT, _INT, _FLOAT))
def try_exchange(
    fixed: Fixed, moving: Moving, unit: int, other: int, slot: int, temperature: float
) -> bool:
    """Move `unit` to the slot of `other`, and `other` on to `slot`.

    A swap where `slot` is where `unit` comes from, an ejection elsewhere.
    """
    old = moving.slot[fixed.unit_items[fixed.unit_start[unit]]]
    middle = moving.slot[fixed.unit_items[fixed.unit_start[other]]]
    legs = 2
    set_leg(moving, 1, middle, other, unit)
    if slot == old:
        set_leg(moving, 0, old, unit, other)
    else:
        set_leg(moving, 0, old, unit, -1)
        set_leg(moving, 2, slot, -1, other)
        legs = 3
    limit = draw_limit_gbp(fixed, moving, unit, temperature)
    fine = knot_fine_gbp(fixed, moving, unit)
    if not judge(fixed, moving, legs, 0.0, limit, fine):
        return False
    make(fixed, moving, legs)
    return True


@kernel(_INT(FIXED, MOVING, _INT, _INT))
def near_outside(fixed: Fixed, moving: Moving, practice: int, slot: int) -> int:
    """Return a near practice in an open slot other than `slot`, or −1."""
    start = fixed.near_start[practice]
    num_near = fixed.near_start[practice + 1] - start
    if num_near == 0:
        return -1
    offset = below(moving, num_near)
    for k in range(num_near):
        other = fixed.near_items[start + (offset + k) % num_near]
        seen = moving.slot[other]
        if seen != slot and seen >= 0 and moving.open[seen]:
            return other
    return -1


@kernel(_INT(FIXED, MOVING, _INT, _INT, _INT))
def near_inside(
    fixed: Fixed, moving: Moving, practice: int, slot: int, hops: int
) -> int:
    """Return the practice a few random steps on, without leaving `slot`."""
    at = practice
    for _ in range(hops):
        start = fixed.near_start[at]
        num_near = fixed.near_start[at + 1] - start
        if num_near == 0:
            return at
        other = fixed.near_items[start + below(moving, num_near)]
        if moving.slot[other] == slot:
            at = other
    return at


@kernel(_BOOL(FIXED, MOVING, _INT, _FLOAT))
def step(fixed: Fixed, moving: Moving, unit: int, temperature: float) -> bool:
    """Propose one random move of a unit; whether it was made."""
    start = fixed.unit_start[unit]
    pick = below(moving, fixed.unit_start[unit + 1] - start)
    i = fixed.unit_items[start + pick]
    slot = moving.slot[i]
    kind = uniform(moving)
    if fixed.voluntary == 1 and slot >= 0 and kind < _SHARE_ALONE:
        return try_shift(fixed, moving, unit, ALONE, temperature)
    if kind > 1.0 - _SHARE_FOUND:
        return try_shift(fixed, moving, unit, spare_slot(moving), temperature)
    k = near_outside(fixed, moving, i, slot)
    if k < 0:
        return False
    if slot < 0 or kind < _SHARE_SHIFT:
        return try_shift(fixed, moving, unit, moving.slot[k], temperature)
    middle = moving.slot[k]
    v = near_inside(fixed, moving, k, middle, below(moving, 4))
    w = near_outside(fixed, moving, v, middle)
    if w < 0:
        return False
    other = fixed.unit_of[v]
    return try_exchange(fixed, moving, unit, other, moving.slot[w], temperature)
