"""A problem as the tree sees it: facts, candidates under each centre, cuts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from federate.criteria.by_size import BySize
from federate.criteria.risk_terms import no_risk_terms
from federate.engine.columns.records import Cut, Facts
from federate.problem import Problem

__all__ = [
    "Class",
    "Cuts",
    "by_outlines",
    "candidates_of",
    "cuts_by_practice",
    "facts_by_spread",
    "facts_of",
    "is_led_alike",
]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


MOST_BY_OUTLINE = 120
"""Practices, where federations cost their outline alone."""


@dataclass(frozen=True, eq=False)
class Cuts:
    """Odd sets T of practices, with Σ_S ⌊|S ∩ T| / 2⌋ x_S ≤ ⌊|T| / 2⌋ each.

    `sets` has shape ``(k, 5)``, three or five practices each, −1 where there are
    no more; `sigma` the cuts' |dual|, shape ``(k,)``.
    """

    sets: IntArray
    sigma: FloatArray

    @property
    def most(self) -> IntArray:
        """⌊|T| / 2⌋ of each cut, shape ``(k,)``."""
        practices: IntArray = (self.sets >= 0).sum(axis=1)
        return practices // 2


def facts_of(problem: Problem) -> Facts:
    """Return what the tree knows of the practices, as plain arrays."""
    n = problem.n
    group = np.full(n, -1, dtype=np.int64)
    for number, members in enumerate(problem.together):
        group[list(members)] = number
    apart: list[list[int]] = [[] for _ in range(n)]
    for i, k in problem.apart:
        apart[i].append(k)
        apart[k].append(i)
    waived = np.zeros(n, dtype=np.bool_)
    waived[list(problem.waived)] = True
    apart_ptr, apart_flat = _csr(apart)
    pooled, none = problem.cost.pooled, np.zeros(0)
    return Facts(
        patients=np.maximum(problem.list_size.astype(np.float64), 1e-6),
        budget=problem.budget_gbp,
        variance=problem.variance_gbp2,
        graph_ptr=problem.graph.indptr.astype(np.int64),
        graph=problem.graph.indices.astype(np.int64),
        apart_ptr=apart_ptr,
        apart=apart_flat,
        group=group,
        group_size=np.array([len(g) for g in problem.together] or [0], dtype=np.int64),
        on_edge=problem.graph.on_edge,
        edges=_edges_in_reach(problem),
        waived=waived,
        terms=no_risk_terms(n) if pooled is None else pooled.terms,
        least=np.zeros(n),
        ends=np.zeros(n, dtype=np.int64)
        if problem.cost.cut_edges is None
        else problem.cost.cut_edges.num_neighbours,
        sizes=none,
        least_left=none,
        least_right=none,
        least_after=none,
        above=np.zeros(n) if pooled is None else pooled.by_spread[0],
    )


class Class(NamedTuple):
    """The facts that one class of federations has, the least of each, and Σ r of it."""

    facts: Facts
    once: float
    low: float
    high: float


def facts_by_spread(problem: Problem) -> list[Class]:
    """Return the facts of each class of federations; one class without pooled risk."""
    facts, pooled = facts_of(problem), problem.cost.pooled
    if pooled is None:
        return [Class(facts, 0.0, -np.inf, np.inf)]
    _, classes = pooled.by_spread
    return [
        Class(*_with_least(facts, one.least.by_size), one.low, one.high)
        for one in classes
    ]


def _with_least(facts: Facts, sized: BySize) -> tuple[Facts, float]:
    """Return facts that know what pooled risk costs at least, and that of each.

    What remains by size is above the latter; no cells where that is nothing.
    """
    ends = np.append(sized.left, sized.right)
    once = float(ends.min()) if np.isfinite(ends).any() else 0.0
    if (ends == once).all():
        return facts._replace(least=sized.each), once
    above = sized._replace(left=sized.left - once, right=sized.right - once)
    known = facts._replace(
        least=sized.each,
        sizes=above.edges,
        least_left=above.left,
        least_right=above.right,
        least_after=_least_after(above),
    )
    return known, once


def _least_after(cells: BySize) -> FloatArray:
    """Return the least of each cell of size and all larger ones."""
    least = np.minimum(cells.left, cells.right)
    out: FloatArray = np.minimum.accumulate(least[::-1])[::-1].copy()
    return out


def _edges_in_reach(problem: Problem) -> IntArray:
    """Return how many practices on the edge each can walk to over all practices."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    graph, n = problem.graph, problem.n
    ones = np.ones(len(graph.indices))
    walks = csr_array((ones, graph.indices, graph.indptr), shape=(n, n))
    num_pieces, piece = connected_components(walks, directed=False)
    edges = np.bincount(piece, weights=graph.on_edge, minlength=num_pieces)
    out: IntArray = edges.astype(np.int64)[piece]
    return out


