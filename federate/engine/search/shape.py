"""Pieces and enclaves of one federation, exactly, by walks over the graph."""

from numba import types

from federate.engine.compiled import kernel
from federate.engine.search.arrays import FIXED, MOVING, STAMP, Fixed, Moving

__all__ = ["encloses_after", "knots_after", "pieces_after"]

_INT, _BOOL = types.int64, types.boolean


@kernel(_BOOL(FIXED, MOVING, _INT, _INT, _INT, _INT))
def belongs_after(
    fixed: Fixed, moving: Moving, practice: int, slot: int, leaves: int, joins: int
) -> bool:
    """Whether a practice is in a slot once one unit left and one joined."""
    unit = fixed.unit_of[practice]
    if unit < 0:
        return False
    if unit == joins:
        return True
    return moving.slot[practice] == slot and unit != leaves


@kernel(_INT(FIXED, MOVING, _INT, _INT, _INT, _INT))
def walk_piece(
    fixed: Fixed, moving: Moving, start: int, slot: int, leaves: int, joins: int
) -> int:
    """Mark the piece around `start`; 0 if it was marked before, else 1."""
    stamp = moving.tally[STAMP]
    if moving.mark[start] == stamp:
        return 0
    moving.mark[start] = stamp
    moving.queue[0] = start
    length, head = 1, 0
    while head < length:
        i = moving.queue[head]
        head += 1
        for k in range(fixed.next_start[i], fixed.next_start[i + 1]):
            other = fixed.next_items[k]
            if moving.mark[other] != stamp and belongs_after(
                fixed, moving, other, slot, leaves, joins
            ):
                moving.mark[other] = stamp
                moving.queue[length] = other
                length += 1
    return 1


@kernel(_INT(FIXED, MOVING, _INT, _INT, _INT))
def pieces_after(
    fixed: Fixed, moving: Moving, slot: int, leaves: int, joins: int
) -> int:
    """Return the connected pieces of a slot once one unit left and one joined."""
    moving.tally[STAMP] += 1
    pieces = 0
    i = moving.first[slot]
    while i >= 0:
        if fixed.unit_of[i] != leaves:
            pieces += walk_piece(fixed, moving, i, slot, leaves, joins)
        i = moving.after[i]
    if joins >= 0:
        for k in range(fixed.unit_start[joins], fixed.unit_start[joins + 1]):
            start = fixed.unit_items[k]
            pieces += walk_piece(fixed, moving, start, slot, leaves, joins)
    return pieces


@kernel(_INT(FIXED, MOVING, _INT, _INT, _INT, _INT))
def mark_rim(
    fixed: Fixed, moving: Moving, slot: int, leaves: int, joins: int, start: int
) -> int:
    """Mark the practices just outside a slot around one member; return how many.

    Only practices linked to the outside count: the others were cut off before.
    """
    stamp = moving.tally[STAMP]
    found = 0
    for k in range(fixed.next_start[start], fixed.next_start[start + 1]):
        other = fixed.next_items[k]
        if not fixed.linked[other] or moving.mark[other] == stamp:
            continue
        if not belongs_after(fixed, moving, other, slot, leaves, joins):
            moving.mark[other] = stamp
            moving.queue[0] = other
            found += 1
    return found


@kernel(_BOOL(FIXED, MOVING, _INT, _INT, _INT, _INT, _INT, _BOOL))
def rim_is_connected(
    fixed: Fixed,
    moving: Moving,
    slot: int,
    leaves: int,
    joins: int,
    rim: int,
    rim_stamp: int,
    touches_outside: bool,
) -> bool:
    """Whether a walk from the rim's last practice meets all of the rim."""
    stamp = moving.tally[STAMP]
    first = moving.queue[0]
    moving.mark[first] = stamp
    to_meet = rim - 1 + touches_outside
    length, head, outside_met = 1, 0, False
    while head < length and to_meet > 0:
        i = moving.queue[head]
        head += 1
        if fixed.on_edge[i] and not outside_met:
            outside_met = True
            to_meet -= touches_outside
            for other in range(len(fixed.on_edge)):
                if fixed.on_edge[other] and moving.mark[other] != stamp:
                    if belongs_after(fixed, moving, other, slot, leaves, joins):
                        continue
                    to_meet -= moving.mark[other] == rim_stamp
                    moving.mark[other] = stamp
                    moving.queue[length] = other
                    length += 1
        for k in range(fixed.next_start[i], fixed.next_start[i + 1]):
            other = fixed.next_items[k]
            if moving.mark[other] == stamp or belongs_after(
                fixed, moving, other, slot, leaves, joins
            ):
                continue
            to_meet -= moving.mark[other] == rim_stamp
            moving.mark[other] = stamp
            moving.queue[length] = other
            length += 1
    return to_meet == 0


@kernel(_BOOL(FIXED, MOVING, _INT, _INT, _INT))
def encloses_after(
    fixed: Fixed, moving: Moving, slot: int, leaves: int, joins: int
) -> bool:
    """Whether a slot cuts a practice off from the outside of the area.

    The *rim* of a federation is every practice next to it, and the outside if a
    member lies on the edge. Nothing is cut off exactly if the rim is connected
    without the federation, the outside joining all practices on the edge: a way
    out through the federation enters and leaves by the rim.
    """
    moving.tally[STAMP] += 1
    rim_stamp = moving.tally[STAMP]
    rim, touches_outside = 0, False
    i = moving.first[slot]
    while i >= 0:
        if fixed.unit_of[i] != leaves:
            touches_outside |= fixed.on_edge[i]
            rim += mark_rim(fixed, moving, slot, leaves, joins, i)
        i = moving.after[i]
    if joins >= 0:
        for k in range(fixed.unit_start[joins], fixed.unit_start[joins + 1]):
            i = fixed.unit_items[k]
            touches_outside |= fixed.on_edge[i]
            rim += mark_rim(fixed, moving, slot, leaves, joins, i)
    if rim == 0 or rim + touches_outside == 1:
        return False
    moving.tally[STAMP] += 1
    return not rim_is_connected(
        fixed, moving, slot, leaves, joins, rim, rim_stamp, touches_outside
    )


@kernel(_INT(FIXED, MOVING, _INT, _INT, _INT))
def knots_after(
    fixed: Fixed, moving: Moving, slot: int, leaves: int, joins: int
) -> int:
    """Return the pieces beyond the rule, plus one where others are enclosed."""
    knots = 0
    if fixed.max_pieces > 0:
        pieces = pieces_after(fixed, moving, slot, leaves, joins)
        knots += max(0, pieces - fixed.max_pieces)
    if fixed.no_donut == 1 and encloses_after(fixed, moving, slot, leaves, joins):
        knots += 1
    return knots
