"""What Gurobi calls while it solves: it tells the watch, and asks for rows."""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.contract import MixedIntegerModel
from solvers.gurobi_handover import figure, package
from solvers.lazy import Rows, Separate
from solvers.progress import Watch

__all__ = ["LazyRows", "listener"]

FloatArray = npt.NDArray[np.float64]


class LazyRows:
    """Rows stated when a point breaks them.

    `model` grows by the rows stated. What `separate` raises is kept in `failure`
    and the solve stopped, for it must not unwind through Gurobi.
    """

    def __init__(self, model: MixedIntegerModel, separate: Separate) -> None:
        self.model = model
        self.failure: BaseException | None = None
        self._separate = separate

    def broken_by(self, solver: Any, point: FloatArray) -> bool:
        """Whether a point breaks rows, which are then stated."""
        values = np.where(self.model.integral, np.round(point), point)
        try:
            rows = self._separate(values)
        except BaseException as error:
            self.failure = error
            solver.terminate()
            return True
        if rows is not None:
            self.model = self.model.with_rows(rows.lower, rows.upper, rows.matrix)
            _state(solver, rows)
        return rows is not None

    def raise_failure(self) -> None:
        """Raise what `separate` raised, if it did."""
        if self.failure is not None:
            raise self.failure


def _state(solver: Any, rows: Rows) -> None:
    """State rows from within the callback, side by side."""
    expression, sense = package().LinExpr, package().GRB
    variables, matrix = solver.getVars(), rows.matrix.tocsr()
    for i in range(len(rows.lower)):
        part = slice(matrix.indptr[i], matrix.indptr[i + 1])
        at = [variables[j] for j in matrix.indices[part]]
        row = expression(matrix.data[part].tolist(), at)
        if np.isfinite(rows.lower[i]):
            solver.cbLazy(row, sense.GREATER_EQUAL, float(rows.lower[i]))
        if np.isfinite(rows.upper[i]):
            solver.cbLazy(row, sense.LESS_EQUAL, float(rows.upper[i]))


def listener(
    watch: Watch | None, lazy: LazyRows | None = None
) -> Callable[[Any, int], None]:
    """Return the callback: every point is checked, then told; now and then a bound."""
    codes = package().GRB.Callback

    def hear(solver: Any, where: int) -> None:
        if where == codes.MESSAGE:
            # Called whether or not a log is wanted.
            if solver.Params.OutputFlag:
                sys.stderr.write(solver.cbGet(codes.MSG_STRING))
        elif where == codes.MIPSOL:
            _hear_point(solver, watch, lazy)
        elif watch is not None and watch.due():
            _beat(solver, where, watch)
        if watch is not None and watch.stopping:
            solver.terminate()

    return hear


def _hear_point(solver: Any, watch: Watch | None, lazy: LazyRows | None) -> None:
    codes = package().GRB.Callback
    values = np.array(solver.cbGetSolution(solver.getVars()), dtype=np.float64)
    broken = lazy is not None and lazy.broken_by(solver, values)
    if watch is not None and not broken:
        bound = figure(solver.cbGet(codes.MIPSOL_OBJBND))
        watch.send(solver.cbGet(codes.MIPSOL_OBJ), bound, values)


def _beat(solver: Any, where: int, watch: Watch) -> None:
    codes = package().GRB.Callback
    if where == codes.MIP:
        best = figure(solver.cbGet(codes.MIP_OBJBST))
        watch.send(best, figure(solver.cbGet(codes.MIP_OBJBND)))
    else:
        watch.send()
