"""Handing options, models and starts over to CPLEX, every refusal heard."""

import sys
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.contract import BackendError, MixedIntegerModel, OptionError, Options
from solvers.refusals import missing, unlicensed
from solvers.sides import sides_of

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

# Relax each node as the cone model that it is (parameter `miqcpstrat`).
_CONES_AT_EACH_NODE = 1
# CPLEX's own 1e-7 has left rows broken by 5e-6.
_CONE_GAP = 1e-10
# Seconds; CPLEX's own default, for it knows no infinity here.
_UNLIMITED_S = 1e75


def package() -> Any:
    """Return the module `cplex`, or say that it is missing."""
    try:
        import cplex
        import cplex.callbacks
        import cplex.exceptions
    except ImportError as error:
        raise missing("CPLEX", "cplex", error) from error
    return cplex


def new_solver(options: Options) -> Any:
    """Return an empty CPLEX with these options."""
    cplex = package()
    try:
        solver = cplex.Cplex()
    except cplex.exceptions.CplexError as error:
        raise unlicensed("CPLEX", error) from error
    set_options(solver, options)
    return solver


def set_options(solver: Any, options: Options) -> None:
    """Set every option, and refuse what CPLEX refuses."""
    log = sys.stderr if options.log else None
    solver.set_log_stream(log)
    solver.set_results_stream(log)
    solver.set_warning_stream(log)
    solver.set_error_stream(log)
    parameters, tolerances = solver.parameters, solver.parameters.mip.tolerances
    limit, cutoff = options.time_limit_s, options.cutoff
    refused = []
    for parameter, name, value in (
        (parameters.threads, "threads", options.threads),
        (parameters.randomseed, "randomseed", options.seed),
        (tolerances.mipgap, "mipgap", options.rel_gap),
        (tolerances.absmipgap, "absmipgap", options.abs_gap),
        (parameters.timelimit, "timelimit", _UNLIMITED_S if limit is None else limit),
        (tolerances.uppercutoff, "uppercutoff", 1e75 if cutoff is None else cutoff),
    ):
        try:
            parameter.set(value)
        except (package().exceptions.CplexError, TypeError, ValueError):
            refused.append(f"{name} = {value}")
    if refused:
        raise OptionError(f"CPLEX refuses {', '.join(refused)}")


def pass_model(solver: Any, model: MixedIntegerModel) -> None:
    """Hand the matrices over."""
    sides, matrix = _sides(model.row_lower, model.row_upper), model.matrix
    try:
        solver.copylp(
            numcols=model.num_columns,
            numrows=model.num_rows,
            obj=model.cost.tolist(),
            matbeg=matrix.indptr[:-1].tolist(),
            matcnt=np.diff(matrix.indptr).tolist(),
            matind=matrix.indices.tolist(),
            matval=matrix.data.tolist(),
            lb=_infinite(model.lower),
            ub=_infinite(model.upper),
            **sides,
        )
    except package().exceptions.CplexError as error:
        raise BackendError(f"CPLEX refuses a coefficient: {error}") from error
    whole = np.flatnonzero(model.integral).tolist()
    if whole:
        solver.variables.set_types([(j, "I") for j in whole])
    solver.objective.set_offset(model.offset)
    _state_cones(solver, model)


def _state_cones(solver: Any, model: MixedIntegerModel) -> None:
    """State each cone by its squares, which CPLEX recognises.

    Left to relax cones by planes, CPLEX 22.2 has answered "optimal" far off.
    """
    if model.cones:
        solver.parameters.mip.strategy.miqcpstrat.set(_CONES_AT_EACH_NODE)
        solver.parameters.barrier.qcpconvergetol.set(_CONE_GAP)
    for cone in model.cones:
        at = [*cone.tail, cone.head]
        squares = package().SparseTriple(at, at, [1.0] * len(cone.tail) + [-1.0])
        solver.quadratic_constraints.add(quad_expr=squares, sense="L", rhs=0.0)


def add_columns(
    solver: Any, cost: FloatArray, lower: FloatArray, upper: FloatArray, matrix: Any
) -> None:
    """Append continuous columns; `matrix` is CSC over the present rows."""
    try:
        solver.variables.add(
            obj=cost.tolist(),
            lb=_infinite(lower),
            ub=_infinite(upper),
            columns=_pairs(matrix),
        )
    except package().exceptions.CplexError as error:
        raise BackendError(f"CPLEX refuses a coefficient: {error}") from error


def add_rows(solver: Any, lower: FloatArray, upper: FloatArray, matrix: Any) -> None:
    """Append rows; `matrix` is CSR over the present columns."""
    try:
        solver.linear_constraints.add(lin_expr=_pairs(matrix), **_sides(lower, upper))
    except package().exceptions.CplexError as error:
        raise BackendError(f"CPLEX refuses a coefficient: {error}") from error


def _sides(lower: FloatArray, upper: FloatArray) -> dict[str, Any]:
    """Return rows as CPLEX wants them; a free one has an infinite upper side."""
    sides = sides_of(lower, upper)
    free = sides.kind == "N"
    return {
        "rhs": np.where(free, package().infinity, sides.side).tolist(),
        "senses": "".join(np.where(free, "L", sides.kind).tolist()),
        "range_values": (-sides.width).tolist(),
    }


def set_bounds(
    solver: Any, columns: npt.NDArray[np.int32], lower: FloatArray, upper: FloatArray
) -> None:
    """Replace the bounds of some columns."""
    variables, at = solver.variables, columns.tolist()
    variables.set_lower_bounds(zip(at, _infinite(lower), strict=True))
    variables.set_upper_bounds(zip(at, _infinite(upper), strict=True))


def pass_start(solver: Any, start: FloatArray) -> None:
    """Hand over a point to start from; the entries that are NaN are left open."""
    known = np.flatnonzero(~np.isnan(start))
    pair = package().SparsePair(known.tolist(), start[known].tolist())
    solver.MIP_starts.add(pair, solver.MIP_starts.effort_level.repair)


def _infinite(bounds: FloatArray) -> list[float]:
    """Return bounds with CPLEX's own infinity."""
    largest = package().infinity
    clipped: list[float] = np.clip(bounds, -largest, largest).tolist()
    return clipped


def _pairs(matrix: Any) -> list[Any]:
    """Return indices and entries of each line of a compressed matrix."""
    indices, entries = matrix.indices.tolist(), matrix.data.tolist()
    return [[indices[a:b], entries[a:b]] for a, b in pairwise(matrix.indptr.tolist())]
