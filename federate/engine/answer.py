"""What one engine answers: groups of indices, a bound, and why it stopped."""

from collections.abc import Sequence
from dataclasses import dataclass

from federate.evidence import Evidence
from federate.plan import Plan
from federate.problem import Problem
from solvers.contract import Status, StopReason

__all__ = ["Answer", "Grouping", "objective_gbp", "to_grouping", "to_plan"]


@dataclass(frozen=True)
class Grouping:
    """A plan in indices: members and centre of each federation.

    Practices in no group stand alone outside every federation.
    """

    members: tuple[tuple[int, ...], ...]
    centres: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Answer:
    """What an engine found and proved.

    Parameters
    ----------
    status, stop
        What the answer is worth, and why the engine stopped.
    grouping
        Best plan, or ``None``.
    objective_gbp
        Its cost, by `objective_gbp`; ``None`` without a plan.
    bound_gbp
        Proven lower bound on the cost of every plan; ``None`` where this
        engine proves none.
    reasons
        For an infeasible problem, why.
    evidence
        What proves `bound_gbp`; ``None`` where only the backend's word does.
    """

    status: Status
    stop: StopReason
    grouping: Grouping | None = None
    objective_gbp: float | None = None
    bound_gbp: float | None = None
    reasons: tuple[str, ...] = ()
    solver: str = ""
    evidence: Evidence | None = None


def objective_gbp(problem: Problem, grouping: Grouping) -> float:
    """Return the cost of a grouping: its federations, and those standing alone.

    Where partners are limited, at the cheapest contracts that they can carry;
    infinite where there are none.
    """
    inside: set[int] = set()
    total = 0.0
    for members, centre in zip(grouping.members, grouping.centres, strict=True):
        total += problem.cost.cost(members, centre)
        inside.update(members)
    if problem.cost.pooled is not None:
        total += problem.cost.pooled.extra_gbp(grouping.members)
    if problem.alone_gbp is not None:
        alone = [i for i in range(problem.n) if i not in inside]
        total += float(problem.alone_gbp[alone].sum())
    return total


def to_plan(problem: Problem, grouping: Grouping) -> Plan:
    """Return the plan of a grouping; labels follow each group's lowest code."""
    code = problem.instance.practices.code
    groups = sorted(zip(grouping.members, grouping.centres, strict=True), key=_first)
    federation = dict.fromkeys(code, "")
    centre: dict[str, str] = {}
    for label, (members, lead) in zip(_labels(len(groups)), groups, strict=True):
        centre[label] = code[lead]
        federation.update((code[i], label) for i in members)
    return Plan(
        federation=federation, centre=centre, contracts=_contracts(problem, groups)
    )


def _contracts(
    problem: Problem, groups: Sequence[tuple[Sequence[int], int]]
) -> dict[str, str]:
    """Return the contract of each federation, by label, where partners are limited."""
    pooled = problem.cost.pooled
    if pooled is None or not pooled.limits:
        return {}
    rows = pooled.contracts([members for members, _ in groups])
    labels = _labels(len(groups))
    return (
        {}
        if rows is None
        else {g: pooled.names[k] for g, k in zip(labels, rows, strict=True)}
    )


def _labels(number: int) -> list[str]:
    width = max(2, len(str(number)))
    return [f"F{k:0{width}d}" for k in range(1, number + 1)]


def to_grouping(problem: Problem, plan: Plan) -> Grouping:
    """Return the grouping of a plan over exactly the practices of `problem`."""
    index = problem.instance.index
    labels = list(plan.members)
    return Grouping(
        members=tuple(tuple(index[c] for c in plan.members[g]) for g in labels),
        centres=tuple(index[plan.centre[g]] for g in labels),
    )


def _first(group: tuple[Sequence[int], int]) -> int:
    return min(group[0])
