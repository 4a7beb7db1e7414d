"""Handing options, models and starts over to HiGHS, every refusal heard."""

from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.contract import BackendError, MixedIntegerModel, OptionError, Options

__all__ = [
    "accepted",
    "compressed",
    "new_solver",
    "package",
    "pass_model",
    "pass_start",
    "set_options",
]

FloatArray = npt.NDArray[np.float64]


def package() -> Any:
    """Return the module `highspy`, or say that it is missing."""
    try:
        import highspy
    except ImportError as error:
        raise BackendError(
            f"HiGHS is not installed here ({error}); install the package highspy"
        ) from error
    return highspy


def new_solver(options: Options) -> Any:
    """Return an empty HiGHS with these options."""
    solver = package().Highs()
    set_options(solver, options)
    return solver


def set_options(solver: Any, options: Options) -> None:
    """Set every option, and refuse what HiGHS refuses."""
    unlimited = float("inf")
    wanted: dict[str, bool | int | float] = {
        "output_flag": options.log,
        "threads": options.threads,
        "random_seed": options.seed,
        "mip_rel_gap": float(options.rel_gap),
        "mip_abs_gap": float(options.abs_gap),
        "time_limit": float(
            unlimited if options.time_limit_s is None else options.time_limit_s
        ),
        "objective_bound": float(
            unlimited if options.cutoff is None else options.cutoff
        ),
    }
    refused = [
        f"{name} = {value}"
        for name, value in wanted.items()
        if solver.setOptionValue(name, value) != package().HighsStatus.kOk
    ]
    if refused:
        raise OptionError(f"HiGHS refuses {', '.join(refused)}")


def pass_model(solver: Any, model: MixedIntegerModel) -> None:
    """Hand the matrices over."""
    highspy = package()
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = model.num_columns, model.num_rows
    lp.offset_ = model.offset
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = model.cost, model.lower, model.upper
    lp.row_lower_, lp.row_upper_ = model.row_lower, model.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    start, index, value = compressed(model.matrix)
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = start, index, value
    if not model.is_linear:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[bool(whole)] for whole in model.integral]
    accepted(solver.passModel(lp), "the model")


def compressed(matrix: Any) -> tuple[Any, Any, Any]:
    """Return start, index and value of a compressed matrix, indices as int32."""
    return (
        np.asarray(matrix.indptr, dtype=np.int32),
        np.asarray(matrix.indices, dtype=np.int32),
        np.asarray(matrix.data, dtype=np.float64),
    )


def accepted(status: Any, what: str) -> None:
    """Raise where HiGHS refuses; a warning only drops figures below 1e-9."""
    if status == package().HighsStatus.kError:
        raise BackendError(
            f"HiGHS refuses {what}: a coefficient may be at most 1e15 and every "
            f"index must exist"
        )


def pass_start(solver: Any, start: FloatArray) -> None:
    """Hand over a point to start from; the entries that are NaN are left open."""
    known = np.flatnonzero(~np.isnan(start)).astype(np.int32)
    accepted(solver.setSolution(len(known), known, start[known]), "the start")
