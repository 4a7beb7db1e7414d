"""One solve of the compact model: its plans, its bound, and what they prove.

A point is a plan only if it breaks none of the rows stated on the way; what a
backend has not proven of the problem as a whole is not claimed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from time import perf_counter

import numpy as np
import numpy.typing as npt

from federate.engine.answer import Answer, Grouping, objective_gbp
from federate.engine.compact.cuts import Cut
from federate.engine.compact.matrices import Matrices
from federate.engine.compact.pooled_cuts import at_point
from federate.engine.compact.risk_cuts import polymatroid_cut
from federate.engine.compact.separate import is_kept, separator
from federate.engine.events import Event, EventKind, Listener
from solvers.claim import PROVEN_GAP
from solvers.contract import (
    Backend,
    Capability,
    Options,
    Outcome,
    Progress,
    Status,
    StopReason,
)
from solvers.lazy import solve_with_lazy_rows

__all__ = ["Run"]

FloatArray = npt.NDArray[np.float64]

# Rounds at the root, on fractional points, and the least excess worth a row.
ROOT_ROUNDS = 10
ROOT_EXCESS = 1e-3
# A bound is told again when it has risen by this fraction.
TOLD_RISE = 1e-4


@dataclass
class Run:
    """One solve: its limits, and the best plan and bound so far.

    Parameters
    ----------
    matrices, backend, options
        The model, who solves it, and the limits of the whole solve.
    by_rounds
        Whether rows are added between solves rather than within one.
    listen, cancel
        Told of plans, bounds and phases; asked whether to stop.
    """

    matrices: Matrices
    backend: Backend
    options: Options
    by_rounds: bool = True
    listen: Listener | None = None
    cancel: Callable[[], bool] | None = None
    began: float = field(default_factory=perf_counter)
    best: Grouping | None = None
    best_gbp: float | None = None
    bound_gbp: float | None = None

    def offer(self, grouping: Grouping) -> bool:
        """Take a plan to start from; whether it keeps every rule."""
        kept = self.matrices.point(grouping) is not None
        return kept and self._see(grouping)

    def solve(self) -> Answer:
        """Solve until proven, stopped or out of time."""
        self._tighten_root()
        able, start = self.backend.capabilities, None
        if self.best is not None and Capability.WARM_START in able:
            start = self.matrices.point(self.best)
        outcome = solve_with_lazy_rows(
            self.matrices.mip,
            self.backend,
            replace(self.options, time_limit_s=self._seconds_left()),
            separator(self.matrices),
            start,
            self._hear,
            by_rounds=self.by_rounds,
        )
        self._raise_bound(outcome.bound)
        if outcome.values is not None:
            self._see(self.matrices.grouping(outcome.values))
        return self._answer(outcome)

    def _hear(self, progress: Progress) -> bool:
        """Look at an incumbent or a bound; whether the solve should stop."""
        if progress.values is not None:
            self._see(self.matrices.grouping(progress.values))
        self._raise_bound(progress.bound)
        return self.cancel is not None and self.cancel()

    def _see(self, grouping: Grouping) -> bool:
        """Keep a plan if it is the cheapest so far; whether it keeps every rule."""
        if not is_kept(self.matrices, grouping):
            return False
        cost = objective_gbp(self.matrices.problem, grouping)
        if self.best_gbp is None or cost < self.best_gbp:
            self.best, self.best_gbp = grouping, cost
            self._tell("incumbent")
        return True

    def _is_proven(self) -> bool:
        """Whether plan and bound are within the gap asked for."""
        if self.best_gbp is None or self.bound_gbp is None:
            return False
        rel_gap = max(self.options.rel_gap, PROVEN_GAP)
        allowed = max(self.options.abs_gap, rel_gap * abs(self.best_gbp))
        return self.best_gbp - self.bound_gbp <= allowed

    def _answer(self, outcome: Outcome) -> Answer:
        """Say what is proven, whatever the backend claims of its own."""
        best, bound, stop = self.best_gbp, self.bound_gbp, outcome.stop
        status = outcome.status
        if best is not None:
            bound = None if bound is None else min(bound, best)
            closed = bound is not None and best - bound <= PROVEN_GAP * abs(best)
            status = Status.FEASIBLE
            if self._is_proven():
                status = Status.OPTIMAL
                stop = StopReason.FINISHED if closed else StopReason.GAP_REACHED
        elif status in (Status.OPTIMAL, Status.FEASIBLE):
            status = Status.NO_SOLUTION
        return Answer(
            status=status,
            stop=stop,
            grouping=self.best,
            objective_gbp=best,
            bound_gbp=None if status is Status.INFEASIBLE else bound,
            solver=f"{outcome.backend} {outcome.version}".strip(),
        )

    def _tighten_root(self) -> None:
        """Add the risk rows that fractional points break, before the solve."""
        problem, pooled = self.matrices.problem, self.matrices.problem.cost.pooled
        if problem.kappa is None and pooled is None:
            return
        if Capability.LP not in self.backend.capabilities:
            return
        for _ in range(ROOT_ROUNDS):
            relaxed = self.matrices.mip.relaxed()
            limit = replace(self.options, time_limit_s=self._seconds_left())
            values = self.backend.solve(relaxed, limit).values
            if values is None:
                return
            cuts = [
                cut
                for j in self.matrices.candidates
                if j not in problem.oversize
                for cut in self._at_root(values, j)
                if self.matrices.excess(cut, values) > ROOT_EXCESS
            ]
            if not self.matrices.add(cuts):
                return

    def _at_root(self, values: FloatArray, centre: int) -> Iterator[Cut]:
        """Yield the risk rows laid at a fractional point under one centre."""
        matrices = self.matrices
        value = matrices.assigned(values, centre)
        if matrices.problem.kappa is not None:
            candidates = matrices.candidates[centre]
            yield polymatroid_cut(matrices.problem, candidates, centre, value)
        pooled = matrices.problem.cost.pooled
        if pooled is not None and value[centre] > ROOT_EXCESS:
            taken = matrices.contract_of(values, centre)
            yield from at_point(pooled, value, taken, centre, matrices.unit_gbp)

    def _raise_bound(self, bound: float | None) -> None:
        old = self.bound_gbp
        if bound is None or (old is not None and bound <= old):
            return
        self.bound_gbp = bound
        if old is None or bound - old > TOLD_RISE * abs(old):
            self._tell("bound")

    def _seconds_left(self) -> float | None:
        limit = self.options.time_limit_s
        if limit is None:
            return None
        return max(0.0, limit - (perf_counter() - self.began))

    def _tell(self, kind: EventKind, message: str = "") -> None:
        if self.listen is None:
            return
        best, bound, gap = self.best_gbp, self.bound_gbp, None
        if best and bound is not None:
            bound = min(bound, best)
            gap = (best - bound) / abs(best)
        seconds = perf_counter() - self.began
        self.listen(Event(kind, seconds, best, bound, gap, message))
