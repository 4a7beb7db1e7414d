"""Handing options, models and starts over to SCIP, every refusal heard."""

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.contract import BackendError, MixedIntegerModel, OptionError, Options
from solvers.mps import write_mps
from solvers.refusals import missing

__all__ = [
    "Handed",
    "add_rows",
    "hand_over",
    "package",
    "pass_start",
    "refuse_huge",
    "set_options",
    "version",
]

FloatArray = npt.NDArray[np.float64]

# SCIP takes figures from here on as infinite, and rejects such coefficients.
INFINITY = 1e20
# Nearer to a whole number, relatively, than this a coefficient is lost in it.
LARGEST_COEFFICIENT = 1e15


@dataclass(frozen=True, eq=False)
class Handed:
    """A model inside SCIP, and SCIP's own word for each of its columns."""

    solver: Any
    variables: list[Any]

    def rows(self) -> dict[int, Any]:
        """Return SCIP's own word for each row; free rows have none."""
        return {
            int(row.name[1:]): row
            for row in self.solver.getConss()
            if row.name.startswith("r")
        }


def package() -> Any:
    """Return the module `pyscipopt.scip`, or say that it is missing."""
    try:
        from pyscipopt import scip
    except ImportError as error:
        raise missing("SCIP", "scip", error) from error
    return scip


def hand_over(model: MixedIntegerModel, options: Options) -> Handed:
    """Return the model in a new SCIP with these options.

    It goes by file, which SCIP reads more than twice as fast as it takes rows one
    by one.
    """
    refuse_huge(model.matrix)
    solver = package().Model()
    solver.hideOutput()
    if model.is_linear:
        _keep_duals(solver)
    with TemporaryDirectory(prefix="solver-") as folder:
        path = Path(folder) / "model.mps"
        write_mps(_as_read(model), path)
        solver.readProblem(str(path))
    set_options(solver, options)
    solver.addObjoffset(model.offset)
    numbered = {int(v.name[1:]): v for v in solver.getVars()}
    variables = [numbered[j] for j in range(model.num_columns)]
    # The file knows integers only.
    binary = model.integral & (model.lower >= 0) & (model.upper <= 1)
    for j in np.flatnonzero(binary):
        solver.chgVarType(variables[j], "B")
    _state_cones(solver, model, variables)
    return Handed(solver, variables)


def refuse_huge(matrix: Any) -> None:
    """Refuse coefficients beside which a whole number is lost."""
    if np.abs(matrix.data).max(initial=0.0) > LARGEST_COEFFICIENT:
        raise BackendError(
            f"SCIP refuses the model: a coefficient may be at most "
            f"{LARGEST_COEFFICIENT:g}"
        )


def version() -> str:
    """Return SCIP's version, as in ``10.0.0``."""
    solver = package().Model()
    return (
        f"{solver.getMajorVersion()}.{solver.getMinorVersion()}"
        f".{solver.getTechVersion()}"
    )


def set_options(solver: Any, options: Options) -> None:
    """Set every option, and refuse what SCIP refuses.

    SCIP solves with one thread, however many it is allowed.
    """
    solver.hideOutput(not options.log)
    wanted: dict[str, bool | int | float] = {
        "randomization/randomseedshift": options.seed,
        "limits/gap": float(options.rel_gap),
        "limits/absgap": float(options.abs_gap),
        # The main thread of Python hears the interrupt key itself.
        "misc/catchctrlc": False,
    }
    if options.time_limit_s is not None:
        wanted["limits/time"] = float(options.time_limit_s)
    refused = []
    for name, value in wanted.items():
        try:
            solver.setParam(name, value)
        except (ValueError, LookupError, OverflowError):
            refused.append(f"{name} = {value}")
    if refused:
        raise OptionError(f"SCIP refuses {', '.join(refused)}")
    if options.cutoff is not None:
        # SCIP wants points better than its limit; ours may equal the cutoff.
        slack = 1e-6 * max(1.0, abs(options.cutoff))
        solver.setObjlimit(options.cutoff + slack)


def pass_start(handed: Handed, start: FloatArray) -> None:
    """Hand over a point to start from; the entries that are NaN are left open."""
    known = np.flatnonzero(~np.isnan(start))
    solver = handed.solver
    point = (
        solver.createSol() if len(known) == len(start) else solver.createPartialSol()
    )
    for j in known:
        solver.setSolVal(point, handed.variables[j], float(start[j]))
    solver.addSol(point)


def add_rows(
    solver: Any,
    matrix: Any,
    row_lower: FloatArray,
    row_upper: FloatArray,
    variables: list[Any],
) -> None:
    """State rows from within a solve; `matrix` is CSR."""
    scip = package()
    terms = [scip.Term(variable) for variable in variables]
    matrix = matrix.copy()
    matrix.sum_duplicates()
    lower = np.clip(row_lower, -INFINITY, INFINITY).tolist()
    upper = np.clip(row_upper, -INFINITY, INFINITY).tolist()
    index, value = matrix.indices.tolist(), matrix.data.tolist()
    for i, (first, last) in enumerate(
        zip(matrix.indptr[:-1].tolist(), matrix.indptr[1:].tolist(), strict=True)
    ):
        # A row without entries is still a row; it gets one entry of 0.
        entries = {terms[0]: 0.0} if first == last else {}
        entries |= {
            terms[j]: a
            for j, a in zip(index[first:last], value[first:last], strict=True)
        }
        solver.addCons(scip.ExprCons(scip.Expr(entries), lower[i], upper[i]))


def _state_cones(solver: Any, model: MixedIntegerModel, variables: list[Any]) -> None:
    """State each cone by its root: SCIP knows that for a cone.

    Of squares it would keep the squares, near the apex a thousand times worse. Told
    to take all for convex it no longer looks for cones, lays planes along the root,
    which has no slope at the apex, and cuts plans off.
    """
    scip = package()
    if model.cones:
        # What solves its non-linear parts counts the threads that ever called it,
        # and ends the process some time after the sixtieth.
        solver.setParam("nlp/disable", True)
    for cone in model.cones:
        if cone.tail:
            tail = [variables[j] for j in cone.tail]
            root = scip.sqrt(scip.quicksum(x * x for x in tail))
            solver.addCons(root <= variables[cone.head])


def _keep_duals(solver: Any) -> None:
    """Solve the linear programme as stated: presolve would lose the rows' duals."""
    scip = package()
    solver.setPresolve(scip.PY_SCIP_PARAMSETTING.OFF)
    solver.setHeuristics(scip.PY_SCIP_PARAMSETTING.OFF)
    solver.setSeparating(scip.PY_SCIP_PARAMSETTING.OFF)
    solver.disablePropagation()


def _as_read(model: MixedIntegerModel) -> MixedIntegerModel:
    """Return the model as SCIP shall read it: entries once, sides not past infinity."""
    matrix = model.matrix.copy()
    matrix.sum_duplicates()
    return replace(
        model,
        matrix=matrix,
        offset=0.0,
        cones=(),
        lower=_opened(model.lower),
        upper=_opened(model.upper),
        row_lower=_opened(model.row_lower),
        row_upper=_opened(model.row_upper),
    )


def _opened(side: FloatArray) -> FloatArray:
    return np.select([side >= INFINITY, side <= -INFINITY], [np.inf, -np.inf], side)
