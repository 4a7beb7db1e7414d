"""Why no plan exists: a reason, whom it names, and what proves it.

Each kind is a claim that holds by itself and that `federate.proof` derives again:

| kind | claim |
| --- | --- |
| oversize | these practices exceed U, and may be no federation of their own |
| risk | no population is large enough for the pooled-risk rule |
| tied | these practices must be together, and may not |
| totals | no whole number of federations holds the members and patients of this area |
| count | all areas together need more federations than may be, or allow fewer |
| prices | at these prices a plan that costs nothing would cost more than nothing |

Prices come from the problem with every cost set to zero (`problem.costless`). Let
every set S that may be a federation have

    Σ_{i∈S} π_i + μ − Σ_T σ_T·⌊|S ∩ T| / 2⌋ ≤ 0,    σ ≥ 0.

Federations of a plan, summed, then pay at most nothing, yet they pay
Σ_i π_i + μ·count − Σ_T σ_T·⌊|T| / 2⌋ at least (`evidence`): where that is above 0
there is no plan, as in the lemma of Farkas (1902), Journal für die reine und
angewandte Mathematik 124. Only the practices with π_i > 0 need be covered for it;
where there is neither μ nor σ, a federation with one of them also takes in one
with π_i < 0, or cannot be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from federate.evidence import Evidence

__all__ = ["KINDS", "Kind", "Refutation", "listed", "unserved"]

Kind = Literal["oversize", "risk", "tied", "totals", "count", "prices"]
KINDS: tuple[Kind, ...] = ("oversize", "risk", "tied", "totals", "count", "prices")

MOST_NAMED = 5


@dataclass(frozen=True, eq=False)
class Refutation:
    """One reason why no plan exists.

    Parameters
    ----------
    kind
        What is claimed (see the table above).
    sentence
        Why, and the way out, for a planner.
    areas
        Codes of the practices it is about; one set but for ``count``.
    evidence
        For ``prices``: they, and how they were found.
    """

    kind: Kind
    sentence: str
    areas: tuple[tuple[str, ...], ...] = ()
    evidence: Evidence | None = None

    @property
    def practices(self) -> tuple[str, ...]:
        """Codes of all practices it is about."""
        return tuple(code for area in self.areas for code in area)


def listed(names: Sequence[str]) -> str:
    """Return names in a row, five at most.

    Examples
    --------
    >>> listed(["A", "B", "C"]), listed(list("ABCDEFG"))
    ('A, B, C', 'A, B, C, D, E and 2 more')
    """
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def unserved(
    short: Sequence[str], beside: Sequence[str], *, needs_all: bool = False
) -> str:
    """Return what prices prove: who cannot all have a federation.

    Parameters
    ----------
    short, beside
        Names of the practices with a price above and below 0.
    needs_all
        Whether the proof leans on the whole plan: on the number of federations,
        or on who stands alone.

    Examples
    --------
    >>> unserved(["A"], [])
    'no federation that keeps the rules can hold A'
    >>> unserved(["A", "B"], [])
    'no federation that keeps the rules can hold any of A, B'
    >>> unserved(["A", "B"], ["C"]).partition(":")[0]
    'A, B cannot all be in federations at once'
    """
    if needs_all or not short:
        return (
            "no choice of federations that keep the rules has as many as "
            "rules.num_federations asks for"
        )
    names = listed(short)
    if not beside and len(short) == 1:
        return f"no federation that keeps the rules can hold {names}"
    if not beside:
        return f"no federation that keeps the rules can hold any of {names}"
    some = "some of " if len(beside) > 1 else ""
    turn = ", and these do not go round" if len(beside) > 1 else ", who fits one only"
    return (
        f"{names} cannot all be in federations at once: each federation that keeps "
        f"the rules and holds one of them takes in {some}{listed(beside)}{turn}"
    )
