"""Xpress.

Facts of the package that shape this file, as measured on xpress 9.9: the community
licence admits 5,000 rows and columns together, 200 where there are cones, and
refuses larger models when they are solved; it warns of that licence when it starts;
a control takes any figure, with a meaning or without; a callback that returns
anything is warned of.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers import xpress_handover
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
from solvers.progress import Watch
from solvers.refusals import too_large
from solvers.registry import require
from solvers.session import WarmSession
from solvers.trial import probe_by_solving
from solvers.xpress_conflict import conflict_rows
from solvers.xpress_handover import new_solver, package, pass_model, pass_start

__all__ = ["Xpress"]

FloatArray = npt.NDArray[np.float64]

SIZE_LIMIT = "5,000 rows and columns together (200 with cones, which count as rows)"
# The number of Xpress's error for a model larger than its licence.
_TOO_LARGE = "?120 "

# Where the solve completed: its solution status → what the answer is worth.
_STATUS = {
    "OPTIMAL": (Status.OPTIMAL, StopReason.FINISHED),
    "FEASIBLE": (Status.NO_SOLUTION, StopReason.FINISHED),
    "INFEASIBLE": (Status.INFEASIBLE, StopReason.FINISHED),
    "UNBOUNDED": (Status.UNBOUNDED, StopReason.FINISHED),
}
# Where it was stopped: its stop status → why.
_STOPS = {
    "TIMELIMIT": (Status.NO_SOLUTION, StopReason.TIME_LIMIT),
    "MIPGAP": (Status.NO_SOLUTION, StopReason.GAP_REACHED),
    "MEMORYERROR": (Status.NO_SOLUTION, StopReason.MEMORY_LIMIT),
    "USER": (Status.NO_SOLUTION, StopReason.CANCELLED),
    "CTRLC": (Status.NO_SOLUTION, StopReason.CANCELLED),
}

_WORDS = {
    StopReason.NUMERIC: "Xpress gave up on the model's figures",
}


class Xpress:
    """Xpress through `xpress`, by matrices."""

    name = "xpress"
    capabilities = (
        Capability.LP
        | Capability.MIP
        | Capability.DUALS
        | Capability.WARM_START
        | Capability.PROGRESS
        | Capability.CANCEL
        | Capability.SESSION
        | Capability.IIS
        | Capability.CUTOFF
        | Capability.CONES
    )

    def probe(self) -> Probe:
        """Say whether it runs here, by solving a two-variable MIP."""
        return probe_by_solving(
            self, licence="commercial; community licence", size_limit=SIZE_LIMIT
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
        if options.memory_mb is not None:
            require(self, Capability.MEMORY)
        claim = settle(model, takes_cones=True)
        if claim is not None:
            return _stamped(judge(model, claim, options), began)
        watch = None if on_progress is None else Watch(on_progress, began)
        with new_solver(options) as solver:
            pass_model(solver, model)
            if start is not None and not model.is_continuous:
                pass_start(solver, start)
            claim = _run(solver, model, watch)
        polish = partial(_point, threads=options.threads)
        return _stamped(judge(model, claim, options, polish), began)

    def session(self, model: MixedIntegerModel) -> Session:
        """Open a warm linear programme: the model without its integrality."""
        return WarmSession(model, xpress_handover, _run, _stamped)

    def conflict_rows(
        self, model: MixedIntegerModel, options: Options
    ) -> npt.NDArray[np.int64] | None:
        """Return rows that cannot all hold; ``None`` if it finds none."""
        return conflict_rows(model, options)


def _run(solver: Any, model: MixedIntegerModel, watch: Watch | None = None) -> Claim:
    if watch is not None:
        _subscribe(solver, watch)
    try:
        solver.optimize()
    except package().SolverError as error:
        if _TOO_LARGE not in str(error):
            raise BackendError(f"Xpress failed: {error}") from error
        return too_large("Xpress", model, SIZE_LIMIT)
    finally:
        if watch is not None:
            watch.raise_kept()
    claim = _claim(solver, model)
    # Until then a stopped problem takes no change.
    solver.postSolve()
    return claim


def _subscribe(solver: Any, watch: Watch) -> None:
    """Let the watch hear every incumbent and a heartbeat, and interrupt."""

    def improved(node: Any, _: Any) -> None:
        seen = node.attributes
        values = np.array(node.getCallbackSolution(), dtype=np.float64)
        watch.send(seen.mipbestobjval, _figure(seen.bestbound), values)
        answer(node)

    def beat(node: Any, _: Any) -> None:
        if watch.due():
            seen = node.attributes
            watch.send(_figure(seen.mipbestobjval), _figure(seen.bestbound))
        answer(node)

    def answer(node: Any) -> None:
        if watch.stopping:
            node.interrupt()

    solver.addIntsolCallback(improved, None, 0)
    solver.addCheckTimeCallback(beat, None, 0)


def _claim(solver: Any, model: MixedIntegerModel) -> Claim:
    """Read what Xpress says of its model."""
    xpress, seen = package(), solver.attributes
    found = xpress.SolStatus(seen.solstatus).name
    stopped = xpress.StopType(seen.stopstatus).name
    unknown = _STOPS.get(stopped, (Status.ERROR, StopReason.NUMERIC))
    finished = seen.solvestatus == xpress.SolveStatus.COMPLETED
    status, stop = _STATUS.get(found, unknown) if finished else unknown
    values = bound = duals = nodes = None
    if found in ("OPTIMAL", "FEASIBLE"):
        values = np.array(solver.getSolution(), dtype=np.float64)
    if not model.is_continuous:
        bound, nodes = _figure(seen.bestbound), int(seen.nodes)
    elif status is Status.OPTIMAL and model.cones:
        # The barrier tells only that its point is the best.
        bound = float(seen.objval)
    elif status is Status.OPTIMAL:
        duals = np.zeros(0) if not model.num_rows else np.array(solver.getDuals())
    message = _WORDS.get(stop, "")
    if stop is StopReason.NUMERIC:
        message = f"{message} (status {found}, {stopped})"
    return Claim(status, stop, values, bound, duals, nodes, message)


def _figure(value: float) -> float | None:
    return None if abs(value) >= package().infinity else value


def _point(model: MixedIntegerModel, threads: int) -> FloatArray | None:
    """Return the best point of a linear programme."""
    with new_solver(Options(threads=threads)) as solver:
        pass_model(solver, model)
        return _run(solver, model).values


def _stamped(outcome: Outcome, began: float) -> Outcome:
    version = package().__version__
    seconds = perf_counter() - began
    return replace(outcome, seconds=seconds, backend=Xpress.name, version=version)
