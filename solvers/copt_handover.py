"""Handing options, models and starts over to COPT, every refusal heard."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.contract import BackendError, MixedIntegerModel, OptionError, Options
from solvers.refusals import missing, unlicensed

__all__ = [
    "add_columns",
    "add_rows",
    "new_solver",
    "package",
    "pass_model",
    "pass_start",
    "set_bounds",
    "set_options",
]

FloatArray = npt.NDArray[np.float64]

# Seconds; COPT's own default.
_UNLIMITED_S = 1e20
# The least that it takes; its own 1e-6 has left rows of cone models broken by 2e-6.
_CONE_TOLERANCE = 1e-9


def package() -> Any:
    """Return the module `coptpy`, or say that it is missing."""
    try:
        import coptpy
    except ImportError as error:
        raise missing("COPT", "copt", error) from error
    return coptpy


def new_solver(options: Options) -> Any:
    """Return an empty COPT with these options."""
    solver = _environment().createModel()
    set_options(solver, options)
    return solver


@cache
def _environment() -> Any:
    """Return the process's one environment, which holds its licence."""
    copt = package()
    with _hushed():
        try:
            return copt.Envr()
        except copt.CoptError as error:
            raise unlicensed("COPT", error) from error


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep COPT's search for a licence off standard output, where plans go."""
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def set_options(solver: Any, options: Options) -> None:
    """Set every option, and refuse what COPT silently changes."""
    solver.setParam("Logging", 0)
    limit = options.time_limit_s
    wanted: dict[str, int | float] = {
        "Threads": options.threads,
        "RelGap": options.rel_gap,
        "AbsGap": options.abs_gap,
        "TimeLimit": _UNLIMITED_S if limit is None else limit,
    }
    for name, value in wanted.items():
        solver.setParam(name, value)
    refused = [
        f"{name} = {value}"
        for name, value in wanted.items()
        if solver.getParam(name) != value
    ]
    if refused:
        raise OptionError(f"COPT refuses {', '.join(refused)}")
    if options.log:
        solver.setLogCallback(_log())
        solver.setParam("LogToConsole", 0)
        solver.setParam("Logging", 1)


@cache
def _log() -> Any:
    """Return what COPT hands its log to; COPT itself does not keep it alive."""

    class Log(package().LogCallback):  # type: ignore[misc]
        def Display(self, msg: str) -> None:  # noqa: N802
            sys.stderr.write(f"{msg}\n")

    return Log()


def pass_model(solver: Any, model: MixedIntegerModel) -> None:
    """Hand the matrices over."""
    try:
        solver.loadMatrix(
            model.cost,
            model.matrix,
            _infinite(model.row_lower),
            _infinite(model.row_upper),
            _infinite(model.lower),
            _infinite(model.upper),
            None if model.is_continuous else np.where(model.integral, "I", "C"),
        )
    except package().CoptError as error:
        raise BackendError(f"COPT refuses a coefficient: {error}") from error
    solver.setObjConst(model.offset)
    _state_cones(solver, model)


def _state_cones(solver: Any, model: MixedIntegerModel) -> None:
    """State each cone as one of expressions.

    Of cones of variables that share one, COPT 8.0 has answered "optimal" far off.
    """
    variables = list(solver.getVars())
    if model.cones:
        for name in ("FeasTol", "DualTol"):
            solver.setParam(name, _CONE_TOLERANCE)
    for cone in model.cones:
        if cone.tail:
            members = [variables[j] + 0.0 for j in (cone.head, *cone.tail)]
            solver.addAffineCone(members, package().COPT.CONE_QUAD)


def add_columns(
    solver: Any, cost: FloatArray, lower: FloatArray, upper: FloatArray, matrix: Any
) -> None:
    """Append continuous columns over the present rows."""
    column = package().Column
    rows = list(solver.getConstrs())
    low, high = _infinite(lower), _infinite(upper)
    for j in range(len(cost)):
        part = slice(matrix.indptr[j], matrix.indptr[j + 1])
        entries = column([rows[i] for i in matrix.indices[part]], matrix.data[part])
        solver.addVar(low[j], high[j], cost[j], column=entries)


def add_rows(solver: Any, lower: FloatArray, upper: FloatArray, matrix: Any) -> None:
    """Append rows."""
    columns = list(solver.getVars())
    low, high = _infinite(lower), _infinite(upper)
    expression = package().LinExpr
    for i in range(len(lower)):
        part = slice(matrix.indptr[i], matrix.indptr[i + 1])
        at = [columns[j] for j in matrix.indices[part]]
        row = expression(at, matrix.data[part].tolist())
        solver.addBoundConstr(row, low[i], high[i])


def set_bounds(
    solver: Any, columns: npt.NDArray[np.int32], lower: FloatArray, upper: FloatArray
) -> None:
    """Replace the bounds of some columns."""
    variables, info = solver.getVars(), package().COPT.Info
    changed = [variables[int(j)] for j in columns]
    solver.setInfo(info.LB, changed, _infinite(lower))
    solver.setInfo(info.UB, changed, _infinite(upper))


def pass_start(solver: Any, start: FloatArray) -> None:
    """Hand over a point to start from; the entries that are NaN are left open."""
    known = np.flatnonzero(~np.isnan(start))
    variables = solver.getVars()
    solver.setMipStart([variables[int(j)] for j in known], start[known].tolist())
    solver.loadMipStart()


def _infinite(bounds: FloatArray) -> list[float]:
    """Return bounds with COPT's own infinity."""
    largest = package().COPT.INFINITY
    clipped: list[float] = np.clip(bounds, -largest, largest).tolist()
    return clipped
