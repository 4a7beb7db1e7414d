"""A quadratic constraint of a Pyomo model is a cone wherever it is one."""

from itertools import product
from math import sqrt

import numpy as np
import pyomo.environ as pyo
import pytest

from solvers.contract import (
    Backend,
    Capability,
    CapabilityError,
    ModelError,
    Options,
    Status,
)
from solvers.pyomo import solve_pyomo, standard_form, start_of


@pytest.fixture
def taker(solver: Backend) -> Backend:
    if Capability.CONES not in solver.capabilities:
        pytest.skip(f"{solver.name} says it cannot: CONES")
    return solver


def _plane(**bounds: tuple[float | None, float | None]) -> pyo.ConcreteModel:
    """Return a model of x, y and t ≥ 0, whose bounds may be others."""
    model = pyo.ConcreteModel()
    for name in ("x", "y", "t"):
        default = (0.0, None) if name == "t" else (-20.0, 20.0)
        setattr(model, name, pyo.Var(bounds=bounds.get(name, default)))
    return model


def _least_norm() -> pyo.ConcreteModel:
    model = _plane()
    model.cone = pyo.Constraint(expr=model.x**2 + model.y**2 <= model.t**2)
    model.line = pyo.Constraint(expr=3 * model.x + 4 * model.y == 10)
    model.length = pyo.Objective(expr=model.t)
    return model


def test_squares_under_a_square_are_a_cone_of_their_variables() -> None:
    made = standard_form(_least_norm()).model
    assert made.num_rows == 1
    (cone,) = made.cones
    names = list(made.column_names)
    assert names[cone.head] == "t"
    assert {names[j] for j in cone.tail} == {"x", "y"}


def test_the_least_norm_is_found_and_loaded_back(taker: Backend) -> None:
    model = _least_norm()
    outcome = solve_pyomo(model, taker, Options())
    assert outcome.status is Status.OPTIMAL
    assert outcome.objective == pytest.approx(2, rel=1e-5)
    assert pyo.value(model.x) == pytest.approx(1.2, abs=1e-2)


def test_affine_arguments_get_columns_after_all_others(taker: Backend) -> None:
    model = _plane()
    square = (model.x + 2 * model.y - 1) ** 2 + 4 * model.y**2
    model.cone = pyo.Constraint(expr=square <= (model.t + 1) ** 2)
    model.most = pyo.Constraint(expr=model.t <= 4)
    model.worth = pyo.Objective(expr=model.x, sense=pyo.maximize)
    form = standard_form(model)
    assert [v.name for v in form.variables] == ["x", "t", "y"]
    assert form.model.num_columns > 3
    # y = −a/2 leaves x = 1 + a + √(25 − a²), most at a = √12.5.
    outcome = solve_pyomo(model, taker, Options())
    assert outcome.objective == pytest.approx(1 + 2 * sqrt(12.5), rel=1e-5)


def test_a_convex_quadratic_is_a_cone(taker: Backend) -> None:
    model = _plane()
    x, y = model.x, model.y
    model.ellipse = pyo.Constraint(expr=2 * x**2 + 2 * x * y + 2 * y**2 + x <= 5)
    model.worth = pyo.Objective(expr=x + y, sense=pyo.maximize)
    outcome = solve_pyomo(model, taker, Options())
    # Stationary: 4x + 2y + 1 = 2x + 4y, so y = x + 1/2 and 6x² + 4x = 4.5.
    best = (-4 + sqrt(16 + 108)) / 12
    assert outcome.objective == pytest.approx(2 * best + 0.5, rel=1e-5)


@pytest.mark.parametrize("turned", [False, True])
def test_a_rotated_cone_is_a_cone(taker: Backend, turned: bool) -> None:
    model = _plane(x=(0, 10), y=(0, 10), t=(3, None))
    body = model.t**2 - model.x * model.y
    model.cone = pyo.Constraint(expr=-body >= 0 if turned else body <= 0)
    model.cost = pyo.Objective(expr=model.x + 4 * model.y)
    outcome = solve_pyomo(model, taker, Options())
    # 4y = x and xy = 9: x = 6, y = 3/2.
    assert outcome.objective == pytest.approx(12, rel=1e-5)


