"""A problem as the slow twin sees it: rules and facts in whole numbers."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor, inf

import numpy as np
import numpy.typing as npt

from federate.criteria.risk_terms import no_risk_terms
from federate.problem import Problem
from federate.proof.prices import Prices
from federate.proof.records import Facts, Rules
from federate.proof.units import GRID, down

__all__ = ["by_spread", "facts_of", "ragged", "rules_of", "with_least"]

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

MOST_BY_OUTLINE = 150
"""Practices for whom a table of all pairs, once for each that is inside, is small."""


def rules_of(problem: Problem, prices: Prices) -> Rules:
    """Return the rules in whole numbers."""
    cost, parts = problem.cost, problem.cost.cut_edges
    total = int(problem.list_size.sum())
    lower, upper = problem.size_bounds or (0, total)
    fewest, most = problem.practices_bounds or (1, problem.n)
    sizes = np.sort(np.delete(problem.list_size, list(problem.oversize)))
    fit = int(np.searchsorted(np.cumsum(sizes), upper, side="right"))
    target = 0.0 if cost.target_size is None else float(cost.target_size)
    per_person = 0.0 if cost.target_size is None else cost.deviation_gbp_per_person
    fixed = floor(Fraction(cost.fixed_gbp) * GRID)
    kappa2 = -1.0
    if problem.kappa is not None:
        # No number: no population is large enough, and 0 lets hardly any pass.
        kappa2 = problem.kappa**2 if problem.kappa == problem.kappa else 0.0
    return Rules(
        lower=ceil(lower),
        upper=min(floor(upper), total),
        fewest=fewest if problem.allow_singletons else max(2, fewest),
        most=max(1, min(most, fit)),
        base=fixed - prices.count,
        target=target,
        per_person=per_person * GRID,
        slope=floor(per_person * GRID),
        middle=round(target),
        kappa2=kappa2,
        connected=problem.max_pieces == 1,
        no_donut=problem.no_donut,
        once=0,
        from_above=-inf,
        to_above=inf,
        half=0 if parts is None else floor(Fraction(parts.gbp_per_pair) / 2 * GRID),
        by_outline=parts is not None
        and problem.n <= MOST_BY_OUTLINE
        and not cost.assign_gbp.any(),
    )


def facts_of(problem: Problem, prices: Prices) -> Facts:
    """Return practices, neighbours and cuts as the search reads them."""
    n, graph = problem.n, problem.graph
    apart: list[list[int]] = [[] for _ in range(n)]
    for i, k in problem.apart:
        apart[i].append(k)
        apart[k].append(i)
    cuts: list[list[int]] = [[] for _ in range(n)]
    for number, members in enumerate(prices.sets.tolist()):
        for i in members:
            if i >= 0:
                cuts[i].append(number)
    group = np.full(n, -1, dtype=np.int64)
    for number, members in enumerate(problem.together):
        group[list(members)] = number
    waived = np.zeros(n, dtype=np.bool_)
    waived[list(problem.waived)] = True
    apart_ptr, apart_flat = ragged(apart)
    pooled = problem.cost.pooled
    cut_ptr, cut_of = ragged(cuts)
    return Facts(
        patients=problem.list_size.astype(np.int64),
        budget=problem.budget_gbp,
        variance=problem.variance_gbp2,
        waived=waived,
        near_ptr=graph.indptr.astype(np.int64),
        near=graph.indices.astype(np.int64),
        apart_ptr=apart_ptr,
        apart=apart_flat,
        group=group,
        group_size=np.array([len(g) for g in problem.together] or [0], dtype=np.int64),
        on_edge=np.asarray(graph.on_edge, dtype=np.bool_),
        walks_out=_walks_out(problem),
        cut_ptr=cut_ptr,
        cut_of=cut_of,
        cut=prices.cut if len(prices.cut) else np.zeros(1, dtype=np.int64),
        terms=no_risk_terms(n) if pooled is None else pooled.terms,
        least=np.zeros(n, dtype=np.int64),
        above=np.zeros(n) if pooled is None else pooled.by_spread[0],
        ends=np.zeros(0, dtype=np.int64)
        if problem.cost.cut_edges is None
        else problem.cost.cut_edges.num_neighbours.astype(np.int64),
    )


def with_least(
    rules: Rules, facts: Facts, each: FloatArray, once: float
) -> tuple[Rules, Facts]:
    """Return rules and facts that know what pooled risk costs at least.

    Parameters
    ----------
    rules, facts
        Without it.
    each, once
        a, shape ``(n,)``, and c, £ a year.
    """
    units = floor(Fraction(once) * GRID)
    return (
        rules._replace(base=rules.base + units, once=units),
        facts._replace(least=down(each)),
    )


def by_spread(
    problem: Problem, rules: Rules, facts: Facts
) -> list[tuple[Rules, Facts]]:
    """Return rules and facts of each class of federations; one without pooled risk."""
    pooled = problem.cost.pooled
    if pooled is None:
        return [(rules, facts)]
    out = []
    for one in pooled.by_spread[1]:
        known, of_class = with_least(rules, facts, *one.least.linear)
        known = known._replace(from_above=one.low, to_above=one.high)
        out.append((known, of_class))
    return out


def _walks_out(problem: Problem) -> BoolArray:
    """Return who can walk to a practice on the edge of the area."""
    graph = problem.graph
    out = np.asarray(graph.on_edge, dtype=np.bool_).copy()
    queue = np.flatnonzero(out).tolist()
    while queue:
        i = queue.pop()
        for k in graph.indices[graph.indptr[i] : graph.indptr[i + 1]].tolist():
            if not out[k]:
                out[k] = True
                queue.append(k)
    return out


def ragged(lists: Sequence[Sequence[int]]) -> tuple[IntArray, IntArray]:
    """Return lists of different lengths as start positions and entries."""
    ptr = np.cumsum([0, *(len(some) for some in lists)]).astype(np.int64)
    return ptr, np.array([k for some in lists for k in some], dtype=np.int64)
