"""Handing options, models and starts over to CP-SAT, every refusal heard."""

import sys
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.contract import (
    BackendError,
    CapabilityError,
    MixedIntegerModel,
    Options,
)
from solvers.cpsat_scaling import LARGEST_ACTIVITY, IntegerModel
from solvers.implied import implied_bounds, sufficient_bounds
from solvers.refusals import missing, refuse_nonsense

__all__ = [
    "bounded",
    "new_solver",
    "package",
    "pass_cutoff",
    "pass_model",
    "pass_start",
]

FloatArray = npt.NDArray[np.float64]

# CP-SAT's own infinity for the sides of a row: within int64, and past all sums.
OPEN_SIDE = 2**62


def package() -> Any:
    """Return the module `cp_model` of ortools, or say why there is none."""
    if "highspy" in sys.modules:
        raise BackendError(
            "ortools cannot be loaded beside highspy in one process; "
            'ask the registry for "cpsat", which runs it in another'
        )
    try:
        from ortools.sat.python import cp_model
    except ImportError as error:
        raise missing("CP-SAT", "cpsat", error) from error
    return cp_model


def bounded(model: MixedIntegerModel) -> tuple[FloatArray, FloatArray]:
    """Return finite bounds for every variable, its own or those that the model implies.

    Raises
    ------
    BackendError
        If a coefficient is too large to be counted in whole numbers.
    CapabilityError
        If a variable has no bounds.
    """
    if np.abs(model.matrix.data).max(initial=0.0) > LARGEST_ACTIVITY:
        raise BackendError(
            f"CP-SAT refuses the model: a coefficient may be at most "
            f"{LARGEST_ACTIVITY:.0e}"
        )
    lower, upper = sufficient_bounds(model, *implied_bounds(model))
    wide = np.maximum(np.abs(lower), np.abs(upper)) > LARGEST_ACTIVITY
    if wide.any():
        first = int(np.flatnonzero(wide)[0])
        name = model.column_names[first] if model.column_names else f"column {first}"
        raise CapabilityError(
            f"cpsat needs bounds within ±{LARGEST_ACTIVITY:.0e} on every variable, "
            f"and {int(wide.sum())} have none, the first {name}; bound them, or use "
            f"a backend that works on real numbers, such as highs"
        )
    return lower, upper


def new_solver(options: Options) -> Any:
    """Return a CP-SAT with these options."""
    refuse_nonsense("CP-SAT", options)
    solver = package().CpSolver()
    parameters = solver.parameters
    parameters.num_workers = options.threads
    parameters.random_seed = options.seed
    parameters.relative_gap_limit = options.rel_gap
    parameters.absolute_gap_limit = options.abs_gap
    parameters.log_search_progress = options.log
    if options.time_limit_s is not None:
        parameters.max_time_in_seconds = options.time_limit_s
    return solver


def pass_model(scaled: IntegerModel) -> Any:
    """Return the integer model as CP-SAT's own."""
    handed = package().CpModel()
    proto = handed.proto
    variables = proto.variables
    for low, high in zip(scaled.lower.tolist(), scaled.upper.tolist(), strict=True):
        variables.add().domain.extend([low, high])
    index = scaled.matrix.indices.tolist()
    value = scaled.matrix.data.tolist()
    start = scaled.matrix.indptr.tolist()
    for i, (low, high) in enumerate(
        zip(_sides(scaled.row_lower), _sides(scaled.row_upper), strict=True)
    ):
        span = slice(start[i], start[i + 1])
        _add_row(proto, index[span], value[span], low, high)
    used = np.flatnonzero(scaled.cost)
    if not used.size:
        return handed
    proto.objective.vars.extend(used.tolist())
    proto.objective.coeffs.extend(scaled.cost[used].tolist())
    # Told so, CP-SAT counts its gaps in the model's own unit.
    proto.objective.scaling_factor = 1.0 / scaled.cost_scale
    proto.objective.offset = scaled.cost_constant * scaled.cost_scale
    return handed


def pass_cutoff(handed: Any, scaled: IntegerModel, cutoff: float) -> None:
    """Admit only points at least as cheap as this."""
    room = cutoff - scaled.cost_constant + scaled.cost_error
    room = float(np.floor(room * scaled.cost_scale + 1e-6))
    used = np.flatnonzero(scaled.cost)
    side = _sides(np.array([room]))[0]
    _add_row(handed.proto, used.tolist(), scaled.cost[used].tolist(), -OPEN_SIDE, side)


def pass_start(handed: Any, scaled: IntegerModel, start: FloatArray) -> None:
    """Hand over a point to start from; the entries that are NaN are left open."""
    known = np.flatnonzero(~np.isnan(start))
    grid = scaled.nearest(np.where(np.isnan(start), scaled.origin, start))
    handed.proto.solution_hint.vars.extend(known.tolist())
    handed.proto.solution_hint.values.extend(grid[known].tolist())


def _sides(sides: FloatArray) -> list[int]:
    whole: list[int] = np.clip(sides, -OPEN_SIDE, OPEN_SIDE).astype(np.int64).tolist()
    return whole


def _add_row(
    proto: Any, index: list[int], value: list[int], low: int, high: int
) -> None:
    row = proto.constraints.add().linear
    row.vars.extend(index)
    row.coeffs.extend(value)
    row.domain.extend([low, high])
