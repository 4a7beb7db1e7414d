"""`Plan`: which practice belongs to which federation, frozen.

A plan is data; it is scored and verified elsewhere. A federation is named by a
label (``F01`` …); a practice that stands alone outside every federation has
the label ``""``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

from federate.errors import Fault, PlanError, did_you_mean

__all__ = ["Plan", "PlanDiff"]


@dataclass(frozen=True)
class PlanDiff:
    """What changes from one plan to another, whatever their labels.

    Parameters
    ----------
    moved
        (practice, label before, label after) of each practice that changes
        federation; ``""`` where it stands alone.
    matched
        Label before → label after of the federations taken for the same one,
        matched so that the fewest patients (or practices) move.
    before_only, after_only
        Practices that only one of the two plans has; they are not in `moved`.
    patients
        Registered patients of the practices that move; ``None`` where the list
        sizes were not given.
    """

    moved: tuple[tuple[str, str, str], ...]
    matched: Mapping[str, str]
    before_only: tuple[str, ...] = ()
    after_only: tuple[str, ...] = ()
    patients: int | None = None

    def __bool__(self) -> bool:
        """Whether anything changes."""
        return bool(self.moved or self.before_only or self.after_only)


@dataclass(frozen=True)
class Plan:
    """A partition of practices into federations, with their centres.

    Parameters
    ----------
    federation
        Practice code → federation label; ``""`` for a practice standing alone.
    centre
        Federation label → code of its lead practice.
    bases
        Practice code → out-of-hours base that covers it; empty where cover was
        not asked for; a practice that no base reaches is left out.
    open_bases
        Codes of the bases to run.
    contracts
        Federation label → contract it takes, ``""`` for none; empty where each takes
        its cheapest, as partners can carry all that is wanted of them.
    """

    federation: Mapping[str, str]
    centre: Mapping[str, str]
    bases: Mapping[str, str] = field(default_factory=dict)
    open_bases: tuple[str, ...] = ()
    contracts: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("federation", "centre", "bases", "contracts"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @cached_property
    def members(self) -> Mapping[str, tuple[str, ...]]:
        """Federation label → codes of its members, both in order."""
        out: dict[str, list[str]] = {}
        for code in sorted(self.federation):
            if label := self.federation[code]:
                out.setdefault(label, []).append(code)
        return MappingProxyType({k: tuple(out[k]) for k in sorted(out)})

    @property
    def num_federations(self) -> int:
        """Number of federations; practices standing alone are not counted."""
        return len(self.members)

    def move(self, code: str, to: str) -> "Plan":
        """Return a new plan in which one practice belongs elsewhere.

        A new label founds a federation led by the practice; ``""`` makes it
        stand alone. A federation that loses its centre is left with its
        lowest code as centre until it is evaluated. Contracts are chosen anew.

        Raises
        ------
        PlanError
            If the plan has no such practice.
        """
        if code not in self.federation:
            hint = did_you_mean(code, self.federation)
            raise PlanError("plan", [Fault("plan", f"no practice {code}{hint}")])
        federation = {**self.federation, code: to}
        centre = dict(self.centre)
        source = self.federation[code]
        left = [c for c in self.members.get(source, ()) if c != code]
        if source and not left:
            centre.pop(source, None)
        elif source and centre.get(source) == code:
            centre[source] = left[0]
        if to and to not in centre:
            centre[to] = code
        return replace(self, federation=federation, centre=centre, contracts={})

    def diff(
        self, before: "Plan", patients: Mapping[str, int] | None = None
    ) -> PlanDiff:
        """Return what changed from the plan `before` to this one.

        Federations are matched one to one, so that a mere renaming moves
        nobody; one that has no partner left is new, or gone.

        Parameters
        ----------
        before
            The plan to start from.
        patients
            List sizes by practice code, to match on patients; practices count
            alike where it is left out.

        Examples
        --------
        >>> old = Plan({"a": "X", "b": "X", "c": "Y"}, {"X": "a", "Y": "c"})
        >>> new = Plan({"a": "1", "b": "2", "c": "2"}, {"1": "a", "2": "b"})
        >>> new.diff(old).moved
        (('b', 'X', '2'),)
        """
        both = sorted(self.federation.keys() & before.federation.keys())
        weight = {code: 1 if patients is None else patients[code] for code in both}
        matched = _match(before.federation, self.federation, weight)
        moved = tuple(
            (code, before.federation[code], self.federation[code])
            for code in both
            if matched.get(before.federation[code]) != self.federation[code]
        )
        return PlanDiff(
            moved=moved,
            matched=MappingProxyType({k: v for k, v in matched.items() if k}),
            before_only=tuple(sorted(before.federation.keys() - set(both))),
            after_only=tuple(sorted(self.federation.keys() - set(both))),
            patients=None if patients is None else sum(weight[c] for c, _, _ in moved),
        )


def _match(
    before: Mapping[str, str], after: Mapping[str, str], weight: Mapping[str, int]
) -> dict[str, str]:
    """Return label → label, one to one, that share the most weight in all.

    Standing alone is matched with itself; federations that share nobody are
    not matched.
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    old = sorted({before[code] for code in weight} - {""})
    new = sorted({after[code] for code in weight} - {""})
    row = {label: k for k, label in enumerate(old)}
    column = {label: k for k, label in enumerate(new)}
    shared = np.zeros((len(old), len(new)))
    members = np.zeros((len(old), len(new)))
    for code, worth in weight.items():
        if before[code] and after[code]:
            at = row[before[code]], column[after[code]]
            shared[at] += worth
            members[at] += 1
    # Practices break ties between equal patients, and count where lists are empty.
    rows, columns = linear_sum_assignment(
        shared + members / (len(weight) + 1), maximize=True
    )
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    return {"": ""} | {old[r]: new[c] for r, c in pairs if members[r, c] > 0}
