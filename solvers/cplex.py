"""CPLEX.

Facts of the package that shape this file, as measured on cplex 22.2: the community
edition runs models of up to 1,000 variables and 1,000 rows and refuses larger ones
when they are solved; 1e20 and beyond is infinite; "infeasible or unbounded" is
settled by solving once more without presolve; its callbacks for mixed-integer
models are never called in a linear one, which has its own.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers import cplex_handover
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
from solvers.cplex_conflict import conflict_rows
from solvers.cplex_handover import new_solver, package, pass_model, pass_start
from solvers.progress import Watch
from solvers.refusals import too_large
from solvers.registry import require
from solvers.session import WarmSession
from solvers.trial import probe_by_solving

__all__ = ["Cplex"]

FloatArray = npt.NDArray[np.float64]

SIZE_LIMIT = "1,000 variables and 1,000 rows"
# CPXERR_RESTRICTED_VERSION, CPXERR_NO_INT_X.
_TOO_LARGE, _NO_POINT = 1016, 3023

_OPTIMAL = (Status.OPTIMAL, StopReason.FINISHED)
_INFEASIBLE = (Status.INFEASIBLE, StopReason.FINISHED)
_UNBOUNDED = (Status.UNBOUNDED, StopReason.FINISHED)
_UNSURE = (Status.NO_SOLUTION, StopReason.INFEASIBLE_OR_UNBOUNDED)
_TIME = (Status.NO_SOLUTION, StopReason.TIME_LIMIT)
_MEMORY = (Status.NO_SOLUTION, StopReason.MEMORY_LIMIT)
_CANCELLED = (Status.NO_SOLUTION, StopReason.CANCELLED)

# solution.status → what the answer is worth without a point, and why it stopped.
_STATUS = {
    "optimal": _OPTIMAL,
    "infeasible": _INFEASIBLE,
    "unbounded": _UNBOUNDED,
    "infeasible_or_unbounded": _UNSURE,
    "abort_time_limit": _TIME,
    "abort_user": _CANCELLED,
    "MIP_optimal": _OPTIMAL,
    "optimal_tolerance": _OPTIMAL,
    "MIP_infeasible": _INFEASIBLE,
    "MIP_unbounded": _UNBOUNDED,
    "MIP_infeasible_or_unbounded": _UNSURE,
    "MIP_time_limit_feasible": _TIME,
    "MIP_time_limit_infeasible": _TIME,
    "MIP_abort_feasible": _CANCELLED,
    "MIP_abort_infeasible": _CANCELLED,
    "mem_limit_feasible": _MEMORY,
    "mem_limit_infeasible": _MEMORY,
}

_WORDS = {
    StopReason.INFEASIBLE_OR_UNBOUNDED: (
        "CPLEX cannot tell whether the model is infeasible or unbounded; "
        "bound its variables"
    ),
    StopReason.NUMERIC: "CPLEX gave up on the model's figures",
}


class Cplex:
    """CPLEX through `cplex`, by sparse columns."""

    name = "cplex"
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
            self, licence="commercial; community edition", size_limit=SIZE_LIMIT
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
        with _loaded(model, options) as solver:
            if start is not None and not model.is_continuous:
                pass_start(solver, start)
            claim = _run(solver, model, watch)
        polish = partial(_point, threads=options.threads)
        return _stamped(judge(model, claim, options, polish), began)

    def session(self, model: MixedIntegerModel) -> Session:
        """Open a warm linear programme: the model without its integrality."""
        return WarmSession(model, cplex_handover, _run, _stamped)

    def conflict_rows(
        self, model: MixedIntegerModel, options: Options
    ) -> npt.NDArray[np.int64] | None:
        """Return rows that cannot all hold; ``None`` if it finds none."""
        return conflict_rows(model, options)


@contextmanager
def _loaded(model: MixedIntegerModel, options: Options) -> Iterator[Any]:
    """Give a solver that holds the model, and free it afterwards."""
    solver = new_solver(options)
    try:
        pass_model(solver, model)
        yield solver
    finally:
        solver.end()


def _run(solver: Any, model: MixedIntegerModel, watch: Watch | None = None) -> Claim:
    if watch is not None:
        _subscribe(solver, model, watch)
    try:
        solver.solve()
        if _status(solver)[0] == _UNSURE:
            solver.parameters.preprocessing.presolve.set(0)
            solver.solve()
            solver.parameters.preprocessing.presolve.set(1)
    except package().exceptions.CplexSolverError as error:
        if error.args[2] != _TOO_LARGE:
            raise BackendError(f"CPLEX failed: {error}") from error
        return too_large("CPLEX", model, SIZE_LIMIT)
    finally:
        if watch is not None:
            watch.raise_kept()
    return _claim(solver, model)


def _subscribe(solver: Any, model: MixedIntegerModel, watch: Watch) -> None:
    """Let the watch hear every incumbent and a heartbeat, and interrupt."""
    callbacks = package().callbacks
    if model.is_continuous:
        for kind in (callbacks.SimplexCallback, callbacks.BarrierCallback):
            solver.register_callback(_beat_in_lp(kind, watch))
        return
    contexts = callbacks.Context.id
    mask = contexts.global_progress | contexts.local_progress | contexts.candidate
    solver.set_callback(_Listener(watch), mask)


def _beat_in_lp(kind: Any, watch: Watch) -> Any:
    """Return a callback class of a linear solve, as CPLEX wants one."""

    def beat(self: Any) -> None:
        if watch.due():
            watch.send()
        if watch.stopping:
            self.abort()

    return type("Beat", (kind,), {"__call__": beat})


class _Listener:
    """What CPLEX calls while it solves a mixed-integer model."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._best = np.inf

    def invoke(self, context: Any) -> None:
        """Hear of one moment of the solve."""
        best = context.get_double_info(context.info.best_solution)
        bound = context.get_double_info(context.info.best_bound)
        bound = None if abs(bound) >= package().infinity else bound
        is_better = best < min(self._best, package().infinity)
        point = None if context.in_candidate() or not is_better else _held(context)
        if point is not None:
            self._best, values = point
            self._watch.send(self._best, bound, values)
        elif self._watch.due():
            self._watch.send(None if np.isinf(self._best) else self._best, bound)
        if self._watch.stopping:
            context.abort()