def candidates_of(problem: Problem) -> tuple[IntArray, IntArray]:
    """Return who may share a federation led from each centre, as CSR.

    Reach, zone and apart say no at once; where federations are contiguous, so
    does a path from the centre that alone holds more than U patients. Where any
    member leads as well as any other, the one of most patients does: each federation
    is then met once, and those of many small practices under few centres.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    n, graph = problem.n, problem.graph
    may = np.ones((n, n), dtype=np.bool_)
    if problem.reachable is not None:
        may &= problem.reachable.T
    if problem.zone is not None:
        may &= problem.zone[:, None] == problem.zone[None, :]
    for i, k in problem.apart:
        may[i, k] = may[k, i] = False
    own = list(problem.oversize)
    may[own, :] = False
    may[:, own] = False
    if problem.max_pieces == 1:
        upper = problem.size_bounds[1] if problem.size_bounds else np.inf
        row = np.repeat(np.arange(n), np.diff(graph.indptr))
        kept = ~np.isin(row, own) & ~np.isin(graph.indices, own)
        steps = problem.list_size[graph.indices[kept]].astype(np.float64)
        paths = csr_array((steps, (row[kept], graph.indices[kept])), shape=(n, n))
        patients = dijkstra(paths, directed=True, limit=float(upper))
        may &= patients + problem.list_size[:, None] <= upper
    if is_led_alike(problem):
        rank = np.argsort(np.argsort(-problem.list_size, kind="stable"))
        may &= rank[:, None] < rank[None, :]
    np.fill_diagonal(may, val=False)
    return _csr([np.flatnonzero(row).tolist() for row in may])


def is_led_alike(problem: Problem) -> bool:
    """Whether a federation costs the same whoever of its members leads it."""
    led = problem.cost.assign_gbp
    return problem.reachable is None and bool((led == led[:, :1]).all())


def by_outlines(problem: Problem) -> bool:
    """Whether federations cost their outline alone, and practices are few."""
    cost = problem.cost
    return (
        cost.cut_edges is not None
        and problem.max_pieces == 1
        and problem.n <= MOST_BY_OUTLINE
        and not cost.assign_gbp.any()
        and is_led_alike(problem)
    )


def _csr(lists: Sequence[Sequence[int]]) -> tuple[IntArray, IntArray]:
    """Return a ragged list as start positions and entries."""
    ptr = np.cumsum([0, *(len(some) for some in lists)], dtype=np.int64)
    flat = [k for some in lists for k in some]
    return ptr, np.array(flat, dtype=np.int64)


def cuts_by_practice(cuts: Cuts, n: int) -> Cut:
    """Return the cuts of each practice as CSR, and |σ|; idle cuts left out."""
    active = np.flatnonzero(cuts.sigma > 0)
    lists: list[list[int]] = [[] for _ in range(n)]
    for number, k in enumerate(active):
        for i in cuts.sets[k]:
            if i >= 0:
                lists[int(i)].append(number)
    sigma = cuts.sigma[active] if len(active) else np.zeros(1)
    ptr, flat = _csr(lists)
    return Cut(ptr, flat, sigma.astype(np.float64))
