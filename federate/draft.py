"""`Draft`: a plan and the edits made to it, so that each can be taken back.

Nothing changes in place: every edit gives a new draft, which holds the plan it
began from and the whole log. A frozen federation takes nobody in and lets
nobody go; one that may only grow lets nobody go.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Literal, get_args

from federate.errors import Fault, PlanError, did_you_mean

__all__ = ["KINDS", "Draft", "Edit", "Grouped"]

Kind = Literal["move", "merge", "lead", "freeze", "grow", "thaw"]
KINDS: tuple[Kind, ...] = get_args(Kind)
PAIRED = ("move", "merge", "lead")


@dataclass(frozen=True)
class Edit:
    """One change to a plan.

    Parameters
    ----------
    kind
        ``move`` a practice to a federation (a new label founds one, ``""`` leaves
        it alone), ``merge`` a federation into another, ``lead`` a federation from
        a practice, ``freeze`` a federation, let it only ``grow``, or ``thaw`` it.
    what
        The practice that moves, otherwise the federation.
    to
        Where it moves or merges, or who leads; empty for a lock.

    Examples
    --------
    >>> print(Edit("move", "G82001", "F07"), Edit("freeze", "F03"), sep=", ")
    move G82001=F07, freeze F03
    """

    kind: Kind
    what: str
    to: str = ""

    @classmethod
    def parse(cls, text: str) -> "Edit":
        """Read an edit as `str` writes it.

        Raises
        ------
        PlanError
            If it is none.

        Examples
        --------
        >>> Edit.parse("lead F01=G82001")
        Edit(kind='lead', what='F01', to='G82001')
        """
        word, _, rest = text.strip().partition(" ")
        what, equals, to = (part.strip() for part in rest.partition("="))
        kind = next((kind for kind in KINDS if kind == word), None)
        if kind is None or not what or bool(equals) != (kind in PAIRED):
            message = (
                "must be one of: move CODE=FEDERATION, merge FEDERATION=FEDERATION, "
                "lead FEDERATION=CODE, freeze, grow or thaw FEDERATION"
            )
            raise PlanError("the edits", [Fault("the edits", message, value=text)])
        return cls(kind, what, to)

    def __str__(self) -> str:
        if self.kind in PAIRED:
            return f"{self.kind} {self.what}={self.to}"
        return f"{self.kind} {self.what}"


@dataclass(frozen=True)
class Grouped:
    """A plan on the way: who belongs where, stated leads, and what is locked."""

    federation: Mapping[str, str]
    centre: Mapping[str, str]
    frozen: tuple[str, ...] = ()
    grown: tuple[str, ...] = ()

    @cached_property
    def labels(self) -> frozenset[str]:
        """The federations that have a member."""
        return frozenset(self.federation.values()) - {""}


@dataclass(frozen=True)
class Draft:
    """A plan to start from and the edits made since.

    Parameters
    ----------
    start
        What the edits are made to.
    edits
        In the order in which they were made.
    undone
        Those taken back, the next to redo last; a new edit forgets them.

    Examples
    --------
    >>> start = Grouped({"a": "X", "b": "X", "c": "Y"}, {"X": "a", "Y": "c"})
    >>> draft = Draft(start).do(Edit("move", "b", "Y"), Edit("freeze", "Y"))
    >>> draft.now.federation["b"], draft.now.frozen
    ('Y', ('Y',))
    >>> draft.undo(2).now == start
    True
    """

    start: Grouped
    edits: tuple[Edit, ...] = ()
    undone: tuple[Edit, ...] = field(default=(), compare=False)

    @cached_property
    def now(self) -> Grouped:
        """What the edits make of the start.

        Raises
        ------
        PlanError
            If an edit cannot be made; every such edit at once.
        """
        state, faults = self.start, []
        for number, edit in enumerate(self.edits, start=1):
            message = _refusal(state, edit)
            if message:
                faults.append(Fault("the edits", message, number, str(edit)))
            else:
                state = _APPLY[edit.kind](state, edit)
        if faults:
            raise PlanError("the edits", faults)
        return state

    def do(self, *edits: Edit) -> "Draft":
        """Return the draft with more edits.

        Raises
        ------
        PlanError
            If one cannot be made; every such edit at once.
        """
        out = Draft(self.start, (*self.edits, *edits))
        _ = out.now
        return out

    def undo(self, number: int = 1) -> "Draft":
        """Return the draft with its last edits taken back."""
        number = min(number, len(self.edits))
        kept = len(self.edits) - number
        back = tuple(reversed(self.edits[kept:]))
        return Draft(self.start, self.edits[:kept], (*self.undone, *back))

    def redo(self, number: int = 1) -> "Draft":
        """Return the draft with edits made again that were taken back last."""
        number = min(number, len(self.undone))
        kept = len(self.undone) - number
        again = tuple(reversed(self.undone[kept:]))
        return Draft(self.start, (*self.edits, *again), self.undone[:kept])


def _refusal(state: Grouped, edit: Edit) -> str:
    """Return why an edit cannot be made here, or nothing."""
    labels, locked = state.labels, {*state.frozen, *state.grown}
    if edit.kind == "move":
        return _move_refusal(state, edit)
    if edit.what not in labels:
        return f"no federation {edit.what}{did_you_mean(edit.what, labels)}"
    if edit.kind == "lead":
        if state.federation.get(edit.to) != edit.what:
            members = [c for c, g in state.federation.items() if g == edit.what]
            hint = did_you_mean(edit.to, members)
            return f"{edit.to} is not a member of {edit.what}{hint}"
    elif edit.kind == "merge":
        if edit.to not in labels:
            return f"no federation {edit.to}{did_you_mean(edit.to, labels)}"
        if edit.what in locked:
            return f"{edit.what} is locked; thaw {edit.what} first"
        if edit.to in state.frozen:
            return f"{edit.to} is frozen; thaw {edit.to} first"
    elif edit.kind == "thaw" and edit.what not in locked:
        return f"{edit.what} is neither frozen nor set to grow"
    return ""


def _move_refusal(state: Grouped, edit: Edit) -> str:
    """Return why a practice cannot move so, or nothing."""
    if edit.what not in state.federation:
        return f"no practice {edit.what}{did_you_mean(edit.what, state.federation)}"
    source = state.federation[edit.what]
    if source == edit.to:
        return f"{edit.what} is in {edit.to or 'no federation'} already"
    if source in state.frozen:
        return f"it leaves {source}, which is frozen; thaw {source} first"
    if source in state.grown:
        return f"it leaves {source}, which may only grow; thaw {source} first"
    if edit.to in state.frozen:
        return f"it joins {edit.to}, which is frozen; thaw {edit.to} first"
    return ""


def _move(state: Grouped, edit: Edit) -> Grouped:
    federation = {**state.federation, edit.what: edit.to}
    kept = {g: c for g, c in state.centre.items() if c != edit.what}
    if edit.to and edit.to not in state.labels:
        kept[edit.to] = edit.what
    return replace(state, federation=MappingProxyType(federation), centre=kept)


def _merge(state: Grouped, edit: Edit) -> Grouped:
    federation = {
        code: edit.to if label == edit.what else label
        for code, label in state.federation.items()
    }
    kept = {g: c for g, c in state.centre.items() if g != edit.what}
    return replace(state, federation=MappingProxyType(federation), centre=kept)


def _lead(state: Grouped, edit: Edit) -> Grouped:
    return replace(state, centre={**state.centre, edit.what: edit.to})


def _lock(state: Grouped, edit: Edit) -> Grouped:
    frozen = tuple(g for g in state.frozen if g != edit.what)
    grown = tuple(g for g in state.grown if g != edit.what)
    if edit.kind == "freeze":
        frozen = (*frozen, edit.what)
    elif edit.kind == "grow":
        grown = (*grown, edit.what)
    return replace(state, frozen=frozen, grown=grown)


_APPLY = {
    "move": _move,
    "merge": _merge,
    "lead": _lead,
    "freeze": _lock,
    "grow": _lock,
    "thaw": _lock,
}
