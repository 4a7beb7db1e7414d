"""Rows too many to state: asked for when a point breaks one.

Backends with `Capability.LAZY` ask inside one solve; for the others, and where the
caller wants it so, the model is solved again with the rows that its points broke,
round after round.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from solvers.claim import PROVEN_GAP, Claim, judge
from solvers.contract import (
    Backend,
    Capability,
    MixedIntegerModel,
    Options,
    Outcome,
    Progress,
    Status,
    StopReason,
)

__all__ = ["LazySolver", "Rows", "Separate", "solve_with_lazy_rows"]

FloatArray = npt.NDArray[np.float64]

# A round whose best point breaks rows stops once this close to its bound: proving
# more about a point that cannot be used is wasted.
ROUND_GAP = 0.01
# What no further round can mend.
_LAST_STATUS = (Status.INFEASIBLE, Status.UNBOUNDED, Status.ERROR)
_LAST_STOP = (
    StopReason.TIME_LIMIT,
    StopReason.MEMORY_LIMIT,
    StopReason.CUTOFF,
    StopReason.LICENCE_SIZE,
    StopReason.CRASHED,
)


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows that a point breaks; `matrix` is CSR over the model's columns."""

    lower: FloatArray
    upper: FloatArray
    matrix: Any


# Given a point whose integers are whole, returns rows it breaks, or None.
Separate = Callable[[FloatArray], Rows | None]


@runtime_checkable
class LazySolver(Protocol):
    """A backend with `Capability.LAZY`."""

    def solve_lazily(
        self,
        model: MixedIntegerModel,
        options: Options,
        separate: Separate,
        start: FloatArray | None = None,
        on_progress: Callable[[Progress], bool] | None = None,
    ) -> Outcome:
        """Solve, asking for rows at every point that would be an incumbent.

        The model has integers: one without has no incumbents.
        """
        ...


def solve_with_lazy_rows(
    model: MixedIntegerModel,
    backend: Backend,
    options: Options,
    separate: Separate,
    start: FloatArray | None = None,
    on_progress: Callable[[Progress], bool] | None = None,
    *,
    by_rounds: bool = False,
) -> Outcome:
    """Solve a model with rows that are stated only when a point breaks them.

    Parameters
    ----------
    separate
        Must return rows whenever a point breaks any, and rows that it breaks. May
        be called from another thread.
    by_rounds
        Solve again and again even with a backend that could ask inside one solve.

    Returns
    -------
    Outcome
        Its point breaks none of the rows, nor does any told on the way; `seconds`
        and `time_limit_s` are of all rounds together.
    """
    able = Capability.LAZY in backend.capabilities and not model.is_continuous
    if able and not by_rounds and isinstance(backend, LazySolver):
        return backend.solve_lazily(model, options, separate, start, on_progress)
    return _Rounds(model, backend, options, separate, on_progress).run(start)


