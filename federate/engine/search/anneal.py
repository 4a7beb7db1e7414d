"""Simulated annealing over some units, with penalties that learn.

Temperature and penalties are relative to the local price of a person
(`Fixed.price`), so one schedule serves a city and a dale. A unit whose
federation stays broken gains weight, which raises the price of breaking there
and nowhere else.
"""

import math

import numpy as np
import numpy.typing as npt
from numba import types

from federate.engine.compiled import entry, kernel
from federate.engine.search.arrays import (
    ALONE,
    FIXED,
    MOVING,
    NUM_FEDERATIONS,
    Fixed,
    Moving,
)
from federate.engine.search.bearing import bearing_of
from federate.engine.search.chance import below, uniform
from federate.engine.search.groups import settle, spare_slot
from federate.engine.search.moves import near_outside, step
from federate.engine.search.recombine import disband, found, recombine
from federate.engine.search.worth import persons_out, running_gbp

__all__ = ["anneal", "appraise", "gather", "learn", "list_broken", "settle_open"]

Sums = npt.NDArray[np.float64]
Units = npt.NDArray[np.int32]

_INT, _FLOAT, _VOID = types.int64, types.float64, types.void
_UNITS, _SUMS = types.int32[::1], types.float64[::1]
_SHARE_LARGE = 0.004  # of moves that redraw whole federations
_LARGEST_REDRAWN = 300  # units: beyond, one redraw costs a second
_MOST_ALONE = 12  # units standing alone in a window, per federation opened
_KNOT_PERSONS = 2.0
_HEAVIEST = 1e6


@kernel(_VOID(FIXED, MOVING, _INT, _FLOAT))
def large_step(fixed: Fixed, moving: Moving, unit: int, temperature: float) -> None:
    """Redraw, split, disband or found a federation about a unit."""
    start = fixed.unit_start[unit]
    i = fixed.unit_items[start + below(moving, fixed.unit_start[unit + 1] - start)]
    slot = moving.slot[i]
    if slot < 0:
        found(fixed, moving, unit, temperature)
        return
    kind = uniform(moving)
    if fixed.voluntary == 1 and kind < 0.2:
        disband(fixed, moving, slot, temperature)
        return
    if moving.count[slot] > _LARGEST_REDRAWN:
        return
    if kind > 0.9:
        recombine(fixed, moving, slot, spare_slot(moving), temperature)
        return
    k = near_outside(fixed, moving, i, slot)
    if k < 0 or moving.count[moving.slot[k]] > _LARGEST_REDRAWN:
        return
    recombine(fixed, moving, slot, moving.slot[k], temperature)


@entry(_INT(FIXED, MOVING, _UNITS, _INT, _FLOAT))
def anneal(
    fixed: Fixed, moving: Moving, units: Units, num_moves: int, temperature: float
) -> int:
    """Propose moves of the given units at one temperature; return those made."""
    made = 0
    for _ in range(num_moves):
        unit = units[below(moving, len(units))]
        if uniform(moving) < _SHARE_LARGE:
            large_step(fixed, moving, unit, temperature)
        else:
            made += step(fixed, moving, unit, temperature)
    return made


@kernel(_FLOAT(FIXED, MOVING, _INT))
def broken_persons(fixed: Fixed, moving: Moving, slot: int) -> float:
    """Return by how much a slot breaks its rules, in persons; 0 if it keeps all."""
    out = persons_out(
        fixed,
        moving.size[slot],
        moving.count[slot],
        moving.budget[slot],
        moving.variance[slot],
        moving.waived[slot],
        moving.clash[slot],
    )
    out += bearing_of(fixed, moving, slot)[1]
    fewest = moving.short[moving.first[slot]]
    c = moving.first[slot]
    while c >= 0:
        fewest = min(fewest, moving.short[c])
        c = moving.after[c]
    knots = _KNOT_PERSONS * moving.knots[slot]
    return out + fixed.typical * (fewest + knots)


@kernel(_FLOAT(FIXED, MOVING, _INT))
def cost_gbp(fixed: Fixed, moving: Moving, slot: int) -> float:
    """Return the cost of a slot led by its best centre, £ a year, no penalties."""
    fewest = moving.short[moving.first[slot]]
    best = math.inf
    c = moving.first[slot]
    while c >= 0:
        short, led = moving.short[c], moving.own[c]
        if short < fewest or (short == fewest and led < best):
            fewest, best = short, led
        c = moving.after[c]
    running = running_gbp(fixed, moving.size[slot], moving.count[slot])
    best -= fixed.pair_gbp * moving.pairs[slot]
    return best + running + bearing_of(fixed, moving, slot)[0]


