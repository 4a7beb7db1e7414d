"""Proofs, before any search, that no plan can keep the rules.

Each check returns sentences for a planner: why, and the way out. A check that
finds nothing proves nothing.
"""

from collections.abc import Iterable, Iterator
from math import ceil, floor, isnan
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from federate.problem import Problem
from federate.unattainable import unattainable

__all__ = ["areas", "prove_infeasible"]


def prove_infeasible(problem: Problem) -> tuple[str, ...]:
    """Return why no plan can exist, or nothing where no check can tell."""
    checks = (
        _impossible_risk,
        _oversize_refused,
        _together_clashes,
        _populations,
        _counts,
        _out_of_reach,
    )
    found = [reason for check in checks for reason in check(problem)]
    return (*found, *unattainable(problem, areas(problem)))


def _name(problem: Problem, i: int) -> str:
    practices = problem.instance.practices
    return f"{practices.code[i]} {practices.name[i]}".strip()


def _names(problem: Problem, some: Iterable[int]) -> str:
    listed = [_name(problem, i) for i in some]
    more = f" and {len(listed) - 5} more" if len(listed) > 5 else ""
    return ", ".join(listed[:5]) + more


def _impossible_risk(problem: Problem) -> Iterator[str]:
    """Say so where κ² ≤ 0: the common shock alone breaks the rule at any size."""
    if problem.kappa is None or not isnan(problem.kappa):
        return
    if len(problem.oversize) == problem.n or problem.alone_gbp is not None:
        return
    risk = problem.scenario.risk
    z = NormalDist().inv_cdf(1 - (risk.max_probability or 0.5))
    yield (
        f"no population is large enough to keep overspends above "
        f"{risk.tolerance:.2%} rarer than {risk.max_probability:.1%}: the common "
        f"shock of {risk.tau_shock:.2%} alone exceeds that; raise risk.tolerance "
        f"above {z * risk.tau_shock:.2%} or lower risk.tau_shock"
    )


def _oversize_refused(problem: Problem) -> Iterator[str]:
    """Find practices above U where exceptions are refused."""
    if problem.size_bounds is None or problem.alone_gbp is not None:
        return
    upper = problem.size_bounds[1]
    allowed = set(problem.oversize)
    above = [int(i) for i in np.flatnonzero(problem.list_size > upper)]
    if refused := [i for i in above if i not in allowed]:
        yield (
            f"{_names(problem, refused)} alone exceed the upper bound of "
            f'{upper:,.0f} patients; set rules.oversize = "own" to let each be a '
            f"federation of its own, or raise the bound to "
            f"{int(problem.list_size[refused].max()):,}"
        )


def _together_clashes(problem: Problem) -> Iterator[str]:
    """Find sets that must share a federation but may not."""
    apart = set(problem.apart)
    own = set(problem.oversize)
    optional = problem.alone_gbp is not None
    for group in problem.together:
        listed = _names(problem, group)
        alone = [i for i in group if i in own]
        if alone:
            yield (
                f"{_names(problem, alone)} must be a federation of its own (above "
                f"the upper bound), yet rules.together or rules.keep ties it to "
                f"others: {listed}; drop one of the two"
            )
            continue
        if optional:
            continue
        clash = [(i, k) for i in group for k in group if (i, k) in apart]
        if clash:
            yield (
                f"{_names(problem, clash[0])} must be together and must be apart; "
                f"drop one of the two rules"
            )
        if problem.zone is not None and len(set(problem.zone[list(group)])) > 1:
            yield (
                f"{listed} must be together but lie on both sides of a line that "
                f"{_lines(problem)} does not let a federation cross"
            )
        patients = int(problem.list_size[list(group)].sum())
        if problem.size_bounds and patients > problem.size_bounds[1]:
            yield (
                f"{listed} must be together and have {patients:,} patients, above "
                f"the upper bound of {problem.size_bounds[1]:,.0f}"
            )


def _lines(problem: Problem) -> str:
    """Return the rules that draw lines no federation may cross."""
    rules = problem.scenario.rules
    asked = {"rules.stay_inside": rules.stay_inside, "rules.freeze": rules.freeze}
    return " or ".join(key for key, names in asked.items() if names) or "its zone"


