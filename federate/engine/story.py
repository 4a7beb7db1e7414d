"""What a whole solve has found so far, told as one stream of events."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import RLock

from federate.engine.answer import Answer, Grouping
from federate.engine.events import Event, EventKind, Listener
from federate.evidence import Evidence
from solvers.contract import Status

__all__ = ["Story"]


@dataclass
class Story:
    """Best plan and best bound over all engines; events in order, times as one.

    Parameters
    ----------
    time_limit_s
        For the whole solve.
    listen, cancelled
        Told every event; asked whether to stop.
    """

    time_limit_s: float
    listen: Listener | None = None
    cancelled: Callable[[], bool] | None = None
    objective_gbp: float | None = None
    bound_gbp: float | None = None
    grouping: Grouping | None = None
    grouping_gbp: float | None = None
    broken: Grouping | None = None
    evidence: Evidence | None = None
    events: list[Event] = field(default_factory=list)
    began: float = field(default_factory=time.perf_counter)
    _lock: RLock = field(default_factory=RLock)

    def restart_clock(self) -> None:
        """Go on from the last event: what came since was no solving."""
        told = self.events[-1].seconds if self.events else 0.0
        self.began = time.perf_counter() - told

    @property
    def seconds(self) -> float:
        """Seconds since the solve began."""
        return time.perf_counter() - self.began

    @property
    def seconds_left(self) -> float:
        """Seconds until the time limit, at least a moment."""
        return max(0.05, self.time_limit_s - self.seconds)

    @property
    def gap(self) -> float | None:
        """(objective − bound) / |objective|, ``None`` while either is absent."""
        if self.objective_gbp is None or self.bound_gbp is None:
            return None
        short = max(0.0, self.objective_gbp - self.bound_gbp)
        return short / max(1e-9, abs(self.objective_gbp))

    def tell(self, kind: EventKind, message: str = "", **detail: object) -> None:
        """Add an event with the best figures so far."""
        with self._lock:
            event = Event(
                kind=kind,
                seconds=self.seconds,
                objective_gbp=self.objective_gbp,
                bound_gbp=self.bound_gbp,
                gap=self.gap,
                message=message,
                detail=dict(detail),
            )
            self.events.append(event)
            if self.listen is not None:
                self.listen(event)

    def hear(self, event: Event) -> None:
        """Pass on an engine's event where it tells something better, or new."""
        with self._lock:
            if event.kind == "incumbent":
                if self._is_cheaper(event.objective_gbp):
                    self.objective_gbp = event.objective_gbp
                    self.tell("incumbent")
            elif event.kind == "bound":
                self.bound(event.bound_gbp)
            elif event.kind in ("phase", "warning", "presolve"):
                self.tell(event.kind, event.message, **event.detail)

    def bound(self, bound_gbp: float | None) -> None:
        """Raise the bound where this one is better."""
        if bound_gbp is None:
            return
        if self.bound_gbp is None or bound_gbp > self.bound_gbp:
            self.bound_gbp = bound_gbp
            self.tell("bound")

    def take(self, answer: Answer) -> None:
        """Keep an engine's plan and bound where they are better.

        A plan that breaks rules is kept only while there is none that does not.
        """
        with self._lock:
            self.bound(answer.bound_gbp)
            self._believe(answer.evidence)
            cost = answer.objective_gbp
            if answer.grouping is None or cost is None:
                return
            if answer.status not in (Status.OPTIMAL, Status.FEASIBLE):
                self.broken = self.broken or answer.grouping
                return
            if self.grouping_gbp is None or cost < self.grouping_gbp:
                self.grouping, self.grouping_gbp = answer.grouping, cost
            if self._is_cheaper(cost):
                self.objective_gbp = cost
                self.tell("incumbent")

    def _believe(self, evidence: Evidence | None) -> None:
        """Keep the evidence that proves most."""
        if evidence is None:
            return
        if self.evidence is None or evidence.bound_gbp > self.evidence.bound_gbp:
            self.evidence = evidence

    def _is_cheaper(self, gbp: float | None) -> bool:
        told = self.objective_gbp
        return gbp is not None and (told is None or gbp < told - 1e-6)
