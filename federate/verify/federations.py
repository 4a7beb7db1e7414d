"""Rules on the make-up of one federation: size, number, zone, oversize practices."""

from collections.abc import Iterator

from federate.verify.subject import Subject
from federate.verify.violation import Violation, count, named

__all__ = [
    "check_oversize",
    "check_practices_bounds",
    "check_singletons",
    "check_size_bounds",
    "check_stay_inside",
]


def check_size_bounds(subject: Subject) -> Iterator[Violation]:
    """L ≤ Σ_{i∈g} n_i ≤ U, in whole persons.

    One with a waived member may lie below L. A federation that holds an
    oversize practice is left to `check_oversize`.
    """
    if subject.asked.size_bounds is None:
        return
    lower, upper = subject.asked.size_bounds
    for label, members in subject.members.items():
        size = subject.size(label)
        waived = not subject.asked.waived.isdisjoint(members)
        if lower <= size <= upper or not subject.asked.oversize.isdisjoint(members):
            continue
        if size < lower and waived:
            continue
        bound, side = (
            (lower, "below the lower") if size < lower else (upper, "above the upper")
        )
        off = abs(size - bound)
        yield Violation(
            rule="rules.size_bounds",
            federation=label,
            practices=subject.codes(members),
            amount=float(off),
            unit="persons",
            message=(
                f"{label} has {count(size, 'patient')}, {off:,.0f} {side} bound "
                f"of {bound:,.0f}"
            ),
        )


def check_practices_bounds(subject: Subject) -> Iterator[Violation]:
    """Fewest ≤ |g| ≤ most members; a single oversize practice is exempt."""
    if subject.asked.practices_bounds is None:
        return
    fewest, most = subject.asked.practices_bounds
    for label, members in subject.members.items():
        found = len(members)
        if fewest <= found <= most or subject.is_exempt(label):
            continue
        bound = int(fewest if found < fewest else most)
        side = "fewer than the fewest" if found < fewest else "more than the most"
        yield Violation(
            rule="rules.practices_bounds",
            federation=label,
            practices=subject.codes(members),
            amount=float(abs(found - bound)),
            unit="practices",
            message=(
                f"{label} has {count(found, 'practice')}, {abs(found - bound):,} "
                f"{side} allowed, {bound:,}"
            ),
        )


def check_singletons(subject: Subject) -> Iterator[Violation]:
    """|g| ≥ 2 where one practice may not be a federation; oversize ones may."""
    if subject.asked.allow_singletons:
        return
    for label, members in subject.members.items():
        if len(members) > 1 or subject.is_exempt(label):
            continue
        name = subject.names(members)[0]
        yield Violation(
            rule="membership.allow_singletons",
            federation=label,
            practices=subject.codes(members),
            amount=1.0,
            unit="practices",
            message=f"{label} is {name} alone; one practice may not be a federation",
        )


def check_stay_inside(subject: Subject) -> Iterator[Violation]:
    """Members share the label of every attribute that may not be straddled.

    a_i = a_k for all i, k of g and each attribute a of `rules.stay_inside`;
    the problem's own zones are held to as well.
    """
    problem = subject.problem
    columns = [
        (
            name,
            tuple(str(v) for v in problem.instance.practices.attributes[name].values),
        )
        for name in problem.scenario.rules.stay_inside
    ]
    # With a frozen group the problem's zones hold more than borders.
    if problem.zone is not None and not columns and not problem.scenario.rules.freeze:
        columns = [("zone", tuple(str(int(z)) for z in problem.zone))]
    for label, members in subject.members.items():
        for name, values in columns:
            found = tuple(sorted({values[i] for i in members}))
            if len(found) < 2:
                continue
            labels = named(tuple(value or "(blank)" for value in found))
            yield Violation(
                rule="rules.stay_inside",
                federation=label,
                practices=subject.codes(members),
                amount=float(len(found) - 1),
                unit="borders",
                message=(
                    f"{label} straddles a border of {name} that federations must "
                    f"stay inside: it holds practices of {labels}"
                ),
            )


def check_oversize(subject: Subject) -> Iterator[Violation]:
    """Keep oversize practices by themselves: |g| = 1 where some i ∈ g has n_i > U."""
    for label, members in subject.members.items():
        large = tuple(i for i in members if i in subject.asked.oversize)
        if not large or len(members) == 1:
            continue
        own = "each be a federation of its own" if len(large) > 1 else "be its own"
        patients = named(tuple(f"{subject.patients[i]:,}" for i in large))
        yield Violation(
            rule="rules.oversize",
            federation=label,
            practices=subject.codes(large),
            amount=float(len(members) - 1),
            unit="practices",
            message=(
                f"{label} mixes {named(subject.names(large))}, which with {patients} "
                f"patients must {own}, with other practices"
            ),
        )
