"""Anneal one part of the plan again, and keep it if it is better."""

import numpy as np
import numpy.typing as npt

from federate.engine.search.anneal import gather, list_broken
from federate.engine.search.arrays import NUM_FEDERATIONS, Fixed
from federate.engine.search.cooling import Schedule, cool
from federate.engine.search.groups import rebuild
from federate.engine.search.state import State

__all__ = ["WHOLE", "reheat"]

Units = npt.NDArray[np.int32]

WHOLE = Schedule(moves_per_unit=3_000, stages=60)
PART = Schedule(moves_per_unit=1_500, stages=24)
HEATS = (0.15, 0.3, 0.6, 1.0)
MOST_FOR_WHOLE = 1_000


def reheat(state: State, rng: np.random.Generator) -> bool:
    """Anneal some federations about a practice; whether the plan is better.

    While rules are broken, mostly about a practice where they are. A small
    region is at times annealed as a whole. The number of federations may be
    pinned one below or above what it is, so that it changes at all.
    """
    fixed, moving = state.fixed, state.moving
    saved = moving.slot.copy()
    units, schedule = _choose(state, rng)
    if len(units) < 2:
        state.open_all()
        return False
    before = state.appraise()
    moving.weight[units] = 1.0
    moving.stress[0] = schedule.soft
    rebuild(fixed, moving)
    cool(
        state, units, schedule, _pinned(fixed, int(moving.tally[NUM_FEDERATIONS]), rng)
    )
    after = state.appraise()
    if after >= before:
        state.put(saved)
        return False
    state.open_all()
    state.keep_if_best()
    fewer = before[0] - after[0] > 1e-9
    return fewer or before[1] - after[1] > 1e-9 * abs(before[1])


def _choose(state: State, rng: np.random.Generator) -> tuple[Units, Schedule]:
    """Return the units to anneal, their slots opened, and for how long."""
    fixed, moving = state.fixed, state.moving
    num_units = len(fixed.unit_size)
    whole = num_units < MOST_FOR_WHOLE and rng.random() < min(0.5, 40 / num_units)
    if whole:
        moving.open[:] = True
        return np.arange(num_units, dtype=np.int32), WHOLE
    practice = _about(state, rng)
    units = np.zeros(num_units, dtype=np.int32)
    count = gather(fixed, moving, practice, int(rng.integers(2, 13)), units)
    heat = WHOLE.hot * float(rng.choice(HEATS))
    part = Schedule(PART.moves_per_unit, PART.stages, hot=heat)
    return np.sort(units[:count]), part


def _about(state: State, rng: np.random.Generator) -> int:
    """Return a practice to begin from."""
    fixed, moving = state.fixed, state.moving
    if state.best_is[0] > 0 and rng.random() < 0.8:
        moving.open[:] = True
        broken = np.zeros(len(fixed.unit_size), dtype=np.int32)
        count = list_broken(fixed, moving, broken)
        if count:
            unit = int(rng.choice(broken[:count]))
            return int(fixed.unit_items[fixed.unit_start[unit]])
    return int(rng.choice(np.flatnonzero(fixed.unit_of >= 0)))


def _pinned(fixed: Fixed, count: int, rng: np.random.Generator) -> Fixed:
    """Return the problem, at times with the number of federations held nearby."""
    goal = count + int(rng.choice([-1, 0, 1, 2], p=[0.25, 0.35, 0.3, 0.1]))
    allowed = fixed.fewest_federations <= goal <= fixed.most_federations
    if rng.random() < 0.4 or not allowed or goal < 1:
        return fixed
    return fixed._replace(fewest_federations=goal, most_federations=goal)
