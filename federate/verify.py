"""Which rules a plan breaks, and by how much; shares no code with any engine."""

from dataclasses import dataclass

from federate.plan import Plan
from federate.problem import Problem

__all__ = ["Violation", "verify"]


@dataclass(frozen=True)
class Violation:
    """One rule broken in one place.

    Parameters
    ----------
    rule
        Dotted scenario key of the rule, e.g. ``rules.size_bounds``.
    federation
        Label, or ``""`` where the rule concerns the whole plan.
    practices
        Codes of the practices concerned.
    amount, unit
        By how much, e.g. ``1200.0`` ``persons``.
    message
        One sentence for a planner.
    """

    rule: str
    federation: str
    practices: tuple[str, ...]
    amount: float
    unit: str
    message: str


def verify(problem: Problem, plan: Plan) -> tuple[Violation, ...]:
    """Return every rule of `problem` that `plan` breaks."""
    raise NotImplementedError
