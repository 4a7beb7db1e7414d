"""Every rule, checked from list sizes, minutes, neighbours and the scenario."""

from collections.abc import Callable, Iterator

from federate.plan import Plan
from federate.problem import Problem
from federate.verify.cover import check_cover, is_planned, unreachable
from federate.verify.federations import (
    check_oversize,
    check_practices_bounds,
    check_singletons,
    check_size_bounds,
    check_stay_inside,
)
from federate.verify.groups import check_freeze, check_grow
from federate.verify.partners import check_partners
from federate.verify.place import check_contiguity, check_no_donut, check_reach
from federate.verify.pooling import check_pooling
from federate.verify.risk import check_risk
from federate.verify.subject import Subject
from federate.verify.violation import Finding, Violation, count, named
from federate.verify.whole import (
    check_apart,
    check_centre,
    check_membership,
    check_num_federations,
    check_together,
)

__all__ = ["CHECKS", "exceptions", "verify"]

CHECKS: tuple[Callable[[Subject], Iterator[Violation]], ...] = (
    check_membership,
    check_centre,
    check_num_federations,
    check_size_bounds,
    check_practices_bounds,
    check_singletons,
    check_oversize,
    check_contiguity,
    check_no_donut,
    check_reach,
    check_stay_inside,
    check_together,
    check_apart,
    check_freeze,
    check_grow,
    check_risk,
    check_pooling,
    check_partners,
    check_cover,
)


def verify(problem: Problem, plan: Plan) -> tuple[Violation, ...]:
    """Return every rule that `plan` breaks, in the order of `CHECKS`.

    Works from the raw instance and scenario with its own arithmetic: whole
    persons, networkx for pieces, the closed form of pooled risk.

    Raises
    ------
    PlanError
        If the plan names practices that the problem lacks, or misses some.
    """
    subject = Subject.of(problem, plan)
    return tuple(broken for check in CHECKS for broken in check(subject))


def exceptions(problem: Problem, plan: Plan) -> tuple[Finding, ...]:
    """Return the named exceptions of a plan: what is allowed, and worth saying.

    Oversize practices that are a federation by themselves, federations below
    the lower bound by waiver, practices that no out-of-hours base can reach,
    and cover that was asked for but never planned.

    Raises
    ------
    PlanError
        If the plan does not fit the problem.
    """
    subject = Subject.of(problem, plan)
    return (*_by_size(subject), *_by_cover(subject))


def _by_size(subject: Subject) -> Iterator[Finding]:
    """Yield the federations outside the size bounds that may be."""
    if subject.asked.size_bounds is None:
        return
    lower, upper = subject.asked.size_bounds
    for label, members in subject.members.items():
        size = subject.size(label)
        codes = subject.codes(members)
        if subject.is_exempt(label):
            name = subject.names(members)[0]
            text = (
                f"{label} is {name} by itself: its {size:,} patients alone are "
                f"above the upper bound of {upper:,.0f}"
            )
            yield Finding("oversize", label, codes, text)
        elif size < lower and (waived := subject.asked.waived.intersection(members)):
            names = named(subject.names(tuple(sorted(waived))))
            text = (
                f"{label} has {count(size, 'patient')}, below the lower bound of "
                f"{lower:,.0f}, which is waived for {names}"
            )
            yield Finding("waived", label, codes, text)


def _by_cover(subject: Subject) -> Iterator[Finding]:
    """Yield practices out of reach of every base, or that cover was not planned."""
    problem = subject.problem
    if problem.instance.bases is None or not problem.scenario.cover.enabled:
        return
    for i in unreachable(subject):
        code = subject.codes((i,))
        text = f"no out-of-hours base can reach {subject.names((i,))[0]}"
        yield Finding("uncovered", subject.plan.federation[code[0]], code, text)
    if not is_planned(subject):
        text = "the plan does not say which out-of-hours bases open"
        yield Finding("cover_not_planned", "", (), text)
