"""Which demands a scenario makes of every plan, and the scenario without some.

A demand is one side of a bound, or one line of a list: the smallest piece that a
planner can give up. Giving up changes keys of the scenario (or a veto among the
ties), so what is said of the rest is said of a scenario that can be solved.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from federate.problem import Problem

__all__ = ["VETOES", "Changes", "Demand", "changed", "demands", "named", "value_of"]

Changes = dict[str, Any]
VETOES = "vetoes"
"""The one change that is no key of the scenario: pairs whose veto is dropped."""

MOST_NAMED = 6


@dataclass(frozen=True)
class Demand:
    """One thing that every plan must keep.

    Parameters
    ----------
    key
        Where the scenario states it.
    kind
        What it is, e.g. ``lower size``; fixes go by it.
    words
        What it asks, in a planner's words.
    codes
        The practices it names; empty where it holds for all.
    drop
        Writes into changes what gives it up.
    """

    key: str
    kind: str
    words: str
    codes: tuple[str, ...] = ()
    drop: Callable[[Changes], None] = field(
        default=lambda changes: None, repr=False, compare=False
    )


def demands(problem: Problem) -> list[Demand]:
    """Return what the scenario demands, in the order in which a planner states it."""
    parts = (_sizes, _counts, _shape, _wishes)
    return [demand for part in parts for demand in part(problem)]


def changed(problem: Problem, changes: Changes) -> Problem:
    """Return the problem of the scenario with these changes.

    Raises
    ------
    ScenarioError
        If the changed scenario contradicts itself.
    """
    keys = {key: value for key, value in changes.items() if key != VETOES}
    instance = problem.instance
    if gone := changes.get(VETOES):
        ties = tuple(
            tie
            for tie in instance.ties
            if tie.kind != "would_not" or frozenset((tie.a, tie.b)) not in gone
        )
        instance = replace(instance, ties=ties)
    scenario = problem.scenario.with_(**keys) if keys else problem.scenario
    return Problem.build(instance, scenario)


def value_of(problem: Problem, changes: Changes, key: str) -> Any:
    """Return what a key holds after the changes.

    Parameters
    ----------
    key
        As `Scenario.with_` has it, e.g. ``rules__size_bounds``.
    """
    if key in changes:
        return changes[key]
    section, _, name = key.partition("__")
    return getattr(getattr(problem.scenario, section), name)


def named(problem: Problem, codes: Iterable[str]) -> str:
    """Return practices by name and code as prose, the last few as a count."""
    practices, index = problem.instance.practices, problem.instance.index
    said = [
        f"{practices.name[index[c]]} ({c})".strip() if c in index else f"group {c}"
        for c in codes
    ]
    if len(said) > MOST_NAMED:
        said = [*said[: MOST_NAMED - 1], f"{len(said) - MOST_NAMED + 1} others"]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def _sizes(problem: Problem) -> Iterator[Demand]:
    rules = problem.scenario.rules
    total = float(problem.list_size.sum())
    if rules.size_bounds is not None:
        lower, upper = rules.size_bounds
        key = "rules__size_bounds"
        if lower > 0:

            def free_lower(changes: Changes) -> None:
                changes[key] = (0.0, value_of(problem, changes, key)[1])

            words = f"at least {lower:,.0f} patients in each federation"
            yield Demand("rules.size_bounds", "lower size", words, (), free_lower)

        def free_upper(changes: Changes) -> None:
            changes[key] = (value_of(problem, changes, key)[0], max(total, upper))

        words = f"at most {upper:,.0f} patients in each federation"
        yield Demand("rules.size_bounds", "upper size", words, (), free_upper)
        if rules.oversize == "refuse" and (problem.list_size > upper).any():
            codes = _codes(problem, (problem.list_size > upper).nonzero()[0].tolist())
            words = (
                f"no practice above {upper:,.0f} patients as a federation of its own"
            )
            drop = _setter("rules__oversize", "own")
            yield Demand("rules.oversize", "oversize", words, codes, drop)
    if not problem.scenario.membership.allow_singletons:
        drop = _setter("membership__allow_singletons", True)
        words = "no federation of one practice"
        yield Demand("membership.allow_singletons", "singletons", words, (), drop)


def _counts(problem: Problem) -> Iterator[Demand]:
    """Yield both sides of the number of practices and of federations."""
    for key, noun, stated in (
        (
            "rules__practices_bounds",
            "practices in each federation",
            problem.practices_bounds,
        ),
        ("rules__num_federations", "federations", problem.num_federations),
    ):
        if stated is None:
            continue
        least, most = stated
        kind = "members" if key == "rules__practices_bounds" else "count"
        if least > 1:
            drop = _end_freer(problem, key, 0)
            words = f"at least {least:,} {noun}"
            yield Demand(key.replace("__", "."), f"least {kind}", words, (), drop)
        if most is not None:
            drop = _end_freer(problem, key, 1)
            words = f"at most {most:,} {noun}"
            yield Demand(key.replace("__", "."), f"most {kind}", words, (), drop)


def _end_freer(problem: Problem, key: str, end: int) -> Callable[[Changes], None]:
    """Return what frees one end of a range of whole numbers."""

    def drop(changes: Changes) -> None:
        now = value_of(problem, changes, key)
        both = [now, now] if isinstance(now, int) else list(now)
        both[end] = (1, max(problem.n, both[0]))[end]
        changes[key] = tuple(both)

    return drop


def _shape(problem: Problem) -> Iterator[Demand]:
    rules, risk = problem.scenario.rules, problem.scenario.risk
    if problem.max_pieces is not None:

        def anywhere(changes: Changes) -> None:
            changes.update(rules__contiguity="none", rules__max_pieces=None)

        most = problem.max_pieces
        words = "each federation in one piece, of neighbours"
        if most > 1:
            words = f"each federation in at most {most} pieces"
        yield Demand("rules.contiguity", "contiguity", words, (), anywhere)
    if rules.no_donut:
        drop = _setter("rules__no_donut", False)
        words = "no federation that encloses another"
        yield Demand("rules.no_donut", "donut", words, (), drop)
    if rules.max_travel_min is not None:
        drop = _setter("rules__max_travel_min", None)
        words = f"each practice within {rules.max_travel_min:g} minutes of its centre"
        yield Demand("rules.max_travel_min", "travel", words, (), drop)
    for name in rules.stay_inside:
        drop = _remover(problem, "rules__stay_inside", name)
        words = f"no federation across a border of {name}"
        yield Demand("rules.stay_inside", "zone", words, (), drop)
    if risk.max_probability is not None:
        drop = _setter("risk__max_probability", None)
        words = (
            f"an overspend above {100 * risk.tolerance:g} % in no more than "
            f"{100 * risk.max_probability:g} % of years in each federation"
        )
        yield Demand("risk.max_probability", "risk", words, (), drop)


def _wishes(problem: Problem) -> Iterator[Demand]:
    """Yield each line of together, apart and keep, and each veto."""
    rules = problem.scenario.rules
    for key, how in (("together", "together"), ("apart", "apart")):
        for line in getattr(rules, key):
            drop = _remover(problem, f"rules__{key}", line)
            words = f"{named(problem, line)} {how}"
            yield Demand(f"rules.{key}", key, words, tuple(line), drop)
    for name in rules.keep:
        drop = _remover(problem, "rules__keep", name)
        words = f"{named(problem, [name])} kept with its present group"
        yield Demand("rules.keep", "keep", words, _kept(problem, name), drop)
    if rules.respect_vetoes:
        pairs = {
            tuple(sorted((t.a, t.b)))
            for t in problem.instance.ties
            if t.kind == "would_not"
        }
        for pair in sorted(pairs):
            words = f"{named(problem, pair)} apart, as they would not work together"
            yield Demand("rules.respect_vetoes", "veto", words, pair, _unveto(pair))


def _kept(problem: Problem, name: str) -> tuple[str, ...]:
    """Return the practices that a line of keep stands for."""
    codes = problem.instance.practices.code
    if name in problem.instance.index:
        return (name,)
    groups = problem.instance.current or ()
    return tuple(c for c, group in zip(codes, groups, strict=False) if group == name)


def _unveto(pair: Iterable[str]) -> Callable[[Changes], None]:
    def drop(changes: Changes) -> None:
        changes[VETOES] = changes.get(VETOES, frozenset()) | {frozenset(pair)}

    return drop


def _setter(key: str, value: Any) -> Callable[[Changes], None]:
    def drop(changes: Changes) -> None:
        changes[key] = value

    return drop


def _remover(problem: Problem, key: str, line: Any) -> Callable[[Changes], None]:
    """Return what takes one line out of a list."""

    def drop(changes: Changes) -> None:
        lines = list(value_of(problem, changes, key))
        if line in lines:
            lines.remove(line)
        changes[key] = tuple(lines)

    return drop


def _codes(problem: Problem, some: Iterable[int]) -> tuple[str, ...]:
    return tuple(problem.instance.practices.code[i] for i in some)