def _who(problem: Problem, area: list[int]) -> str:
    """Return an area in words: all practices, a frozen group, or those cut off."""
    if len(area) == problem.n - len(problem.oversize):
        return f"the {len(area)} practices"
    current = problem.instance.current
    groups = {current[i] for i in area} if current else set()
    if len(groups) == 1 and groups <= set(problem.scenario.rules.freeze):
        return f"{_names(problem, area)}, frozen as {groups.pop()},"
    return f"{_names(problem, area)}, cut off from the rest,"


def areas(problem: Problem) -> list[list[int]]:
    """Return the sets that no federation can cross, oversize practices left out.

    Zones always; pieces of the neighbour graph where federations are contiguous.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    n = problem.n
    label = np.zeros(n, dtype=np.int64) if problem.zone is None else problem.zone
    own = np.zeros(n, dtype=bool)
    own[list(problem.oversize)] = True
    if problem.max_pieces == 1:
        pairs = problem.graph.pairs
        a, b = pairs[:, 0], pairs[:, 1]
        kept = (label[a] == label[b]) & ~own[a] & ~own[b]
        ones = np.ones(int(kept.sum()))
        graph = csr_array((ones, (a[kept], b[kept])), shape=(n, n))
        _, piece = connected_components(graph, directed=False)
        label = piece.astype(np.int64)
    inside = np.flatnonzero(~own)
    found: dict[int, list[int]] = {}
    for i in inside:
        found.setdefault(int(label[i]), []).append(int(i))
    return list(found.values())


def _count_range(problem: Problem, area: list[int]) -> tuple[int, int] | None:
    """Return the fewest and most federations that can hold an area's patients.

    k federations in bounds hold between k·L and k·U patients; up to one more
    for each waived practice may lie below L. ``None``: no k does.
    """
    if problem.size_bounds is None:
        return 1, len(area)
    lower, upper = problem.size_bounds
    patients = int(problem.list_size[area].sum())
    waived = len(set(problem.waived) & set(area))
    fewest = max(1, ceil(patients / upper)) if upper > 0 else 1
    most = len(area)
    if lower > 0:
        most = min(most, floor(patients / lower) + waived)
    return (fewest, most) if fewest <= most else None


def _populations(problem: Problem) -> Iterator[str]:
    """Find areas whose patients no whole number of federations can hold."""
    if problem.size_bounds is None or problem.alone_gbp is not None:
        return
    lower, upper = problem.size_bounds
    for area in areas(problem):
        if _count_range(problem, area) is not None:
            continue
        patients = int(problem.list_size[area].sum())
        who = _who(problem, area)
        if patients < lower:
            yield (
                f"{who} have {patients:,} patients in all, below the lower bound of "
                f"{lower:,.0f}; lower the bound to {patients:,}, or name one of them "
                f"in rules.size_waivers"
            )
        else:
            k = floor(patients / lower)
            yield (
                f"{who} have {patients:,} patients in all: too many for {k} "
                f"federations of at most {upper:,.0f} and too few for {k + 1} of at "
                f"least {lower:,.0f}; raise the upper bound to "
                f"{ceil(patients / k):,} or lower the lower bound to "
                f"{patients // (k + 1):,}"
            )


def _counts(problem: Problem) -> Iterator[str]:
    """Find a number of federations that is out of range."""
    fewest, most = problem.num_federations
    ranges = [_count_range(problem, area) for area in areas(problem)]
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
        yield (
            f"no plan has {fewest:,} federations{held}: the {problem.n:,} practices "
            f"allow {greatest:,} at most; ask for {greatest:,} or fewer"
        )
    if most is not None and least > most:
        yield (
            f"no plan has {most:,} federations{held}: the {problem.n:,} practices "
            f"need {least:,} at least; allow {least:,} or raise the upper bound"
        )


def _out_of_reach(problem: Problem) -> Iterator[str]:
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
        yield (
            f"{_names(problem, short)} cannot reach {lower:,.0f} patients within "
            f"{limit:g} minutes of any lead practice; raise rules.max_travel_min, "
            f"lower the lower bound, or name them in rules.size_waivers"
        )


def _near_waived(problem: Problem) -> npt.NDArray[np.bool_]:
    """Return who may share a centre with a waived practice."""
    if problem.reachable is None or not problem.waived:
        return np.zeros(problem.n, dtype=np.bool_)
    centres = problem.reachable[list(problem.waived)].any(axis=0)
    return np.asarray(problem.reachable[:, centres].any(axis=1))