@dataclass(eq=False)
class _Rounds:
    """One solve by rounds: the model so far, its best point and its bound.

    Each round's model is a relaxation of the whole, so each round's bound holds;
    and a point that breaks no row at the end of a round is worth what it costs.
    """

    model: MixedIntegerModel
    backend: Backend
    options: Options
    separate: Separate
    on_progress: Callable[[Progress], bool] | None
    began: float = field(default_factory=perf_counter)
    best: FloatArray | None = None
    best_cost: float = np.inf
    bound: float | None = None
    nodes: int = 0
    _stopped: bool = False
    _broken: list[Rows] = field(default_factory=list)
    _spoilt_cost: float = np.inf
    _stated: set[tuple[bytes, bytes, float, float]] = field(default_factory=set)

    def run(self, start: FloatArray | None) -> Outcome:
        """Solve round by round until proven, stopped or out of time."""
        able = self.backend.capabilities
        hear = self._hear if Capability.PROGRESS in able else None
        if hear is not None and start is not None and self.options.cutoff is None:
            hear(Progress(0.0, values=start))
        while True:
            self._broken, self._spoilt_cost = [], np.inf
            outcome = self.backend.solve(self.model, self._timed(), start, hear)
            self.nodes += outcome.nodes or 0
            self.bound = _higher(self.bound, outcome.bound)
            self._tell(None if outcome.values is None else self._see(outcome.values))
            rows = None if self._is_over(outcome) else self._fresh_rows()
            if rows is None:
                return self._answer(outcome)
            self.model = self.model.with_rows(rows.lower, rows.upper, rows.matrix)
            if self.best is not None and Capability.WARM_START in able:
                start = self.best

    def _hear(self, progress: Progress) -> bool:
        """Look at a point or a bound; whether the round should stop."""
        self.bound = _higher(self.bound, progress.bound)
        self._tell(None if progress.values is None else self._see(progress.values))
        return self._stopped or self._is_wasted(progress.bound)

    def _tell(self, point: FloatArray | None) -> None:
        """Tell the caller of the bound, and of a point where there is a better."""
        if self.on_progress is not None and not self._stopped:
            seconds = perf_counter() - self.began
            cost = None if point is None else self.best_cost
            news = Progress(seconds, cost, self.bound, point)
            self._stopped = bool(self.on_progress(news))

    def _see(self, point: FloatArray) -> FloatArray | None:
        """Return a point if it is the best so far; keep the rows that it breaks."""
        checked = judge(self.model, _found(point), self.options)
        if checked.values is None or checked.objective is None:
            return None
        rows = self.separate(checked.values)
        if rows is not None:
            self._broken.append(rows)
            self._spoilt_cost = min(self._spoilt_cost, checked.objective)
            return None
        if checked.objective >= self.best_cost:
            return None
        self.best, self.best_cost = checked.values, checked.objective
        return self.best

    def _is_wasted(self, bound: float | None) -> bool:
        """Whether the round's best point breaks rows and is near its bound."""
        spoilt = self._spoilt_cost
        if bound is None or spoilt >= self.best_cost:
            return False
        return spoilt - bound <= ROUND_GAP * abs(spoilt)

    def _is_over(self, outcome: Outcome) -> bool:
        """Whether no further round may or need be solved."""
        failed = outcome.status in _LAST_STATUS or outcome.stop in _LAST_STOP
        return failed or self._stopped or self._is_proven()

    def _is_proven(self) -> bool:
        """Whether point and bound are within the gap asked for."""
        if self.best is None or self.bound is None:
            return False
        rel_gap = max(self.options.rel_gap, PROVEN_GAP)
        allowed = max(self.options.abs_gap, rel_gap * abs(self.best_cost))
        return self.best_cost - self.bound <= allowed

    def _fresh_rows(self) -> Rows | None:
        """Return the rows broken in this round that are not stated yet."""
        fresh = []
        for rows in self._broken:
            matrix = rows.matrix.tocsr().sorted_indices()
            for i, (low, high) in enumerate(zip(rows.lower, rows.upper, strict=True)):
                part = slice(matrix.indptr[i], matrix.indptr[i + 1])
                columns = matrix.indices[part].astype(np.int64).tobytes()
                key = (columns, matrix.data[part].tobytes(), float(low), float(high))
                if key not in self._stated:
                    self._stated.add(key)
                    fresh.append((low, high, matrix[i]))
        if not fresh:
            return None
        from scipy import sparse

        lower, upper, parts = zip(*fresh, strict=True)
        return Rows(np.array(lower), np.array(upper), sparse.vstack(parts, "csr"))

    def _answer(self, outcome: Outcome) -> Outcome:
        """Say what is proven, whatever the last round's backend claims of its own."""
        seconds = perf_counter() - self.began
        if self.model.is_continuous and not self._broken:
            return replace(outcome, nodes=self.nodes, seconds=seconds)
        status, stop = outcome.status, outcome.stop
        if self.best is None and status in (Status.OPTIMAL, Status.FEASIBLE):
            status = Status.NO_SOLUTION
        if self._is_proven():
            stop = StopReason.FINISHED
        elif self._stopped and status not in _LAST_STATUS:
            stop = StopReason.CANCELLED
        elif stop is StopReason.CANCELLED:
            stop = StopReason.TIME_LIMIT
        claim = Claim(status, stop, self.best, self.bound, None, self.nodes)
        judged = judge(self.model, claim, self.options)
        return replace(
            judged,
            seconds=seconds,
            backend=outcome.backend,
            version=outcome.version,
            message=judged.message or outcome.message,
        )

    def _timed(self) -> Options:
        limit = self.options.time_limit_s
        if limit is None:
            return self.options
        left = max(0.0, limit - (perf_counter() - self.began))
        return replace(self.options, time_limit_s=left)


def _found(point: FloatArray) -> Claim:
    return Claim(Status.FEASIBLE, StopReason.FINISHED, point)


def _higher(one: float | None, other: float | None) -> float | None:
    known = [figure for figure in (one, other) if figure is not None]
    return max(known, default=None)
