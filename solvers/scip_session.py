"""A linear programme kept warm in SCIP's own simplex solver.

SCIP itself throws its basis away with each solve, so this speaks to the solver
below it (SoPlex, as pyscipopt 6.3 comes). It cannot be interrupted, and it holds
Python's lock while it solves.
"""

from dataclasses import replace
from itertools import pairwise
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.claim import Claim, judge, settle
from solvers.contract import (
    Backend,
    BackendError,
    Capability,
    MixedIntegerModel,
    Options,
    Outcome,
    Status,
    StopReason,
)
from solvers.refusals import refuse_nonsense
from solvers.registry import require
from solvers.scip_handover import package, refuse_huge, version

__all__ = ["ScipSession"]

FloatArray = npt.NDArray[np.float64]

# How far rows and reduced costs may be off; its own default is ten times coarser.
_TOLERANCE = 1e-7


class ScipSession:
    """A linear programme kept in SCIP's simplex solver with its last basis."""

    def __init__(self, backend: Backend, model: MixedIntegerModel) -> None:
        self._backend = backend
        self._model = model.relaxed()
        self._lp = _new_solver()
        # New rows leave the basis dual feasible, new columns primal feasible.
        self._dual = True
        bare = self._model.matrix[:0]
        self._pass_columns(self._model.cost, self._model.lower, self._model.upper, bare)
        self._pass_rows(
            self._model.row_lower, self._model.row_upper, self._model.matrix
        )

    def add_columns(
        self, cost: FloatArray, lower: FloatArray, upper: FloatArray, matrix: Any
    ) -> None:
        """Append columns; `matrix` is CSC over the present rows."""
        self._model = self._model.with_columns(cost, lower, upper, matrix)
        self._pass_columns(cost, lower, upper, matrix)
        self._dual = False

    def add_rows(self, lower: FloatArray, upper: FloatArray, matrix: Any) -> None:
        """Append rows; `matrix` is CSR over the present columns."""
        self._model = self._model.with_rows(lower, upper, matrix)
        self._pass_rows(lower, upper, matrix)
        self._dual = True

    def set_bounds(
        self, columns: npt.NDArray[np.int32], lower: FloatArray, upper: FloatArray
    ) -> None:
        """Replace the bounds of some columns."""
        self._model = self._model.with_bounds(columns, lower, upper)
        low, high = self._sides(lower), self._sides(upper)
        for j, at_least, at_most in zip(columns.tolist(), low, high, strict=True):
            self._lp.chgBound(j, at_least, at_most)
        self._dual = True

    def solve(self, options: Options) -> Outcome:
        """Re-solve from the last basis."""
        began = perf_counter()
        refuse_nonsense("SCIP", options)
        if options.memory_mb is not None:
            require(self._backend, Capability.MEMORY)
        claim = settle(self._model)
        if claim is None:
            self._set_options(options)
            claim = self._run(options)
        return replace(
            judge(self._model, claim, options),
            seconds=perf_counter() - began,
            backend=self._backend.name,
            version=version(),
        )

    def _pass_columns(
        self, cost: FloatArray, lower: FloatArray, upper: FloatArray, matrix: Any
    ) -> None:
        refuse_huge(matrix)
        entries = _entries(matrix.tocsc())
        self._lp.addCols(entries, cost.tolist(), self._sides(lower), self._sides(upper))

    def _pass_rows(self, lower: FloatArray, upper: FloatArray, matrix: Any) -> None:
        refuse_huge(matrix)
        entries = _entries(matrix.tocsr())
        self._lp.addRows(entries, self._sides(lower), self._sides(upper))

    def _sides(self, figures: FloatArray) -> list[float]:
        """Return figures with the solver's own infinity."""
        largest = self._lp.infinity()
        sides: list[float] = np.clip(figures, -largest, largest).tolist()
        return sides

    def _set_options(self, options: Options) -> None:
        names, limit = package().PY_SCIP_LPPARAM, options.time_limit_s
        unlimited = self._lp.infinity()
        self._lp.setRealParam(names.LPTILIM, unlimited if limit is None else limit)
        self._lp.setIntParam(names.RANDOMSEED, options.seed)
        self._lp.setIntParam(names.LPINFO, int(options.log))

    def _run(self, options: Options) -> Claim:
        began = perf_counter()
        try:
            self._lp.solve(self._dual)
        except Exception as error:  # it raises bare exceptions
            raise BackendError(f"SCIP's simplex solver failed: {error}") from error
        if self._lp.isOptimal():
            return Claim(
                Status.OPTIMAL,
                StopReason.FINISHED,
                values=np.array(self._lp.getPrimal(), dtype=np.float64),
                row_duals=np.array(self._lp.getDual(), dtype=np.float64),
            )
        if self._lp.getDualRay() is not None:
            return Claim(Status.INFEASIBLE, StopReason.FINISHED)
        if self._lp.getPrimalRay() is not None:
            return Claim(Status.UNBOUNDED, StopReason.FINISHED)
        limit = options.time_limit_s
        if limit is not None and perf_counter() - began >= limit:
            return Claim(Status.NO_SOLUTION, StopReason.TIME_LIMIT)
        words = "SCIP's simplex solver gave up on the model's figures"
        return Claim(Status.ERROR, StopReason.NUMERIC, message=words)


def _new_solver() -> Any:
    solver, names = package().LP(), package().PY_SCIP_LPPARAM
    solver.setRealParam(names.FEASTOL, _TOLERANCE)
    solver.setRealParam(names.DUALFEASTOL, _TOLERANCE)
    # Time is the clock's, not the processor's.
    solver.setIntParam(names.TIMING, 2)
    return solver


def _entries(matrix: Any) -> list[list[tuple[int, float]]]:
    """Return (index, figure) of each column of a CSC, or row of a CSR, matrix."""
    matrix = matrix.copy()
    matrix.sum_duplicates()
    index, value = matrix.indices.tolist(), matrix.data.tolist()
    pairs, ends = list(zip(index, value, strict=True)), matrix.indptr.tolist()
    return [pairs[a:b] for a, b in pairwise(ends)]
