"""A search under way: the kernels' arrays, the limits, the best plan so far."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

import numpy as np
import numpy.typing as npt

from federate.engine.events import Event, Listener
from federate.engine.search.anneal import appraise
from federate.engine.search.arrays import Fixed, Moving
from federate.engine.search.groups import rebuild
from solvers.contract import StopReason

__all__ = ["Appraisal", "State"]

Slots = npt.NDArray[np.int32]
Appraisal = tuple[float, float]
"""Persons out of bounds, then cost (£ a year): the first counts before the second."""

TOLD_EVERY_S = 0.2


@dataclass
class State:
    """What the search works on and what it has found.

    Parameters
    ----------
    fixed, moving
        The problem and the present plan, as the kernels hold them.
    deadline
        On the clock of ``time.perf_counter``.
    own_gbp
        What the practices above the upper bound cost, who stand outside.
    """

    fixed: Fixed
    moving: Moving
    deadline: float
    own_gbp: float
    listen: Listener | None = None
    cancel: Callable[[], bool] | None = None
    best: Slots | None = None
    best_is: Appraisal = (inf, inf)
    _sums: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(2))
    _began: float = field(default_factory=time.perf_counter)
    _told: float = -inf

    def stop(self) -> StopReason | None:
        """Return why to stop now, if there is a reason."""
        if self.cancel is not None and self.cancel():
            return StopReason.CANCELLED
        if time.perf_counter() > self.deadline:
            return StopReason.TIME_LIMIT
        return None

    def appraise(self) -> Appraisal:
        """Return what the open part of the present plan is worth."""
        appraise(self.fixed, self.moving, self._sums)
        return float(self._sums[0]), float(self._sums[1])

    def keep_if_best(self) -> None:
        """Keep the present plan where it is the best, and tell one without faults."""
        now_is = self.appraise()
        if now_is >= self.best_is:
            return
        self.best_is = now_is
        self.best = self.moving.slot.copy()
        now = time.perf_counter()
        if now_is[0] > 0 or self.listen is None or now - self._told < TOLD_EVERY_S:
            return
        self._told = now
        cost = now_is[1] + self.own_gbp
        self.listen(Event("incumbent", now - self._began, objective_gbp=cost))

    def put(self, slots: Slots) -> None:
        """Make some slots the present plan."""
        self.moving.slot[:] = slots
        self.open_all()

    def open_all(self) -> None:
        """Let every federation change, and count it anew."""
        self.moving.open[:] = True
        rebuild(self.fixed, self.moving)
