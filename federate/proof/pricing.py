"""Prices → the least reduced cost under every centre, by the slow twin."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from math import floor

import numpy as np
import numpy.typing as npt

from federate.problem import Problem
from federate.proof.facts import by_spread, facts_of, rules_of, with_least
from federate.proof.knapsack import Knapsack
from federate.proof.prices import Prices
from federate.proof.records import FOUND, Facts, Rules, Store, View, make_space
from federate.proof.twin import least_reduced
from federate.proof.units import GRID, down

__all__ = ["Federations", "Led", "unused_rules"]

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

CHUNK = 128
BEYOND_LEAST = "risk, contracts and scale beyond their least cost a practice"
LIMITS = "what partners can carry"
PARTED = "price of neighbours parted"
NODES = 10**9
"""In all: prices out of the air must not keep the search for ever."""


@dataclass(frozen=True)
class Led:
    """A federation: its members, in order, its centre and reduced cost, units."""

    members: tuple[int, ...]
    centre: int
    reduced: int


def unused_rules(problem: Problem, *, by_size: bool) -> tuple[str, ...]:
    """Return the rules that the proof leaves out: the bound holds without them.

    Parameters
    ----------
    problem
        What is asked.
    by_size
        Whether federations were bounded by their size alone (`knapsack`).
    """
    asked = {
        "contiguity": problem.max_pieces is not None,
        "no donuts": problem.no_donut,
        "pooled risk": problem.kappa is not None,
        "number of practices": problem.practices_bounds is not None,
        "no single practices": not problem.allow_singletons,
        "together": bool(problem.together),
        "apart": bool(problem.apart),
    }
    if not by_size:
        asked = {"contiguity": (problem.max_pieces or 1) > 1}
    pooled = problem.cost.pooled
    asked[PARTED] = by_size and problem.cost.cut_edges is not None
    asked[BEYOND_LEAST] = by_size and pooled is not None
    asked[LIMITS] = pooled is not None and bool(pooled.limits)
    return tuple(rule for rule, is_asked in asked.items() if is_asked)


class Federations:
    """All federations that a problem allows, asked for by their reduced cost.

    Parameters
    ----------
    problem
        What is asked.
    prices
        At which reduced costs are taken.
    threads
        Centres looked at side by side.
    """

    def __init__(self, problem: Problem, prices: Prices, *, threads: int = 1) -> None:
        self.problem = problem
        self.prices = prices
        self.threads = threads
        rules, facts = rules_of(problem, prices), facts_of(problem, prices)
        self._classes = by_spread(problem, rules, facts)
        if problem.cost.pooled is not None:
            rules, facts = with_least(rules, facts, *problem.cost.pooled.least_gbp)
        self.rules, self._facts = rules, facts
        self._free = np.ones(problem.n, dtype=np.bool_)
        self._free[list(problem.oversize)] = False
        cost = problem.cost
        head, member = Fraction(cost.gbp_per_head), Fraction(cost.gbp_per_member)
        self._own = np.array(
            [floor((head * n + member) * GRID) for n in problem.list_size.tolist()]
        )

    def least(self) -> int:
        """Return Σ_c min(0, least reduced cost under c).

        Where a search is too long, the bound of its root stands in for the least.
        """
        store = _store(0, 0)
        return sum(min(0, least) for least, _, _ in self._each(0, lambda: store))

    def least_by_size(self) -> int:
        """Return a lower bound on `least`, by sizes alone; for large federations.

        Raises
        ------
        OverflowError
            If the figures do not fit whole numbers.
        """
        rules = self.rules
        knapsack = Knapsack(self.problem, rules.lower, rules.upper, rules.base)
        total = 0
        for centres in self.centres():
            for one in self.by_size(centres):
                total += min(0, knapsack.least(*one))
        return total

    def by_size(
        self, centres: Sequence[int]
    ) -> Iterator[tuple[int, IntArray, IntArray]]:
        """Yield centres with who may be led by each, and all profits (`_profit`)."""
        may = self._candidates(centres)
        for centre, row in zip(centres, may, strict=True):
            near = np.flatnonzero(row)
            some = np.append(near, centre)
            yield centre, near, self._profit(centre, some, self._facts)

    def below(self, limit: int, *, room: int) -> list[Led] | None:
        """Return every federation of reduced cost below `limit`.

        ``None`` where they are more than `room` under one centre, or too many to
        look through.
        """
        most = self.rules.most

        def new_store() -> Store:
            return _store(room, most)

        out: list[Led] = []
        for _, whole, found in self._each(limit, new_store):
            out.extend(found)
            if not whole or len(out) > room:
                return None
        return out

    def _each(
        self, limit: int, new_store: Callable[[], Store]
    ) -> Iterator[tuple[int, bool, list[Led]]]:
        """Yield least, whether whole, and finds of each centre, in order."""
        with ThreadPoolExecutor(max_workers=self.threads) as pool:
            work = pool.map(
                lambda chunk: self._chunk(chunk, limit, new_store()), self.centres()
            )
            try:
                for answers in work:
                    yield from answers
            finally:  # who has seen enough does not wait for the rest
                pool.shutdown(wait=False, cancel_futures=True)

    def centres(self) -> list[list[int]]:
        """Return who may lead, in chunks."""
        fits = self._free & (self.problem.list_size <= self.rules.upper)
        centres: list[int] = np.flatnonzero(fits).tolist()
        return [centres[k : k + CHUNK] for k in range(0, len(centres), CHUNK)]

    def _chunk(
        self, centres: Sequence[int], limit: int, store: Store
    ) -> list[tuple[int, bool, list[Led]]]:
        """Search under some centres, one after the other."""
        num_parts = self._facts.terms.parts.shape[1]
        space = make_space(self.problem.n, len(self.prices.cut), num_parts)
        out = []
        for centre, near in zip(centres, self._near(centres), strict=True):
            least, whole, led = limit, True, list[Led]()
            for rules, facts in self._classes:
                below, ended = least_reduced(
                    self._view(centre, np.flatnonzero(near), rules, facts),
                    facts,
                    rules,
                    space,
                    store,
                    limit,
                    NODES // (self.problem.n * len(self._classes)),
                )
                found = int(space.tally[FOUND])
                led += _kept(store, centre, found)
                least = min(least, int(below))
                whole = whole and bool(ended) and found <= len(store.length)
            out.append((least, whole, led))
        return out

    def _candidates(self, centres: Sequence[int]) -> BoolArray:
        """Return whom reach, zone and apart let share a federation, ``(c, n)``."""
        problem, rows = self.problem, np.arange(len(centres))
        may = np.tile(self._free, (len(centres), 1))
        if problem.reachable is not None:
            may &= problem.reachable[:, centres].T
        if problem.zone is not None:
            may &= problem.zone[centres][:, None] == problem.zone
        for i, k in problem.apart:
            may[:, k] &= np.array([c != i for c in centres])
            may[:, i] &= np.array([c != k for c in centres])
        may[rows, list(centres)] = False
        return may

    def _near(self, centres: Sequence[int]) -> BoolArray:
        """Return who may share a federation led from each centre, ``(c, n)``.

        Where federations are connected, a walk from the centre that alone passes
        more than U patients says no; where it is all the same who leads, so does a
        longer list than the centre's: whoever has the longest leads.
        """
        may = self._candidates(centres)
        if self._any_leads():
            order = np.argsort(-self.problem.list_size, kind="stable")
            rank = np.argsort(order)
            may &= rank[list(centres)][:, None] < rank
        if self.rules.connected:
            may &= self._walks(centres) <= self.rules.upper + 0.5
        return may

    def _any_leads(self) -> bool:
        """Whether a federation costs the same and may be, whoever leads it."""
        assigned = self.problem.cost.assign_gbp
        same = bool((assigned == assigned[:, :1]).all())
        return same and self.problem.reachable is None

    def _walks(self, centres: Sequence[int]) -> npt.NDArray[np.float64]:
        """Return the fewest patients passed from each centre, itself included."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import dijkstra

        problem, facts = self.problem, self._facts
        start = np.repeat(np.arange(problem.n), np.diff(facts.near_ptr))
        kept = self._free[start] & self._free[facts.near]
        # A step of 0 would be no step; what is added stays far below one patient.
        steps = problem.list_size[facts.near[kept]] + 1e-9
        shape = (problem.n, problem.n)
        graph = csr_array((steps, (start[kept], facts.near[kept])), shape=shape)
        limit = self.rules.upper + 0.5
        walks: npt.NDArray[np.float64] = dijkstra(graph, indices=centres, limit=limit)
        return walks + problem.list_size[list(centres)][:, None]

    def _view(self, centre: int, near: IntArray, rules: Rules, facts: Facts) -> View:
        """Return a centre's candidates by profit per patient, rounded up."""
        problem = self.problem
        some = np.append(near, centre)
        profit = self._profit(centre, some, facts)
        density = -(-profit // np.maximum(problem.list_size, 1))
        first = (problem.list_size[near] == 0) & (profit[near] > 0)
        order = near[np.lexsort((near, -density[near], ~first))]
        lower = 0 if facts.waived[some].any() else rules.lower
        return View(centre, order, profit, density, lower)

    def _profit(self, centre: int, some: IntArray, facts: Facts) -> IntArray:
        """Return what some practices are worth under a centre, others 0, units.

        π_j − assign_gbp[j, c] − f·n_j − f_m, less what risk costs at least.
        """
        profit = np.zeros(self.problem.n, dtype=np.int64)
        assign = down(self.problem.cost.assign_gbp[some, centre])
        own = self._own[some] + facts.least[some]
        profit[some] = self.prices.practice[some] - assign - own
        return profit


def _kept(store: Store, centre: int, found: int) -> list[Led]:
    """Return what a search under one centre kept of what it found."""
    return [
        Led(
            tuple(sorted(store.members[k, : store.length[k]].tolist())),
            centre,
            int(store.reduced[k]),
        )
        for k in range(min(found, len(store.length)))
    ]


def _store(room: int, most: int) -> Store:
    """Return room for federations of at most so many members."""
    whole = np.zeros(room, dtype=np.int64)
    return Store(whole, whole.copy(), np.zeros((room, most), dtype=np.int64))
