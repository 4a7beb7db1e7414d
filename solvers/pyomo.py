"""The one bridge: a Pyomo model → standard form → a backend → values loaded back.

Rows are in the order of Pyomo's compiler; a constraint with two different sides
becomes one row with both.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.contract import (
    Backend,
    MixedIntegerModel,
    ModelError,
    Options,
    Outcome,
    Progress,
    Status,
    StopReason,
)

__all__ = ["StandardForm", "load", "solve_pyomo", "standard_form", "start_of"]

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class StandardForm:
    """A Pyomo model as matrices, and the way back.

    Parameters
    ----------
    model
        Always a minimum.
    variables
        The Pyomo variable of each column. Fixed variables, and those in no
        constraint and no objective, have none.
    maximise
        Whether the Pyomo model asks for a maximum.
    """

    model: MixedIntegerModel
    variables: tuple[Any, ...]
    maximise: bool


def standard_form(pyomo_model: Any) -> StandardForm:
    """Return a linear Pyomo model with one objective as matrices.

    Raises
    ------
    ModelError
        If it is not linear or has more than one objective.
    """
    from pyomo.common.errors import PyomoException
    from pyomo.core import Objective, maximize
    from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

    objectives = list(pyomo_model.component_data_objects(Objective, active=True))
    if len(objectives) > 1:
        raise ModelError(f"the model has {len(objectives)} objectives; state one")
    try:
        info = LinearStandardFormCompiler().write(pyomo_model, mixed_form=True)
    except (PyomoException, ValueError) as error:
        raise ModelError(f"Pyomo cannot write the model as rows: {error}") from error
    lower, upper = _bounds(info.columns)
    matrix, row_lower, row_upper, names = _rows(info)
    count = len(info.columns)
    model = MixedIntegerModel(
        cost=info.c.toarray().reshape(-1) if objectives else np.zeros(count),
        offset=float(info.c_offset[0]) if objectives else 0.0,
        matrix=matrix,
        row_lower=row_lower,
        row_upper=row_upper,
        lower=lower,
        upper=upper,
        integral=np.array([not v.is_continuous() for v in info.columns], dtype=bool),
        column_names=[v.name for v in info.columns],
        row_names=names,
    )
    maximise = bool(objectives) and objectives[0].sense == maximize
    return StandardForm(model, tuple(info.columns), maximise)


def start_of(form: StandardForm) -> FloatArray | None:
    """Return the values the Pyomo variables hold, NaN where none; ``None`` if none."""
    held = [np.nan if v.value is None else float(v.value) for v in form.variables]
    start = np.array(held, dtype=np.float64)
    return None if np.isnan(start).all() else start


def load(form: StandardForm, values: FloatArray) -> None:
    """Put values, in column order, into the Pyomo variables."""
    for variable, value in zip(form.variables, values, strict=True):
        variable.set_value(float(value), skip_validation=True)


def solve_pyomo(
    pyomo_model: Any,
    backend: Backend,
    options: Options,
    *,
    warm_start: bool = False,
    on_progress: Callable[[Progress], bool] | None = None,
) -> Outcome:
    """Solve a Pyomo model with any backend and load the values back.

    Parameters
    ----------
    warm_start
        Start from the values the variables hold.

    Returns
    -------
    Outcome
        Of the model as stated: for a maximum, `bound` is an upper bound and
        `objective` the value maximised; `values` and duals are those of the
        standard form, which is a minimum.
    """
    form, trouble = _form_or_trouble(pyomo_model)
    if form is None:
        return replace(trouble, backend=backend.name)
    start = start_of(form) if warm_start else None
    outcome = backend.solve(form.model, options, start, on_progress)
    if outcome.values is not None:
        load(form, outcome.values)
    if not form.maximise:
        return outcome
    return replace(
        outcome,
        objective=None if outcome.objective is None else -outcome.objective,
        bound=None if outcome.bound is None else -outcome.bound,
    )


def _form_or_trouble(pyomo_model: Any) -> tuple[StandardForm | None, Outcome]:
    """Return the form, or the outcome where a constraint without variables fails."""
    from pyomo.common.errors import InfeasibleConstraintException

    trouble = Outcome(Status.INFEASIBLE, StopReason.FINISHED)
    try:
        return standard_form(pyomo_model), trouble
    except ModelError as error:
        if not isinstance(error.__cause__, InfeasibleConstraintException):
            raise
        return None, replace(trouble, message=str(error.__cause__))


def _bounds(variables: Any) -> tuple[FloatArray, FloatArray]:
    """Return the variables' bounds, ±inf where open."""
    pairs = [v.bounds for v in variables]
    lower = [-np.inf if low is None else low for low, _ in pairs]
    upper = [np.inf if high is None else high for _, high in pairs]
    return np.array(lower, dtype=np.float64), np.array(upper, dtype=np.float64)


def _rows(info: Any) -> tuple[Any, FloatArray, FloatArray, list[str]]:
    """Return matrix, sides and names; a ranged constraint's two rows become one.

    The compiler writes a range as its upper row, then its lower one.
    """
    rhs = np.asarray(info.rhs, dtype=np.float64)
    sides = np.array([row.bound_type for row in info.rows], dtype=np.int64)
    lower = np.where(sides <= 0, rhs, -np.inf)
    upper = np.where(sides >= 0, rhs, np.inf)
    twin = [
        k
        for k in range(1, len(info.rows))
        if info.rows[k].constraint is info.rows[k - 1].constraint
    ]
    lower[[k - 1 for k in twin]] = rhs[twin]
    keep = np.ones(len(info.rows), dtype=bool)
    keep[twin] = False
    names = [
        row.constraint.name for row, kept in zip(info.rows, keep, strict=True) if kept
    ]
    matrix = info.A.tocsr()[keep].tocsc() if twin else info.A.tocsc()
    return matrix, lower[keep], upper[keep], names
