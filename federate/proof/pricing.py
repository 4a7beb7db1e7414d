"""Prices → the least reduced cost under every centre, by the slow twin."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from math import floor

import numpy as np
import numpy.typing as npt

from federate.problem import Problem
from federate.proof.facts import facts_of, rules_of
from federate.proof.prices import Prices
from federate.proof.records import Store, View, make_space
from federate.proof.twin import FOUND, least_reduced
from federate.proof.units import GRID, down

__all__ = ["Federations", "Led", "unused_rules"]

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

CHUNK = 128
NODE_LIMIT = 20_000_000


@dataclass(frozen=True)
class Led:
    """A federation: its members, in order, and its centre."""

    members: tuple[int, ...]
    centre: int


def unused_rules(problem: Problem, *, connected: bool) -> tuple[str, ...]:
    """Return the rules that the proof leaves out: the bound holds without them."""
    unused = []
    if problem.max_pieces is not None and not (connected and problem.max_pieces == 1):
        unused.append("contiguity")
    return tuple(unused)


class Federations:
    """All federations that a problem allows, asked for by their reduced cost.

    Parameters
    ----------
    problem
        What is asked.
    prices
        At which reduced costs are taken.
    connected
        Whether to grow federations along neighbours; otherwise contiguity is
        left out, which only adds federations.
    threads
        Centres looked at side by side.
    """

    def __init__(
        self, problem: Problem, prices: Prices, *, connected: bool, threads: int = 1
    ) -> None:
        self.problem = problem
        self.prices = prices
        self.connected = connected and problem.max_pieces == 1
        self.threads = threads
        self._rules = rules_of(problem, prices, connected=self.connected)
        self._facts = facts_of(problem, prices)
        self._free = np.ones(problem.n, dtype=np.bool_)
        self._free[list(problem.oversize)] = False
        cost = problem.cost
        head, member = Fraction(cost.gbp_per_head), Fraction(cost.gbp_per_member)
        self._own = np.array(
            [floor((head * n + member) * GRID) for n in problem.list_size.tolist()]
        )

    def least(self) -> tuple[int, bool]:
        """Return Σ_c min(0, least reduced cost under c), and whether it is exact."""
        store = Store(np.zeros(0, np.int64), np.zeros((0, 0), np.int64))
        total, exact = 0, True
        for least, whole, _ in self._each(0, lambda: store):
            total += min(0, least)
            exact = exact and whole
        return total, exact

    def below(self, limit: int, *, room: int) -> list[Led] | None:
        """Return every federation of reduced cost below `limit`.

        ``None`` where they are more than `room` under one centre, or too many to
        look through.
        """
        most = self._rules.most

        def new_store() -> Store:
            return Store(np.zeros(room, np.int64), np.zeros((room, most), np.int64))

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
        centres = np.flatnonzero(self._free & self._fits()).tolist()
        chunks = [centres[k : k + CHUNK] for k in range(0, len(centres), CHUNK)]
        with ThreadPoolExecutor(max_workers=self.threads) as pool:
            work = pool.map(
                lambda chunk: self._chunk(chunk, limit, new_store()), chunks
            )
            for answers in work:
                yield from answers

    def _fits(self) -> BoolArray:
        fits: BoolArray = self.problem.list_size <= self._rules.upper
        return fits

    def _chunk(
        self, centres: Sequence[int], limit: int, store: Store
    ) -> list[tuple[int, bool, list[Led]]]:
        """Search under some centres, one after the other."""
        space = make_space(self.problem.n, len(self.prices.cut))
        out = []
        for centre, near in zip(centres, self._candidates(centres), strict=True):
            least, whole = least_reduced(
                self._view(centre, np.flatnonzero(near)),
                self._facts,
                self._rules,
                space,
                store,
                limit,
                NODE_LIMIT,
            )
            found = int(space.tally[FOUND])
            kept = min(found, len(store.length))
            led = [
                Led(tuple(sorted(store.members[k, : store.length[k]].tolist())), centre)
                for k in range(kept)
            ]
            out.append((int(least), bool(whole) and found == kept, led))
        return out

    def _candidates(self, centres: Sequence[int]) -> BoolArray:
        """Return who may share a federation led from each centre, ``(c, n)``.

        Reach, zone and apart say no at once; where federations are connected, so
        does a walk from the centre that alone passes more than U patients.
        """
        problem, rows = self.problem, np.arange(len(centres))
        may = np.tile(self._free, (len(centres), 1))
        if problem.reachable is not None:
            may &= problem.reachable[:, centres].T
        if problem.zone is not None:
            may &= problem.zone[centres][:, None] == problem.zone
        for i, k in problem.apart:
            may[:, k] &= np.array([c != i for c in centres])
            may[:, i] &= np.array([c != k for c in centres])
        if self.connected:
            may &= self._walks(centres) <= self._rules.upper + 0.5
        may[rows, list(centres)] = False
        return may

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
        limit = self._rules.upper + 0.5
        walks: npt.NDArray[np.float64] = dijkstra(graph, indices=centres, limit=limit)
        return walks + problem.list_size[list(centres)][:, None]

    def _view(self, centre: int, near: IntArray) -> View:
        """Return a centre's candidates by profit per patient, rounded up."""
        problem, prices = self.problem, self.prices
        some = np.append(near, centre)
        profit = np.zeros(problem.n, dtype=np.int64)
        assign = down(problem.cost.assign_gbp[some, centre])
        profit[some] = prices.practice[some] - assign - self._own[some]
        density = -(-profit // np.maximum(problem.list_size, 1))
        first = (problem.list_size[near] == 0) & (profit[near] > 0)
        order = near[np.lexsort((near, -density[near], ~first))]
        waived = self._facts.waived[some].any()
        lower = 0 if waived else self._rules.lower
        return View(centre, order, profit, density, lower)
