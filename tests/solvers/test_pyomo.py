"""Any linear Pyomo model can be solved by every backend."""

import numpy as np
import pyomo.environ as pyo
import pytest

from solvers.contract import (
    Backend,
    Capability,
    ModelError,
    Options,
    Progress,
    Status,
)
from solvers.pyomo import load, solve_pyomo, standard_form, start_of


def _blend() -> pyo.ConcreteModel:
    """Return max 3x + 2y + 1 s.t. 1 ≤ x + y ≤ 4.5, x integer ≤ 3: worth 13."""
    model = pyo.ConcreteModel()
    model.x = pyo.Var(domain=pyo.NonNegativeIntegers, bounds=(0, 3))
    model.y = pyo.Var(domain=pyo.NonNegativeReals)
    model.total = pyo.Constraint(expr=(1, model.x + model.y, 4.5))
    model.worth = pyo.Objective(expr=3 * model.x + 2 * model.y + 1, sense=pyo.maximize)
    return model


def test_the_values_are_loaded_back(solver: Backend) -> None:
    model = _blend()
    outcome = solve_pyomo(model, solver, Options())
    assert outcome.status is Status.OPTIMAL
    assert pyo.value(model.x) == 3
    assert pyo.value(model.y) == pytest.approx(1.5)


def test_a_maximum_is_reported_as_one(solver: Backend) -> None:
    model = _blend()
    outcome = solve_pyomo(model, solver, Options())
    assert outcome.objective == pytest.approx(13)
    assert outcome.bound == pytest.approx(13, rel=Options().rel_gap)
    assert outcome.objective == pytest.approx(pyo.value(model.worth))


def test_a_range_is_one_row_with_both_sides() -> None:
    form = standard_form(_blend())
    assert form.model.num_rows == 1
    assert form.model.row_lower.tolist() == [1.0]
    assert form.model.row_upper.tolist() == [4.5]
    assert list(form.model.row_names) == ["total"]
    assert list(form.model.column_names) == ["x", "y"]


def test_ranges_between_other_rows_keep_their_sides() -> None:
    model = pyo.ConcreteModel()
    model.x = pyo.Var(range(2))
    model.a = pyo.Constraint(expr=model.x[0] <= 3)
    model.b = pyo.Constraint(expr=(-1, model.x[0] + 2 * model.x[1], 5))
    model.c = pyo.Constraint(expr=model.x[0] - model.x[1] == 1)
    model.d = pyo.Constraint(expr=model.x[1] >= -7)
    model.o = pyo.Objective(expr=model.x[0])
    made = standard_form(model).model
    assert list(made.row_names) == ["a", "b", "c", "d"]
    assert made.row_lower.tolist() == [-np.inf, -1, 1, -7]
    assert made.row_upper.tolist() == [3, 5, 1, np.inf]
    assert made.matrix.toarray().tolist() == [[1, 0], [1, 2], [1, -1], [0, 1]]


def test_fixed_variables_and_constants_move_to_the_sides(solver: Backend) -> None:
    model = _blend()
    model.y.fix(2.0)
    outcome = solve_pyomo(model, solver, Options())
    assert outcome.objective == pytest.approx(3 * 2 + 2 * 2 + 1)
    assert pyo.value(model.y) == 2.0


def test_a_model_without_objective_is_only_asked_for_a_point(solver: Backend) -> None:
    model = _blend()
    model.worth.deactivate()
    outcome = solve_pyomo(model, solver, Options())
    assert outcome.status is Status.OPTIMAL
    assert outcome.objective == 0


def test_a_constraint_without_variables_that_fails_is_infeasible(
    solver: Backend,
) -> None:
    model = _blend()
    model.x.fix(0)
    model.y.fix(0)
    outcome = solve_pyomo(model, solver, Options())
    assert outcome.status is Status.INFEASIBLE


def test_an_infeasible_model_keeps_the_values_it_had(solver: Backend) -> None:
    model = _blend()
    model.x.set_value(2)
    model.no = pyo.Constraint(expr=model.x >= 7)
    assert solve_pyomo(model, solver, Options()).status is Status.INFEASIBLE
    assert model.x.value == 2


def test_a_product_of_variables_is_refused_by_name() -> None:
    model = _blend()
    model.bad = pyo.Constraint(expr=model.x * model.y <= 2)
    with pytest.raises(ModelError, match="bad"):
        standard_form(model)


def test_two_objectives_are_refused() -> None:
    model = _blend()
    model.other = pyo.Objective(expr=model.x)
    with pytest.raises(ModelError, match="2 objectives"):
        standard_form(model)


def test_the_values_held_are_the_start() -> None:
    model = _blend()
    form = standard_form(model)
    assert start_of(form) is None
    model.x.set_value(2)
    start = start_of(form)
    assert start is not None
    assert start[0] == 2
    assert np.isnan(start[1])


def test_a_warm_start_is_an_incumbent(solver: Backend) -> None:
    needed = Capability.WARM_START | Capability.PROGRESS
    if needed not in solver.capabilities:
        pytest.skip(f"{solver.name} takes no start or tells no progress")
    model = _blend()
    solve_pyomo(model, solver, Options())
    told: list[Progress] = []

    def listen(progress: Progress) -> bool:
        told.append(progress)
        return False

    outcome = solve_pyomo(model, solver, Options(), warm_start=True, on_progress=listen)
    assert outcome.objective == pytest.approx(13)


def test_values_go_back_to_the_variable_of_their_column() -> None:
    model = _blend()
    form = standard_form(model)
    load(form, np.array([1.0, 2.0]))
    assert (model.x.value, model.y.value) == (1.0, 2.0)