def _held(context: Any) -> tuple[float, FloatArray] | None:
    """Return the incumbent's cost and values; ``None`` while CPLEX has only its cost.

    So it may be where cones are cut off in the tree.
    """
    try:
        values = np.array(context.get_incumbent(), dtype=np.float64)
        return float(context.get_incumbent_objective()), values
    except package().exceptions.CplexSolverError as error:
        if error.args[2] != _NO_POINT:
            raise
        return None


def _status(solver: Any) -> tuple[tuple[Status, StopReason], str]:
    """Return what the status means, and its name."""
    name = solver.solution.status[solver.solution.get_status()]
    return _STATUS.get(name, (Status.ERROR, StopReason.NUMERIC)), name


def _claim(solver: Any, model: MixedIntegerModel) -> Claim:
    """Read what CPLEX says of its model."""
    (status, stop), name = _status(solver)
    solution = solver.solution
    values = bound = duals = nodes = None
    if solution.is_primal_feasible() and status is not Status.UNBOUNDED:
        values = np.array(solution.get_values(), dtype=np.float64)
    if not model.is_continuous:
        nodes = solution.progress.get_num_nodes_processed()
        bound = solution.MIP.get_best_objective()
        bound = None if abs(bound) >= package().infinity else bound
    elif status is Status.OPTIMAL and model.cones:
        # The barrier tells only that its point is the best.
        bound = solution.get_objective_value()
    elif status is Status.OPTIMAL:
        duals = np.array(solution.get_dual_values(), dtype=np.float64)
    message = _WORDS.get(stop, "")
    if stop is StopReason.NUMERIC:
        message = f"{message} (status {name})"
    return Claim(status, stop, values, bound, duals, nodes, message)


def _point(model: MixedIntegerModel, threads: int) -> FloatArray | None:
    """Return the best point of a linear programme."""
    with _loaded(model, Options(threads=threads)) as solver:
        return _run(solver, model).values


def _stamped(outcome: Outcome, began: float) -> Outcome:
    version = package().__version__
    seconds = perf_counter() - began
    return replace(outcome, seconds=seconds, backend=Cplex.name, version=version)
