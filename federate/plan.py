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
    """What changes from one plan to another: practice → (from, to), matched."""

    moved: tuple[tuple[str, str, str], ...]
    matched: Mapping[str, str]


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
    """

    federation: Mapping[str, str]
    centre: Mapping[str, str]
    bases: Mapping[str, str] = field(default_factory=dict)
    open_bases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("federation", "centre", "bases"):
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
        lowest code as centre until it is evaluated.

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
        return replace(self, federation=federation, centre=centre)
