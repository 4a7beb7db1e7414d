"""Which rules leave no plan: few of them, proven to clash, in a planner's words.

A row of the compact model may lean on several rules at once: a separator on the
upper size bound, a variable left out on travel and contiguity. So whole rules are
left out of the problem, not rows of the model, and the model is built again: what
is said of the rules that remain is proven of a problem that has no others.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from math import isnan
from typing import Any

from federate.problem import Problem

__all__ = ["Rule", "clashing", "rules_of", "told"]

# Sets together and pairs apart are looked at one by one up to this many; so many
# practices, and rules, are named at most.
MOST_ITEMS, MOST_NAMED, MOST_TOLD = 40, 8, 8
# A problem in which no rule is kept.
_FREE: dict[str, Any] = {
    "size_bounds": None,
    "oversize": (),
    "waived": (),
    "practices_bounds": None,
    "num_federations": (0, None),
    "max_pieces": None,
    "no_donut": False,
    "together": (),
    "apart": (),
    "zone": None,
    "reachable": None,
    "allow_singletons": True,
    "kappa": None,
}


@dataclass(frozen=True)
class Rule:
    """One rule of a problem, or one item of a rule that lists them.

    Parameters
    ----------
    key, words
        Where the scenario states it, and what it asks.
    fields
        The problem's fields that state it; `together` and `apart` add up.
    """

    key: str
    words: str
    fields: dict[str, Any] = field(compare=False)


def rules_of(problem: Problem) -> list[Rule]:
    """Return the rules a problem keeps, those that plans seldom fail on first."""
    fields = [*_shape(problem), *_membership(problem), *_sizes(problem)]
    return [
        Rule(key, words, {name: getattr(problem, name) for name in names})
        for key, words, names in fields
    ]


def clashing(
    problem: Problem, is_impossible: Callable[[Problem], bool | None]
) -> list[Rule]:
    """Return rules that no plan keeps together, as few as can be shown.

    Parameters
    ----------
    problem
        Proven to have no plan.
    is_impossible
        Whether a problem is proven to have no plan; ``None`` where that is not
        known. A rule is only left out where the others are proven to clash.
    """
    kept = _fewest(problem, rules_of(problem), (), is_impossible)
    lists = [rule for rule in kept if {"together", "apart"} & rule.fields.keys()]
    items = [item for rule in lists for item in _items(problem, rule)]
    if not 0 < len(items) <= MOST_ITEMS:
        return kept
    rest = [rule for rule in kept if rule not in lists]
    return [*rest, *_fewest(problem, items, rest, is_impossible)]


def told(rules: Sequence[Rule]) -> str:
    """Return the sentence: which rules clash, and that one must give way.

    Examples
    --------
    >>> told([Rule("rules.no_donut", "no federation inside another", {})])
    'no plan can keep this rule: no federation inside another (rules.no_donut)'
    """
    listed = "; ".join(f"{rule.words} ({rule.key})" for rule in rules[:MOST_TOLD])
    if len(rules) > MOST_TOLD:
        listed += f"; and {len(rules) - MOST_TOLD} more"
    if len(rules) == 1:
        return f"no plan can keep this rule: {listed}"
    return f"no plan can keep all of these rules, so one must give way: {listed}"


def _fewest(
    problem: Problem,
    rules: Sequence[Rule],
    always: Sequence[Rule],
    is_impossible: Callable[[Problem], bool | None],
) -> list[Rule]:
    """Leave out, one by one, whatever the others and `always` clash without."""
    kept = list(rules)
    for rule in rules:
        rest = [other for other in kept if other is not rule]
        if is_impossible(_only(problem, [*always, *rest])):
            kept = rest
    return kept


def _only(problem: Problem, rules: Iterable[Rule]) -> Problem:
    """Return the problem with these rules and no others."""
    held = dict(_FREE) | {"cost": replace(problem.cost, pooled=None)}
    for rule in rules:
        for name, value in rule.fields.items():
            adds = name in ("together", "apart")
            held[name] = (*held[name], *value) if adds else value
    pooled = held["cost"].pooled
    if pooled is not None and held["size_bounds"] is None:
        total = float(problem.list_size.sum())
        pooled = replace(pooled, most_persons=total, fewest_persons=0.0)
        held["cost"] = replace(held["cost"], pooled=pooled)
    return replace(problem, **held)


def _items(problem: Problem, rule: Rule) -> Iterator[Rule]:
    """Yield the items of a rule that lists them, each as a rule.

    Pairs that one line of the scenario keeps apart are one item.
    """
    asked, index = problem.scenario.rules, problem.instance.index
    for some in rule.fields.get("together", ()):
        held = {problem.instance.practices.code[i] for i in some}
        stated = any(len(held & set(line)) > 1 for line in asked.together)
        kept = len(held & set(asked.keep)) > 1
        key = "rules.keep" if kept and not stated else "rules.together"
        key += " and rules.keep" if kept and stated else ""
        yield Rule(key, _who(problem, some, "together"), {"together": (some,)})
    left = set(rule.fields.get("apart", ()))
    listed = [("rules.apart", codes) for codes in asked.apart]
    for key, codes in (*listed, ("rules.keep", asked.keep)):
        some = sorted(index[code] for code in codes if code in index)
        pairs = tuple(sorted(left & set(combinations(some, 2))))
        left.difference_update(pairs)
        if pairs:
            among = sorted({i for pair in pairs for i in pair})
            yield Rule(key, _who(problem, among, "apart"), {"apart": pairs})
    for pair in sorted(left):
        who = _who(problem, pair, "apart")
        yield Rule("rules.respect_vetoes", who, {"apart": (pair,)})


def _who(problem: Problem, some: Sequence[int], how: str) -> str:
    """Return who must be together or apart, the last few as a count."""
    practices = problem.instance.practices
    listed = [f"{practices.name[i]} ({practices.code[i]})".strip() for i in some]
    if len(listed) > MOST_NAMED:
        listed = [*listed[: MOST_NAMED - 1], f"{len(some) - MOST_NAMED + 1} others"]
    return f"{', '.join(listed[:-1])} and {listed[-1]} {how}"


Stated = Iterator[tuple[str, str, tuple[str, ...]]]


def _shape(problem: Problem) -> Stated:
    if problem.no_donut:
        yield "rules.no_donut", "no federation encloses others", ("no_donut",)
    if problem.kappa is not None:
        words = "an overspend as rare as asked in each federation"
        if isnan(problem.kappa):
            words += ", which no population is large enough for"
        yield "risk.max_probability", words, ("kappa",)
    if problem.cost.pooled is not None:
        words = "what is asked of each federation on risk, contracts, tiers and scale"
        yield "risk, contracts, tiers, scale", words, ("cost",)
    if problem.max_pieces is not None:
        most = problem.max_pieces
        words = "each federation in one piece"
        if most > 1:
            words = f"each federation in at most {most} pieces"
        yield "rules.contiguity", words, ("max_pieces",)
    if problem.reachable is not None:
        limit = problem.scenario.rules.max_travel_min
        words = "a centre within the travel limit of each member"
        if limit is not None:
            words = f"a centre within {limit:g} minutes of each member"
        yield "rules.max_travel_min", words, ("reachable",)
    if problem.zone is not None:
        yield *_lines(problem), ("zone",)


def _lines(problem: Problem) -> tuple[str, str]:
    """Return the rules that no federation may cross lines, and what they ask."""
    rules = problem.scenario.rules
    inside = ", ".join(rules.stay_inside) or "its zone"
    borders = f"each federation inside {inside}"
    if not rules.freeze:
        return "rules.stay_inside", borders
    frozen = f"{', '.join(rules.freeze)} frozen"
    if not rules.stay_inside:
        return "rules.freeze", frozen
    return "rules.stay_inside and rules.freeze", f"{borders}, {frozen}"


def _membership(problem: Problem) -> Stated:
    if not problem.allow_singletons:
        words = "no federation of one practice"
        yield "membership.allow_singletons", words, ("allow_singletons",)
    if problem.apart:
        words = f"{_count(len(problem.apart), 'pair')} of practices apart"
        yield "rules.apart, rules.respect_vetoes or rules.keep", words, ("apart",)
    if problem.together:
        words = f"{_count(len(problem.together), 'set')} of practices together"
        yield "rules.together or rules.keep", words, ("together",)


def _sizes(problem: Problem) -> Stated:
    if problem.practices_bounds is not None:
        least, greatest = problem.practices_bounds
        words = f"{least} to {_count(greatest, 'practice')} in each federation"
        yield "rules.practices_bounds", words, ("practices_bounds",)
    fewest, most = problem.num_federations
    if fewest > 1 or most is not None:
        words = f"at least {_count(fewest, 'federation')}"
        if most is not None:
            words = f"{fewest} to {_count(most, 'federation')}"
        if most == fewest:
            words = f"exactly {_count(fewest, 'federation')}"
        yield "rules.num_federations", words, ("num_federations",)
    if problem.size_bounds is not None:
        lower, upper = problem.size_bounds
        words = f"{lower:,.0f} to {upper:,.0f} patients in each federation"
        fields = ("size_bounds", "oversize", "waived")
        yield "rules.size_bounds", words, fields


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
