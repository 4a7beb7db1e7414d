"""Gurobi.

Facts of the package that shape this file, as measured on gurobipy 13.0: without a
licence it runs models of up to 2,000 variables and 2,000 rows and refuses larger
ones when they are solved; a row has one side, so a range is two rows; 1e100 stands
for an absent figure; "infeasible or unbounded" is settled by solving once more
without dual reductions.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.claim import Claim, judge, settle
from solvers.contract import (
    BackendError,
    Capability,
    MixedIntegerModel,
    Options,
    Outcome,
    Probe,
    Progress,
    Session,
    Status,
    StopReason,
)
from solvers.gurobi_callback import LazyRows, listener
from solvers.gurobi_handover import (
    Rows,
    add_columns,
    add_rows,
    figure,
    new_solver,
    package,
    pass_model,
    pass_start,
    set_options,
)
from solvers.lazy import Separate
from solvers.progress import Watch
from solvers.refusals import too_large
from solvers.trial import probe_by_solving

__all__ = ["Gurobi"]

FloatArray = npt.NDArray[np.float64]

SIZE_LIMIT = "2,000 variables and 2,000 rows"
# The package's error for a size refused.
_TOO_LARGE = 10010

# GRB.Status → what the answer is worth without a point, and why it stopped.
_STATUS = {
    "OPTIMAL": (Status.OPTIMAL, StopReason.FINISHED),
    "INFEASIBLE": (Status.INFEASIBLE, StopReason.FINISHED),
    "UNBOUNDED": (Status.UNBOUNDED, StopReason.FINISHED),
    "INF_OR_UNBD": (Status.NO_SOLUTION, StopReason.INFEASIBLE_OR_UNBOUNDED),
    "CUTOFF": (Status.NO_SOLUTION, StopReason.CUTOFF),
    "TIME_LIMIT": (Status.NO_SOLUTION, StopReason.TIME_LIMIT),
    "MEM_LIMIT": (Status.NO_SOLUTION, StopReason.MEMORY_LIMIT),
    "INTERRUPTED": (Status.NO_SOLUTION, StopReason.CANCELLED),
}

_WORDS = {
    StopReason.INFEASIBLE_OR_UNBOUNDED: (
        "Gurobi cannot tell whether the model is infeasible or unbounded; "
        "bound its variables"
    ),
    StopReason.NUMERIC: "Gurobi gave up on the model's figures",
}


class Gurobi:
    """Gurobi through `gurobipy`, by matrices."""

    name = "gurobi"
    capabilities = (
        Capability.LP
        | Capability.MIP
        | Capability.DUALS
        | Capability.WARM_START
        | Capability.PROGRESS
        | Capability.CANCEL
        | Capability.SESSION
        | Capability.CUTOFF
        | Capability.MEMORY
        | Capability.LAZY
        | Capability.CONES
        | Capability.IIS
    )

    def probe(self) -> Probe:
        """Say whether it runs here, by solving a two-variable MIP."""
        return probe_by_solving(
            self, licence="commercial; trial without one", size_limit=SIZE_LIMIT
        )

    def solve(
        self,
        model: MixedIntegerModel,
        options: Options,
        start: FloatArray | None = None,
        on_progress: Callable[[Progress], bool] | None = None,
    ) -> Outcome:
        """Solve; `on_progress` returning True asks it to stop."""
        return _solved(model, options, None, start, on_progress)

    def solve_lazily(
        self,
        model: MixedIntegerModel,
        options: Options,
        separate: Separate,
        start: FloatArray | None = None,
        on_progress: Callable[[Progress], bool] | None = None,
    ) -> Outcome:
        """Solve, asking for rows at every point that would be an incumbent."""
        lazy = LazyRows(model, separate)
        return _solved(model, options, lazy, start, on_progress)

    def conflict_rows(
        self, model: MixedIntegerModel, options: Options
    ) -> npt.NDArray[np.int64] | None:
        """Return rows that cannot all hold, by Gurobi's own finder."""
        with _loaded(model, options) as (solver, rows):
            try:
                solver.computeIIS()
                found = solver.getAttr("IISConstr", solver.getConstrs())
            except package().GurobiError:
                return None
        clash = rows.origin[np.array(found, dtype=bool)]
        return np.unique(clash) if len(clash) else None

    def session(self, model: MixedIntegerModel) -> Session:
        """Open a warm linear programme: the model without its integrality."""
        return _GurobiSession(model)


