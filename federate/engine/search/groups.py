"""Change a plan in place: move a unit, and rebuild every sum from the slots."""

from numba import types

from federate.engine.compiled import entry, kernel
from federate.engine.search.arrays import (
    ALONE,
    FIXED,
    MOVING,
    NUM_FEDERATIONS,
    NUM_SPARE,
    Fixed,
    Moving,
)
from federate.engine.search.bearing import region_of_unit
from federate.engine.search.shape import knots_after
from federate.engine.search.worth import (
    clashes_with,
    pain_of,
    pairs_with,
    unit_led_gbp,
    worth_after,
)

__all__ = ["rebuild", "relocate", "settle", "spare_slot"]

_INT, _VOID = types.int64, types.void


@kernel(_INT(MOVING))
def spare_slot(moving: Moving) -> int:
    """Return an empty slot."""
    return moving.spare[moving.tally[NUM_SPARE] - 1]


@kernel(_VOID(MOVING, _INT))
def take_spare(moving: Moving, slot: int) -> None:
    """Take a slot from the spare ones."""
    last = moving.tally[NUM_SPARE] - 1
    hole = moving.where[slot]
    other = moving.spare[last]
    moving.spare[hole] = other
    moving.where[other] = hole
    moving.tally[NUM_SPARE] = last
    moving.tally[NUM_FEDERATIONS] += 1


@kernel(_VOID(MOVING, _INT))
def give_spare(moving: Moving, slot: int) -> None:
    """Return an emptied slot, its sums exactly zero, to the spare ones."""
    moving.budget[slot] = 0.0
    moving.variance[slot] = 0.0
    for k in range(moving.parts.shape[1]):
        moving.parts[slot, k] = 0.0
    moving.region[slot] = 0.0
    moving.pain[slot] = 0.0
    moving.worth[slot] = 0.0
    moving.knots[slot] = 0
    last = moving.tally[NUM_SPARE]
    moving.spare[last] = slot
    moving.where[slot] = last
    moving.tally[NUM_SPARE] = last + 1
    moving.tally[NUM_FEDERATIONS] -= 1


@kernel(_VOID(MOVING, _INT, _INT))
def link(moving: Moving, practice: int, slot: int) -> None:
    """Put a practice first in the list of a slot."""
    head = moving.first[slot]
    moving.slot[practice] = slot
    moving.before[practice] = -1
    moving.after[practice] = head
    if head >= 0:
        moving.before[head] = practice
    moving.first[slot] = practice


@kernel(_VOID(MOVING, _INT))
def unlink(moving: Moving, practice: int) -> None:
    """Take a practice out of the list of its slot."""
    before, after = moving.before[practice], moving.after[practice]
    if before >= 0:
        moving.after[before] = after
    else:
        moving.first[moving.slot[practice]] = after
    if after >= 0:
        moving.before[after] = before
    moving.slot[practice] = ALONE


@kernel(_VOID(FIXED, MOVING, _INT, _INT))
def add_sums(fixed: Fixed, moving: Moving, unit: int, slot: int) -> None:
    """Add a unit to the sums of a slot it is about to join."""
    if moving.count[slot] == 0:
        take_spare(moving, slot)
    moving.clash[slot] += clashes_with(fixed, moving, unit, slot, unit)
    moving.pairs[slot] += pairs_with(fixed, moving, unit, slot, unit)
    moving.size[slot] += fixed.unit_size[unit]
    moving.count[slot] += fixed.unit_count[unit]
    moving.waived[slot] += fixed.unit_waived[unit]
    moving.budget[slot] += fixed.unit_budget[unit]
    moving.variance[slot] += fixed.unit_variance[unit]
    if fixed.terms.is_on:
        for k in range(moving.parts.shape[1]):
            moving.parts[slot, k] += fixed.unit_parts[unit, k]
    moving.pain[slot] += pain_of(fixed, moving, unit)


@kernel(_VOID(FIXED, MOVING, _INT, _INT))
def subtract_sums(fixed: Fixed, moving: Moving, unit: int, slot: int) -> None:
    """Take a unit out of the sums of the slot it has just left."""
    moving.clash[slot] -= clashes_with(fixed, moving, unit, slot, unit)
    moving.pairs[slot] -= pairs_with(fixed, moving, unit, slot, unit)
    moving.size[slot] -= fixed.unit_size[unit]
    moving.count[slot] -= fixed.unit_count[unit]
    moving.waived[slot] -= fixed.unit_waived[unit]
    moving.budget[slot] -= fixed.unit_budget[unit]
    moving.variance[slot] -= fixed.unit_variance[unit]
    if fixed.terms.is_on:
        for k in range(moving.parts.shape[1]):
            moving.parts[slot, k] -= fixed.unit_parts[unit, k]
    moving.pain[slot] -= pain_of(fixed, moving, unit)
    if moving.count[slot] == 0:
        give_spare(moving, slot)


