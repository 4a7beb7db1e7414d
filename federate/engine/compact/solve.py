"""Solve a problem by the compact model: the reference for every other engine."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf
from time import perf_counter

from federate.engine.answer import Answer, Grouping
from federate.engine.compact.clash import clashing, told
from federate.engine.compact.fixing import possible, without_leader
from federate.engine.compact.matrices import Matrices
from federate.engine.compact.model import Contiguity, Risk, build_model
from federate.engine.compact.run import Run
from federate.engine.events import Listener
from federate.errors import SolverError
from federate.problem import Problem
from solvers.contract import (
    Backend,
    BackendError,
    Capability,
    Options,
    Status,
    StopReason,
)
from solvers.registry import backend, require

__all__ = ["solve_compact"]

# Who is faster when asked within one solve, in seconds of processor by rounds and
# lazily under pcn2019. Gurobi: Trafford 0.15 and 0.13, Richmond 0.72 and 0.60. Not so
# SCIP: 1.0 and 1.2, 4.4 and 5.7, Sefton 1.9 and 2.1, Shropshire 4.6 and 7.5.
FASTER_LAZILY = frozenset({"gurobi"})
# Cones in place of secants pay nowhere yet: SCIP under pcn2019 with at most 33 % of
# years over, rows and cones: Trafford 3.2 and 4.0 s, Shropshire 19.5 and 44.
FASTER_BY_CONES: frozenset[str] = frozenset()
# Seconds to find out which rules clash, in all and for one set of them; never
# beyond the time limit.
EXPLAIN_S, EACH_S = 20.0, 5.0


def solve_compact(
    problem: Problem,
    *,
    options: Options,
    solver: str = "highs",
    contiguity: Contiguity = "auto",
    risk: Risk = "auto",
    warm_start: Grouping | None = None,
    listen: Listener | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Answer:
    """Find a plan and prove a bound by one mixed-integer model.

    Parameters
    ----------
    problem
        Of at most a hundred practices or so; nothing is refused for its size.
    options, solver
        Limits, and the backend's name.
    contiguity
        Contiguity, no donut and pooled risk need more rows than can be stated.
        ``rounds`` states those that points broke between two solves; ``lazy``
        within one solve, where the backend can; ``flow`` has contiguity whole in
        the model at once; ``auto`` is the faster of the first two. All reach the
        same plans.
    risk
        ``cones`` states the rule of risk as second-order cones, where the backend
        takes them; ``rows`` by secants and, once broken, rows that any backend
        takes; ``auto`` is the faster of the two. Both reach the same plans.
    warm_start
        A plan to start from; one that breaks a rule is left aside.
    listen, cancel
        Told of plans, bounds and phases; asked several times a second whether
        to stop.

    Raises
    ------
    SolverError
        If the backend is unknown, missing or broke, or cannot state rows
        within a solve, or cones, where that is asked for.
    """
    began = perf_counter()
    try:
        asked = _Asked(backend(solver), contiguity, risk, cancel)
        answer = asked.solve(problem, options, warm_start, listen)
        if answer.status is Status.INFEASIBLE:
            spent = perf_counter() - began
            limit = inf if options.time_limit_s is None else options.time_limit_s
            ends = perf_counter() + min(EXPLAIN_S, limit - spent)
            answer = asked.explain(problem, answer, options, ends)
        return answer
    except BackendError as error:
        raise SolverError(str(error)) from error


@dataclass(frozen=True)
class _Asked:
    """How every model of one call is solved."""

    chosen: Backend
    contiguity: Contiguity
    risk: Risk
    cancel: Callable[[], bool] | None

    def solve(
        self,
        problem: Problem,
        options: Options,
        warm_start: Grouping | None = None,
        listen: Listener | None = None,
    ) -> Answer:
        """Solve one model; where it is infeasible no rules are named yet."""
        lazily = self.contiguity == "lazy"
        if lazily:
            require(self.chosen, Capability.LAZY)
        elif self.contiguity == "auto":
            lazily = self.chosen.name in FASTER_LAZILY
        allowed = possible(problem)
        if nowhere := without_leader(problem, allowed):
            return _no_plan(problem, nowhere)
        risk = self.risk
        if risk == "cones":
            require(self.chosen, Capability.CONES)
        elif risk == "auto":
            risk = "cones" if self.chosen.name in FASTER_BY_CONES else "rows"
        model = build_model(
            problem, contiguity=self.contiguity, risk=risk, allowed=allowed
        )
        matrices = Matrices(problem, model)
        run = Run(matrices, self.chosen, options, not lazily, listen, self.cancel)
        if warm_start is not None:
            run.offer(warm_start)
        return run.solve()

    def explain(
        self, problem: Problem, answer: Answer, options: Options, ends: float
    ) -> Answer:
        """Add which rules clash, few of them if that is shown before the clock ends."""

        def is_impossible(part: Problem) -> bool | None:
            left = ends - perf_counter()
            if left <= 0 or (self.cancel is not None and self.cancel()):
                return None
            # Any plan will do: one is enough to know.
            limits = replace(options, time_limit_s=min(EACH_S, left), rel_gap=1.0)
            found = self.solve(part, limits)
            if found.status is Status.INFEASIBLE:
                return True
            return None if found.grouping is None else False

        rules = clashing(problem, is_impossible)
        return replace(answer, reasons=(*answer.reasons, told(rules)))


def _no_plan(problem: Problem, nowhere: tuple[int, ...]) -> Answer:
    """Answer for practices that no federation can hold."""
    practices = problem.instance.practices
    listed = ", ".join(f"{practices.code[i]} {practices.name[i]}" for i in nowhere[:5])
    more = f" and {len(nowhere) - 5} more" if len(nowhere) > 5 else ""
    reason = f"no federation that keeps the rules can hold {listed}{more}"
    return Answer(Status.INFEASIBLE, StopReason.FINISHED, reasons=(reason,))
