"""Construction: every unit a federation, the smallest merged until large enough."""

import math

import numpy as np
import numpy.typing as npt
from numba import types

from federate.engine.compiled import entry, kernel
from federate.engine.search.arrays import (
    FIXED,
    MOVING,
    NUM_FEDERATIONS,
    Fixed,
    Moving,
)
from federate.engine.search.chance import uniform
from federate.engine.search.groups import relocate, settle
from federate.engine.search.moves import count_fine_gbp
from federate.engine.search.recombine import list_units, worth_of_side

Flags = npt.NDArray[np.bool_]

__all__ = ["merge_small"]

_INT, _FLOAT, _VOID = types.int64, types.float64, types.void


@kernel(_FLOAT(FIXED, MOVING, _INT, _INT))
def merged_gain(fixed: Fixed, moving: Moving, a: int, b: int) -> float:
    """Return what merging two slots adds to the worth, £ a year."""
    count = list_units(fixed, moving, a, 0)
    count = list_units(fixed, moving, b, count)
    for spot in range(count):
        moving.side[spot] = 0
    worth = worth_of_side(fixed, moving, count, 0, math.inf)
    return worth - moving.worth[a] - moving.worth[b]


@kernel(_INT(FIXED, MOVING, _INT, _FLOAT, _FLOAT))
def best_partner(
    fixed: Fixed, moving: Moving, slot: int, noise: float, limit: float
) -> int:
    """Return the near slot that `slot` merges with most cheaply, or −1.

    Only merges that add less than `limit` (£ a year) count; gains are blurred by
    a factor up to 1 + `noise`.
    """
    best, partner = limit, -1
    tried = 0
    i = moving.first[slot]
    while i >= 0:
        for e in range(fixed.near_start[i], fixed.near_start[i + 1]):
            other = moving.slot[fixed.near_items[e]]
            if other < 0 or other == slot:
                continue
            fresh = True
            for k in range(tried):
                fresh &= moving.queue[k] != other
            if not fresh:
                continue
            moving.queue[tried] = other
            tried += 1
            gain = merged_gain(fixed, moving, slot, other)
            gain += abs(gain) * noise * uniform(moving)
            if gain < best:
                best, partner = gain, other
        i = moving.after[i]
    return partner


@kernel(_INT(FIXED, MOVING, types.boolean[::1]))
def smallest(fixed: Fixed, moving: Moving, done: Flags) -> int:
    """Return the slot with fewest persons that is not done, or −1."""
    best = -1
    for slot in range(len(moving.first)):
        if moving.count[slot] == 0 or done[slot]:
            continue
        if best < 0 or moving.size[slot] < moving.size[best]:
            best = slot
    return best


@entry(_VOID(FIXED, MOVING, types.boolean[::1], _FLOAT, _FLOAT))
def merge_small(
    fixed: Fixed,
    moving: Moving,
    done: Flags,
    goal: float,
    noise: float,
) -> None:
    """Merge the smallest federation with its best neighbour until all reach `goal`.

    A federation that keeps its bounds merges only where that saves money; one
    that does not, wherever it hurts least. While there are too many federations
    the smallest keep merging. `done` is scratch, all false.
    """
    while True:
        slot = smallest(fixed, moving, done)
        if slot < 0:
            return
        many = moving.tally[NUM_FEDERATIONS] > fixed.most_federations
        few = moving.tally[NUM_FEDERATIONS] <= fixed.fewest_federations
        large = moving.size[slot] >= goal and moving.count[slot] >= fixed.fewest
        if few or (large and not many):
            done[slot] = True
            continue
        limit = math.inf
        if moving.size[slot] >= fixed.lower and not many:
            limit = count_fine_gbp(fixed, moving, 0) - count_fine_gbp(fixed, moving, -1)
        partner = best_partner(fixed, moving, slot, noise, limit)
        if partner < 0:
            done[slot] = True
            continue
        count = list_units(fixed, moving, slot, 0)
        for spot in range(count):
            relocate(fixed, moving, moving.listed[spot], partner)
        settle(fixed, moving, partner)
        done[partner] = False
