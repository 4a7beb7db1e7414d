"""CP-SAT: strong on models of zeros, ones and small whole numbers.

Facts of the package that shape this file, as measured on ortools 9.15: it cannot
be loaded beside highspy 1.15, so the registry runs this backend in a child
process; it knows integers alone (``cpsat_scaling.py`` says at what price); a
negative gap is taken without a word.
"""

from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.background import Tidings, solve_in_background
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
from solvers.cpsat_handover import (
    bounded,
    new_solver,
    package,
    pass_cutoff,
    pass_model,
    pass_start,
)
from solvers.cpsat_scaling import IntegerModel, integer_model
from solvers.progress import Watch
from solvers.registry import require
from solvers.trial import probe_by_solving

__all__ = ["CpSat"]

FloatArray = npt.NDArray[np.float64]

# CP-SAT's status → what the answer is worth without a point, and why it stopped.
_STATUS = {
    "OPTIMAL": (Status.OPTIMAL, StopReason.FINISHED),
    "FEASIBLE": (Status.NO_SOLUTION, StopReason.TIME_LIMIT),
    "UNKNOWN": (Status.NO_SOLUTION, StopReason.TIME_LIMIT),
    "INFEASIBLE": (Status.INFEASIBLE, StopReason.FINISHED),
}


class CpSat:
    """CP-SAT through `ortools`; not beside highspy in one process."""

    name = "cpsat"
    capabilities = (
        Capability.LP
        | Capability.MIP
        | Capability.WARM_START
        | Capability.PROGRESS
        | Capability.CANCEL
        | Capability.CUTOFF
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
        began = perf_counter()
        if options.memory_mb is not None:
            require(self, Capability.MEMORY)
        claim = settle(model)
        if claim is not None:
            return _stamped(judge(model, claim, options), began)
        lower, upper = bounded(model)
        if (lower > upper).any():
            words = "the rows leave a variable no value"
            claim = Claim(Status.INFEASIBLE, StopReason.FINISHED, message=words)
            return _stamped(judge(model, claim, options), began)
        scaled = integer_model(model, lower, upper)
        handed = pass_model(scaled)
        if options.cutoff is not None:
            pass_cutoff(handed, scaled, options.cutoff)
        if start is not None:
            pass_start(handed, scaled, start)
        watch = None if on_progress is None else Watch(on_progress, began)
        claim = _run(handed, scaled, options, watch)
        outcome = judge(model, claim, options, _point)
        return _stamped(outcome, began)

    def session(self, model: MixedIntegerModel) -> Session:
        """Refuse: CP-SAT keeps no linear programme."""
        require(self, Capability.SESSION)
        raise AssertionError("unreachable")


def _run(
    handed: Any, scaled: IntegerModel, options: Options, watch: Watch | None
) -> Claim:
    """Solve and read what CP-SAT says."""
    solver, tidings = new_solver(options), Tidings()
    answer: list[str] = []
    listener = None if watch is None else _listener(solver, scaled, tidings)

    def optimise() -> None:
        answer.append(solver.solve(handed, listener).name)

    solve_in_background(optimise, solver.stop_search, watch, tidings)
    return _claim(solver, scaled, answer[0], watch)


def _listener(solver: Any, scaled: IntegerModel, tidings: Tidings) -> Any:
    """Queue every incumbent and every better bound."""
    kind = package().CpSolverSolutionCallback

    class Listener(kind):  # type: ignore[misc, valid-type]
        def on_solution_callback(self) -> None:
            grid = np.array(self.response_proto.solution, dtype=np.float64)
            bound = _bound(scaled, self.best_objective_bound)
            tidings.put((self.objective_value, bound, scaled.values(grid)))

    def bounded_by(claimed: float) -> None:
        tidings.put((None, _bound(scaled, claimed), None))

    solver.best_bound_callback = bounded_by
    return Listener()


def _claim(solver: Any, scaled: IntegerModel, name: str, watch: Watch | None) -> Claim:
    """Read what CP-SAT says of its model."""
    unknown = (Status.ERROR, StopReason.NUMERIC)
    status, stop = _STATUS.get(name, unknown)
    if stop is StopReason.TIME_LIMIT and watch is not None and watch.stopping:
        stop = StopReason.CANCELLED
    values = bound = None
    if name in ("OPTIMAL", "FEASIBLE"):
        grid = np.array(solver.response_proto.solution, dtype=np.float64)
        values = scaled.values(grid)
        bound = _bound(scaled, solver.best_objective_bound)
    message = ""
    if stop is StopReason.NUMERIC:
        message = f"CP-SAT gave up on the model (status {name})"
    elif bound is not None and scaled.cost_error > 0:
        message = f"rounding to whole numbers costs the bound {scaled.cost_error:.2g}"
    nodes = int(solver.num_branches)
    return Claim(status, stop, values, bound, None, nodes, message)


def _bound(scaled: IntegerModel, claimed: float) -> float:
    """Return what a bound on the rounded cost proves for the cost itself."""
    return claimed - scaled.cost_error if scaled.cost.any() else scaled.cost_constant


def _point(model: MixedIntegerModel) -> FloatArray | None:
    """Return the best point of a linear programme, by SciPy."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    found = milp(
        model.cost,
        constraints=LinearConstraint(model.matrix, model.row_lower, model.row_upper),
        bounds=Bounds(model.lower, model.upper),
    )
    point: FloatArray | None = found.x
    return point


def _stamped(outcome: Outcome, began: float) -> Outcome:
    package()
    seconds = perf_counter() - began
    release = version("ortools")
    return replace(outcome, seconds=seconds, backend=CpSat.name, version=release)
