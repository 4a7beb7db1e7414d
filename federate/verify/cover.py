"""Out-of-hours cover: every practice reached by an open base, practice by practice."""

from collections.abc import Iterator

from federate.geography.rurality import is_rural
from federate.verify.subject import Subject
from federate.verify.violation import Violation

__all__ = ["check_cover", "is_planned", "unreachable"]

# Minutes are sums of floats: a journey this much over the reach is not counted.
TOLERANCE_MIN = 1e-9


def is_planned(subject: Subject) -> bool:
    """Whether the plan says anything about bases, and was asked to."""
    instance, asked = subject.problem.instance, subject.problem.scenario.cover
    stated = bool(subject.plan.bases or subject.plan.open_bases)
    return asked.enabled and instance.bases is not None and stated


def unreachable(subject: Subject) -> tuple[int, ...]:
    """Return the practices that no base, open or not, could reach."""
    minutes = subject.problem.travel.base_minutes
    return tuple(
        i
        for i, limit in enumerate(_reach_min(subject))
        if all(float(t) > limit + TOLERANCE_MIN for t in minutes[i])
    )


def check_cover(subject: Subject) -> Iterator[Violation]:
    """Σ_b z_ib = 1, z_ib ≤ y_b, z_ib = 0 where t_ib > reach_i, for every i.

    A practice that no base at all can reach is a named finding instead.
    """
    if not is_planned(subject):
        return
    excused = frozenset(unreachable(subject))
    for i, reach in enumerate(_reach_min(subject)):
        if i in excused:
            continue
        wrong = _wrong(subject, i, reach)
        if wrong is None:
            continue
        over, message = wrong
        yield Violation(
            rule="cover.enabled",
            federation=subject.plan.federation[subject.codes((i,))[0]],
            practices=subject.codes((i,)),
            amount=over,
            unit="minutes",
            message=f"{subject.names((i,))[0]} {message}",
        )


def _wrong(subject: Subject, practice: int, reach: float) -> tuple[float, str] | None:
    """Return minutes beyond reach, and what is wrong with a practice's cover."""
    bases = subject.problem.instance.bases
    known = () if bases is None else bases.code
    base = subject.plan.bases.get(subject.codes((practice,))[0])
    if base is None:
        return 0.0, "is covered by no out-of-hours base, though one is in reach"
    if base not in known:
        return 0.0, f"is covered by {base}, which is not a base of the instance"
    if base not in subject.plan.open_bases:
        return 0.0, f"is covered by {base}, which is not open"
    minutes = float(subject.problem.travel.base_minutes[practice, known.index(base)])
    over = minutes - reach
    if over <= TOLERANCE_MIN:
        return None
    return over, (
        f"is {minutes:.1f} minutes from {base}, the base that covers it, {over:.1f} "
        f"beyond its reach of {reach:g}"
    )


def _reach_min(subject: Subject) -> tuple[float, ...]:
    """Return the reach that holds for each practice, minutes, by rurality."""
    asked = subject.problem.scenario
    rural = is_rural(subject.problem.instance, asked.travel.rurality)
    urban_min, rural_min = asked.cover.reach_urban_min, asked.cover.reach_rural_min
    return tuple(rural_min if lies_rural else urban_min for lies_rural in rural)
