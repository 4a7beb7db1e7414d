"""Rules on present groups: those that are frozen, and those that may only gain."""

from collections.abc import Iterator

from federate.verify.subject import Subject
from federate.verify.violation import Violation, count, named

__all__ = ["check_freeze", "check_grow"]


def check_freeze(subject: Subject) -> Iterator[Violation]:
    """Keep a frozen group as it is: one federation has its members and no others.

    With P the group, and F the federations that hold a member of it: F = {P}.
    """
    for label, group in subject.asked.frozen.items():
        yield from _parted(subject, "rules.freeze", label, group)
        joined = {
            i
            for members in subject.members.values()
            if not group.isdisjoint(members)
            for i in members
        } - group
        if not joined:
            continue
        practices = tuple(sorted(joined))
        yield Violation(
            rule="rules.freeze",
            federation=_home(subject, group),
            practices=subject.codes(practices),
            amount=float(len(joined)),
            unit="practices",
            message=(
                f"{label} is frozen, yet {count(len(joined), 'practice')} joined it: "
                f"{named(subject.names(practices))}"
            ),
        )


def check_grow(subject: Subject) -> Iterator[Violation]:
    """Keep a group that may grow whole: P ⊆ g for one federation g."""
    for label, group in subject.asked.grown.items():
        yield from _parted(subject, "rules.grow", label, group)


def _parted(
    subject: Subject, rule: str, label: str, group: frozenset[int]
) -> Iterator[Violation]:
    """Yield the members that are not where most of their group's patients are."""
    home = _home(subject, group)
    left = tuple(sorted(group - set(subject.members.get(home, ()))))
    if not left:
        return
    state = "is frozen" if rule == "rules.freeze" else "may only grow"
    yield Violation(
        rule=rule,
        federation=home,
        practices=subject.codes(left),
        amount=float(len(left)),
        unit="practices",
        message=(
            f"{label} {state}, yet {count(len(left), 'practice')} left it: "
            f"{named(subject.names(left))}"
        ),
    )


def _home(subject: Subject, group: frozenset[int]) -> str:
    """Return the federation with most patients of a group; ``""`` if all are alone."""
    shares = {
        label: (sum(subject.patients[i] for i in inside), len(inside))
        for label, members in subject.members.items()
        if (inside := group.intersection(members))
    }
    return max(shares, key=lambda label: shares[label], default="")
