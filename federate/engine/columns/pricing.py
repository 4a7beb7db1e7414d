"""Exact pricing: the cheapest federations at given duals, centre by centre."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from federate.engine.columns.tree import Cut, Facts, Limits, Space, Store, grow
from federate.problem import Problem

__all__ = ["Cuts", "Priced", "Pricer"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Cuts:
    """Triples of practices: at most one chosen federation holds two of three.

    `triples` has shape ``(k, 3)``; `sigma` the cuts' |dual|, shape ``(k,)``.
    """

    triples: IntArray
    sigma: FloatArray


@dataclass(frozen=True, eq=False)
class Priced:
    """What one pricing found.

    Parameters
    ----------
    members, centres, reduced
        The federations, their centres and reduced costs.
    least
        Shape ``(n,)``: least reduced cost under each centre, at most the limit.
    complete
        Whether no centre hit its node limit or overflowed: `least` is exact.
    """

    members: tuple[tuple[int, ...], ...]
    centres: tuple[int, ...]
    reduced: FloatArray
    least: FloatArray
    complete: bool


class Pricer:
    """Prices the federations of one problem; set up once, asked many times."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._facts = _facts(problem)
        self._candidates = _candidates(problem)
        bounds = problem.size_bounds
        sizes = np.sort(np.delete(problem.list_size, list(problem.oversize)))
        total = float(sizes.sum())
        self._lower = bounds[0] if bounds else 0.0
        self._upper = min(bounds[1], total) if bounds else total
        fits = int(np.searchsorted(np.cumsum(sizes), self._upper, side="right"))
        fewest, most = problem.practices_bounds or (1, problem.n)
        if not problem.allow_singletons:
            fewest = max(fewest, 2)
        self._members = (fewest, max(1, min(most, fits)))
        kept = np.ones(problem.n, dtype=bool)
        kept[list(problem.oversize)] = False
        self._centres = np.flatnonzero(kept).astype(np.int64)

    def price(
        self,
        practice_duals: FloatArray,
        count_dual: float,
        cuts: Cuts,
        *,
        limit: float = 0.0,
        keep: int = 4,
        node_limit: int = 10**12,
    ) -> Priced:
        """Return the `keep` cheapest federations under each centre below `limit`."""
        return self._search(
            practice_duals, count_dual, cuts, limit, keep, True, node_limit
        )

    def enumerate(
        self,
        practice_duals: FloatArray,
        count_dual: float,
        cuts: Cuts,
        *,
        limit: float,
        most: int,
    ) -> Priced:
        """Return every federation with reduced cost below `limit`, up to `most`."""
        return self._search(
            practice_duals, count_dual, cuts, limit, most, False, 10**12
        )

    def _search(
        self,
        practice_duals: FloatArray,
        count_dual: float,
        cuts: Cuts,
        limit: float,
        keep: int,
        keep_best: bool,
        node_limit: int,
    ) -> Priced:
        cost, n = self.problem.cost, self.problem.n
        deviation = 0.0 if cost.target_size is None else cost.deviation_gbp_per_person
        target = self._upper if cost.target_size is None else cost.target_size
        own = practice_duals - cost.gbp_per_head * cost.list_size - cost.gbp_per_member
        limits = Limits(
            lower=float(self._lower),
            upper=float(self._upper),
            target=float(target),
            per_person=float(deviation),
            base=float(cost.fixed_gbp - count_dual),
            fewest=self._members[0],
            most=self._members[1],
            kappa2=-1.0 if self.problem.kappa is None else float(self.problem.kappa**2),
            no_donut=self.problem.no_donut,
            connected=self.problem.max_pieces == 1,
        )
        found = _price_all(
            self._centres,
            *self._candidates,
            own,
            cost.assign_gbp,
            self._facts,
            limits,
            _by_practice(cuts, n),
            keep,
            limit,
            keep_best,
            node_limit,
        )
        centres, reduced, length, sets, least, complete = found
        members = tuple(
            tuple(sorted(sets[k, : length[k]].tolist())) for k in range(len(centres))
        )
        return Priced(
            members=members,
            centres=tuple(centres.tolist()),
            reduced=reduced,
            least=least,
            complete=bool(complete),
        )


