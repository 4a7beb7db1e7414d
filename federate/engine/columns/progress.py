"""What the column engine knows so far, told as events as it learns."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import inf
from threading import RLock

from federate.engine.answer import Answer, Grouping, objective_gbp
from federate.engine.columns.master import Duals
from federate.engine.events import Event, EventKind, Listener
from federate.evidence import Evidence
from federate.problem import Problem
from solvers.contract import Options, Status, StopReason

__all__ = ["Progress"]


@dataclass
class Progress:
    """Best plan, best bound and best duals, within the limits.

    `dual_bound` is what `duals` prove by themselves; `bound` may be higher, by
    an integer model over the federations that those duals leave. Once only a
    pool of federations is priced, no bound can prove more than `ceiling`, which
    any plan with another federation costs. Two threads may tell it what they
    learn.
    """

    problem: Problem
    options: Options
    solver: str
    listen: Listener | None = None
    cancel: Callable[[], bool] | None = None
    bound: float = -inf
    best: float = inf
    grouping: Grouping | None = None
    duals: Duals | None = None
    dual_bound: float = -inf
    ceiling: float = inf
    evidence: Evidence | None = None
    is_impossible: bool = False
    uncovered: tuple[int, ...] = ()
    _pooled: tuple[Duals, float] | None = None
    started: float = field(default_factory=time.perf_counter)
    _lock: RLock = field(default_factory=RLock)

    @property
    def gap(self) -> float | None:
        """(best − bound) / |best|, or ``None`` while either is absent."""
        if self.grouping is None or self.bound == -inf:
            return None
        return max(0.0, self.best - self.bound) / max(1e-9, abs(self.best))

    @property
    def reach(self) -> float:
        """Reduced cost up to which a federation could be in a better plan."""
        if self.grouping is None:
            return 0.02 * abs(self.dual_bound) + 1.0
        return (self.best - self.dual_bound) * (1 + 1e-6) + 1e-6

    def price_proved(self, bound: float, duals: Duals) -> None:
        """Keep the duals that prove most, and what they prove."""
        with self._lock:
            if bound > self.dual_bound:
                self.dual_bound, self.duals = bound, duals
                self._raise(bound, None)

    def choice_proved(self, bound: float, reach: float) -> None:
        """Keep what a choice among all federations below a reduced cost proves."""
        with self._lock:
            self._raise(bound, reach)

    def pooled(self, reach: float) -> None:
        """Note that from now on only federations below a reduced cost are priced."""
        with self._lock:
            if self.duals is not None:
                self.ceiling = self.dual_bound + reach
                self._pooled = self.duals, self.dual_bound

    def _raise(self, bound: float, reach: float | None) -> None:
        """Keep a bound that is better than the last, and what proves it."""
        bound = min(bound, self.best, self.ceiling)
        if bound <= self.bound or self.duals is None:
            return
        self.bound = bound
        self.evidence = self._prices(self.duals, reach)
        self._tell("bound")

    def _prices(self, now: Duals, reach: float | None) -> Evidence:
        """Return the prices behind the bound, those that chose the pool first."""
        proof = self._evidence(now, self.dual_bound, reach)
        if self._pooled is None:
            return proof
        duals, dual_bound = self._pooled
        first = self._evidence(duals, dual_bound, self.ceiling - dual_bound)
        return replace(first, later=proof)

    def _evidence(
        self, duals: Duals, dual_bound: float, reach: float | None
    ) -> Evidence:
        return Evidence(
            codes=tuple(self.problem.instance.practices.code),
            practice_gbp=duals.practice,
            count_gbp=duals.count,
            sets=duals.cuts.sets,
            cut_gbp=duals.cuts.sigma,
            dual_bound_gbp=dual_bound,
            bound_gbp=self.bound,
            reach_gbp=reach,
        )

    def offer(self, grouping: Grouping) -> None:
        """Keep a plan that is cheaper than the last."""
        value = objective_gbp(self.problem, grouping)
        with self._lock:
            if value < self.best - 1e-9:
                self.best, self.grouping = value, grouping
                self._tell("incumbent")

    def stop(self) -> StopReason | None:
        """Return why to stop now, if there is a reason."""
        if self.cancel is not None and self.cancel():
            return StopReason.CANCELLED
        if self.is_impossible:
            return StopReason.FINISHED
        if self.gap is not None and self.gap <= self.options.rel_gap:
            return StopReason.GAP_REACHED
        if self.seconds_left is not None and self.seconds_left <= 0:
            return StopReason.TIME_LIMIT
        return None

    def is_over(self) -> bool:
        """Whether there is a reason to stop now."""
        return self.stop() is not None

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the time limit, at least 0, or ``None`` without one."""
        if self.options.time_limit_s is None:
            return None
        spent = time.perf_counter() - self.started
        return max(0.0, self.options.time_limit_s - spent)

    def answer(self, stop: StopReason) -> Answer:
        """Return what was found and proved."""
        if self.is_impossible:
            return Answer(
                Status.INFEASIBLE, stop, reasons=(self._why(),), solver=self.solver
            )
        proven = self.gap is not None and self.gap <= self.options.rel_gap
        status = Status.OPTIMAL if proven else Status.FEASIBLE
        return Answer(
            status=Status.NO_SOLUTION if self.grouping is None else status,
            stop=stop,
            grouping=self.grouping,
            objective_gbp=None if self.grouping is None else self.best,
            bound_gbp=None if self.bound == -inf else self.bound,
            solver=self.solver,
            evidence=self.evidence,
        )

    def _why(self) -> str:
        practices = self.problem.instance.practices
        named = [f"{practices.name[i]} ({practices.code[i]})" for i in self.uncovered]
        more = f" and {len(named) - 5} more" if len(named) > 5 else ""
        who = ", ".join(named[:5]) + more if named else "some practices"
        return (
            f"the rules leave no plan: {who} cannot all be in federations that keep "
            f"them; widen rules.size_bounds there, or loosen another rule"
        )

    def _tell(self, kind: EventKind) -> None:
        if self.listen is not None:
            self.listen(
                Event(
                    kind=kind,
                    seconds=time.perf_counter() - self.started,
                    objective_gbp=None if self.grouping is None else self.best,
                    bound_gbp=None if self.bound == -inf else self.bound,
                    gap=self.gap,
                )
            )
