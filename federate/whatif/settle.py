"""Whether any plan keeps the rules: yes with a plan, no with a proof, or not known."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from time import perf_counter

from federate.engine.events import Event
from federate.engine.solve import solve
from federate.plan import Plan
from federate.problem import Problem
from federate.result import Result
from federate.verify import verify
from federate.whatif.demand import Changes, changed
from solvers.contract import Status

__all__ = ["Desk", "first_plan", "settled"]

MOST_PLANS = 12


@dataclass(eq=False)
class Desk:
    """Answers, for one scenario, whether it has a plan after some changes.

    Every "yes" is a plan that the verifier passed; every "no" is a proof of the
    engine's, or of the checks before it; the rest is ``None``. Plans found for one
    question are tried on the next.

    Parameters
    ----------
    problem
        The scenario as it stands.
    each_s, total_s
        Seconds for one question, and for all.
    cancel
        Asked several times a second whether to give up.
    """

    problem: Problem
    each_s: float = 10.0
    total_s: float = 240.0
    cancel: Callable[[], bool] | None = None
    num_solves: int = 0
    plans: list[Plan] = field(default_factory=list)
    _known: dict[str, bool | None] = field(default_factory=dict)
    _made: dict[str, Plan] = field(default_factory=dict)
    _began: float = field(default_factory=perf_counter)

    @property
    def seconds_left(self) -> float:
        """Seconds left of all."""
        return self.total_s - (perf_counter() - self._began)

    def has_plan(self, changes: Changes) -> bool | None:
        """Return whether the changed scenario has a plan."""
        name = repr(sorted(changes.items(), key=lambda item: item[0]))
        if name not in self._known:
            found, plan = self._ask(changed(self.problem, changes))
            self._known[name] = found
            if plan is not None:
                self._made[name] = plan
        return self._known[name]

    def plan(self, changes: Changes) -> Plan | None:
        """Return the plan that answered "yes", if it was."""
        self.has_plan(changes)
        name = repr(sorted(changes.items(), key=lambda item: item[0]))
        return self._made.get(name)

    def _ask(self, problem: Problem) -> tuple[bool | None, Plan | None]:
        for plan in reversed(self.plans[-MOST_PLANS:]):
            if not verify(problem, plan):
                return True, plan
        left = min(self.each_s, self.seconds_left)
        if left <= 0 or (self.cancel is not None and self.cancel()):
            return None, None
        self.num_solves += 1
        result = first_plan(problem, left, self.cancel)
        if result.status is Status.INFEASIBLE:
            return False, None
        if result.plan is None or result.violations:
            return None, None
        self.plans.append(result.plan)
        return True, result.plan


def first_plan(
    problem: Problem, seconds: float, cancel: Callable[[], bool] | None = None
) -> Result:
    """Solve until the first plan that keeps every rule, or the proof of none."""
    found: list[float] = []

    def listen(event: Event) -> None:
        if event.kind == "incumbent":
            found.append(event.seconds)

    def enough() -> bool:
        return bool(found) or (cancel is not None and cancel())

    return solve(_quickly(problem, seconds), listen=listen, cancel=enough)


def settled(
    problem: Problem, seconds: float, cancel: Callable[[], bool] | None = None
) -> Result:
    """Solve to the end, out-of-hours bases left aside."""
    return solve(_quickly(problem, seconds), cancel=cancel)


def _quickly(problem: Problem, seconds: float) -> Problem:
    scenario = problem.scenario.with_(
        solve__time_limit_s=seconds,
        solve__engine="auto",
        solve__gap=1e-7,
        cover__enabled=False,
    )
    return replace(problem, scenario=scenario)
