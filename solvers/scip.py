"""SCIP: MIPs with proofs of its own; one thread.

Facts of the package that shape this file, as measured on pyscipopt 6.3 with
SCIP 10: a solve holds Python's lock unless told not to, and an exception in an
event handler breaks it; so it runs in a thread of its own, its events queue, and
the caller's thread tells and asks. Duals exist only without presolve.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.background import Tidings, solve_in_background
from solvers.claim import Claim, dual_bound, judge, settle
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
from solvers.lazy import Separate
from solvers.progress import HEARTBEAT_S, Watch
from solvers.registry import require
from solvers.scip_conflict import conflict_rows
from solvers.scip_handover import (
    INFINITY,
    Handed,
    hand_over,
    package,
    pass_start,
    version,
)
from solvers.scip_lazy import LazyRows
from solvers.scip_session import ScipSession
from solvers.trial import probe_by_solving

__all__ = ["Scip"]

FloatArray = npt.NDArray[np.float64]

# SCIP's status → what the answer is worth without a point, and why it stopped.
_STATUS = {
    "optimal": (Status.OPTIMAL, StopReason.FINISHED),
    "gaplimit": (Status.NO_SOLUTION, StopReason.GAP_REACHED),
    "infeasible": (Status.INFEASIBLE, StopReason.FINISHED),
    "unbounded": (Status.UNBOUNDED, StopReason.FINISHED),
    "inforunbd": (Status.NO_SOLUTION, StopReason.INFEASIBLE_OR_UNBOUNDED),
    "timelimit": (Status.NO_SOLUTION, StopReason.TIME_LIMIT),
    "memlimit": (Status.NO_SOLUTION, StopReason.MEMORY_LIMIT),
    "userinterrupt": (Status.NO_SOLUTION, StopReason.CANCELLED),
}

_WORDS = {
    StopReason.INFEASIBLE_OR_UNBOUNDED: (
        "SCIP cannot tell whether the model is infeasible or unbounded; "
        "bound its variables"
    ),
    StopReason.NUMERIC: "SCIP gave up on the model's figures",
}


class Scip:
    """SCIP through `pyscipopt`."""

    name = "scip"
    capabilities = (
        Capability.LP
        | Capability.MIP
        | Capability.DUALS
        | Capability.WARM_START
        | Capability.PROGRESS
        | Capability.CANCEL
        | Capability.SESSION
        | Capability.CUTOFF
        | Capability.LAZY
        | Capability.CONES
        | Capability.IIS
    )

    def probe(self) -> Probe:
        """Say whether it runs here, by solving a two-variable MIP."""
        return probe_by_solving(self, licence="Apache-2.0")

    def solve(
        self,
        model: MixedIntegerModel,
        options: Options,
        start: FloatArray | None = None,
        on_progress: Callable[[Progress], bool] | None = None,
    ) -> Outcome:
        """Solve; `on_progress` returning True asks it to stop."""
        return _solved(self, model, options, None, start, on_progress)

    def solve_lazily(
        self,
        model: MixedIntegerModel,
        options: Options,
        separate: Separate,
        start: FloatArray | None = None,
        on_progress: Callable[[Progress], bool] | None = None,
    ) -> Outcome:
        """Solve, asking for rows at every point that would be an incumbent."""
        return _solved(self, model, options, separate, start, on_progress)

    def session(self, model: MixedIntegerModel) -> Session:
        """Open a warm linear programme: the model without its integrality."""
        return ScipSession(self, model)

    def conflict_rows(
        self, model: MixedIntegerModel, options: Options
    ) -> npt.NDArray[np.int64] | None:
        """Return rows that cannot all hold; ``None`` if it finds none."""
        return conflict_rows(model, options)


def _solved(
    backend: Scip,
    model: MixedIntegerModel,
    options: Options,
    separate: Separate | None,
    start: FloatArray | None,
    on_progress: Callable[[Progress], bool] | None,
) -> Outcome:
    began = perf_counter()
    if options.memory_mb is not None:
        require(backend, Capability.MEMORY)
    claim = settle(model, takes_cones=True)
    if claim is not None:
        return _stamped(judge(model, claim, options), began)
    handed = hand_over(model, options)
    lazy = None if separate is None else LazyRows(handed, model, separate)
    if start is not None:
        pass_start(handed, start)
    watch = None if on_progress is None else Watch(on_progress, began)
    _run(handed, watch)
    claim = _claim(handed, model)
    if lazy is not None:
        lazy.raise_failure()
        # The rows stated on the way have duals too, which nobody kept.
        model, claim = lazy.model, replace(claim, row_duals=None)
    outcome = judge(model, claim, options, partial(_point, options=options))
    return _stamped(outcome, began)


def _run(handed: Handed, watch: Watch | None) -> None:
    tidings = Tidings()
    if watch is not None:
        _subscribe(handed, tidings)
    solver = handed.solver
    stop = partial(_interrupt, solver)
    solve_in_background(solver.optimizeNogil, stop, watch, tidings)


def _interrupt(solver: Any) -> None:
    """Ask SCIP to stop; between two stages it refuses, and will be asked again."""
    stages = package().PY_SCIP_STAGE
    if solver.getStage() not in (stages.INITSOLVE, stages.EXITSOLVE):
        with suppress(Exception):
            solver.interruptSolve()


def _subscribe(handed: Handed, tidings: Tidings) -> None:
    """Queue every incumbent, and the bound now and then."""
    scip = package()
    found = scip.PY_SCIP_EVENTTYPE.BESTSOLFOUND
    last = -HEARTBEAT_S

    def queue_best(solver: Any) -> None:
        best = solver.getBestSol()
        values = _values(handed, best)
        tidings.put((solver.getSolObjVal(best), _bound(solver), values))

    class Listener(scip.Eventhdlr):  # type: ignore[misc, name-defined]
        def eventinit(self) -> None:
            for kind in (found, scip.PY_SCIP_EVENTTYPE.LPEVENT):
                self.model.catchEvent(kind, self)
            # The start was taken in before anyone could listen.
            if self.model.getNSols() > 0:
                queue_best(self.model)

        def eventexec(self, event: Any) -> None:
            nonlocal last
            now = perf_counter()
            if event.getType() == found:
                queue_best(self.model)
            elif now - last >= HEARTBEAT_S:
                last = now
                tidings.put((None, _bound(self.model), None))

    handed.solver.includeEventhdlr(Listener(), "listener", "queues what SCIP finds")


def _values(handed: Handed, point: Any) -> FloatArray:
    solver = handed.solver
    values = [solver.getSolVal(point, variable) for variable in handed.variables]
    return np.array(values, dtype=np.float64)


def _bound(solver: Any) -> float | None:
    bound: float = solver.getDualbound()
    return bound if abs(bound) < INFINITY else None


def _claim(handed: Handed, model: MixedIntegerModel) -> Claim:
    """Read what SCIP says of its model."""
    solver = handed.solver
    name = solver.getStatus()
    status, stop = _STATUS.get(name, (Status.ERROR, StopReason.NUMERIC))
    bound = _bound(solver)
    values = duals = None
    # A start that costs more than the cutoff stays in store, and is no answer.
    none = (Status.UNBOUNDED, Status.INFEASIBLE)
    if status not in none and solver.getNSols() > 0:
        values = _values(handed, solver.getBestSol())
    if model.is_linear and status is Status.OPTIMAL and bound is not None:
        duals = _duals(handed, model, bound)
    message = _WORDS.get(stop, "")
    if stop is StopReason.NUMERIC:
        message = f"{message} (status {name})"
    nodes = int(solver.getNTotalNodes())
    return Claim(status, stop, values, bound, duals, nodes, message)


def _duals(handed: Handed, model: MixedIntegerModel, bound: float) -> FloatArray | None:
    """Return the rows' duals where they prove the bound that SCIP claims."""
    duals = np.zeros(model.num_rows)
    for i, row in handed.rows().items():
        duals[i] = handed.solver.getDualsolLinear(row)
    proven = dual_bound(model, duals)
    slack = 1e-6 * max(1.0, abs(bound))
    return duals if proven is not None and proven >= bound - slack else None


def _point(model: MixedIntegerModel, options: Options) -> FloatArray | None:
    """Return the best point of a linear programme."""
    handed = hand_over(model, replace(options, cutoff=None, log=False))
    _run(handed, None)
    return _claim(handed, model).values


def _stamped(outcome: Outcome, began: float) -> Outcome:
    seconds = perf_counter() - began
    return replace(outcome, seconds=seconds, backend=Scip.name, version=version())