@kernel(_VOID(FIXED, MOVING, _INT, _INT))
def leave(fixed: Fixed, moving: Moving, unit: int, slot: int) -> None:
    """Take a unit out of its slot; it then stands alone."""
    moving.region[slot] -= region_of_unit(fixed, moving, unit, slot)
    for k in range(fixed.unit_start[unit], fixed.unit_start[unit + 1]):
        unlink(moving, fixed.unit_items[k])
    c = moving.first[slot]
    while c >= 0:
        moving.own[c] -= unit_led_gbp(fixed, unit, c)
        if fixed.reachable.size > 0:
            for k in range(fixed.unit_start[unit], fixed.unit_start[unit + 1]):
                moving.short[c] -= not fixed.reachable[fixed.unit_items[k], c]
        c = moving.after[c]
    subtract_sums(fixed, moving, unit, slot)


@kernel(_VOID(FIXED, MOVING, _INT, _INT))
def join(fixed: Fixed, moving: Moving, unit: int, slot: int) -> None:
    """Put a unit that stands alone into a slot."""
    moving.region[slot] += region_of_unit(fixed, moving, unit, slot)
    add_sums(fixed, moving, unit, slot)
    for k in range(fixed.unit_start[unit], fixed.unit_start[unit + 1]):
        i = fixed.unit_items[k]
        moving.own[i] = fixed.assign[i, i]
        moving.short[i] = 0
        if fixed.reachable.size > 0:
            moving.short[i] += not fixed.reachable[i, i]
        c = moving.first[slot]
        while c >= 0:
            moving.own[c] += fixed.assign[i, c]
            moving.own[i] += fixed.assign[c, i]
            if fixed.reachable.size > 0:
                moving.short[c] += not fixed.reachable[i, c]
                moving.short[i] += not fixed.reachable[c, i]
            c = moving.after[c]
        link(moving, i, slot)


@kernel(_VOID(FIXED, MOVING, _INT, _INT))
def relocate(fixed: Fixed, moving: Moving, unit: int, slot: int) -> None:
    """Move a unit to a slot (−1: to stand alone); `settle` both afterwards."""
    old = moving.slot[fixed.unit_items[fixed.unit_start[unit]]]
    if old >= 0:
        leave(fixed, moving, unit, old)
    if slot >= 0:
        join(fixed, moving, unit, slot)


@kernel(_VOID(FIXED, MOVING, _INT))
def settle(fixed: Fixed, moving: Moving, slot: int) -> None:
    """Recompute the worth and the knots of a slot."""
    if slot >= 0 and moving.count[slot] > 0:
        moving.worth[slot] = worth_after(fixed, moving, slot, -1, -1)
        moving.knots[slot] = knots_after(fixed, moving, slot, -1, -1)


@entry(_VOID(FIXED, MOVING))
def rebuild(fixed: Fixed, moving: Moving) -> None:
    """Rebuild lists and sums from `moving.slot` alone.

    Clears the rounding that many moves leave behind, and makes the state a
    function of the plan.
    """
    num_slots = len(moving.first)
    moving.first[:] = -1
    moving.count[:] = 0
    moving.size[:] = 0
    moving.waived[:] = 0
    moving.clash[:] = 0
    moving.pairs[:] = 0
    moving.budget[:] = 0.0
    moving.variance[:] = 0.0
    moving.parts[:] = 0.0
    moving.region[:] = 0.0
    moving.pain[:] = 0.0
    moving.worth[:] = 0.0
    moving.knots[:] = 0
    for slot in range(num_slots):
        moving.spare[num_slots - 1 - slot] = slot
        moving.where[slot] = num_slots - 1 - slot
    moving.tally[NUM_SPARE] = num_slots
    moving.tally[NUM_FEDERATIONS] = 0
    for unit in range(len(fixed.unit_size)):
        slot = moving.slot[fixed.unit_items[fixed.unit_start[unit]]]
        for k in range(fixed.unit_start[unit], fixed.unit_start[unit + 1]):
            moving.slot[fixed.unit_items[k]] = ALONE
        moving.queue[unit] = slot
    for unit in range(len(fixed.unit_size)):
        if moving.queue[unit] >= 0:
            join(fixed, moving, unit, moving.queue[unit])
    for slot in range(num_slots):
        settle(fixed, moving, slot)
