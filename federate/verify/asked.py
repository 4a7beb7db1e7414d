"""The rules in force, read twice: from the scenario and from the problem.

Engines see only the problem's arrays. A rule that was lost or loosened on the
way there from the scenario would be broken by every plan and noticed by none,
so a plan is held to the tighter of both readings.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from math import inf

from federate.problem import Problem

__all__ = ["Asked", "read_rules"]

Bounds = tuple[float, float]


@dataclass(frozen=True)
class Asked:
    """Every rule on groups of practices, in indices; ``None`` where not asked.

    Parameters
    ----------
    size_bounds, practices_bounds, num_federations
        Fewest and most, both allowed; infinite where open.
    max_pieces
        Most connected pieces of one federation.
    no_donut, allow_singletons, voluntary
        As their names say.
    oversize
        Practices above the upper size bound that make a federation each.
    waived
        Practices whose federation may lie below the lower size bound.
    together
        Sets that share a federation, each with the dotted key of its rule.
    apart
        Pairs i < k that may not share one → dotted key of the rule.
    frozen, grown
        Present groups by label: those that stay as they are, and those that may
        gain practices but lose none.
    """

    size_bounds: Bounds | None
    practices_bounds: Bounds | None
    num_federations: Bounds
    max_pieces: int | None
    no_donut: bool
    allow_singletons: bool
    voluntary: bool
    oversize: frozenset[int]
    waived: frozenset[int]
    together: tuple[tuple[str, tuple[int, ...]], ...]
    apart: dict[tuple[int, int], str]
    frozen: dict[str, frozenset[int]]
    grown: dict[str, frozenset[int]]


def read_rules(problem: Problem) -> Asked:
    """Return the tighter of what the scenario writes and the problem holds."""
    rules = problem.scenario.rules
    singletons = problem.scenario.membership.allow_singletons
    bounds = _tighter(rules.size_bounds, problem.size_bounds)
    upper = inf if bounds is None else bounds[1]
    patients = problem.instance.practices.list_size
    return Asked(
        size_bounds=bounds,
        practices_bounds=_tighter(rules.practices_bounds, problem.practices_bounds),
        num_federations=_num_federations(problem),
        max_pieces=_max_pieces(problem),
        no_donut=rules.no_donut or problem.no_donut,
        allow_singletons=singletons and problem.allow_singletons,
        voluntary=problem.alone_gbp is not None,
        oversize=frozenset(i for i in problem.oversize if patients[i] > upper),
        waived=_waived(problem),
        together=tuple(_together(problem)),
        apart=_apart(problem),
        frozen=_groups(problem, rules.freeze),
        grown=_groups(problem, rules.grow),
    )


def _tighter(written: Bounds | None, held: Bounds | None) -> Bounds | None:
    """Return the bounds that keep both readings."""
    if written is None or held is None:
        return written or held
    return max(written[0], held[0]), min(written[1], held[1])


def _num_federations(problem: Problem) -> Bounds:
    """Return fewest and most federations; a single number means exactly that."""
    asked = problem.scenario.rules.num_federations
    fewest, most = problem.num_federations
    held = (fewest, inf if most is None else most)
    if isinstance(asked, int):
        asked = (asked, asked)
    written = asked if isinstance(asked, tuple) else None
    return _tighter(written, held) or held


def _max_pieces(problem: Problem) -> int | None:
    """Return the fewest pieces either reading allows."""
    rules = problem.scenario.rules
    written = 1 if rules.contiguity == "contiguous" else rules.max_pieces
    stated = [limit for limit in (written, problem.max_pieces) if limit is not None]
    return min(stated, default=None)


def _waived(problem: Problem) -> frozenset[int]:
    """Return the waived practices; the scenario must name each by its code."""
    rules = problem.scenario.rules
    if rules.size_bounds is None:
        return frozenset(problem.waived)
    codes = problem.instance.practices.code
    return frozenset(i for i in problem.waived if codes[i] in rules.size_waivers)


def _together(problem: Problem) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the stated sets, the kept members of each group, and what is held.

    Frozen and grown groups are checked by themselves.
    """
    index, rules = problem.instance.index, problem.scenario.rules
    for codes in rules.together:
        yield "rules.together", _known(index[c] for c in codes if c in index)
    kept = _kept(problem)
    for label, members in kept.items():
        if label not in rules.grow:
            yield "rules.keep", _known(members)
    seen = {*kept.values(), *_groups(problem, rules.freeze).values()}
    for held in problem.together:
        if frozenset(held) not in seen:
            yield "rules.together", _known(held)


def _apart(problem: Problem) -> dict[tuple[int, int], str]:
    """Return every pair that may not share a federation, with the rule."""
    rules = problem.scenario.rules
    index = problem.instance.index
    out: dict[tuple[int, int], str] = {}
    for codes in rules.apart:
        known = _known(index[c] for c in codes if c in index)
        out.update(dict.fromkeys(combinations(known, 2), "rules.apart"))
    for (one, a), (other, b) in combinations(_kept(problem).items(), 2):
        by = "rules.grow" if {one, other} & set(rules.grow) else "rules.keep"
        for i in a:
            for k in b:
                out.setdefault((min(i, k), max(i, k)), by)
    if rules.respect_vetoes:
        for tie in problem.instance.ties:
            if tie.kind == "would_not":
                pair = _known((index[tie.a], index[tie.b]))
                out.setdefault((pair[0], pair[1]), "rules.respect_vetoes")
    for i, k in problem.apart:
        out.setdefault((min(i, k), max(i, k)), "rules.apart")
    return out


def _kept(problem: Problem) -> dict[str, frozenset[int]]:
    """Return the practices that must not move, by present group.

    `rules.keep` names practices, or present groups with all their practices;
    a practice in no group has nothing to stay in.
    """
    current = problem.instance.current or ()
    codes = problem.instance.practices.code
    wanted = {*problem.scenario.rules.keep, *problem.scenario.rules.grow}
    groups: dict[str, set[int]] = {}
    for i, group in enumerate(current):
        if group and (codes[i] in wanted or group in wanted):
            groups.setdefault(group, set()).add(i)
    return {group: frozenset(members) for group, members in groups.items()}


def _groups(problem: Problem, labels: Iterable[str]) -> dict[str, frozenset[int]]:
    """Return the members of present groups, by label."""
    current = problem.instance.current or ()
    return {
        label: frozenset(i for i, group in enumerate(current) if group == label)
        for label in labels
    }


def _known(practices: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(practices)))
