"""A claim that no plan exists, derived again from the instance alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, isnan

import numpy as np

from federate.errors import Fault, InputError
from federate.problem import Problem
from federate.problem.costless import costless
from federate.proof.certificate import WHERE
from federate.proof.prices import Prices
from federate.proof.pricing import Federations
from federate.refutation import Kind, Refutation, listed, unserved

__all__ = ["derive"]

Areas = Sequence[Sequence[int]]


def derive(problem: Problem, claim: Refutation, *, threads: int = 1) -> str | None:
    """Return in words what is proven of a claim, or ``None`` where nothing is.

    The words are made here, of what was derived; those of the claim play no part.

    Raises
    ------
    InputError
        If the claim names practices that the problem lacks, or its prices are no
        prices.
    """
    index = problem.instance.index
    unknown = [code for code in claim.practices if code not in index]
    if unknown:
        message = "names practices that the instance does not have"
        raise InputError(
            WHERE, [Fault("no_plan", message, None, None, listed(unknown))]
        )
    if claim.kind == "prices":
        return _by_prices(problem, claim, threads)
    areas = [[index[code] for code in area] for area in claim.areas]
    return BY_ARITHMETIC[claim.kind](problem, areas)


@dataclass(frozen=True)
class _Range:
    """How many federations can hold an area's patients."""

    fewest: int
    most: int


def _by_prices(problem: Problem, claim: Refutation, threads: int) -> str | None:
    """Derive that a plan costing nothing would cost more than nothing."""
    if claim.evidence is None:
        return None
    rules = costless(problem)
    try:
        prices = Prices.of(rules, claim.evidence)
        least = Federations(rules, prices, threads=threads).least()
    except OverflowError as error:
        raise InputError(WHERE, [Fault("no_plan", str(error))]) from None
    if prices.fixed(rules) + least <= 0:
        return None
    own = set(problem.oversize)
    short = [i for i in np.flatnonzero(prices.practice > 0).tolist() if i not in own]
    beside = [i for i in np.flatnonzero(prices.practice < 0).tolist() if i not in own]
    # Below that, a federation could hold one of `short` and none of `beside`.
    is_exact = not len(prices.cut) and -least < min(prices.practice[short], default=0)
    needs_all = bool(prices.count) or problem.alone_gbp is not None
    if not is_exact and not needs_all:
        return f"{_names(problem, short)} cannot all be in federations at once"
    return unserved(_all(problem, short), _all(problem, beside), needs_all=needs_all)


def _oversize(problem: Problem, areas: Areas) -> str | None:
    """Derive that some practices exceed U and may not be on their own."""
    (some,) = areas or [()]
    if problem.size_bounds is None or problem.alone_gbp is not None or not some:
        return None
    upper, own = Fraction(problem.size_bounds[1]), set(problem.oversize)
    if any(i in own or int(problem.list_size[i]) <= upper for i in some):
        return None
    return (
        f"{_names(problem, some)} alone exceed the upper bound of "
        f"{problem.size_bounds[1]:,.0f} patients"
    )


def _risk(problem: Problem, areas: Areas) -> str | None:
    """Derive that κ² ≤ 0 where somebody must be in a federation."""
    if areas or problem.kappa is None or problem.alone_gbp is not None:
        return None
    if not isnan(problem.kappa) or len(problem.oversize) == problem.n:
        return None
    return "no population is large enough to keep overspends as rare as asked"


def _tied(problem: Problem, areas: Areas) -> str | None:
    """Derive that practices that must be together may not."""
    (some,) = areas or [()]
    tied = set(some)
    if not any(tied <= set(group) for group in problem.together):
        return None
    broken = bool(tied & set(problem.oversize))
    if problem.alone_gbp is None:
        broken |= any(i in tied and k in tied for i, k in problem.apart)
        broken |= problem.zone is not None and len(set(problem.zone[some])) > 1
        if problem.size_bounds is not None:
            patients = int(problem.list_size[list(some)].sum())
            broken |= patients > Fraction(problem.size_bounds[1])
    if not broken:
        return None
    return f"{_names(problem, some)} must share a federation and may not"