def test_a_head_of_two_variables_is_known_by_their_bounds() -> None:
    model = _plane(y=(0, 5))
    model.cone = pyo.Constraint(expr=model.x**2 <= (model.y + model.t) ** 2)
    made = standard_form(model).model
    assert len(made.cones) == 1


def test_a_variable_in_a_cone_alone_has_a_column(taker: Backend) -> None:
    model = _plane(t=(0, 5))
    model.cone = pyo.Constraint(expr=model.x**2 + model.y**2 <= model.t**2)
    model.worth = pyo.Objective(expr=-3 * model.x - 4 * model.y)
    assert solve_pyomo(model, taker, Options()).objective == pytest.approx(
        -25, rel=1e-5
    )


def test_an_integer_of_a_cone_is_whole(taker: Backend) -> None:
    model = _plane(t=(0, 4.5))
    model.x.domain = pyo.Integers
    model.cone = pyo.Constraint(expr=model.x**2 + model.y**2 <= model.t**2)
    model.worth = pyo.Objective(expr=3 * model.x + 4 * model.y, sense=pyo.maximize)
    outcome = solve_pyomo(model, taker, Options(rel_gap=1e-6))
    assert outcome.objective == pytest.approx(9 + 4 * sqrt(11.25), rel=1e-5)
    assert pyo.value(model.x) == 3


def test_the_cone_holds_where_the_constraint_does() -> None:
    model = _plane(x=(-2, 2), y=(-2, 2), t=(0, 3))
    x, y, t = model.x, model.y, model.t
    model.cone = pyo.Constraint(
        expr=(x - y) ** 2 + x**2 + 0.5 * x <= 2 * t * (t + y + 2)
    )
    made = standard_form(model).model
    names = list(made.column_names)
    for point in product(np.linspace(-2, 2, 9), np.linspace(-2, 2, 9), (0, 1.5, 3)):
        held = dict(zip("xyt", point, strict=True))
        for name, value in held.items():
            getattr(model, name).set_value(float(value))
        values = np.array([held.get(name, 0.0) for name in names])
        extra = made.num_columns - 3
        # Each argument's row reads: argument − form·x = constant.
        rows = made.matrix.toarray()[-extra:]
        values[3:] = made.row_lower[-extra:] - rows @ values
        (cone,) = made.cones
        off = np.linalg.norm(values[list(cone.tail)]) - values[cone.head]
        holds = pyo.value(model.cone.body) <= pyo.value(model.cone.upper)
        assert (off <= 1e-9) == holds or abs(off) < 1e-9


@pytest.mark.parametrize(
    ("build", "why"),
    [
        (lambda m: m.x**2 + m.y**2 >= m.t**2, "not convex"),
        (lambda m: m.x * m.y <= 2, "not convex"),
        (lambda m: m.x**2 + m.t**2 == 4, "two sides"),
        (lambda m: pyo.sin(m.x) + m.y**2 <= 4, "not quadratic"),
        (lambda m: m.t**2 <= m.x**2, "mirror image"),
    ],
    ids=["outside", "product", "sphere", "sine", "head of either sign"],
)
def test_what_is_no_cone_is_refused_by_name(build: object, why: str) -> None:
    model = _plane()
    model.bad = pyo.Constraint(expr=build(model))  # type: ignore[operator]
    with pytest.raises(ModelError, match=rf"constraint bad is neither.*{why}"):
        standard_form(model)
    assert model.bad.active


def test_a_model_of_the_kernel_is_refused() -> None:
    import pyomo.kernel as kernel

    model = kernel.block()
    model.x, model.t = kernel.variable(), kernel.variable(lb=0)
    model.cone = kernel.conic.quadratic(model.t, [model.x])
    with pytest.raises(ModelError, match=r"pyomo\.kernel.*squares under a square"):
        standard_form(model)


def test_a_backend_without_cones_says_who_has_them() -> None:
    from solvers.highs import Highs

    with pytest.raises(CapabilityError, match=r"these can: .*scip"):
        solve_pyomo(_least_norm(), Highs(), Options())


def test_a_start_leaves_the_arguments_open() -> None:
    model = _plane()
    model.cone = pyo.Constraint(expr=(model.x + model.y) ** 2 <= model.t**2)
    model.x.set_value(1.0)
    form = standard_form(model)
    start = start_of(form)
    assert start is not None
    assert len(start) == form.model.num_columns
    assert np.nansum(start) == 1.0
