"""Exact pricing: the cheapest federations at given duals, centre by centre."""

import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from federate.engine.columns.enclosure import encloses
from federate.engine.columns.facts import (
    Class,
    Cuts,
    by_outlines,
    candidates_of,
    cuts_by_practice,
    facts_by_spread,
)
from federate.engine.columns.finds import Found, Priced, as_priced, joined
from federate.engine.columns.outline_tree import grow_by_outline
from federate.engine.columns.parting import lay
from federate.engine.columns.records import OPEN, Cut, Facts, Limits, Store, scratch
from federate.engine.columns.tree import enter, grow
from federate.engine.compiled import grown
from federate.problem import Problem

__all__ = ["NO_CUTS", "Cuts", "Pricer", "Stop"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


Stop = Callable[[], bool]
AT_FIRST, GLANCE_S = 16, 0.2
"""Centres before the first look at the clock, and seconds between two, about."""
NO_CUTS = Cuts(np.zeros((0, 5), dtype=np.int64), np.zeros(0))


class _Search(NamedTuple):
    """What is searched for: below `limit`, the best few of a centre or all of them."""

    limit: float
    keep: int
    keep_best: bool
    node_limit: int
    stop: Stop | None


class Pricer:
    """Prices the federations of one problem; set up once, asked many times."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._classes = facts_by_spread(problem)
        self._facts = self._classes[0].facts
        self._candidates = ptr, flat = candidates_of(problem)
        centre = np.repeat(np.arange(problem.n), np.diff(ptr))
        # One row after another: a column of the whole table is slow to read.
        self._led_gbp = problem.cost.assign_gbp[flat, centre]
        self._leads_gbp = problem.cost.assign_gbp.diagonal().copy()
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
        stop: Stop | None = None,
        centres: BoolArray | None = None,
    ) -> Priced:
        """Return the `keep` cheapest federations under each centre below `limit`.

        Only under `centres`, where those are named (shape ``(n,)``). Once told to
        stop, of a centre only what its root says is found out.
        """
        asked = _Search(limit, keep, True, node_limit, stop)
        some = self._centres
        if centres is not None:
            some = some[centres[some]]
        return as_priced(self._search(practice_duals, count_dual, cuts, asked, some))

    def enumerate(
        self,
        practice_duals: FloatArray,
        count_dual: float,
        cuts: Cuts,
        *,
        limit: float,
        most: int,
        stop: Stop | None = None,
    ) -> Priced:
        """Return every federation with reduced cost below `limit`, up to `most`."""
        return as_priced(
            self.find(
                practice_duals, count_dual, cuts, limit=limit, most=most, stop=stop
            )
        )

    def find(
        self,
        practice_duals: FloatArray,
        count_dual: float,
        cuts: Cuts,
        *,
        limit: float,
        most: int,
        node_limit: int = 10**12,
        stop: Stop | None = None,
    ) -> Found:
        """Return what `enumerate` does, as arrays."""
        asked = _Search(limit, most, False, node_limit, stop)
        return self._search(practice_duals, count_dual, cuts, asked, self._centres)

    @property
    def candidates(self) -> tuple[IntArray, IntArray]:
        """Who may share a federation led from each practice, as CSR."""
        return self._candidates

    @property
    def num_classes(self) -> int:
        """How many searches there are under each centre."""
        return len(self._classes)

    def compile(self) -> None:
        """Have the kernels compiled for this problem: seconds at the first use."""
        nothing = np.zeros(self.problem.n)
        self.price(nothing, 0.0, NO_CUTS, node_limit=1)

    def encloses(self, members: Sequence[int]) -> bool:
        """Whether a federation cuts somebody off from the outside of the area."""
        limits = self._limits(0.0, self._classes[0])
        num_parts = self._facts.terms.parts.shape[1]
        space = scratch(self.problem.n, len(members), 1, num_parts)
        space.state[:] = OPEN
        space.touch[:] = 0
        space.tally[:] = 0.0
        no_cuts = cuts_by_practice(NO_CUTS, self.problem.n)
        profit = np.zeros(self.problem.n)
        for i in members:
            enter(i, profit, self._facts, no_cuts, space)
        return bool(encloses(self._facts, limits, space))

    def _limits(self, count_dual: float, asked: Class) -> Limits:
        """Return the rules and the terms of size at a dual of the count."""
        cost = self.problem.cost
        deviation = 0.0 if cost.target_size is None else cost.deviation_gbp_per_person
        target = self._upper if cost.target_size is None else cost.target_size
        return Limits(
            lower=float(self._lower),
            upper=float(self._upper),
            target=float(target),
            per_person=float(deviation),
            base=float(cost.fixed_gbp - count_dual + asked.once),
            fewest=self._members[0],
            most=self._members[1],
            kappa2=-1.0 if self.problem.kappa is None else float(self.problem.kappa**2),
            no_donut=self.problem.no_donut,
            connected=self.problem.max_pieces == 1,
            least=float(asked.once),
            half_cut=0.0
            if cost.cut_edges is None
            else float(cost.cut_edges.gbp_per_pair) / 2,
            by_outline=by_outlines(self.problem),
            from_above=float(asked.low),
            to_above=float(asked.high),
        )

    def _search(
        self,
        practice_duals: FloatArray,
        count_dual: float,
        cuts: Cuts,
        search: _Search,
        centres: IntArray,
    ) -> Found:
        """Search each class under some centres, a few where a stop may come."""
        cost, n = self.problem.cost, self.problem.n
        own = practice_duals - cost.gbp_per_head * cost.list_size - cost.gbp_per_member
        asked = [
            (own - one.facts.least, one.facts, self._limits(count_dual, one))
            for one in self._classes
        ]
        cut = cuts_by_practice(cuts, n)
        node_limit, keep_best = search.node_limit, search.keep_best
        at_once = n if search.stop is None else AT_FIRST
        parts: list[Found] = []
        end = 0
        while not parts or end < len(centres):
            began = time.perf_counter()
            if search.stop is not None and search.stop():
                node_limit = 1
            start, end = end, end + at_once
            for worth, facts, limits in asked:
                held = 0 if keep_best else sum(len(part.centre) for part in parts)
                centre, reduced, length, members, least, whole = _price_all(
                    centres[start:end],
                    *self._candidates,
                    worth,
                    self._led_gbp,
                    self._leads_gbp,
                    facts,
                    limits,
                    cut,
                    search.keep - held,
                    search.limit,
                    keep_best,
                    node_limit,
                )
                # Room for many was made, and few may have come.
                few = [array.copy() for array in (centre, reduced, length, members)]
                parts.append(Found(few[0], few[1], few[2], few[3], least, bool(whole)))
                if not (whole or keep_best):
                    return joined(parts)
            is_soon = time.perf_counter() - began < GLANCE_S
            at_once = 2 * at_once if is_soon else max(1, at_once // 2)
        return joined(parts)


@grown
def _price_all(
    centres: IntArray,
    ptr: IntArray,
    flat: IntArray,
    own: FloatArray,
    led: FloatArray,
    leads: FloatArray,
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
    space = scratch(n, limits.most, len(cut.sigma), facts.terms.parts.shape[1])
    least = np.full(n, limit)
    profit = np.zeros(n)
    complete = True
    total = 0
    for c in centres:
        candidates = flat[ptr[c] : ptr[c + 1]]
        profit[candidates] = own[candidates] - led[ptr[c] : ptr[c + 1]]
        profit[c] = own[c] - leads[c]
        density = profit[candidates] / facts.patients[candidates]
        order = candidates[np.argsort(-density, kind="mergesort")]
        end = total + keep if best_only else keep
        store = Store(found_rc[total:end], length[total:end], members[total:end])
        if limits.by_outline:
            found, best, whole = grow_by_outline(
                c,
                order,
                profit,
                facts,
                limits,
                cut,
                store,
                space,
                lay(c, order, facts),
                limit,
                best_only,
                node_limit,
            )
        else:
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