@entry(_VOID(FIXED, MOVING, _SUMS))
def appraise(fixed: Fixed, moving: Moving, sums: Sums) -> None:
    """Write persons out of bounds and cost (£ a year) of the open slots.

    The units that stand alone and the number of federations count too.
    """
    persons, gbp = 0.0, 0.0
    for slot in range(len(moving.first)):
        if moving.count[slot] > 0 and moving.open[slot]:
            persons += broken_persons(fixed, moving, slot)
            gbp += cost_gbp(fixed, moving, slot)
    for unit in range(len(fixed.unit_size)):
        if moving.slot[fixed.unit_items[fixed.unit_start[unit]]] == ALONE:
            gbp += fixed.unit_alone[unit]
            if fixed.voluntary == 0:
                persons += fixed.typical
    count = moving.tally[NUM_FEDERATIONS]
    off = max(0, count - fixed.most_federations, fixed.fewest_federations - count)
    sums[0] = persons + off * fixed.typical
    sums[1] = gbp


@entry(_INT(FIXED, MOVING, _UNITS))
def list_broken(fixed: Fixed, moving: Moving, units: Units) -> int:
    """List the units in federations that break a rule; return how many."""
    count = 0
    for unit in range(len(fixed.unit_size)):
        slot = moving.slot[fixed.unit_items[fixed.unit_start[unit]]]
        if slot >= 0 and broken_persons(fixed, moving, slot) > 0.0:
            units[count] = unit
            count += 1
    return count


@entry(_VOID(FIXED, MOVING))
def settle_open(fixed: Fixed, moving: Moving) -> None:
    """Recompute the worth of every open slot, after a change of stress."""
    for slot in range(len(moving.first)):
        if moving.open[slot]:
            settle(fixed, moving, slot)


@entry(_VOID(FIXED, MOVING, _UNITS, _FLOAT, _FLOAT))
def learn(
    fixed: Fixed, moving: Moving, units: Units, growth: float, decay: float
) -> None:
    """Raise the weight of units in broken federations, lower that of others."""
    for k in range(len(units)):
        unit = units[k]
        slot = moving.slot[fixed.unit_items[fixed.unit_start[unit]]]
        old = moving.weight[unit]
        broken = slot >= 0 and broken_persons(fixed, moving, slot) > 0.0
        new = min(old * growth, _HEAVIEST) if broken else max(old * decay, 1.0)
        moving.weight[unit] = new
        if slot >= 0:
            persons = max(fixed.unit_size[unit], 1)
            moving.pain[slot] += (new - old) * fixed.price[unit] * persons


@kernel(_INT(FIXED, MOVING, _UNITS, _INT))
def close_up(fixed: Fixed, moving: Moving, units: Units, count: int) -> int:
    """Complete a list of units with every unit of the slots they are in."""
    for unit in range(len(fixed.unit_size)):
        moving.spot[unit] = -1
    for k in range(count):
        moving.spot[units[k]] = k
    for k in range(count):
        slot = moving.slot[fixed.unit_items[fixed.unit_start[units[k]]]]
        i = -1 if slot < 0 else moving.first[slot]
        while i >= 0:
            unit = fixed.unit_of[i]
            if moving.spot[unit] < 0:
                moving.spot[unit] = count
                units[count] = unit
                count += 1
            i = moving.after[i]
    return count


@entry(_INT(FIXED, MOVING, _INT, _INT, _UNITS))
def gather(
    fixed: Fixed, moving: Moving, practice: int, num_slots: int, units: Units
) -> int:
    """Open the slots around a practice, spare ones too; list their units.

    Returns how many units; those that stand alone in between are among them.
    """
    for slot in range(len(moving.first)):
        moving.open[slot] = moving.count[slot] == 0
    for unit in range(len(fixed.unit_size)):
        moving.spot[unit] = -1
    moving.queue[0] = practice
    moving.spot[fixed.unit_of[practice]] = 0
    length, head, opened, count = 1, 0, 0, 0
    while head < length:
        i = moving.queue[head]
        head += 1
        slot = moving.slot[i]
        if slot >= 0 and not moving.open[slot]:
            if opened == num_slots:
                continue
            moving.open[slot] = True
            opened += 1
        elif slot < 0 and count > _MOST_ALONE * num_slots:
            continue
        units[count] = fixed.unit_of[i]
        count += 1
        for k in range(fixed.near_start[i], fixed.near_start[i + 1]):
            other = fixed.near_items[k]
            unit = fixed.unit_of[other]
            if moving.spot[unit] < 0:
                moving.spot[unit] = 0
                moving.queue[length] = other
                length += 1
    return close_up(fixed, moving, units, count)
