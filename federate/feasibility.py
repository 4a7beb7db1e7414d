"""Proofs, before any search, that no plan can keep the rules.

Each check returns reasons with a sentence for a planner: why, and the way out. A
check that finds nothing proves nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from math import ceil, floor, inf, isnan
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from federate.areas import areas, count_range
from federate.evidence import Evidence
from federate.problem import Problem
from federate.refutation import Kind, Refutation, listed
from federate.unattainable import unattainable

__all__ = ["prove_infeasible", "refute"]

PRICE_GBP = 1_000.0
"""Of a practice that no federation can hold, £ a year: any price would do."""


def prove_infeasible(problem: Problem) -> tuple[str, ...]:
    """Return why no plan can exist, or nothing where no check can tell."""
    refuted = (reason.sentence for reason in refute(problem))
    return (*refuted, *unattainable(problem, areas(problem)))


def refute(problem: Problem) -> tuple[Refutation, ...]:
    """Return why no plan can exist with what proves it, or nothing."""
    checks = (
        _impossible_risk,
        _oversize_refused,
        _together_clashes,
        _populations,
        _counts,
        _out_of_reach,
    )
    return tuple(reason for check in checks for reason in check(problem))


def _name(problem: Problem, i: int) -> str:
    practices = problem.instance.practices
    return f"{practices.code[i]} {practices.name[i]}".strip()


def _names(problem: Problem, some: Iterable[int]) -> str:
    return listed([_name(problem, i) for i in some])


def _because(
    problem: Problem, kind: Kind, sentence: str, *areas: Iterable[int]
) -> Refutation:
    """Return a reason that needs no prices, its practices by code."""
    code = problem.instance.practices.code
    named = tuple(tuple(code[int(i)] for i in area) for area in areas)
    return Refutation(kind, sentence, named)


def _impossible_risk(problem: Problem) -> Iterator[Refutation]:
    """Say so where κ² ≤ 0: the common shock alone breaks the rule at any size."""
    if problem.kappa is None or not isnan(problem.kappa):
        return
    if len(problem.oversize) == problem.n or problem.alone_gbp is not None:
        return
    risk = problem.scenario.risk
    z = NormalDist().inv_cdf(1 - (risk.max_probability or 0.5))
    yield _because(
        problem,
        "risk",
        f"no population is large enough to keep overspends above "
        f"{risk.tolerance:.2%} rarer than {risk.max_probability:.1%}: the common "
        f"shock of {risk.tau_shock:.2%} alone exceeds that; raise risk.tolerance "
        f"above {z * risk.tau_shock:.2%} or lower risk.tau_shock",
    )


def _oversize_refused(problem: Problem) -> Iterator[Refutation]:
    """Find practices above U where exceptions are refused."""
    if problem.size_bounds is None or problem.alone_gbp is not None:
        return
    upper = problem.size_bounds[1]
    allowed = set(problem.oversize)
    above = [int(i) for i in np.flatnonzero(problem.list_size > upper)]
    if refused := [i for i in above if i not in allowed]:
        yield _because(
            problem,
            "oversize",
            f"{_names(problem, refused)} alone exceed the upper bound of "
            f'{upper:,.0f} patients; set rules.oversize = "own" to let each be a '
            f"federation of its own, or raise the bound to "
            f"{int(problem.list_size[refused].max()):,}",
            refused,
        )


def _together_clashes(problem: Problem) -> Iterator[Refutation]:
    """Find sets that must share a federation but may not."""
    apart = set(problem.apart)
    own = set(problem.oversize)
    optional = problem.alone_gbp is not None
    for group in problem.together:
        listed = _names(problem, group)
        alone = [i for i in group if i in own]
        if alone:
            yield _because(
                problem,
                "tied",
                f"{_names(problem, alone)} must be a federation of its own (above "
                f"the upper bound), yet rules.together or rules.keep ties it to "
                f"others: {listed}; drop one of the two",
                group,
            )
            continue
        if optional:
            continue
        clash = [(i, k) for i in group for k in group if (i, k) in apart]
        if clash:
            yield _because(
                problem,
                "tied",
                f"{_names(problem, clash[0])} must be together and must be apart; "
                f"drop one of the two rules",
                group,
            )
        if problem.zone is not None and len(set(problem.zone[list(group)])) > 1:
            yield _because(
                problem,
                "tied",
                f"{listed} must be together but lie on both sides of a line that "
                f"{_lines(problem)} does not let a federation cross",
                group,
            )
        patients = int(problem.list_size[list(group)].sum())
        if problem.size_bounds and patients > problem.size_bounds[1]:
            yield _because(
                problem,
                "tied",
                f"{listed} must be together and have {patients:,} patients, above "
                f"the upper bound of {problem.size_bounds[1]:,.0f}",
                group,
            )


def _lines(problem: Problem) -> str:
    """Return the rules that draw lines no federation may cross."""
    rules = problem.scenario.rules
    asked = {"rules.stay_inside": rules.stay_inside, "rules.freeze": rules.freeze}
    return " or ".join(key for key, names in asked.items() if names) or "its zone"


def _who(problem: Problem, area: list[int]) -> str:
    """Return an area in words: all practices, a frozen group, or those cut off."""
    if len(area) == problem.n - len(problem.oversize):
        if len(area) == 1:
            return f"{_names(problem, area)} has"
        return f"the {len(area)} practices have"
    verb = "have" if len(area) > 1 else "has"
    current = problem.instance.current
    groups = {current[i] for i in area} if current else set()
    if len(groups) == 1 and groups <= set(problem.scenario.rules.freeze):
        return f"{_names(problem, area)}, frozen as {groups.pop()}, {verb}"
    return f"{_names(problem, area)}, cut off from the rest, {verb}"


def _populations(problem: Problem) -> Iterator[Refutation]:
    """Find areas that no whole number of federations can hold."""
    if problem.alone_gbp is not None:
        return
    _, upper = problem.size_bounds or (0.0, inf)
    for area in areas(problem):
        if count_range(problem, area) is not None:
            continue
        if (problem.list_size[area] > upper).any():
            continue  # said of that practice, which no federation can hold
        yield _because(problem, "totals", _no_number(problem, area), area)


def _no_number(problem: Problem, area: list[int]) -> str:
    """Return why no whole number of federations can hold an area, and the way out."""
    patients = int(problem.list_size[area].sum())
    who, (lower, upper) = _who(problem, area), problem.size_bounds or (0.0, inf)
    by_size = count_range(replace(problem, practices_bounds=None), area)
    if by_size is not None:
        few, many = problem.practices_bounds or (1, len(area))
        least, most = ceil(len(area) / many), len(area) // max(few, 1)
        return (
            f"{who} {patients:,} patients in all, enough for {by_size[0]:,} to "
            f"{by_size[1]:,} federations, but with {few:,} to {many:,} practices in "
            f"each there are {least:,} at least and {most:,} at most; widen "
            f"rules.practices_bounds or rules.size_bounds"
        )
    if patients < lower:
        return (
            f"{who} {patients:,} patients in all, below the lower bound of "
            f"{lower:,.0f}; lower the bound to {patients:,}, or name a practice there "
            f"in rules.size_waivers"
        )
    k = floor(patients / lower)
    return (
        f"{who} {patients:,} patients in all: too many for {k} federations of at most "
        f"{upper:,.0f} and too few for {k + 1} of at least {lower:,.0f}; raise the "
        f"upper bound to {ceil(patients / k):,} or lower the lower bound to "
        f"{patients // (k + 1):,}"
    )


def _counts(problem: Problem) -> Iterator[Refutation]:
    """Find a number of federations that is out of range."""
    fewest, most = problem.num_federations
    ranges = [count_range(problem, area) for area in areas(problem)]
    possible = [r for r in ranges if r is not None]
    if len(possible) < len(ranges):
        return
    exceptions = len(problem.oversize)
    least = 0 if problem.alone_gbp is not None else sum(r[0] for r in possible)
    greatest = sum(r[1] for r in possible) + exceptions
    least += exceptions
    bounds = problem.size_bounds
    held = f" of {bounds[0]:,.0f}-{bounds[1]:,.0f} patients" if bounds else ""
    if greatest < fewest:
        yield _because(
            problem,
            "count",
            f"no plan has {fewest:,} federations{held}: the {problem.n:,} practices "
            f"allow {greatest:,} at most; ask for {greatest:,} or fewer",
            *areas(problem),
        )
    if most is not None and least > most:
        yield _because(
            problem,
            "count",
            f"no plan has {most:,} federations{held}: the {problem.n:,} practices "
            f"need {least:,} at least; allow {least:,} or raise the upper bound",
            *areas(problem),
        )


def _out_of_reach(problem: Problem) -> Iterator[Refutation]:
    """Find practices for which no centre in reach can gather the lower bound."""
    if problem.reachable is None or problem.alone_gbp is not None:
        return
    lower = problem.size_bounds[0] if problem.size_bounds else 0.0
    exempt = {*problem.oversize, *problem.waived}
    label = np.full(problem.n, -1)
    for number, area in enumerate(areas(problem)):
        label[area] = number
    catchment = np.zeros(problem.n)
    for centre in range(problem.n):
        may = problem.reachable[:, centre] & (label == label[centre])
        catchment[centre] = problem.list_size[may].sum()
    waivable = _near_waived(problem)
    short = [
        i
        for i in range(problem.n)
        if i not in exempt
        and not waivable[i]
        and not (
            problem.reachable[i] & (label == label[i]) & (catchment >= lower)
        ).any()
    ]
    if short:
        limit = problem.scenario.rules.max_travel_min
        sentence = (
            f"{_names(problem, short)} cannot reach {lower:,.0f} patients within "
            f"{limit:g} minutes of any lead practice; raise rules.max_travel_min, "
            f"lower the lower bound, or name them in rules.size_waivers"
        )
        yield replace(
            _because(problem, "prices", sentence, short),
            evidence=_nowhere(problem, short),
        )


def _nowhere(problem: Problem, practices: list[int]) -> Evidence:
    """Return the prices of practices that are in no federation: theirs alone."""
    price = np.zeros(problem.n)
    price[practices] = PRICE_GBP
    return Evidence(
        codes=tuple(problem.instance.practices.code),
        practice_gbp=price,
        count_gbp=0.0,
        sets=np.zeros((0, 5), dtype=np.int64),
        cut_gbp=np.zeros(0),
        dual_bound_gbp=float(price.sum()),
        bound_gbp=float(price.sum()),
    )


def _near_waived(problem: Problem) -> npt.NDArray[np.bool_]:
    """Return who may share a centre with a waived practice."""
    if problem.reachable is None or not problem.waived:
        return np.zeros(problem.n, dtype=np.bool_)
    centres = problem.reachable[list(problem.waived)].any(axis=0)
    return np.asarray(problem.reachable[:, centres].any(axis=1))
