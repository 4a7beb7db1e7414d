"""One demand that a scenario makes of every plan, and the scenario without it.

A demand is one side of a bound, or one line of a list: the smallest piece that a
planner can give up. Giving up changes keys of the scenario (or a veto among the
ties), so what is said of the rest is said of a scenario that can be solved.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from federate.problem import Problem

__all__ = [
    "VETOES",
    "Changes",
    "Demand",
    "changed",
    "dropping",
    "end_freer",
    "named",
    "remover",
    "setter",
    "unveto",
    "value_of",
]

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


def dropping(some: Iterable[Demand]) -> Changes:
    """Return the changes that give up these demands."""
    changes: Changes = {}
    for demand in some:
        demand.drop(changes)
    return changes


def setter(key: str, value: Any) -> Callable[[Changes], None]:
    """Return what gives a key this value."""

    def drop(changes: Changes) -> None:
        changes[key] = value

    return drop


def remover(problem: Problem, key: str, line: Any) -> Callable[[Changes], None]:
    """Return what takes one line out of a list."""

    def drop(changes: Changes) -> None:
        lines = list(value_of(problem, changes, key))
        if line in lines:
            lines.remove(line)
        changes[key] = tuple(lines)

    return drop


def end_freer(problem: Problem, key: str, end: int) -> Callable[[Changes], None]:
    """Return what frees one end of a range of whole numbers."""

    def drop(changes: Changes) -> None:
        now = value_of(problem, changes, key)
        both = [now, now] if isinstance(now, int) else list(now)
        both[end] = (1, max(problem.n, both[0]))[end]
        changes[key] = tuple(both)

    return drop


def unveto(pair: Iterable[str]) -> Callable[[Changes], None]:
    """Return what drops the veto between two practices."""

    def drop(changes: Changes) -> None:
        changes[VETOES] = changes.get(VETOES, frozenset()) | {frozenset(pair)}

    return drop
