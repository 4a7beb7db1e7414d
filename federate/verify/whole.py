"""Rules on the plan as a whole: who belongs, how many, who goes with whom."""

from collections.abc import Iterator
from math import inf

from federate.verify.subject import Subject
from federate.verify.violation import Violation, count, named

__all__ = [
    "check_apart",
    "check_centre",
    "check_membership",
    "check_num_federations",
    "check_together",
]


def check_membership(subject: Subject) -> Iterator[Violation]:
    """Every practice is in exactly one federation, or stands alone if it may.

    Mandatory: Σ_g x_ig = 1 for every i. Voluntary: ≤ 1, but an oversize
    practice is always a federation of its own. At most one holds by the shape
    of a plan; at least one is checked.
    """
    for i in subject.alone:
        must = "joining is mandatory"
        if subject.asked.voluntary:
            if i not in subject.asked.oversize:
                continue
            must = "a practice above the upper bound is a federation of its own"
        name = subject.names((i,))[0]
        yield Violation(
            rule="membership.mode",
            federation="",
            practices=subject.codes((i,)),
            amount=1.0,
            unit="practices",
            message=f"{name} is in no federation, but {must}",
        )


def check_centre(subject: Subject) -> Iterator[Violation]:
    """Keep the lead of a federation among its members: centre(g) ∈ g."""
    for label, centre in subject.centre.items():
        if centre not in subject.members[label]:
            name = subject.names((centre,))[0]
            yield Violation(
                rule="plan.centre",
                federation=label,
                practices=subject.codes((centre,)),
                amount=1.0,
                unit="practices",
                message=f"{label} is led by {name}, which is not one of its members",
            )


def check_num_federations(subject: Subject) -> Iterator[Violation]:
    """Fewest ≤ Σ_g u_g ≤ most; practices standing alone are no federation."""
    fewest, most = subject.asked.num_federations
    found = len(subject.members)
    if fewest <= found <= most:
        return
    short = found < fewest
    limit = int(fewest if short else most)
    off = abs(found - limit)
    if fewest == most:
        asked = f"exactly {limit:,}"
    elif most == inf:
        asked = f"at least {limit:,}"
    else:
        asked = f"between {int(fewest):,} and {int(most):,}"
    yield Violation(
        rule="rules.num_federations",
        federation="",
        practices=(),
        amount=float(off),
        unit="federations",
        message=(
            f"the plan has {count(found, 'federation')}, {off:,} too "
            f"{'few' if short else 'many'}: {asked} asked for"
        ),
    )


def check_together(subject: Subject) -> Iterator[Violation]:
    """x_ig = x_kg for all i, k of a set and every g: one federation, or all alone."""
    where = subject.plan.federation
    codes = subject.problem.instance.practices.code
    for rule, practices in subject.asked.together:
        homes = sorted({where[codes[i]] for i in practices})
        if len(homes) < 2:
            continue
        listed = named(tuple(home or "no federation" for home in homes))
        stays = "must not part" if rule == "rules.keep" else "must be together"
        yield Violation(
            rule=rule,
            federation="",
            practices=subject.codes(practices),
            amount=float(len(homes) - 1),
            unit="separations",
            message=(
                f"{named(subject.names(practices))} {stays}, but are spread over "
                f"{listed}"
            ),
        )


def check_apart(subject: Subject) -> Iterator[Violation]:
    """x_ig + x_kg ≤ 1 for every pair apart and every g."""
    where = subject.plan.federation
    codes = subject.problem.instance.practices.code
    because = {
        "rules.apart": "must be apart",
        "rules.keep": "must stay in their different present groups",
        "rules.grow": "must stay in their different present groups",
        "rules.respect_vetoes": "would not work together",
    }
    for (i, k), rule in sorted(subject.asked.apart.items()):
        label = where[codes[i]]
        if not label or label != where[codes[k]]:
            continue
        yield Violation(
            rule=rule,
            federation=label,
            practices=subject.codes((i, k)),
            amount=1.0,
            unit="pairs",
            message=(
                f"{named(subject.names((i, k)))} share {label}, but {because[rule]}"
            ),
        )
