"""What a check says: a rule broken, or an exception that is allowed."""

from dataclasses import dataclass

__all__ = ["Finding", "Violation", "count", "named"]


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


@dataclass(frozen=True)
class Finding:
    """One named exception: a rule that does not bind here, and why.

    `kind` is ``oversize``, ``waived``, ``uncovered`` or ``cover_not_planned``.
    """

    kind: str
    federation: str
    practices: tuple[str, ...]
    message: str


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun, e.g. ``1 practice``, ``1,200 patients``.

    Examples
    --------
    >>> count(1, "practice"), count(1200, "patient"), count(0, "base")
    ('1 practice', '1,200 patients', '0 bases')
    """
    word = noun if number == 1 else plural or f"{noun}s"
    return f"{number:,} {word}"


def named(labels: tuple[str, ...], most: int = 6) -> str:
    """Return names as prose, the rest as a count.

    Examples
    --------
    >>> named(("A", "B", "C"))
    'A, B and C'
    >>> named(("A", "B", "C", "D"), most=2)
    'A, B and 2 others'
    """
    if len(labels) == 1:
        return labels[0]
    shown = labels[:most]
    rest = len(labels) - len(shown)
    if rest:
        return f"{', '.join(shown)} and {count(rest, 'other')}"
    return f"{', '.join(shown[:-1])} and {shown[-1]}"
