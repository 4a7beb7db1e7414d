"""Handing options, models and starts over to Gurobi, every refusal heard."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.contract import BackendError, MixedIntegerModel, OptionError, Options
from solvers.refusals import missing, unlicensed

__all__ = [
    "Rows",
    "add_columns",
    "add_rows",
    "figure",
    "new_solver",
    "package",
    "pass_model",
    "pass_start",
    "set_options",
]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# The package's word for "absent" (GRB.INFINITY).
_ABSENT = 1e100
# Its own 1e-6 leaves some models without a bound; at 1e-10 it calls some suboptimal.
_CONE_GAP = 1e-8


@dataclass(frozen=True, eq=False)
class Rows:
    """Which of our rows each of Gurobi's one-sided rows stands for.

    Parameters
    ----------
    count
        Number of our rows.
    origin
        Our row of each of Gurobi's.
    """

    count: int
    origin: IntArray

    def duals(self, one_sided: FloatArray) -> FloatArray:
        """Return our rows' duals: the sum over the sides of each."""
        return np.bincount(self.origin, one_sided, self.count).astype(np.float64)


def package() -> Any:
    """Return the module `gurobipy`, or say that it is missing."""
    try:
        import gurobipy
    except ImportError as error:
        raise missing("Gurobi", "gurobi", error) from error
    return gurobipy


def new_solver(options: Options) -> Any:
    """Return an empty Gurobi model, in an environment of its own."""
    gurobi = package()
    try:
        environment = gurobi.Env(empty=True)
        environment.setParam("OutputFlag", 0)
        environment.start()
    except gurobi.GurobiError as error:
        raise unlicensed("Gurobi", error) from error
    solver = gurobi.Model(env=environment)
    set_options(solver, options)
    return solver


def set_options(solver: Any, options: Options) -> None:
    """Set every option, and refuse what Gurobi refuses."""
    gurobi = package()
    unlimited = float("inf")
    wanted: dict[str, int | float] = {
        "Threads": options.threads,
        "Seed": options.seed,
        "MIPGap": options.rel_gap,
        "MIPGapAbs": options.abs_gap,
        "TimeLimit": (
            unlimited if options.time_limit_s is None else options.time_limit_s
        ),
        "Cutoff": unlimited if options.cutoff is None else options.cutoff,
        "SoftMemLimit": (
            unlimited if options.memory_mb is None else options.memory_mb / 1000
        ),
        "DualReductions": 1,
        # The log reaches standard error by the callback.
        "LogToConsole": 0,
        "OutputFlag": int(options.log),
    }
    refused = []
    for name, value in wanted.items():
        try:
            solver.setParam(name, value)
        except (gurobi.GurobiError, TypeError, ValueError):
            refused.append(f"{name} = {value}")
    if refused:
        raise OptionError(f"Gurobi refuses {', '.join(refused)}")


def pass_model(solver: Any, model: MixedIntegerModel) -> Rows:
    """Hand the matrices over."""
    whole = np.where(model.integral, "I", "C")
    solver.addMVar(
        model.num_columns,
        lb=model.lower,
        ub=model.upper,
        obj=model.cost,
        vtype=whole,
    )
    solver.ObjCon = model.offset
    solver.update()
    _state_cones(solver, model)
    return add_rows(
        solver,
        Rows(0, np.zeros(0, dtype=np.int64)),
        model.row_lower,
        model.row_upper,
        model.matrix,
    )


def _state_cones(solver: Any, model: MixedIntegerModel) -> None:
    """State each cone by its squares, which Gurobi recognises."""
    gurobi, variables = package(), solver.getVars()
    solver.Params.BarQCPConvTol = _CONE_GAP
    for cone in model.cones:
        at = [variables[j] for j in (*cone.tail, cone.head)]
        squares = gurobi.QuadExpr()
        squares.addTerms([1.0] * len(cone.tail) + [-1.0], at, at)
        solver.addQConstr(squares, gurobi.GRB.LESS_EQUAL, 0.0)


def add_rows(
    solver: Any, rows: Rows, lower: FloatArray, upper: FloatArray, matrix: Any
) -> Rows:
    """Append rows; one with two different sides becomes two, a free one none."""
    equal = lower == upper
    below = np.flatnonzero(np.isfinite(upper))
    above = np.flatnonzero(np.isfinite(lower) & ~equal)
    origin = np.concatenate([below, above])
    if len(origin):
        sense = np.where(equal[below], "=", "<").tolist() + [">"] * len(above)
        sides = np.concatenate([upper[below], lower[above]])
        try:
            solver.addMConstr(matrix.tocsr()[origin], None, sense, sides)
        except package().GurobiError as error:
            raise BackendError(f"Gurobi refuses a coefficient: {error}") from error
    solver.update()
    return Rows(
        rows.count + len(lower), np.concatenate([rows.origin, rows.count + origin])
    )


def add_columns(
    solver: Any,
    rows: Rows,
    cost: FloatArray,
    lower: FloatArray,
    upper: FloatArray,
    matrix: Any,
) -> None:
    """Append continuous columns over the present rows."""
    gurobi = package()
    constraints = solver.getConstrs()
    one_sided = matrix.tocsr()[rows.origin].tocsc()
    for j in range(len(cost)):
        part = slice(one_sided.indptr[j], one_sided.indptr[j + 1])
        at = [constraints[i] for i in one_sided.indices[part]]
        entries = gurobi.Column(one_sided.data[part].tolist(), at)
        solver.addVar(lb=lower[j], ub=upper[j], obj=cost[j], column=entries)
    solver.update()


def pass_start(solver: Any, start: FloatArray) -> None:
    """Hand over a point to start from; the entries that are NaN are left open."""
    known = np.flatnonzero(~np.isnan(start))
    variables = solver.getVars()
    solver.setAttr("Start", [variables[j] for j in known], start[known].tolist())


def figure(value: float) -> float | None:
    """Return a figure of Gurobi's, or ``None`` where it stands for none."""
    return None if abs(value) >= _ABSENT else value