def _facts(problem: Problem) -> Facts:
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
        outside=_joined_to_outside(problem),
        waived=waived,
    )


def _joined_to_outside(problem: Problem) -> npt.NDArray[np.bool_]:
    """Return who can walk to the outside of the area over all practices."""
    graph = problem.graph
    seen = graph.on_edge.copy()
    queue = np.flatnonzero(seen).tolist()
    while queue:
        for k in graph.of(queue.pop()).tolist():
            if not seen[k]:
                seen[k] = True
                queue.append(k)
    return seen


def _candidates(problem: Problem) -> tuple[IntArray, IntArray]:
    """Return who may share a federation led from each centre, as CSR.

    Reach, zone and apart say no at once; where federations are contiguous, so
    does a path from the centre that alone holds more than U patients.
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
    np.fill_diagonal(may, val=False)
    return _csr([np.flatnonzero(row).tolist() for row in may])


def _csr(lists: Sequence[Sequence[int]]) -> tuple[IntArray, IntArray]:
    """Return a ragged list as start positions and entries."""
    ptr = np.cumsum([0, *(len(some) for some in lists)], dtype=np.int64)
    flat = [k for some in lists for k in some]
    return ptr, np.array(flat, dtype=np.int64)


def _by_practice(cuts: Cuts, n: int) -> Cut:
    """Return the cuts of each practice as CSR, and |σ|; idle cuts left out."""
    active = np.flatnonzero(cuts.sigma > 0)
    lists: list[list[int]] = [[] for _ in range(n)]
    for number, k in enumerate(active):
        for i in cuts.triples[k]:
            lists[int(i)].append(number)
    sigma = cuts.sigma[active] if len(active) else np.zeros(1)
    ptr, flat = _csr(lists)
    return Cut(ptr, flat, sigma.astype(np.float64))


@njit(cache=True, nogil=True)
def _price_all(
    centres: IntArray,
    ptr: IntArray,
    flat: IntArray,
    own: FloatArray,
    assign: FloatArray,
    facts: Facts,
    limits: Limits,
    cut: Cut,
    keep: int,
    limit: float,
    best_only: bool,
    node_limit: int,
) -> Any:
    """Search under every centre; return the finds, the least and completeness.

    `keep` is the room under each centre with `best_only`, in all otherwise.
    """
    n = len(own)
    room = keep * len(centres) if best_only else keep
    centre_of = np.empty(room, np.int64)
    found_rc = np.empty(room)
    length = np.empty(room, np.int64)
    members = np.empty((room, limits.most), np.int64)
    space = Space(
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.empty(len(cut.sigma), np.int64),
        np.empty(n + 1, np.int64),
        np.empty(n + 1, np.int64),
        np.empty(n + 1),
        np.empty(n, np.int64),
        np.empty(n, np.bool_),
        np.empty(limits.most, np.int64),
        np.empty(6),
    )
    least = np.full(n, limit)
    complete = True
    total = 0
    for c in centres:
        candidates = flat[ptr[c] : ptr[c + 1]]
        profit = own - assign[:, c]
        density = profit[candidates] / facts.patients[candidates]
        order = candidates[np.argsort(-density, kind="mergesort")]
        end = total + keep if best_only else keep
        store = Store(found_rc[total:end], length[total:end], members[total:end])
        found, best, whole = grow(
            c,
            order,
            profit,
            facts,
            limits,
            cut,
            store,
            space,
            limit,
            best_only,
            node_limit,
        )
        least[c] = best
        complete = complete and whole
        centre_of[total : total + found] = c
        total += found
        if not complete and not best_only:
            break
    return (
        centre_of[:total],
        found_rc[:total],
        length[:total],
        members[:total],
        least,
        complete,
    )
