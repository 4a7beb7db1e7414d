"""Any solver that Pyomo can drive, as `pyomo:NAME`; the slow path.

The model is built in Pyomo row by row and passed on by Pyomo, which knows no common
words for gaps, threads or seeds: only the time limit is set, the rest is as the
solver has it. Whether the gap asked for was reached is judged from the bound.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import ceil
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
from solvers.refusals import refuse_nonsense
from solvers.registry import require
from solvers.trial import probe_by_solving

__all__ = ["ByPyomo"]

FloatArray = npt.NDArray[np.float64]

# Pyomo's TerminationCondition → what the answer is worth without a point, and why
# it stopped.
_STATUS = {
    "optimal": (Status.OPTIMAL, StopReason.FINISHED),
    "globallyOptimal": (Status.OPTIMAL, StopReason.FINISHED),
    "infeasible": (Status.INFEASIBLE, StopReason.FINISHED),
    "unbounded": (Status.UNBOUNDED, StopReason.FINISHED),
    "infeasibleOrUnbounded": (
        Status.NO_SOLUTION,
        StopReason.INFEASIBLE_OR_UNBOUNDED,
    ),
    "maxTimeLimit": (Status.NO_SOLUTION, StopReason.TIME_LIMIT),
    "userInterrupt": (Status.NO_SOLUTION, StopReason.CANCELLED),
    "resourceInterrupt": (Status.NO_SOLUTION, StopReason.CANCELLED),
}


class ByPyomo:
    """A solver of Pyomo's `SolverFactory`."""

    capabilities = Capability.LP | Capability.MIP

    def __init__(self, solver: str) -> None:
        self._solver = solver
        self.name = f"pyomo:{solver}"

    def probe(self) -> Probe:
        """Say whether it runs here, by solving a two-variable MIP."""
        return probe_by_solving(self, licence="its own")

    def solve(
        self,
        model: MixedIntegerModel,
        options: Options,
        start: FloatArray | None = None,
        on_progress: Callable[[Progress], bool] | None = None,
    ) -> Outcome:
        """Solve; it takes no start and tells no progress."""
        began = perf_counter()
        self._refuse(options, start, on_progress)
        solver, claim = self._made(), settle(model)
        if claim is None:
            claim = self._solved(solver, model, options)
        outcome = judge(model, claim, options)
        seconds = perf_counter() - began
        version = _version(solver)
        return replace(outcome, seconds=seconds, backend=self.name, version=version)

    def session(self, model: MixedIntegerModel) -> Session:
        """Refuse: Pyomo keeps no basis."""
        require(self, Capability.SESSION)
        raise AssertionError("unreachable: the capability is not claimed")

    def _refuse(
        self, options: Options, start: FloatArray | None, on_progress: object
    ) -> None:
        refuse_nonsense(self.name, options)
        for asked, needed in (
            (options.memory_mb, Capability.MEMORY),
            (options.cutoff, Capability.CUTOFF),
            (start, Capability.WARM_START),
            (on_progress, Capability.PROGRESS),
        ):
            if asked is not None:
                require(self, needed)

    def _made(self) -> Any:
        """Return Pyomo's solver, or say that it does not run here."""
        from pyomo.environ import SolverFactory

        with _hushed():
            solver = SolverFactory(self._solver)
            runs = solver.available(exception_flag=False)
        if not runs:
            raise BackendError(
                f"Pyomo finds no solver {self._solver} that runs here; install it, "
                f"or see `pyomo help --solvers` for the names that it knows"
            )
        return solver

    def _solved(self, solver: Any, model: MixedIntegerModel, options: Options) -> Claim:
        made, limit = _pyomo_model(model), options.time_limit_s
        # Some of Pyomo's solvers take whole seconds alone, or 0 for no limit.
        settings = {} if limit is None else {"timelimit": max(1, ceil(limit))}
        try:
            with _hushed():
                results = solver.solve(
                    made, tee=options.log, load_solutions=False, **settings
                )
        except Exception as error:  # each solver behind Pyomo raises its own
            raise BackendError(f"{self.name} failed: {error}") from error
        return _claim(results, made, model)


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep Pyomo from logging what is raised, or reported, anyway."""
    logger = logging.getLogger("pyomo")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)


def _pyomo_model(model: MixedIntegerModel) -> Any:
    """Return the model as Pyomo has them, with `x` and `row` by index."""
    import pyomo.environ as pyo

    made = pyo.ConcreteModel()
    columns = range(model.num_columns)
    made.x = pyo.Var(
        columns,
        bounds=lambda _, j: (_side(model.lower[j]), _side(model.upper[j])),
        domain=lambda _, j: pyo.Integers if model.integral[j] else pyo.Reals,
    )
    terms = [float(model.cost[j]) * made.x[j] for j in columns]
    made.cost = pyo.Objective(expr=pyo.quicksum(terms) + model.offset)
    made.row = pyo.ConstraintList()
    rows = model.matrix.tocsr()
    for i in range(model.num_rows):
        part = slice(rows.indptr[i], rows.indptr[i + 1])
        at, entries = rows.indices[part].tolist(), rows.data[part].tolist()
        low, high = _side(model.row_lower[i]), _side(model.row_upper[i])
        if at and (low is not None or high is not None):
            body = pyo.quicksum(a * made.x[j] for j, a in zip(at, entries, strict=True))
            made.row.add((low, body, high) if low != high else body == low)
    return made


def _side(figure: Any) -> float | None:
    return float(figure) if np.isfinite(figure) else None


def _claim(results: Any, made: Any, model: MixedIntegerModel) -> Claim:
    """Read what the solver says of its model."""
    name = str(results.solver.termination_condition)
    status, stop = _STATUS.get(name, (Status.ERROR, StopReason.NUMERIC))
    values = bound = None
    pointless = status in (Status.INFEASIBLE, Status.UNBOUNDED)
    if len(results.solution) and not pointless:
        with _hushed():
            made.solutions.load_from(results)
        # Pyomo passes no variable that is in no row and at no cost.
        anywhere = np.clip(0.0, model.lower, model.upper)
        held = [made.x[j].value for j in range(model.num_columns)]
        if any(value is not None for value in held):
            values = np.array(held, dtype=np.float64)
            values = np.where(np.isnan(values), anywhere, values)
    told = results.problem.lower_bound
    if isinstance(told, int | float) and np.isfinite(told):
        bound = float(told)
    elif status is Status.OPTIMAL and values is not None:
        bound = float(model.cost @ values) + model.offset
    message = f"the solver ended with: {name}" if stop is StopReason.NUMERIC else ""
    return Claim(status, stop, values, bound, message=message)


def _version(solver: Any) -> str:
    told = solver.version()
    return ".".join(str(part) for part in told) if isinstance(told, tuple) else ""