def _solved(
    model: MixedIntegerModel,
    options: Options,
    lazy: LazyRows | None,
    start: FloatArray | None,
    on_progress: Callable[[Progress], bool] | None,
) -> Outcome:
    began = perf_counter()
    claim = settle(model, takes_cones=True)
    if claim is not None:
        return _stamped(judge(model, claim, options), began)
    watch = None if on_progress is None else Watch(on_progress, began)
    with _loaded(model, options) as (solver, rows):
        if start is not None:
            pass_start(solver, start)
        claim = _run(solver, rows, model, watch, lazy)
    if lazy is not None:
        lazy.raise_failure()
        model = lazy.model
    polish = partial(_point, threads=options.threads)
    return _stamped(judge(model, claim, options, polish), began)


class _GurobiSession:
    """A linear programme kept in Gurobi with its last basis."""

    def __init__(self, model: MixedIntegerModel) -> None:
        self._model = model.relaxed()
        self._solver = new_solver(Options())
        self._rows = pass_model(self._solver, self._model)

    def add_columns(
        self, cost: FloatArray, lower: FloatArray, upper: FloatArray, matrix: Any
    ) -> None:
        """Append columns; `matrix` is CSC over the present rows."""
        self._model = self._model.with_columns(cost, lower, upper, matrix)
        add_columns(self._solver, self._rows, cost, lower, upper, matrix)

    def add_rows(self, lower: FloatArray, upper: FloatArray, matrix: Any) -> None:
        """Append rows; `matrix` is CSR over the present columns."""
        self._model = self._model.with_rows(lower, upper, matrix)
        self._rows = add_rows(self._solver, self._rows, lower, upper, matrix)

    def set_bounds(
        self, columns: npt.NDArray[np.int32], lower: FloatArray, upper: FloatArray
    ) -> None:
        """Replace the bounds of some columns."""
        self._model = self._model.with_bounds(columns, lower, upper)
        variables = self._solver.getVars()
        changed = [variables[j] for j in columns]
        self._solver.setAttr("LB", changed, lower.tolist())
        self._solver.setAttr("UB", changed, upper.tolist())

    def solve(self, options: Options) -> Outcome:
        """Re-solve from the last basis."""
        began = perf_counter()
        claim = settle(self._model)
        if claim is None:
            set_options(self._solver, options)
            claim = _run(self._solver, self._rows, self._model)
        return _stamped(judge(self._model, claim, options), began)


@contextmanager
def _loaded(model: MixedIntegerModel, options: Options) -> Iterator[tuple[Any, Rows]]:
    """Give a solver that holds the model, and free it afterwards."""
    solver = new_solver(options)
    try:
        yield solver, pass_model(solver, model)
    finally:
        solver.dispose()


def _run(
    solver: Any,
    rows: Rows,
    model: MixedIntegerModel,
    watch: Watch | None = None,
    lazy: LazyRows | None = None,
) -> Claim:
    callback = listener(watch, lazy)
    solver.Params.LazyConstraints = int(lazy is not None)
    try:
        solver.optimize(callback)
        if solver.Status == package().GRB.INF_OR_UNBD:
            solver.Params.DualReductions = 0
            solver.optimize(callback)
    except package().GurobiError as error:
        if error.errno != _TOO_LARGE:
            raise BackendError(f"Gurobi failed: {error}") from error
        return too_large("Gurobi", model, SIZE_LIMIT)
    finally:
        if watch is not None:
            watch.raise_kept()
    return _claim(solver, rows, model)


def _claim(solver: Any, rows: Rows, model: MixedIntegerModel) -> Claim:
    """Read what Gurobi says of its model."""
    codes = package().GRB.Status
    names = {getattr(codes, name): name for name in dir(codes) if name.isupper()}
    name = names[solver.Status]
    unknown = (Status.ERROR, StopReason.NUMERIC)
    status, stop = _STATUS.get(name, unknown)
    values = bound = duals = nodes = None
    if solver.SolCount and status is not Status.UNBOUNDED:
        values = np.array(solver.getAttr("X", solver.getVars()), dtype=np.float64)
    if solver.IsMIP:
        bound = figure(solver.ObjBound)
        nodes = int(solver.NodeCount)
    elif status is Status.OPTIMAL and model.cones:
        bound = figure(solver.ObjBound)
    elif status is Status.OPTIMAL:
        pi = np.array(solver.getAttr("Pi", solver.getConstrs()), dtype=np.float64)
        duals = rows.duals(pi)
    message = _WORDS.get(stop, "")
    if stop is StopReason.NUMERIC:
        message = f"{message} (status {name})"
    return Claim(status, stop, values, bound, duals, nodes, message)


def _point(model: MixedIntegerModel, threads: int) -> FloatArray | None:
    """Return the best point of a linear programme."""
    with _loaded(model, Options(threads=threads)) as (solver, rows):
        return _run(solver, rows, model).values


def _stamped(outcome: Outcome, began: float) -> Outcome:
    version = ".".join(str(part) for part in package().gurobi.version())
    seconds = perf_counter() - began
    return replace(outcome, seconds=seconds, backend=Gurobi.name, version=version)
