"""Pooled risk, contracts, tiers and scale of a slot as a move would leave it."""

import math
from typing import Any

from numba import types

from federate.criteria.judge import judge, shared_gbp2
from federate.engine.compiled import kernel
from federate.engine.search.arrays import FIXED, MOVING, Fixed, Moving

__all__ = ["bearing_after", "bearing_of", "bearing_of_side", "region_of_unit"]

_INT, _FLOAT = types.int64, types.float64
_numba: Any = types
_BOTH = _numba.UniTuple(_FLOAT, 2)
_MOST = 10.0  # times its own persons that a federation may be out by


@kernel(_FLOAT(FIXED, MOVING, _INT, _INT))
def region_of_unit(fixed: Fixed, moving: Moving, unit: int, slot: int) -> float:
    """Return what a unit adds to the shared risk of a slot's regions, £².

    The unit itself may be in the slot or not.
    """
    out = 0.0
    if fixed.terms.tau_region <= 0.0:
        return out
    for k in range(fixed.unit_start[unit], fixed.unit_start[unit + 1]):
        i = fixed.unit_items[k]
        for e in range(fixed.unit_start[unit], fixed.unit_start[unit + 1]):
            out += shared_gbp2(fixed.terms, i, fixed.unit_items[e])
        c = moving.first[slot]
        while c >= 0:
            if fixed.unit_of[c] != unit:
                out += 2.0 * shared_gbp2(fixed.terms, i, c)
            c = moving.after[c]
    return out


@kernel(_FLOAT(FIXED, _INT))
def cap_of_unit(fixed: Fixed, unit: int) -> float:
    """Return the least that one of a unit can answer for, a share of budget."""
    out = math.inf
    if len(fixed.terms.cap) > 0:
        for k in range(fixed.unit_start[unit], fixed.unit_start[unit + 1]):
            out = min(out, fixed.terms.cap[fixed.unit_items[k]])
    return out


@kernel(_FLOAT(FIXED, MOVING, _INT, _INT, _INT))
def cap_after(
    fixed: Fixed, moving: Moving, slot: int, leaves: int, joins: int
) -> float:
    """Return the least cap of a slot once one unit left and one joined."""
    out = math.inf
    if len(fixed.terms.cap) == 0:
        return out
    if joins >= 0:
        out = cap_of_unit(fixed, joins)
    c = moving.first[slot]
    while c >= 0:
        if fixed.unit_of[c] != leaves:
            out = min(out, fixed.terms.cap[c])
        c = moving.after[c]
    return out


@kernel(_FLOAT(FIXED, MOVING, _INT, _INT, _INT))
def region_after(
    fixed: Fixed, moving: Moving, slot: int, leaves: int, joins: int
) -> float:
    """Return what a slot's regions share once one unit left and one joined, £²."""
    out = moving.region[slot]
    if fixed.terms.tau_region <= 0.0:
        return out
    if leaves >= 0:
        out -= region_of_unit(fixed, moving, leaves, slot)
    if joins >= 0:
        out += region_of_unit(fixed, moving, joins, slot)
    if leaves >= 0 and joins >= 0:
        for k in range(fixed.unit_start[leaves], fixed.unit_start[leaves + 1]):
            for e in range(fixed.unit_start[joins], fixed.unit_start[joins + 1]):
                i, j = fixed.unit_items[k], fixed.unit_items[e]
                out -= 2.0 * shared_gbp2(fixed.terms, i, j)
    return max(out, 0.0)


@kernel(_BOTH(FIXED, MOVING, _FLOAT, _FLOAT, _INT, _INT))
def judged(
    fixed: Fixed, moving: Moving, region: float, cap: float, size: int, count: int
) -> tuple[float, float]:
    """Return £ a year and persons out of bounds of the sums in `trial`.

    A strain of x, the largest ratio of a figure to what its rule allows, counts
    as x − 1 times the federation's persons.
    """
    gbp, strain, _ = judge(fixed.terms, float(count), moving.trial, region, cap, False)
    if strain <= 1.0:
        return gbp, 0.0
    return gbp, max(size, 1) * min(strain - 1.0, _MOST) + fixed.typical


@kernel(_BOTH(FIXED, MOVING, _INT, _INT, _INT, _INT, _INT))
def bearing_after(
    fixed: Fixed,
    moving: Moving,
    slot: int,
    leaves: int,
    joins: int,
    size: int,
    count: int,
) -> tuple[float, float]:
    """Return £ a year and persons out of bounds once one unit left and one joined.

    `size` and `count` are of the slot as it would be.
    """
    for k in range(len(moving.trial)):
        moving.trial[k] = moving.parts[slot, k]
        if leaves >= 0:
            moving.trial[k] -= fixed.unit_parts[leaves, k]
        if joins >= 0:
            moving.trial[k] += fixed.unit_parts[joins, k]
    region = region_after(fixed, moving, slot, leaves, joins)
    cap = cap_after(fixed, moving, slot, leaves, joins)
    return judged(fixed, moving, region, cap, size, count)


@kernel(_BOTH(FIXED, MOVING, _INT))
def bearing_of(fixed: Fixed, moving: Moving, slot: int) -> tuple[float, float]:
    """Return £ a year and persons out of bounds of a slot as it is."""
    if not fixed.terms.is_on:
        return 0.0, 0.0
    return bearing_after(
        fixed, moving, slot, -1, -1, moving.size[slot], moving.count[slot]
    )


@kernel(_FLOAT(FIXED, MOVING, _INT, _INT))
def region_of_pairs(fixed: Fixed, moving: Moving, spot: int, side: int) -> float:
    """Return what a listed unit shares with itself and with those listed before it."""
    unit, out = moving.listed[spot], 0.0
    for k in range(fixed.unit_start[unit], fixed.unit_start[unit + 1]):
        i = fixed.unit_items[k]
        for e in range(fixed.unit_start[unit], fixed.unit_start[unit + 1]):
            out += shared_gbp2(fixed.terms, i, fixed.unit_items[e])
        for before in range(spot):
            if moving.side[before] == side:
                other = moving.listed[before]
                for e in range(fixed.unit_start[other], fixed.unit_start[other + 1]):
                    out += 2.0 * shared_gbp2(fixed.terms, i, fixed.unit_items[e])
    return out


@kernel(_BOTH(FIXED, MOVING, _INT, _INT, _INT, _INT))
def bearing_of_side(
    fixed: Fixed, moving: Moving, listed: int, side: int, size: int, count: int
) -> tuple[float, float]:
    """Return £ a year and persons out of bounds of the listed units on one side."""
    for k in range(len(moving.trial)):
        moving.trial[k] = 0.0
    region, cap = 0.0, math.inf
    for spot in range(listed):
        if moving.side[spot] != side:
            continue
        unit = moving.listed[spot]
        cap = min(cap, cap_of_unit(fixed, unit))
        for k in range(len(moving.trial)):
            moving.trial[k] += fixed.unit_parts[unit, k]
        if fixed.terms.tau_region > 0.0:
            region += region_of_pairs(fixed, moving, spot, side)
    return judged(fixed, moving, region, cap, size, count)
