"""Rounds: solve what is known of the rules, add the rows a point breaks, again.

Each round's model is a relaxation of the problem, so each round's bound holds for
the problem; and a point that breaks no rule at the end of a round is as good as
the round says. A point that breaks one is never a plan.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from time import perf_counter

from federate.engine.answer import Answer, Grouping, objective_gbp
from federate.engine.compact.contiguity import cut_contiguity
from federate.engine.compact.cuts import Cut
from federate.engine.compact.donut import cut_donut
from federate.engine.compact.matrices import Matrices
from federate.engine.compact.risk_cuts import cut_risk, polymatroid_cut
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

__all__ = ["Rounds", "broken_rules"]

# A round whose best point breaks a rule stops once this close to its bound:
# proving more about a point that cannot be used is wasted.
ROUND_GAP = 0.01
# Rounds at the root, on fractional points, and the least excess worth a row.
ROOT_ROUNDS = 10
ROOT_EXCESS = 1e-3
NO_PLAN = ("no plan keeps all the rules at once: the compact model proves it",)
# A bound is told again when it has risen by this fraction.
TOLD_RISE = 1e-4


def broken_rules(matrices: Matrices, grouping: Grouping) -> list[Cut]:
    """Return the rows that a grouping breaks; none means it keeps every rule.

    Rules that are complete in the model from the start are not looked at.
    """
    problem, candidates = matrices.problem, matrices.candidates
    cuts: list[Cut] = []
    for members in grouping.members:
        cuts += cut_contiguity(problem, matrices.neighbours, candidates, members)
        cuts += cut_donut(problem, matrices.neighbours, candidates, members)
        cuts += cut_risk(problem, candidates, members)
    return cuts


@dataclass
class Rounds:
    """One solve by rounds: its limits, and the best plan and bound so far.

    Parameters
    ----------
    matrices, backend, options
        The model, who solves it, and the limits of the whole solve.
    listen, cancel
        Told of plans, bounds and phases; asked whether to stop.
    """

    matrices: Matrices
    backend: Backend
    options: Options
    listen: Listener | None = None
    cancel: Callable[[], bool] | None = None
    began: float = field(default_factory=perf_counter)
    best: Grouping | None = None
    best_gbp: float | None = None
    bound_gbp: float | None = None
    _cuts: list[Cut] = field(default_factory=list)
    _spoilt_gbp: float | None = None

    def offer(self, grouping: Grouping) -> bool:
        """Take a plan to start from; whether it keeps every rule."""
        kept = self.matrices.point(grouping) is not None
        return kept and self._see(grouping)

    def run(self) -> Answer:
        """Solve round by round until proven, stopped or out of time."""
        self._tighten_root()
        number = 0
        while True:
            number += 1
            self._cuts, self._spoilt_gbp = [], None
            outcome = self._solve()
            self._raise_bound(outcome.bound)
            if outcome.values is not None:
                self._see(self.matrices.grouping(outcome.values))
            again = self._spoilt_gbp is not None and not self._is_over(outcome)
            added = self.matrices.add(self._cuts)
            if not (again and added):
                return self._answer(outcome)
            self._tell("phase", f"round {number + 1}: {added} more rows")

    def _solve(self) -> Outcome:
        """Solve the rows known so far, from the best plan so far."""
        able, start = self.backend.capabilities, None
        if self.best is not None and Capability.WARM_START in able:
            start = self.matrices.point(self.best)
        return self.backend.solve(
            self.matrices.mip,
            replace(self.options, time_limit_s=self._seconds_left()),
            start,
            self._hear if Capability.PROGRESS in able else None,
        )

    def _hear(self, progress: Progress) -> bool:
        """Look at an incumbent or a bound; whether the round should stop."""
        if progress.values is not None:
            self._see(self.matrices.grouping(progress.values))
        self._raise_bound(progress.bound)
        if self.cancel is not None and self.cancel():
            return True
        return self._is_wasted(progress.bound)

    def _see(self, grouping: Grouping) -> bool:
        """Keep a plan if it is the cheapest so far, or the rows that it breaks."""
        cost = objective_gbp(self.matrices.problem, grouping)
        if cuts := broken_rules(self.matrices, grouping):
            self._cuts += cuts
            if self._spoilt_gbp is None or cost < self._spoilt_gbp:
                self._spoilt_gbp = cost
            return False
        if self.best_gbp is None or cost < self.best_gbp:
            self.best, self.best_gbp = grouping, cost
            self._tell("incumbent")
        return True

    def _is_wasted(self, bound: float | None) -> bool:
        """Whether the round's best point breaks a rule and is near its bound."""
        spoilt = self._spoilt_gbp
        if spoilt is None or bound is None:
            return False
        ahead = self.best_gbp is None or spoilt < self.best_gbp
        return ahead and spoilt - bound <= ROUND_GAP * abs(spoilt)

    def _is_over(self, outcome: Outcome) -> bool:
        """Whether no further round may or need be solved."""
        cancelled = self.cancel is not None and self.cancel()
        left = self._seconds_left()
        out_of_time = left is not None and left <= 0
        failed = outcome.status in (Status.INFEASIBLE, Status.UNBOUNDED, Status.ERROR)
        return cancelled or out_of_time or failed or self._is_proven()

    def _is_proven(self) -> bool:
        """Whether plan and bound are within the gap asked for."""
        if self.best_gbp is None or self.bound_gbp is None:
            return False
        rel_gap = max(self.options.rel_gap, PROVEN_GAP)
        allowed = max(self.options.abs_gap, rel_gap * abs(self.best_gbp))
        return self.best_gbp - self.bound_gbp <= allowed

    def _answer(self, outcome: Outcome) -> Answer:
        """Say what is proven, whatever the last round's solver claims of its own."""
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
        if stop is StopReason.CANCELLED and not (self.cancel and self.cancel()):
            stop = StopReason.TIME_LIMIT
        return Answer(
            status=status,
            stop=stop,
            grouping=self.best,
            objective_gbp=best,
            bound_gbp=None if status is Status.INFEASIBLE else bound,
            reasons=NO_PLAN if status is Status.INFEASIBLE else (),
            solver=f"{outcome.backend} {outcome.version}".strip(),
        )

    def _tighten_root(self) -> None:
        """Add the risk rows that fractional points break, before the first round."""
        problem, kappa = self.matrices.problem, self.matrices.problem.kappa
        if kappa is None or Capability.LP not in self.backend.capabilities:
            return
        for _ in range(ROOT_ROUNDS):
            relaxed = self.matrices.mip.relaxed()
            limit = replace(self.options, time_limit_s=self._seconds_left())
            values = self.backend.solve(relaxed, limit).values
            if values is None:
                return
            cuts = []
            for j, candidates in self.matrices.candidates.items():
                if j in problem.oversize:
                    continue
                value = self.matrices.assigned(values, j)
                cut = polymatroid_cut(problem, candidates, j, value)
                if cut.excess(value) > ROOT_EXCESS:
                    cuts.append(cut)
            if not self.matrices.add(cuts):
                return

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
