"""Rows that cannot all hold, and none of which could be spared.

Found by the backend itself where it can, by an elastic filter elsewhere; either
may name too many, so a deletion filter follows. The variables' bounds and
integrality, and the cones, stand throughout.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from solvers.claim import ROW_TOLERANCE
from solvers.contract import Backend, Capability, MixedIntegerModel, Options, Status

__all__ = ["Conflict", "ConflictFinder", "find_conflict"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@runtime_checkable
class ConflictFinder(Protocol):
    """A backend with `Capability.IIS`."""

    def conflict_rows(
        self, model: MixedIntegerModel, options: Options
    ) -> IntArray | None:
        """Return rows that cannot all hold, perhaps too many; ``None`` if unknown."""
        ...


@dataclass(frozen=True)
class Conflict:
    """Rows that cannot all hold together.

    Parameters
    ----------
    rows, names
        Their indices and their names (``row 3`` where they have none). Empty where
        the variables' bounds and the cones alone leave no point.
    groups
        Indices of the groups they are in, where groups were given.
    is_irreducible
        Whether any one row, or group, left out would leave the others a point.
        False where time ran out first: then some may be spared.
    """

    rows: tuple[int, ...]
    names: tuple[str, ...]
    groups: tuple[int, ...]
    is_irreducible: bool


def find_conflict(
    model: MixedIntegerModel,
    backend: Backend,
    options: Options,
    groups: Sequence[Sequence[int]] | None = None,
) -> Conflict | None:
    """Return an irreducible conflict of the rows, or ``None``.

    Parameters
    ----------
    model, backend
        The model, and what to solve its parts with.
    options
        `time_limit_s` holds for the whole search.
    groups
        Rows that stand or fall together, as those of one rule do. Rows in none
        always stand. By default each row is its own group.

    Returns
    -------
    Conflict | None
        ``None`` if the model is not infeasible, or not proven so in time.
    """
    given = [[i] for i in range(model.num_rows)] if groups is None else groups
    search = _Search(_plain(model), backend, options, given, perf_counter())
    suspects = search.suspects()
    if suspects is None:
        return None
    kept, irreducible = search.by_deletion_filter(suspects)
    rows = tuple(sorted({i for g in kept for i in given[g]}))
    names = model.row_names or [f"row {i}" for i in range(model.num_rows)]
    return Conflict(rows, tuple(names[i] for i in rows), tuple(kept), irreducible)


@dataclass(eq=False)
class _Search:
    model: MixedIntegerModel
    backend: Backend
    options: Options
    groups: Sequence[Sequence[int]]
    began: float

    def suspects(self) -> list[int] | None:
        """Return groups that are proven to clash, few if they can be found."""
        relaxed = self.model.relaxed()
        for find in (
            self.by_backend,
            lambda: self.by_elastic_filter(relaxed),
            lambda: self.by_elastic_filter(self.model),
            lambda: list(range(len(self.groups))),
        ):
            found = find()
            if found is not None and self.clashes(found):
                return found
        return None

    def by_backend(self) -> list[int] | None:
        """Return the groups that the backend's own finder touches."""
        able = Capability.IIS in self.backend.capabilities
        if not (able and isinstance(self.backend, ConflictFinder)):
            return None
        rows = self.backend.conflict_rows(self.model, self._left())
        return None if rows is None else self._touched(rows.tolist())

    def by_elastic_filter(self, model: MixedIntegerModel) -> list[int] | None:
        """Return groups that clash: those that give way, one after another.

        Rows may be broken at a price; those broken in the cheapest point are made
        firm, until nothing more can give way.
        """
        firm: list[int] = []
        while True:
            elastic, slack_of = _elastic(model, self._standing(firm))
            outcome = self.backend.solve(elastic, self._left())
            if outcome.status is Status.INFEASIBLE:
                return firm
            if outcome.values is None:
                return None
            slack = outcome.values[model.num_columns :]
            broken = self._touched(slack_of[slack > ROW_TOLERANCE].tolist())
            if not set(broken) - set(firm):
                return None
            firm = sorted({*firm, *broken})

    def by_deletion_filter(self, suspects: list[int]) -> tuple[list[int], bool]:
        """Return the suspects without those that can be spared, and whether sure."""
        kept, sure = list(suspects), True
        for group in suspects:
            rest = [g for g in kept if g != group]
            outcome = self.backend.solve(self._part(rest), self._left())
            if outcome.status is Status.INFEASIBLE:
                kept = rest
            elif outcome.values is None:
                sure = False
        return kept, sure

    def clashes(self, chosen: Iterable[int]) -> bool:
        """Whether these groups, with the rows in no group, are proven infeasible."""
        outcome = self.backend.solve(self._part(chosen), self._left())
        return outcome.status is Status.INFEASIBLE

    def _part(self, chosen: Iterable[int]) -> MixedIntegerModel:
        return _rows_only(self.model, np.flatnonzero(self._standing(chosen)))

    def _standing(self, chosen: Iterable[int]) -> npt.NDArray[np.bool_]:
        """Return which rows stand: those of the groups chosen, and those in none."""
        standing = np.ones(self.model.num_rows, dtype=bool)
        for group in self.groups:
            standing[list(group)] = False
        for g in chosen:
            standing[list(self.groups[g])] = True
        return standing

    def _touched(self, rows: Iterable[int]) -> list[int]:
        wanted = set(rows)
        return [g for g, group in enumerate(self.groups) if wanted & set(group)]

    def _left(self) -> Options:
        """Return the options with the time that is left, and no cutoff."""
        options = replace(self.options, cutoff=None)
        if options.time_limit_s is None:
            return options
        left = max(0.0, options.time_limit_s - (perf_counter() - self.began))
        return replace(options, time_limit_s=left)


