"""Handing options, models and starts over to Xpress, every refusal heard."""

import sys
import warnings
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.contract import BackendError, MixedIntegerModel, OptionError, Options
from solvers.refusals import missing, refuse_nonsense, unlicensed
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

# Seconds; Xpress's own default.
_UNLIMITED_S = 1e20


def package() -> Any:
    """Return the module `xpress`, or say that it is missing."""
    try:
        import xpress
    except ImportError as error:
        raise missing("Xpress", "xpress", error) from error
    return xpress


def new_solver(options: Options) -> Any:
    """Return an empty Xpress problem with these options."""
    xpress = package()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", xpress.LicenseWarning)
        try:
            solver = xpress.problem()
        except (xpress.InterfaceError, xpress.SolverError, RuntimeError) as error:
            raise unlicensed("Xpress", error) from error
    solver.setOutputEnabled(False)
    set_options(solver, options)
    if options.log:
        solver.addMessageCallback(_to_standard_error, None, 0)
    return solver


def set_options(solver: Any, options: Options) -> None:
    """Set every option, and refuse what Xpress refuses."""
    refuse_nonsense("Xpress", options)
    limit, cutoff = options.time_limit_s, options.cutoff
    wanted: dict[str, int | float] = {
        "threads": options.threads,
        "randomseed": options.seed,
        "miprelstop": options.rel_gap,
        "mipabsstop": options.abs_gap,
        "timelimit": _UNLIMITED_S if limit is None else limit,
        # By default points must be better by 1e-5, and so is the bound weaker.
        "mipaddcutoff": 0.0,
        "mipabscutoff": package().infinity if cutoff is None else cutoff,
    }
    refused = []
    for name, value in wanted.items():
        try:
            solver.setControl(name, value)
        except (package().SolverError, TypeError, ValueError):
            refused.append(f"{name} = {value}")
    if refused:
        raise OptionError(f"Xpress refuses {', '.join(refused)}")


def _to_standard_error(_: Any, __: Any, line: str, ___: int) -> None:
    sys.stderr.write(f"{line}\n")


def pass_model(solver: Any, model: MixedIntegerModel) -> None:
    """Hand the matrices over."""
    xpress, sides = package(), sides_of(model.row_lower, model.row_upper)
    whole = np.flatnonzero(model.integral)
    arrays = {
        "rowtype": sides.kind.tolist(),
        "rhs": sides.side,
        "rng": sides.width,
        "objcoef": model.cost,
        "start": model.matrix.indptr,
        "rowind": model.matrix.indices,
        "rowcoef": model.matrix.data,
        "lb": _infinite(model.lower),
        "ub": _infinite(model.upper),
    }
    try:
        if model.is_continuous:
            solver.loadLP(**arrays)
        else:
            solver.loadMIP(**arrays, coltype=["I"] * len(whole), entind=whole)
    except xpress.SolverError as error:
        raise BackendError(f"Xpress refuses a coefficient: {error}") from error
    # Xpress keeps the constant as the cost of column −1, negated.
    solver.chgObj([-1], [-model.offset])
    _state_cones(solver, model)


def _state_cones(solver: Any, model: MixedIntegerModel) -> None:
    """State each cone by its squares, a row behind the others, which Xpress knows."""
    if model.cones:
        # With its own, rows of cone models are broken by 1e-6 to 4e-5.
        solver.controls.bargapstop = 1e-12
        solver.controls.barprimalstop = solver.controls.bardualstop = 1e-9
    for row, cone in enumerate(model.cones, model.num_rows):
        at = [*cone.tail, cone.head]
        solver.addRows(["L"], [0.0], [0.0], [0, 0], [], [])
        solver.addQMatrix(row, at, at, [1.0] * len(cone.tail) + [-1.0])


def add_columns(
    solver: Any, cost: FloatArray, lower: FloatArray, upper: FloatArray, matrix: Any
) -> None:
    """Append continuous columns over the present rows."""
    solver.addCols(
        cost,
        matrix.indptr,
        matrix.indices,
        matrix.data,
        _infinite(lower),
        _infinite(upper),
    )


def add_rows(solver: Any, lower: FloatArray, upper: FloatArray, matrix: Any) -> None:
    """Append rows."""
    sides = sides_of(lower, upper)
    solver.addRows(
        sides.kind.tolist(),
        sides.side,
        sides.width,
        matrix.indptr,
        matrix.indices,
        matrix.data,
    )


def set_bounds(
    solver: Any, columns: npt.NDArray[np.int32], lower: FloatArray, upper: FloatArray
) -> None:
    """Replace the bounds of some columns."""
    for side, bounds in (("L", lower), ("U", upper)):
        solver.chgBounds(columns, [side] * len(columns), _infinite(bounds))


def pass_start(solver: Any, start: FloatArray) -> None:
    """Hand over a point to start from; the entries that are NaN are left open."""
    known = np.flatnonzero(~np.isnan(start))
    solver.addMipSol(start[known], known)


def _infinite(bounds: FloatArray) -> FloatArray:
    """Return bounds with Xpress's own infinity."""
    largest = package().infinity
    return np.clip(bounds, -largest, largest)
