"""HiGHS: the default backend.

Facts of the package that shape this file, as measured on highspy 1.15: a refused
option is a status, not an exception; the thread count belongs to the process; a
cutoff may let a costlier point through; the lazy-constraint callback exists and
never fires; models without columns or with crossed bounds are answered "empty".
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.claim import Claim, judge, settle
from solvers.contract import (
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
from solvers.highs_conflict import conflict_rows
from solvers.highs_handover import (
    accepted,
    compressed,
    new_solver,
    package,
    pass_model,
    pass_start,
    set_options,
)
from solvers.highs_threads import scheduler_of
from solvers.progress import Watch
from solvers.registry import require
from solvers.trial import probe_by_solving

__all__ = ["Highs"]

FloatArray = npt.NDArray[np.float64]

# HighsModelStatus → what the answer is worth without a point, and why it stopped.
_STATUS = {
    "kOptimal": (Status.OPTIMAL, StopReason.FINISHED),
    "kInfeasible": (Status.INFEASIBLE, StopReason.FINISHED),
    "kUnbounded": (Status.UNBOUNDED, StopReason.FINISHED),
    "kUnboundedOrInfeasible": (
        Status.NO_SOLUTION,
        StopReason.INFEASIBLE_OR_UNBOUNDED,
    ),
    "kObjectiveBound": (Status.NO_SOLUTION, StopReason.CUTOFF),
    "kObjectiveTarget": (Status.NO_SOLUTION, StopReason.CUTOFF),
    "kTimeLimit": (Status.NO_SOLUTION, StopReason.TIME_LIMIT),
    "kMemoryLimit": (Status.NO_SOLUTION, StopReason.MEMORY_LIMIT),
    "kInterrupt": (Status.NO_SOLUTION, StopReason.CANCELLED),
}

_WORDS = {
    StopReason.INFEASIBLE_OR_UNBOUNDED: (
        "HiGHS cannot tell whether the model is infeasible or unbounded; "
        "bound its variables"
    ),
    StopReason.NUMERIC: "HiGHS gave up on the model's figures",
}


class Highs:
    """HiGHS through `highspy`, by matrices."""

    name = "highs"
    capabilities = (
        Capability.LP
        | Capability.MIP
        | Capability.DUALS
        | Capability.WARM_START
        | Capability.PROGRESS
        | Capability.CANCEL
        | Capability.SESSION
        | Capability.CUTOFF
        | Capability.IIS
    )

    def probe(self) -> Probe:
        """Say whether it runs here, by solving a two-variable MIP."""
        return probe_by_solving(self, licence="MIT")

    def solve(
        self,
        model: MixedIntegerModel,
        options: Options,
        start: FloatArray | None = None,
        on_progress: Callable[[Progress], bool] | None = None,
    ) -> Outcome:
        """Solve; `on_progress` returning True asks it to stop."""
        began = perf_counter()
        if options.memory_mb is not None:
            require(self, Capability.MEMORY)
        claim = settle(model)
        if claim is not None:
            return _stamped(judge(model, claim, options), began)
        solver = new_solver(options)
        pass_model(solver, model)
        if start is not None:
            pass_start(solver, start)
        watch = None if on_progress is None else Watch(on_progress, began)
        _run(solver, options, watch)
        polish = partial(_point, threads=options.threads)
        outcome = judge(model, _claim(solver, model), options, polish)
        return _stamped(outcome, began)

    def session(self, model: MixedIntegerModel) -> Session:
        """Open a warm linear programme: the model without its integrality."""
        return _HighsSession(model)

    def conflict_rows(
        self, model: MixedIntegerModel, options: Options
    ) -> npt.NDArray[np.int64] | None:
        """Return rows that cannot all hold, perhaps too many; ``None`` if unknown."""
        return conflict_rows(model, options)


class _HighsSession:
    """A linear programme kept in HiGHS with its last basis."""

    def __init__(self, model: MixedIntegerModel) -> None:
        self._model = model.relaxed()
        self._solver = new_solver(Options())
        pass_model(self._solver, self._model)

    def add_columns(
        self, cost: FloatArray, lower: FloatArray, upper: FloatArray, matrix: Any
    ) -> None:
        """Append columns; `matrix` is CSC over the present rows."""
        self._model = self._model.with_columns(cost, lower, upper, matrix)
        accepted(
            self._solver.addCols(
                len(cost), cost, lower, upper, matrix.nnz, *compressed(matrix)
            ),
            "the new columns",
        )

    def add_rows(self, lower: FloatArray, upper: FloatArray, matrix: Any) -> None:
        """Append rows; `matrix` is CSR over the present columns."""
        self._model = self._model.with_rows(lower, upper, matrix)
        accepted(
            self._solver.addRows(
                len(lower), lower, upper, matrix.nnz, *compressed(matrix)
            ),
            "the new rows",
        )

    def set_bounds(
        self, columns: npt.NDArray[np.int32], lower: FloatArray, upper: FloatArray
    ) -> None:
        """Replace the bounds of some columns."""
        self._model = self._model.with_bounds(columns, lower, upper)
        accepted(
            self._solver.changeColsBounds(len(columns), columns, lower, upper),
            "the new bounds",
        )

    def solve(self, options: Options) -> Outcome:
        """Re-solve from the last basis."""
        began = perf_counter()
        claim = settle(self._model)
        if claim is None:
            set_options(self._solver, self._timed(options))
            _run(self._solver, options)
            claim = _claim(self._solver, self._model)
        return _stamped(judge(self._model, claim, options), began)

    def _timed(self, options: Options) -> Options:
        """Return the options with the limit as HiGHS counts: over all its solves."""
        if options.time_limit_s is None:
            return options
        spent = self._solver.getRunTime()
        return replace(options, time_limit_s=spent + options.time_limit_s)


def _run(solver: Any, options: Options, watch: Watch | None = None) -> None:
    if watch is not None:
        _subscribe(solver, watch)
    with scheduler_of(options.threads):
        solver.run()
    if watch is not None:
        watch.raise_kept()


def _subscribe(solver: Any, watch: Watch) -> None:
    """Let the watch hear every incumbent and a heartbeat, and interrupt."""

    def improved(event: Any) -> None:
        data = event.data_out
        values = np.array(data.mip_solution, dtype=np.float64)
        watch.send(data.objective_function_value, data.mip_dual_bound, values)
        answer(event)

    def beat(event: Any) -> None:
        if watch.due():
            watch.send(event.data_out.mip_primal_bound, event.data_out.mip_dual_bound)
        answer(event)

    def beat_in_lp(event: Any) -> None:
        if watch.due():
            watch.send()
        answer(event)

    def answer(event: Any) -> None:
        if watch.stopping:
            event.interrupt()

    solver.cbMipImprovingSolution.subscribe(improved)
    solver.cbMipInterrupt.subscribe(beat)
    solver.cbSimplexInterrupt.subscribe(beat_in_lp)
    solver.cbIpmInterrupt.subscribe(beat_in_lp)


def _claim(solver: Any, model: MixedIntegerModel) -> Claim:
    """Read what HiGHS says of its model."""
    info, solution = solver.getInfo(), solver.getSolution()
    name = solver.getModelStatus().name
    unknown = (Status.ERROR, StopReason.NUMERIC)
    status, stop = _STATUS.get(name, unknown)
    feasible = info.primal_solution_status == package().kSolutionStatusFeasible
    has_point = feasible and solution.value_valid
    values = bound = duals = None
    if has_point and status is not Status.UNBOUNDED:
        values = np.array(solution.col_value, dtype=np.float64)
    if not model.is_linear:
        bound = info.mip_dual_bound
    elif status is Status.OPTIMAL and solution.dual_valid:
        duals = np.array(solution.row_dual, dtype=np.float64)
    message = _WORDS.get(stop, "")
    if stop is StopReason.NUMERIC:
        message = f"{message} (status {name})"
    nodes = info.mip_node_count
    return Claim(status, stop, values, bound, duals, max(nodes, 0), message)


def _point(model: MixedIntegerModel, threads: int) -> FloatArray | None:
    """Return the best point of a linear programme."""
    options = Options(threads=threads)
    solver = new_solver(options)
    pass_model(solver, model)
    _run(solver, options)
    return _claim(solver, model).values


def _stamped(outcome: Outcome, began: float) -> Outcome:
    version = package().Highs().version()
    seconds = perf_counter() - began
    return replace(outcome, seconds=seconds, backend=Highs.name, version=version)
