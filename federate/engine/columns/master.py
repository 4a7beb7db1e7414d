"""The master problem: choose federations so that each practice is in one.

    min  Σ_S cost_S x_S + Σ alone_i y_i
    s.t. Σ_{S∋i} x_S + y_i = 1             every practice i          (dual π_i)
         fewest ≤ Σ_S x_S ≤ most           where a count is asked    (dual μ)
         Σ_S ⌊|S∩T|/2⌋ x_S ≤ ⌊|T|/2⌋       cut sets T, |T| odd       (dual σ_T ≤ 0)

Practices above the upper bound are federations of their own and stand outside.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from federate.engine.columns.finds import Priced
from federate.engine.columns.pricing import Cuts
from federate.problem import Problem
from solvers.contract import Capability, MixedIntegerModel, Options, Outcome
from solvers.registry import backend

__all__ = [
    "ARTIFICIAL",
    "Column",
    "Duals",
    "Master",
    "alone_columns",
    "without_blanks",
]

ARTIFICIAL = -2
"""The centre of a column that leaves something uncovered."""

LP_SOLVER = "highs"
"""Holds the linear programme where the solver asked for keeps none warm."""

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Column:
    """A candidate: members led from a centre, standing alone, or artificial.

    Centre −1 stands alone, outside every federation. Centre −2 is artificial:
    it leaves a practice uncovered or, without members, a federation uncounted.
    """

    members: tuple[int, ...]
    centre: int
    cost: float


@dataclass(frozen=True, eq=False)
class Duals:
    """Prices of the rows at one point: π, μ and |σ|."""

    practice: FloatArray
    count: float
    cuts: Cuts


@dataclass
class Master:
    """The columns and rows so far, and a warm linear programme over them."""

    problem: Problem
    solver: str
    columns: list[Column] = field(default_factory=list)
    sets: list[tuple[int, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        problem = self.problem
        own = set(problem.oversize)
        self.practices = [i for i in range(problem.n) if i not in own]
        self._row = {i: r for r, i in enumerate(self.practices)}
        fewest, most = problem.num_federations
        self.fewest = max(0, fewest - len(own))
        self.most = None if most is None else most - len(own)
        self.constant = sum(problem.cost.cost([i], i) for i in own)
        self._seen: set[tuple[tuple[int, ...], int]] = set()
        self._holding: list[list[int]] = [[] for _ in range(problem.n)]
        self._cuts_of: list[list[int]] = [[] for _ in range(problem.n)]
        keeps = Capability.SESSION in backend(self.solver).capabilities
        self._session = backend(self.solver if keeps else LP_SOLVER).session(
            self._empty()
        )

    @property
    def has_count(self) -> bool:
        """Whether the number of federations is a row."""
        return self.most is not None or self.fewest > 1

    def _empty(self) -> MixedIntegerModel:
        from scipy.sparse import csc_array

        rows = len(self.practices) + int(self.has_count)
        lower, upper = np.ones(rows), np.ones(rows)
        if self.has_count:
            lower[-1] = self.fewest
            upper[-1] = np.inf if self.most is None else self.most
        none = np.zeros(0)
        return MixedIntegerModel(
            cost=none,
            matrix=csc_array((rows, 0)),
            row_lower=lower,
            row_upper=upper,
            lower=none,
            upper=none,
            integral=np.zeros(0, dtype=np.bool_),
        )

    def add(self, fresh: Sequence[Column], anew: bool = False) -> int:
        """Add the columns not yet there (all of them if `anew`); return how many."""
        new = {(c.members, c.centre): c for c in fresh}
        if not anew:
            new = {key: c for key, c in new.items() if key not in self._seen}
        return self._append(list(new.values()))

    def _append(self, new: Sequence[Column]) -> int:
        if new:
            for number, column in enumerate(new, start=len(self.columns)):
                self._seen.add((column.members, column.centre))
                if column.centre >= 0:
                    for i in column.members:
                        self._holding[i].append(number)
            cost = np.array([c.cost for c in new])
            upper = np.full(len(new), np.inf)
            self._session.add_columns(cost, np.zeros(len(new)), upper, self.matrix(new))
            self.columns.extend(new)
        return len(new)

    def retire(self, columns: Sequence[int]) -> None:
        """Take columns out of the linear programme for good."""
        if len(columns):
            none = np.zeros(len(columns))
            self._session.set_bounds(np.array(columns, dtype=np.int32), none, none)

    def matrix(self, columns: Sequence[Column]) -> object:
        """Return the coefficients of some columns in every row, as CSC."""
        from scipy.sparse import csc_array

        base = len(self.practices)
        first_cut = base + int(self.has_count)
        entries: list[int] = []
        values: list[int] = []
        ptr = [0]
        for column in columns:
            entries.extend(self._row[i] for i in column.members)
            if self.has_count and (column.centre >= 0 or not column.members):
                entries.append(base)
            values.extend([1] * (len(entries) - len(values)))
            for k, times in self._hits(column):
                entries.append(first_cut + k)
                values.append(times)
            ptr.append(len(entries))
        shape = (first_cut + len(self.sets), len(columns))
        return csc_array((np.array(values, dtype=float), entries, ptr), shape=shape)

    def _hits(self, column: Column) -> list[tuple[int, int]]:
        """Return the cuts that a federation is in, and ⌊|S ∩ T| / 2⌋ for each."""
        if column.centre < 0:
            return []
        inside: dict[int, int] = {}
        for i in column.members:
            for k in self._cuts_of[i]:
                inside[k] = inside.get(k, 0) + 1
        return [(k, inside[k] // 2) for k in sorted(inside) if inside[k] > 1]

    def cut(self, sets: IntArray) -> int:
        """Add the cuts not yet there, as `Cuts.sets`; return how many."""
        from scipy.sparse import csr_array

        known = set(self.sets)
        new = [t for t in map(without_blanks, sets.tolist()) if t not in known]
        if not new:
            return 0
        rows = [self._holding_two(members) for members in new]
        ptr = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        flat = np.concatenate([columns for columns, _ in rows])
        values = np.concatenate([times for _, times in rows]).astype(float)
        shape = (len(new), len(self.columns))
        matrix = csr_array((values, flat, ptr), shape=shape)
        most = np.array([len(members) // 2 for members in new], dtype=float)
        self._session.add_rows(np.full(len(new), -np.inf), most, matrix)
        for number, members in enumerate(new, start=len(self.sets)):
            for i in members:
                self._cuts_of[i].append(number)
        self.sets.extend(new)
        return len(new)

    def _holding_two(self, members: tuple[int, ...]) -> tuple[IntArray, IntArray]:
        """Return the columns S that hold two of a set T or more, and ⌊|S∩T|/2⌋."""
        holding = [self._holding[i] for i in members]
        columns, inside = np.unique(np.concatenate(holding), return_counts=True)
        return columns[inside > 1], inside[inside > 1] // 2

    @property
    def cut_sets(self) -> IntArray:
        """The cuts so far, as `Cuts.sets`."""
        blank = [(*t, -1, -1)[:5] for t in self.sets]
        return np.array(blank, dtype=np.int64).reshape(-1, 5)

    def solve(self, options: Options) -> tuple[Outcome, Duals | None]:
        """Re-solve the linear programme; return its outcome and duals."""
        outcome = self._session.solve(options)
        if outcome.row_duals is None:
            return outcome, None
        practice = np.zeros(self.problem.n)
        base = len(self.practices)
        practice[self.practices] = outcome.row_duals[:base]
        count = float(outcome.row_duals[base]) if self.has_count else 0.0
        sigma = np.maximum(0.0, -outcome.row_duals[base + int(self.has_count) :])
        return outcome, Duals(practice, count, Cuts(self.cut_sets, sigma))

    def reduced(self, columns: Sequence[Column], duals: Duals) -> FloatArray:
        """Return cost − Σπ − μ + Σ |σ|·⌊|S ∩ T| / 2⌋ of each column."""
        matrix: Any = self.matrix(columns)
        prices = np.zeros(matrix.shape[0])
        first_cut = len(self.practices) + int(self.has_count)
        prices[: len(self.practices)] = duals.practice[self.practices]
        if self.has_count:
            prices[first_cut - 1] = duals.count
        # Prices are older than the last cuts, or know of them all.
        prices[first_cut:][: len(duals.cuts.sigma)] = -duals.cuts.sigma
        reduced: FloatArray = np.array([c.cost for c in columns]) - prices @ matrix
        return reduced

    def bound(self, duals: Duals, priced: Priced) -> float:
        """Return the Lagrangian bound that duals and a whole pricing prove.

        Σπ + μ·(fewest or most, by its sign) − Σ|σ|·⌊|T|/2⌋ + Σ_c min(0, least rc under
        c) + Σ min(0, rc of standing alone): each centre leads one federation at
        most, each column is used once at most.
        """
        total = float(duals.practice[self.practices].sum())
        if duals.count > 0:
            total += duals.count * self.fewest
        elif duals.count < 0:
            if self.most is None:
                return -np.inf
            total += duals.count * self.most
        total -= float(duals.cuts.sigma @ duals.cuts.most)
        total += float(np.minimum(0.0, priced.least[self.practices]).sum())
        for column in alone_columns(self.problem):
            reduced = column.cost - float(duals.practice[list(column.members)].sum())
            total += min(0.0, reduced)
        return total + self.constant


def without_blanks(members: Sequence[int]) -> tuple[int, ...]:
    """Return the practices of a set as `Cuts.sets` writes it."""
    return tuple(i for i in members if i >= 0)


def alone_columns(problem: Problem) -> list[Column]:
    """Return the columns of practices that stand alone, sets together or not."""
    if problem.alone_gbp is None:
        return []
    own = set(problem.oversize)
    tied = {i for group in problem.together for i in group}
    sets = [g for g in problem.together if not own & set(g)]
    sets += [(i,) for i in range(problem.n) if i not in tied and i not in own]
    return [Column(g, -1, float(problem.alone_gbp[list(g)].sum())) for g in sets]