def _totals(problem: Problem, areas: Areas) -> str | None:
    """Derive that no whole number of federations holds an area's patients."""
    (area,) = areas or [()]
    if problem.alone_gbp is not None or not area or not _is_closed(problem, area):
        return None
    held = _holding(problem, area)
    if held.fewest <= held.most:
        return None
    of = []
    if problem.practices_bounds is not None:
        of.append("{:,}-{:,} practices".format(*problem.practices_bounds))
    if problem.size_bounds is not None:
        of.append("{:,.0f}-{:,.0f} patients".format(*problem.size_bounds))
    return (
        f"{_names(problem, area)}, whom nobody can join, are {len(area):,} practices "
        f"with {int(problem.list_size[list(area)].sum()):,} patients, which no whole "
        f"number of federations of {' and '.join(of)} holds"
    )


def _count(problem: Problem, areas: Areas) -> str | None:
    """Derive that all areas together need too many federations, or allow too few."""
    own = set(problem.oversize)
    named = sorted(i for area in areas for i in area)
    if named != [i for i in range(problem.n) if i not in own]:
        return None
    if not all(area and _is_closed(problem, area) for area in areas):
        return None
    held = [_holding(problem, area) for area in areas]
    most = sum(one.most for one in held) + len(own)
    least = len(own)
    if problem.alone_gbp is None:
        least += sum(one.fewest for one in held)
    fewest_asked, most_asked = problem.num_federations
    if most < fewest_asked:
        return (
            f"the {problem.n:,} practices allow {most:,} federations at most, not "
            f"{fewest_asked:,}"
        )
    if most_asked is not None and least > most_asked:
        return (
            f"the {problem.n:,} practices need {least:,} federations at least, not "
            f"{most_asked:,}"
        )
    return None


BY_ARITHMETIC: dict[Kind, Callable[[Problem, Areas], str | None]] = {
    "oversize": _oversize,
    "risk": _risk,
    "tied": _tied,
    "totals": _totals,
    "count": _count,
}


def _holding(problem: Problem, area: Sequence[int]) -> _Range:
    """Return the fewest and most federations for all of an area.

    k federations of L to U patients hold k·L to k·U, and of m to M practices k·m to
    k·M; one more for each waived practice may lie below L.
    """
    fewest, most = 1, len(area)
    if problem.practices_bounds is not None:
        few, many = problem.practices_bounds
        fewest = max(fewest, ceil(len(area) / many))
        most = len(area) // max(few, 1)
    if problem.size_bounds is None:
        return _Range(fewest, most)
    lower, upper = map(Fraction, problem.size_bounds)
    patients = int(problem.list_size[list(area)].sum())
    if upper > 0:
        fewest = max(fewest, ceil(patients / upper))
    if lower > 0:
        waived = len(set(problem.waived) & set(area))
        most = min(most, floor(patients / lower) + waived)
    return _Range(fewest, most)


def _is_closed(problem: Problem, area: Sequence[int]) -> bool:
    """Whether no federation holds both one of an area and somebody else.

    Practices above U are on their own. Where federations are connected, one that
    crosses would hold two neighbours of one zone, one on either side; elsewhere it
    is enough that no zone is on both sides.
    """
    inside, own = set(area), set(problem.oversize)
    if inside & own or len(inside) < len(area):
        return False
    zone = [0] * problem.n if problem.zone is None else problem.zone.tolist()
    if problem.max_pieces == 1:
        return not any(
            (i in inside) != (k in inside) and not own & {i, k} and zone[i] == zone[k]
            for i, k in problem.graph.pairs.tolist()
        )
    others = set(range(problem.n)) - inside - own
    return not {zone[i] for i in inside} & {zone[i] for i in others}


def _all(problem: Problem, some: Sequence[int]) -> list[str]:
    practices = problem.instance.practices
    return [f"{practices.code[i]} {practices.name[i]}".strip() for i in some]


def _names(problem: Problem, some: Sequence[int]) -> str:
    return listed(_all(problem, some))
