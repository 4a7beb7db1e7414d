"""`Result`: the plan, its proof, its scorecard and what made it."""

from dataclasses import dataclass

from federate.engine.events import Event
from federate.errors import InfeasibleError
from federate.plan import Plan
from federate.problem import Problem
from federate.score import Scorecard
from federate.verify import Violation
from solvers.contract import Status, StopReason

__all__ = ["Result"]


@dataclass(frozen=True, eq=False)
class Result:
    """What a solve or an evaluation found; `plan` is ``None`` where none is.

    Parameters
    ----------
    problem, plan
        What was asked and what was found.
    status, stop
        What the answer is worth; why it stopped.
    objective_gbp, bound_gbp, gap
        Cost of the plan, proven lower bound, (objective − bound) / |objective|;
        ``None`` where absent.
    scorecard, violations
        Figures and broken rules, each from its own independent code.
    reasons
        For an infeasible problem, sentences that say why and the way out.
    engine, solver
        Who found it.
    seconds, events
        How long it took and what happened.
    """

    problem: Problem
    plan: Plan | None
    status: Status
    stop: StopReason
    objective_gbp: float | None = None
    bound_gbp: float | None = None
    gap: float | None = None
    scorecard: Scorecard | None = None
    violations: tuple[Violation, ...] = ()
    reasons: tuple[str, ...] = ()
    engine: str = ""
    solver: str = ""
    seconds: float = 0.0
    events: tuple[Event, ...] = ()

    def require_plan(self) -> Plan:
        """Return the plan.

        Raises
        ------
        InfeasibleError
            If there is none; the message says why.
        """
        if self.plan is None:
            raise InfeasibleError("; ".join(self.reasons) or self.stop.value)
        return self.plan