def _plain(model: MixedIntegerModel) -> MixedIntegerModel:
    """Return the model without cost, and without entries of 0."""
    matrix = model.matrix.tocsc().copy()
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    cost = np.zeros(model.num_columns)
    return replace(model, matrix=matrix, cost=cost, offset=0.0)


def _rows_only(model: MixedIntegerModel, rows: IntArray) -> MixedIntegerModel:
    names = [model.row_names[i] for i in rows] if model.row_names else ()
    return replace(
        model,
        matrix=model.matrix.tocsr()[rows].tocsc(),
        row_lower=model.row_lower[rows],
        row_upper=model.row_upper[rows],
        row_names=names,
    )


def _elastic(
    model: MixedIntegerModel, firm: npt.NDArray[np.bool_]
) -> tuple[MixedIntegerModel, IntArray]:
    """Return the model whose other rows may be broken, and the row of each slack.

    A slack costs 1 per unit of its row's largest coefficient, and goes no further
    than the variables' bounds can break the row.
    """
    from scipy import sparse

    matrix = model.matrix.tocsr()
    least, most = _activity(model)
    size = abs(matrix).max(axis=1).toarray().reshape(-1) if matrix.nnz else []
    scale = np.where(np.asarray(size) > 0, size, 1.0)
    short = np.flatnonzero(~firm & (model.row_lower > least))
    over = np.flatnonzero(~firm & (model.row_upper < most))
    row = np.concatenate([short, over]).astype(np.int64)
    sign = np.concatenate([np.ones(len(short)), -np.ones(len(over))])
    reach = np.concatenate(
        [model.row_lower[short] - least[short], most[over] - model.row_upper[over]]
    )
    count = len(row)
    slacks = sparse.csc_matrix(
        (sign * scale[row], (row, np.arange(count))), shape=(model.num_rows, count)
    )
    made = model.with_columns(
        np.ones(count), np.zeros(count), reach / scale[row], slacks
    )
    return made, row


def _activity(model: MixedIntegerModel) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most that each row can be within the bounds."""
    matrix = model.matrix.tocoo()
    ends = (
        matrix.data * model.lower[matrix.col],
        matrix.data * model.upper[matrix.col],
    )
    least = np.bincount(matrix.row, np.minimum(*ends), minlength=model.num_rows)
    most = np.bincount(matrix.row, np.maximum(*ends), minlength=model.num_rows)
    return least.astype(np.float64), most.astype(np.float64)
