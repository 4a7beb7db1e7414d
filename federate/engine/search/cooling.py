"""Schedules: how long to anneal some units, from how hot to how cold."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from federate.engine.search.anneal import anneal, learn, settle_open
from federate.engine.search.arrays import Fixed
from federate.engine.search.state import State

__all__ = ["Schedule", "cool"]

CHUNK = 20_000
"""Moves between two looks at the clock: a few hundredths of a second."""


@dataclass(frozen=True)
class Schedule:
    """A geometric cooling with rising penalties.

    Temperatures are relative to the local price of a person; `soft` and `hard`
    are the penalties of a broken rule at the start and at the end; `growth` and
    `decay` change the weight of units whose federation stays broken or whole.
    """

    moves_per_unit: int
    stages: int
    hot: float = 0.6
    cold: float = 0.02
    soft: float = 0.1
    hard: float = 8.0
    growth: float = 1.4
    decay: float = 0.9


def cool(
    state: State,
    units: npt.NDArray[np.int32],
    schedule: Schedule,
    fixed: Fixed | None = None,
) -> None:
    """Anneal some units by a schedule, or until the search has to stop.

    `fixed` stands in for the state's own where a rule is to differ for a while.
    """
    fixed = fixed or state.fixed
    moves = max(1, schedule.moves_per_unit * len(units) // schedule.stages)
    for stage in range(schedule.stages):
        share = stage / (schedule.stages - 1)
        hardness = schedule.soft * (schedule.hard / schedule.soft) ** share
        heat = schedule.hot * (schedule.cold / schedule.hot) ** share
        state.moving.stress[0] = hardness
        settle_open(fixed, state.moving)
        for done in range(0, moves, CHUNK):
            anneal(fixed, state.moving, units, min(CHUNK, moves - done), heat)
            if state.stop() is not None:
                return
        learn(fixed, state.moving, units, schedule.growth, schedule.decay)
