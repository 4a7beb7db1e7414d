"""What this engine knows so far, told as events as it learns."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from threading import RLock
from typing import Literal

import numpy as np
import numpy.typing as npt

from federate.engine.answer import Answer, Grouping, objective_gbp, to_plan
from federate.engine.events import Event, EventKind, Listener
from federate.evidence import Evidence
from federate.problem import Problem
from federate.verify import verify
from solvers.contract import Options, Status, StopReason

__all__ = ["Progress"]

FloatArray = npt.NDArray[np.float64]


@dataclass
class Progress:
    """Best plan, best bound and what proves it, within the limits.

    Only plans that `verify` accepts count; until there is one, the first that it
    did not accept is kept. Two threads may tell what they learn.
    """

    problem: Problem
    options: Options
    listen: Listener | None = None
    cancel: Callable[[], bool] | None = None
    bound: float = -inf
    best: float = inf
    grouping: Grouping | None = None
    broken: Grouping | None = None
    evidence: Evidence | None = None
    started: float = field(default_factory=time.perf_counter)
    _lock: RLock = field(default_factory=RLock)

    @property
    def gap(self) -> float | None:
        """(best − bound) / |best|, or ``None`` while either is absent."""
        if self.grouping is None or self.bound == -inf:
            return None
        return max(0.0, self.best - self.bound) / max(1e-9, abs(self.best))

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self.started

    @property
    def seconds_left(self) -> float:
        """Seconds until the time limit, infinite without one."""
        limit = self.options.time_limit_s
        return inf if limit is None else max(0.0, limit - self.seconds)

    def stop(self) -> StopReason | None:
        """Return why to stop now, if there is a reason."""
        if self.cancel is not None and self.cancel():
            return StopReason.CANCELLED
        if self.gap is not None and self.gap <= self.options.rel_gap:
            return StopReason.GAP_REACHED
        return StopReason.TIME_LIMIT if self.seconds_left <= 0 else None

    def prove(
        self,
        bound: float,
        prices: FloatArray,
        count_gbp: float,
        pricing: Literal["knapsack", "whole"] = "knapsack",
    ) -> None:
        """Keep a bound that is better than the last, and the prices behind it."""
        with self._lock:
            if bound <= self.bound:
                return
            self.bound = min(bound, self.best)
            self.evidence = Evidence(
                codes=tuple(self.problem.instance.practices.code),
                practice_gbp=prices.copy(),
                count_gbp=count_gbp,
                sets=np.zeros((0, 5), dtype=np.int64),
                cut_gbp=np.zeros(0),
                dual_bound_gbp=bound,
                bound_gbp=self.bound,
                pricing=pricing,
            )
            self._tell("bound")

    def claim(self, bound: float) -> None:
        """Keep a bound that is better than the last, on this engine's word alone."""
        with self._lock:
            if bound > self.bound:
                self.bound = min(bound, self.best)
                self._tell("bound")

    def offer(self, grouping: Grouping) -> bool:
        """Keep a plan that is cheaper than the last and breaks no rule."""
        value = objective_gbp(self.problem, grouping)
        if value >= self.best - 1e-9:
            return False
        is_broken = bool(verify(self.problem, to_plan(self.problem, grouping)))
        with self._lock:
            if is_broken:
                self.broken = self.broken or grouping
                return False
            if value >= self.best - 1e-9:
                return False
            self.best, self.grouping = value, grouping
            self._tell("incumbent")
            return True

    def answer(self, stop: StopReason) -> Answer:
        """Return what was found and proved."""
        grouping = self.grouping or self.broken
        proven = self.gap is not None and self.gap <= self.options.rel_gap
        status = Status.OPTIMAL if proven else Status.FEASIBLE
        cost = None if grouping is None else objective_gbp(self.problem, grouping)
        return Answer(
            status=Status.NO_SOLUTION if self.grouping is None else status,
            stop=stop,
            grouping=grouping,
            objective_gbp=cost,
            bound_gbp=None if self.bound == -inf else self.bound,
            evidence=self.evidence,
        )

    def _tell(self, kind: EventKind) -> None:
        if self.listen is not None:
            self.listen(
                Event(
                    kind=kind,
                    seconds=self.seconds,
                    objective_gbp=None if self.grouping is None else self.best,
                    bound_gbp=None if self.bound == -inf else self.bound,
                    gap=self.gap,
                )
            )
