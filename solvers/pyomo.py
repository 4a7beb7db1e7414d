"""The one bridge: a Pyomo model → standard form → a backend → values loaded back.

Rows are in the order of Pyomo's compiler; a constraint with two different sides
becomes one row with both. Quadratic constraints that are second-order cones become
cones; their arguments get columns and rows after all others.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.contract import (
    Backend,
    Cone,
    MixedIntegerModel,
    ModelError,
    Options,
    Outcome,
    Progress,
    Status,
    StopReason,
)
from solvers.pyomo_cones import AffineCone, affine_cone

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
        The Pyomo variable of each column, but of the last ones, which are arguments
        of cones. Fixed variables, and those in no constraint and no objective, have
        none.
    maximise
        Whether the Pyomo model asks for a maximum.
    """

    model: MixedIntegerModel
    variables: tuple[Any, ...]
    maximise: bool


def standard_form(pyomo_model: Any) -> StandardForm:
    """Return a Pyomo model with one linear objective as matrices and cones.

    Raises
    ------
    ModelError
        If a constraint is neither linear nor a second-order cone, the objective is
        not linear, or there is more than one; or if it is of ``pyomo.kernel``.
    """
    from pyomo.core import Objective, maximize
    from pyomo.core.kernel.block import IBlock

    if isinstance(pyomo_model, IBlock):
        raise ModelError(
            "models of pyomo.kernel cannot be written as rows; build it with "
            "pyomo.environ, each cone as squares under a square"
        )
    objectives = list(pyomo_model.component_data_objects(Objective, active=True))
    if len(objectives) > 1:
        raise ModelError(f"the model has {len(objectives)} objectives; state one")
    info, curved = _compiled(pyomo_model)
    variables = _with_those_of(curved, list(info.columns))
    lower, upper = _bounds(variables)
    matrix, row_lower, row_upper, names = _rows(info)
    more = len(variables) - len(info.columns)
    matrix.resize(len(names), len(variables))
    cost = info.c.toarray().reshape(-1) if objectives else np.zeros(len(info.columns))
    model = MixedIntegerModel(
        cost=np.concatenate([cost, np.zeros(more)]),
        offset=float(info.c_offset[0]) if objectives else 0.0,
        matrix=matrix,
        row_lower=row_lower,
        row_upper=row_upper,
        lower=lower,
        upper=upper,
        integral=np.array([not v.is_continuous() for v in variables], dtype=bool),
        column_names=[v.name for v in variables],
        row_names=names,
    )
    column_of = {id(v): j for j, v in enumerate(variables)}
    for constraint in curved:
        model = _with_cone(model, affine_cone(constraint, column_of, lower, upper))
    maximise = bool(objectives) and objectives[0].sense == maximize
    return StandardForm(model, tuple(variables), maximise)


def start_of(form: StandardForm) -> FloatArray | None:
    """Return the values the Pyomo variables hold, NaN where none; ``None`` if none."""
    start = np.full(form.model.num_columns, np.nan)
    for j, variable in enumerate(form.variables):
        start[j] = np.nan if variable.value is None else float(variable.value)
    return None if np.isnan(start).all() else start


def load(form: StandardForm, values: FloatArray) -> None:
    """Put values, in column order, into the Pyomo variables."""
    for variable, value in zip(form.variables, values, strict=False):
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


def _compiled(pyomo_model: Any) -> tuple[Any, list[Any]]:
    """Return what Pyomo makes of the linear constraints, and those it cannot take."""
    from pyomo.common.errors import PyomoException
    from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

    compiler = LinearStandardFormCompiler()
    try:
        return compiler.write(pyomo_model, mixed_form=True), []
    except (PyomoException, ValueError) as error:
        curved, trouble = _curved(pyomo_model), error
    try:
        if curved:
            with _without(curved):
                return compiler.write(pyomo_model, mixed_form=True), curved
    except (PyomoException, ValueError) as error:
        trouble = error
    raise ModelError(f"Pyomo cannot write the model as rows: {trouble}") from trouble


def _curved(pyomo_model: Any) -> list[Any]:
    """Return the constraints that are not linear."""
    from pyomo.core import Constraint
    from pyomo.core.expr.numvalue import polynomial_degree

    return [
        constraint
        for constraint in pyomo_model.component_data_objects(Constraint, active=True)
        if polynomial_degree(constraint.body) not in (0, 1)
    ]


@contextmanager
def _without(constraints: list[Any]) -> Iterator[None]:
    """Hide constraints from the compiler."""
    for constraint in constraints:
        constraint.deactivate()
    try:
        yield
    finally:
        for constraint in constraints:
            constraint.activate()


def _with_those_of(constraints: list[Any], variables: list[Any]) -> list[Any]:
    """Return the variables, and then those that only these constraints have."""
    from pyomo.core.expr.visitor import identify_variables

    known = {id(v) for v in variables}
    out = list(variables)
    for constraint in constraints:
        for variable in identify_variables(constraint.body, include_fixed=False):
            if id(variable) not in known:
                known.add(id(variable))
                out.append(variable)
    return out


def _with_cone(model: MixedIntegerModel, cone: AffineCone) -> MixedIntegerModel:
    """Return the model with a cone, whose arguments get columns where they need them.

    argument − form·x = constant of the form
    """
    from scipy import sparse

    forms = np.vstack([cone.head, cone.tail])
    place = [_plain_column(form, cone.columns) for form in forms]
    if place[0] is not None and not model.lower[place[0]] >= 0:
        place[0] = None
    needy = [k for k, column in enumerate(place) if column is None]
    count, more = model.num_columns, len(needy)
    names = [f"{cone.name} argument {k}" for k in needy]
    column_names = [*model.column_names, *names]
    lower = np.where(np.array(needy) == 0, 0.0, -np.inf)
    bare = sparse.csc_matrix((model.num_rows, more))
    model = model.with_columns(np.zeros(more), lower, np.full(more, np.inf), bare)
    of_x = sparse.csr_matrix((more, count)).tolil()
    of_x[:, list(cone.columns)] = -forms[needy, 1:]
    rows = sparse.hstack([of_x, sparse.identity(more)], format="csr")
    constant = forms[needy, 0]
    model = model.with_rows(constant, constant, rows, names)
    new = iter(range(count, count + more))
    head, *tail = (next(new) if j is None else j for j in place)
    cones = (*model.cones, Cone(head, tuple(tail)))
    return replace(model, column_names=column_names, cones=cones)


def _plain_column(form: FloatArray, columns: tuple[int, ...]) -> int | None:
    """Return the column that a form is, ``None`` where it is more than one."""
    used = np.flatnonzero(form)
    if len(used) != 1 or used[0] == 0 or form[used[0]] != 1.0:
        return None
    return columns[int(used[0]) - 1]


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
