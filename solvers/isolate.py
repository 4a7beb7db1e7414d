"""A backend in a child process: killed hard, held to its memory, free to die.

For backends that clash with another inside one process, that do not hear a
request to stop, or that may crash. The child's death is an outcome, never the
caller's. What it had found until then is kept, and judged like any other claim.
"""

import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.child import REPLY, REQUEST, Request
from solvers.claim import Claim, judge
from solvers.contract import (
    Backend,
    BackendError,
    Capability,
    MixedIntegerModel,
    Options,
    Outcome,
    Probe,
    Progress,
    Session,
    Status,
    StopReason,
)
from solvers.process import ChildProcess, can_weigh
from solvers.progress import Watch
from solvers.registry import require

__all__ = ["Isolated"]

FloatArray = npt.NDArray[np.float64]

# Seconds a backend has to stop by itself, once asked, before it is killed.
STOP_GRACE_S = 0.5
# Seconds past its time limit after which it is killed.
LIMIT_GRACE_S = 1.5

_WORDS = {
    StopReason.CANCELLED: "did not hear the request to stop and was ended",
    StopReason.TIME_LIMIT: "overran its time limit and was ended",
    StopReason.MEMORY_LIMIT: "held more memory than allowed and was ended",
}


class Isolated:
    """Another backend, each of its solves in a process of its own.

    Any solve can be cancelled, by killing it, and on Linux be held to a memory
    limit, looked at twenty times a second. What needs more than one question and one
    answer, such as a session, is lost.
    """

    def __init__(self, twin: Backend) -> None:
        self._twin = twin
        self.name = twin.name
        lost = Capability.SESSION | Capability.LAZY | Capability.IIS
        self.capabilities = (twin.capabilities & ~lost) | Capability.CANCEL
        if can_weigh():
            self.capabilities |= Capability.MEMORY

    def probe(self) -> Probe:
        """Say whether it runs here, by solving a two-variable MIP."""
        try:
            found: Probe = self._ask(None, Options(), None, None)
        except BackendError as error:
            return Probe(self.name, runs=False, why_not=str(error))
        return replace(found, capabilities=self.capabilities)

    def solve(
        self,
        model: MixedIntegerModel,
        options: Options,
        start: FloatArray | None = None,
        on_progress: Callable[[Progress], bool] | None = None,
    ) -> Outcome:
        """Solve; `on_progress` returning True asks it to stop."""
        began = perf_counter()
        if options.memory_mb is not None:
            require(self, Capability.MEMORY)
        watch = None if on_progress is None else Watch(on_progress, began)
        try:
            outcome: Outcome = self._ask(model, options, start, watch)
        except _DeathError as death:
            outcome = death.outcome
        if watch is not None:
            watch.raise_kept()
        return replace(outcome, seconds=perf_counter() - began, backend=self.name)

    def session(self, model: MixedIntegerModel) -> Session:
        """Refuse: a linear programme cannot be kept warm in a child process."""
        require(self, Capability.SESSION)
        raise AssertionError("unreachable")

    def _ask(
        self,
        model: MixedIntegerModel | None,
        options: Options,
        start: FloatArray | None,
        watch: Watch | None,
    ) -> Any:
        """Return the child's reply, raising what it raised."""
        kind = type(self._twin)
        request = Request(kind.__module__, kind.__qualname__, model, options, start)
        with TemporaryDirectory(prefix="solver-") as name:
            folder = Path(name)
            with (folder / REQUEST).open("wb") as file:
                pickle.dump(request, file, protocol=pickle.HIGHEST_PROTOCOL)
            with ChildProcess(folder, echo=options.log) as child:
                vigil = _Vigil(folder, options, watch)
                vigil.keep(child)
                if not (folder / REPLY).exists() or vigil.ended is not None:
                    words = child.obituary()
                    raise _DeathError(_posthumous(model, options, vigil, words))
            with (folder / REPLY).open("rb") as file:
                reply = pickle.load(file)
        if isinstance(reply, BackendError):
            raise reply
        return reply


class _DeathError(BackendError):
    """The child ended without an answer; `outcome` is what can be said."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.message)
        self.outcome = outcome


@dataclass(eq=False)
class _Vigil:
    """Watches over a child until it ends, and remembers what it said."""

    folder: Path
    options: Options
    watch: Watch | None
    values: FloatArray | None = None
    bound: float | None = None
    ended: StopReason | None = None
    _ready_at: float | None = None
    _asked_at: float | None = None

    def keep(self, child: ChildProcess) -> None:
        """Hear the child until it has replied or is dead, by itself or by us."""
        for event in child.events():
            if event is not None and "replied" in event:
                return
            self._hear(event)
            if self._asked_at is None and self.watch and self.watch.stopping:
                self._asked_at = perf_counter()
                child.ask_to_stop()
            self.ended = self._overdue(child)
            if self.ended is not None:
                child.kill()
                return

    def _hear(self, event: dict[str, Any] | None) -> None:
        """Pass an event on to the caller, and a heartbeat where there is none."""
        if event is not None and "ready" in event:
            self._ready_at = perf_counter()
        elif event is not None:
            values = None
            if "values" in event:
                file = self.folder / event["values"]
                self.values = values = np.load(file)
                file.unlink()
            self.bound = event["bound"] if event["bound"] is not None else self.bound
            if self.watch is not None:
                self.watch.send(event["objective"], event["bound"], values)
        elif self.watch is not None and self.watch.due():
            self.watch.send(bound=self.bound)

    def _overdue(self, child: ChildProcess) -> StopReason | None:
        now, limit = perf_counter(), self.options.time_limit_s
        if self._asked_at is not None and now > self._asked_at + STOP_GRACE_S:
            return StopReason.CANCELLED
        if limit is not None and now > self._since(now) + limit + LIMIT_GRACE_S:
            return StopReason.TIME_LIMIT
        memory_mb = self.options.memory_mb
        if memory_mb is not None and child.resident_mb() > memory_mb:
            return StopReason.MEMORY_LIMIT
        return None

    def _since(self, now: float) -> float:
        """Return when the backend could start, now where it has not yet."""
        return now if self._ready_at is None else self._ready_at


def _posthumous(
    model: MixedIntegerModel | None, options: Options, vigil: _Vigil, words: str
) -> Outcome:
    """Return what is known when a child is dead.

    Killed by us, its last incumbent and bound count; dead by itself, nothing.
    """
    if model is None or vigil.ended is None:
        return Outcome(Status.ERROR, StopReason.CRASHED, message=words)
    claim = Claim(
        Status.NO_SOLUTION,
        vigil.ended,
        vigil.values,
        vigil.bound,
        message=f"the solver's process {_WORDS[vigil.ended]}",
    )
    return judge(model, claim, options)
