"""COPT.

Facts of the package that shape this file, as measured on coptpy 8.0: without a
licence it runs mixed-integer models of up to 2,000 variables and 2,000 rows, and
linear ones of up to 10,000 of each; a figure out of range is moved into it without
a word; it has no seed, for it is deterministic, and no cutoff; it calls back only
within branch and bound; 1e30 is infinite.
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
from solvers.copt_conflict import conflict_rows
from solvers.copt_handover import (
    add_columns,
    add_rows,
    new_solver,
    package,
    pass_model,
    pass_start,
    set_bounds,
    set_options,
)
from solvers.progress import Watch
from solvers.refusals import too_large
from solvers.registry import require
from solvers.trial import probe_by_solving

__all__ = ["Copt"]

FloatArray = npt.NDArray[np.float64]

SIZE_LIMIT = "2,000 variables and 2,000 rows (10,000 of each where linear)"
# COPT_RETCODE_LICENSE.
_TOO_LARGE = 4

# COPT's status → what the answer is worth without a point, and why it stopped.
_STATUS = {
    "OPTIMAL": (Status.OPTIMAL, StopReason.FINISHED),
    "INFEASIBLE": (Status.INFEASIBLE, StopReason.FINISHED),
    "UNBOUNDED": (Status.UNBOUNDED, StopReason.FINISHED),
    "INF_OR_UNB": (Status.NO_SOLUTION, StopReason.INFEASIBLE_OR_UNBOUNDED),
    "IMPRECISE": (Status.NO_SOLUTION, StopReason.NUMERIC),
    "NUMERICAL": (Status.NO_SOLUTION, StopReason.NUMERIC),
    "TIMEOUT": (Status.NO_SOLUTION, StopReason.TIME_LIMIT),
    "INTERRUPTED": (Status.NO_SOLUTION, StopReason.CANCELLED),
}

_WORDS = {
    StopReason.INFEASIBLE_OR_UNBOUNDED: (
        "COPT cannot tell whether the model is infeasible or unbounded; "
        "bound its variables"
    ),
    StopReason.NUMERIC: "COPT gave up on the model's figures",
}


class Copt:
    """COPT through `coptpy`, by matrices."""

    name = "copt"
    capabilities = (
        Capability.LP
        | Capability.MIP
        | Capability.DUALS
        | Capability.WARM_START
        | Capability.PROGRESS
        | Capability.CANCEL
        | Capability.SESSION
        | Capability.IIS
        | Capability.CONES
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
        began = perf_counter()
        self._refuse(options)
        claim = settle(model, takes_cones=True)
        if claim is not None:
            return _stamped(judge(model, claim, options), began)
        watch = None if on_progress is None else Watch(on_progress, began)
        with _loaded(model, options) as solver:
            if start is not None and not model.is_continuous:
                pass_start(solver, start)
            claim = _run(solver, model, watch)
        polish = partial(_point, threads=options.threads)
        return _stamped(judge(model, claim, options, polish), began)

    def session(self, model: MixedIntegerModel) -> Session:
        """Open a warm linear programme: the model without its integrality."""
        return _CoptSession(model)

    def conflict_rows(
        self, model: MixedIntegerModel, options: Options
    ) -> npt.NDArray[np.int64] | None:
        """Return rows that cannot all hold; ``None`` if it finds none."""
        return conflict_rows(model, options)

    def _refuse(self, options: Options) -> None:
        if options.memory_mb is not None:
            require(self, Capability.MEMORY)
        if options.cutoff is not None:
            require(self, Capability.CUTOFF)


class _CoptSession:
    """A linear programme kept in COPT with its last basis."""

    def __init__(self, model: MixedIntegerModel) -> None:
        self._model = model.relaxed()
        self._solver = new_solver(Options())
        pass_model(self._solver, self._model)

    def add_columns(
        self, cost: FloatArray, lower: FloatArray, upper: FloatArray, matrix: Any
    ) -> None:
        """Append columns; `matrix` is CSC over the present rows."""
        self._model = self._model.with_columns(cost, lower, upper, matrix)
        add_columns(self._solver, cost, lower, upper, matrix)

    def add_rows(self, lower: FloatArray, upper: FloatArray, matrix: Any) -> None:
        """Append rows; `matrix` is CSR over the present columns."""
        self._model = self._model.with_rows(lower, upper, matrix)
        add_rows(self._solver, lower, upper, matrix)

    def set_bounds(
        self, columns: npt.NDArray[np.int32], lower: FloatArray, upper: FloatArray
    ) -> None:
        """Replace the bounds of some columns."""
        self._model = self._model.with_bounds(columns, lower, upper)
        set_bounds(self._solver, columns, lower, upper)

    def solve(self, options: Options) -> Outcome:
        """Re-solve from the last basis."""
        began = perf_counter()
        claim = settle(self._model)
        if claim is None:
            set_options(self._solver, options)
            claim = _run(self._solver, self._model)
        return _stamped(judge(self._model, claim, options), began)


@contextmanager
def _loaded(model: MixedIntegerModel, options: Options) -> Iterator[Any]:
    """Give a solver that holds the model, and free it afterwards."""
    solver = new_solver(options)
    try:
        pass_model(solver, model)
        yield solver
    finally:
        solver.dispose()


def _run(solver: Any, model: MixedIntegerModel, watch: Watch | None = None) -> Claim:
    copt = package()
    if watch is not None and not model.is_continuous:
        contexts = copt.COPT.CBCONTEXT_INCUMBENT | copt.COPT.CBCONTEXT_MIPNODE
        listener = _listener(watch)
        solver.setCallback(listener, contexts | copt.COPT.CBCONTEXT_MIPRELAX)
    try:
        solver.solve()
        if solver.Status == copt.COPT.INF_OR_UNB:
            solver.setParam("Presolve", 0)
            solver.solve()
            solver.setParam("Presolve", -1)
    except copt.CoptError as error:
        if error.retcode != _TOO_LARGE:
            raise BackendError(f"COPT failed: {error}") from error
        return too_large("COPT", model, SIZE_LIMIT)
    finally:
        if watch is not None:
            watch.raise_kept()
    return _claim(solver, model)


def _listener(watch: Watch) -> Any:
    """Return what COPT calls, which tells the watch and interrupts."""
    copt = package()

    class Listener(package().CallbackBase):  # type: ignore[misc]
        def callback(self) -> None:
            objective = _figure(self.getInfo("BestObj"))
            bound = _figure(self.getInfo("BestBnd"))
            if self.where() == copt.COPT.CBCONTEXT_INCUMBENT:
                values = np.array(self.getIncumbent(), dtype=np.float64)
                watch.send(objective, bound, values)
            elif watch.due():
                watch.send(objective, bound)
            if watch.stopping:
                self.interrupt()

    return Listener()


def _claim(solver: Any, model: MixedIntegerModel) -> Claim:
    """Read what COPT says of its model."""
    names = {getattr(package().COPT, name): name for name in _STATUS}
    name = names.get(solver.Status, str(solver.Status))
    unknown = (Status.ERROR, StopReason.NUMERIC)
    status, stop = _STATUS.get(name, unknown)
    values = bound = duals = nodes = None
    found = solver.HasLpSol if model.is_continuous else solver.HasMipSol
    if found and status is not Status.UNBOUNDED:
        values = np.array(solver.getValues(), dtype=np.float64)
    if not model.is_continuous:
        bound, nodes = _figure(solver.BestBnd), int(solver.NodeCnt)
    elif status is Status.OPTIMAL and model.cones:
        # It tells no bound of its own, only that its point is the best.
        bound = _figure(solver.LpObjVal)
    elif status is Status.OPTIMAL:
        duals = np.array(solver.getDuals(), dtype=np.float64)
    message = _WORDS.get(stop, "")
    if stop is StopReason.NUMERIC:
        message = f"{message} (status {name})"
    return Claim(status, stop, values, bound, duals, nodes, message)


def _figure(value: float) -> float | None:
    return None if abs(value) >= package().COPT.INFINITY else value


def _point(model: MixedIntegerModel, threads: int) -> FloatArray | None:
    """Return the best point of a linear programme."""
    with _loaded(model, Options(threads=threads)) as solver:
        return _run(solver, model).values


def _stamped(outcome: Outcome, began: float) -> Outcome:
    copt = package().COPT
    parts = (copt.VERSION_MAJOR, copt.VERSION_MINOR, copt.VERSION_TECHNICAL)
    version = ".".join(str(part) for part in parts)
    seconds = perf_counter() - began
    return replace(outcome, seconds=seconds, backend=Copt.name, version=version)
