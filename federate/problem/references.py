"""Names in a scenario → indices of an instance; every fault at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import numpy.typing as npt

from federate.errors import Fault, ScenarioError, did_you_mean
from federate.practices.instance import Attribute, Instance
from federate.scenario.schema import Scenario

__all__ = ["References", "apart_from_all", "merge_sets", "pairs_between", "select_area"]

IntArray = npt.NDArray[np.int64]


@dataclass
class References:
    """Looks names up in one instance and collects what it cannot find."""

    instance: Instance
    scenario: Scenario
    faults: list[Fault] = field(default_factory=list)

    def fault(self, key: str, message: str, value: object = None) -> None:
        """Record one fault at a dotted key of the scenario."""
        file, line = self.scenario.where(key)
        self.faults.append(Fault(file, message, line, key, value))

    def practice(self, key: str, code: str) -> int | None:
        """Return the index of a practice code."""
        index = self.instance.index
        if code in index:
            return index[code]
        hint = did_you_mean(code, index)
        self.fault(key, f"no such practice in {self.instance.name}{hint}", code)
        return None

    def practices(self, key: str, codes: Iterable[str]) -> tuple[int, ...]:
        """Return the indices of the codes that exist, in order, without repeats."""
        found = {i for c in codes if (i := self.practice(key, c)) is not None}
        return tuple(sorted(found))

    def attribute(self, key: str, name: str) -> Attribute | None:
        """Return an attribute of the practices."""
        known = self.instance.practices.attributes
        if name in known:
            return known[name]
        hint = did_you_mean(name, known) or f"; there are: {', '.join(sorted(known))}"
        self.fault(key, f"no such attribute in {self.instance.name}{hint}", name)
        return None

    def groups(self, key: str, names: Sequence[str]) -> dict[str, tuple[int, ...]]:
        """Return the members of present groups by their label."""
        current = self.instance.current
        if names and current is None:
            self.fault(key, "the instance has no current grouping; add current.csv")
            return {}
        out = {}
        for name in names:
            members = [i for i, g in enumerate(current or ()) if g == name and name]
            if members:
                out[name] = tuple(members)
            else:
                hint = did_you_mean(name, set(current or ()) - {""})
                self.fault(key, f"no practice is in such a present group{hint}", name)
        return out

    def kept(self, names: Sequence[str]) -> tuple[tuple[int, ...], ...]:
        """Return the practices that must not move, one set a present group.

        A name is a practice code or the label of a present group, which stands
        for all its practices.
        """
        key = "rules.keep"
        current = self.instance.current
        if not names:
            return ()
        if current is None:
            self.fault(
                key, "the instance has no current grouping to keep; add current.csv"
            )
            return ()
        groups: dict[str, set[int]] = {}
        for name in names:
            if name in self.instance.index:
                members = {self.instance.index[name]}
            else:
                members = {i for i, g in enumerate(current) if g == name and name}
            if not members:
                hint = did_you_mean(name, [*self.instance.index, *set(current)])
                self.fault(key, f"neither a practice nor a present group{hint}", name)
            for i in members:
                if current[i]:
                    groups.setdefault(current[i], set()).add(i)
        return tuple(tuple(sorted(groups[g])) for g in sorted(groups))

    def zones(self, names: Sequence[str]) -> IntArray | None:
        """Return a zone number per practice: all the named labels agree."""
        columns = [self.attribute("rules.stay_inside", name) for name in names]
        known = [c.values.astype(str) for c in columns if c is not None]
        if not known:
            return None
        joined = np.stack(known, axis=1)
        _, zone = np.unique(joined, axis=0, return_inverse=True)
        return np.asarray(zone, dtype=np.int64).reshape(-1)


def apart_from_all(
    zone: IntArray | None, groups: Sequence[Sequence[int]], num_practices: int
) -> IntArray | None:
    """Return zones in which each of some groups has a zone to itself.

    A federation lies in one zone, so nobody else can join such a group. A group
    that a border parts is left parted: no plan can hold it.

    Examples
    --------
    >>> apart_from_all(None, [(1, 2)], 4)
    array([0, 1, 1, 0])
    """
    if not groups:
        return zone
    own = np.zeros(num_practices, dtype=np.int64)
    for number, members in enumerate(groups, start=1):
        own[list(members)] = number
    inside = np.zeros(num_practices, dtype=np.int64) if zone is None else zone
    pairs = np.stack([inside, own], axis=1)
    _, out = np.unique(pairs, axis=0, return_inverse=True)
    return np.asarray(out, dtype=np.int64).reshape(-1)


def merge_sets(sets: Iterable[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """Return the closure of "these go together": disjoint sets of two or more.

    Examples
    --------
    >>> merge_sets([(0, 1), (2, 3), (1, 4), (5,)])
    ((0, 1, 4), (2, 3))
    """
    merged: list[set[int]] = []
    for members in sets:
        fresh = set(members)
        apart = [s for s in merged if not s & fresh]
        for s in merged:
            if s & fresh:
                fresh |= s
        merged = [*apart, fresh]
    return tuple(sorted(tuple(sorted(s)) for s in merged if len(s) > 1))


def pairs_between(groups: Sequence[Sequence[int]]) -> set[tuple[int, int]]:
    """Return every pair i < k whose members lie in different groups."""
    out: set[tuple[int, int]] = set()
    for a, b in combinations(groups, 2):
        out.update((min(i, k), max(i, k)) for i in a for k in b)
    return out


def select_area(instance: Instance, scenario: Scenario) -> Instance:
    """Return the practices of the scenario's area.

    Raises
    ------
    ScenarioError
        If an attribute does not exist or no practice is left.
    """
    if not scenario.area:
        return instance
    look = References(instance, scenario)
    keep = np.ones(instance.num_practices, dtype=bool)
    for name, wanted in scenario.area.items():
        attribute = look.attribute(f"area.{name}", name)
        if attribute is not None:
            keep &= np.isin(attribute.values.astype(str), list(wanted))
            _check_wanted(look, name, attribute, wanted)
    if not look.faults and not keep.any():
        look.fault("area", "no practice has all of these labels; widen the area")
    if look.faults:
        raise ScenarioError(f"the scenario for {instance.name}", look.faults)
    return instance.select(np.flatnonzero(keep))


def _check_wanted(
    look: References, name: str, attribute: Attribute, wanted: tuple[str, ...]
) -> None:
    present = set(attribute.values.astype(str).tolist())
    for value in wanted:
        if value not in present:
            hint = did_you_mean(value, present)
            look.fault(f"area.{name}", f"no practice has this label{hint}", value)
