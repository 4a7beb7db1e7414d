"""Which demands a scenario makes of every plan, each by itself."""

from collections.abc import Callable, Iterable, Iterator

from federate.problem import Problem
from federate.whatif.demand import (
    Changes,
    Demand,
    end_freer,
    named,
    remover,
    setter,
    unveto,
    value_of,
)

__all__ = ["demands"]


def demands(problem: Problem) -> list[Demand]:
    """Return what the scenario demands, in the order in which a planner states it."""
    parts = (_sizes, _counts, _shape, _bearing, _wishes)
    return [demand for part in parts for demand in part(problem)]


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
            drop = setter("rules__oversize", "own")
            yield Demand("rules.oversize", "oversize", words, codes, drop)
    if not problem.scenario.membership.allow_singletons:
        drop = setter("membership__allow_singletons", True)
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
            drop = end_freer(problem, key, 0)
            words = f"at least {least:,} {noun}"
            yield Demand(key.replace("__", "."), f"least {kind}", words, (), drop)
        if most is not None:
            drop = end_freer(problem, key, 1)
            words = f"at most {most:,} {noun}"
            yield Demand(key.replace("__", "."), f"most {kind}", words, (), drop)


def _shape(problem: Problem) -> Iterator[Demand]:
    rules = problem.scenario.rules
    if problem.max_pieces is not None:

        def anywhere(changes: Changes) -> None:
            changes.update(rules__contiguity="none", rules__max_pieces=None)

        most = problem.max_pieces
        words = "each federation in one piece, of neighbours"
        if most > 1:
            words = f"each federation in at most {most} pieces"
        yield Demand("rules.contiguity", "contiguity", words, (), anywhere)
    if rules.no_donut:
        drop = setter("rules__no_donut", False)
        words = "no federation that encloses another"
        yield Demand("rules.no_donut", "donut", words, (), drop)
    if rules.max_travel_min is not None:
        drop = setter("rules__max_travel_min", None)
        words = f"each practice within {rules.max_travel_min:g} minutes of its centre"
        yield Demand("rules.max_travel_min", "travel", words, (), drop)
    for name in rules.stay_inside:
        drop = remover(problem, "rules__stay_inside", name)
        words = f"no federation across a border of {name}"
        yield Demand("rules.stay_inside", "zone", words, (), drop)


def _bearing(problem: Problem) -> Iterator[Demand]:
    """Yield what a federation must be able to bear: risk, liability, running cost."""
    asked = problem.scenario
    risk, tiers, scale = asked.risk, asked.tiers, asked.scale
    if risk.max_probability is not None:
        drop = setter("risk__max_probability", None)
        words = (
            f"an overspend above {100 * risk.tolerance:g} % in no more than "
            f"{100 * risk.max_probability:g} % of years in each federation"
        )
        yield Demand("risk.max_probability", "risk", words, (), drop)
    if asked.contracts.required:
        drop = setter("contracts__required", False)
        words = "a contract of the menu in each federation"
        yield Demand("contracts.required", "contract", words, (), drop)
    if tiers.min_full_share is not None:
        drop = setter("tiers__min_full_share", None)
        words = (
            f"at least {100 * tiers.min_full_share:g} % of each federation's budget "
            f"with practices of the full tier"
        )
        yield Demand("tiers.min_full_share", "full share", words, (), drop)
    if tiers.max_exposure_share is not None and tiers.liability != "joint-capped":
        drop = _both("tiers__max_exposure_share", "tiers__income_gbp_per_patient")
        words = (
            f"no practice answering for more than {100 * tiers.max_exposure_share:g} % "
            f"of its income"
        )
        yield Demand("tiers.max_exposure_share", "exposure", words, (), drop)
    if scale.allowance_gbp_per_head is not None:
        words = f"running costs of at most £{scale.allowance_gbp_per_head:g} a head"
        drop = _unallowed
        yield Demand("scale.allowance_gbp_per_head", "allowance", words, (), drop)
    if scale.management_gbp_per_head is not None:
        drop = _both("scale__management_gbp_per_head", "scale__management_column")
        words = f"management of at least £{scale.management_gbp_per_head:g} a head"
        yield Demand("scale.management_gbp_per_head", "management", words, (), drop)


def _both(*keys: str) -> Callable[[Changes], None]:
    """Return what takes away keys that are stated together."""

    def drop(changes: Changes) -> None:
        changes.update(dict.fromkeys(keys))

    return drop


def _unallowed(changes: Changes) -> None:
    """Take the running-cost allowance away, and what is kept out of it."""
    changes.update(scale__allowance_gbp_per_head=None, scale__innovation_share=0.0)


def _wishes(problem: Problem) -> Iterator[Demand]:
    """Yield each line of together, apart, keep, freeze and grow, and each veto."""
    rules = problem.scenario.rules
    for key, how in (("together", "together"), ("apart", "apart")):
        for line in getattr(rules, key):
            drop = remover(problem, f"rules__{key}", line)
            words = f"{named(problem, line)} {how}"
            yield Demand(f"rules.{key}", key, words, tuple(line), drop)
    for name in rules.keep:
        drop = remover(problem, "rules__keep", name)
        words = f"{named(problem, [name])} kept with its present group"
        yield Demand("rules.keep", "keep", words, _kept(problem, name), drop)
    for key, how in (("freeze", "as it is"), ("grow", "whole, others may join it")):
        for name in getattr(rules, key):
            drop = remover(problem, f"rules__{key}", name)
            words = f"{named(problem, [name])} {how}"
            yield Demand(f"rules.{key}", key, words, _kept(problem, name), drop)
    if rules.respect_vetoes:
        pairs = {
            tuple(sorted((t.a, t.b)))
            for t in problem.instance.ties
            if t.kind == "would_not"
        }
        for pair in sorted(pairs):
            words = f"{named(problem, pair)} apart, as they would not work together"
            yield Demand("rules.respect_vetoes", "veto", words, pair, unveto(pair))


def _kept(problem: Problem, name: str) -> tuple[str, ...]:
    """Return the practices that a line of keep stands for."""
    codes = problem.instance.practices.code
    if name in problem.instance.index:
        return (name,)
    groups = problem.instance.current or ()
    return tuple(c for c, group in zip(codes, groups, strict=False) if group == name)


def _codes(problem: Problem, some: Iterable[int]) -> tuple[str, ...]:
    return tuple(problem.instance.practices.code[i] for i in some)
