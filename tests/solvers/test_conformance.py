"""What every backend must do alike."""

from functools import cache
from itertools import product
from time import perf_counter

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from solvers.contract import (
    Backend,
    BackendError,
    Capability,
    CapabilityError,
    MixedIntegerModel,
    OptionError,
    Options,
    Outcome,
    Progress,
    Status,
    StopReason,
)
from solvers.registry import backend
from tests.solvers.models import INF, hard, knapsack, market_split, model, random_mip


def _needs(solver: Backend, capability: Capability) -> None:
    if capability not in solver.capabilities:
        pytest.skip(f"{solver.name} says it cannot: {capability.name}")


def _solved(solver: Backend, asked: MixedIntegerModel) -> Outcome:
    """Solve a model of open bounds, or skip a backend that refuses them."""
    try:
        return solver.solve(asked, Options())
    except CapabilityError as error:
        pytest.skip(str(error))


def _by_trying_all(asked: MixedIntegerModel) -> float:
    """Return the optimum of a mixed model by an LP for each integer point."""
    whole = np.flatnonzero(asked.integral)
    best = INF
    rows = np.vstack([asked.matrix.toarray(), -asked.matrix.toarray()])
    sides = np.concatenate([asked.row_upper, -asked.row_lower])
    keep = np.isfinite(sides)
    for point in product(range(3), repeat=len(whole)):
        bounds = list(zip(asked.lower, asked.upper, strict=True))
        for j, value in zip(whole, point, strict=True):
            bounds[j] = (value, value)
        found = linprog(asked.cost, rows[keep], sides[keep], bounds=bounds)
        if found.status == 0:
            best = min(best, float(found.fun or 0.0) + asked.offset)
    return best


@pytest.mark.parametrize("seed", range(30))
def test_the_optimum_of_a_generated_model_is_found(solver: Backend, seed: int) -> None:
    asked = random_mip(seed)
    outcome = solver.solve(asked, Options(rel_gap=0.0))
    assert outcome.status is Status.OPTIMAL
    assert outcome.objective == pytest.approx(_by_trying_all(asked), abs=1e-5)


def test_integers_come_back_as_integers(solver: Backend) -> None:
    values = solver.solve(knapsack(), Options()).values
    assert values is not None
    assert np.array_equal(values, np.round(values))


def test_bound_and_gap_follow_from_the_values(solver: Backend) -> None:
    asked = knapsack(seed=3)
    outcome = solver.solve(asked, Options())
    assert outcome.values is not None
    assert outcome.objective == pytest.approx(float(asked.cost @ outcome.values))
    assert outcome.objective is not None
    assert outcome.bound is not None
    assert outcome.bound <= outcome.objective
    assert outcome.gap == pytest.approx(
        (outcome.objective - outcome.bound) / abs(outcome.objective)
    )


def test_the_offset_counts_in_objective_and_bound(solver: Backend) -> None:
    plain = solver.solve(knapsack(), Options())
    asked = knapsack()
    shifted = MixedIntegerModel(**{**vars(asked), "offset": 1000.0})
    outcome = solver.solve(shifted, Options())
    assert plain.objective is not None
    assert outcome.objective == pytest.approx(plain.objective + 1000)
    assert outcome.bound == pytest.approx(outcome.objective, rel=1e-4)


@pytest.mark.parametrize("integral", [True, False])
@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (model([1, -1], [], [], [], upper=[3, 3]), Status.OPTIMAL),
        (model([], [[]], [-1], [1]), Status.OPTIMAL),
        (model([], [[]], [1], [2]), Status.INFEASIBLE),
        (model([], [], [], []), Status.OPTIMAL),
        (model([1, 1], [[1, 1]], [3], [INF]), Status.INFEASIBLE),
        (model([1, 1], [[1, 1]], [0], [INF], lower=[2, 0]), Status.INFEASIBLE),
        (model([1, 1], [[1, 1]], [2], [1]), Status.INFEASIBLE),
        (model([0, 0], [[1, 1]], [1], [INF]), Status.OPTIMAL),
        (model([1, 1], [[1, 1]], [1], [1]), Status.OPTIMAL),
        (model([2, 1], [[1, 1]], [1], [2], lower=[1, 0]), Status.OPTIMAL),
    ],
    ids=[
        "zero rows",
        "zero columns",
        "zero columns, impossible row",
        "nothing at all",
        "infeasible",
        "crossed bounds",
        "crossed row",
        "empty objective",
        "equality only",
        "fixed variable",
    ],
)
def test_an_awkward_model_has_the_same_status_everywhere(
    solver: Backend, asked: MixedIntegerModel, status: Status, integral: bool
) -> None:
    asked = asked if integral else asked.relaxed()
    outcome = solver.solve(asked, Options())
    assert outcome.status is status
    assert (outcome.values is not None) is (status is Status.OPTIMAL)
    assert outcome.message or outcome.values is not None


def test_integer_bounds_without_an_integer_between_are_infeasible(
    solver: Backend,
) -> None:
    asked = model([1], [[1]], [0], [1], lower=[0.2], upper=[0.8])
    assert solver.solve(asked, Options()).status is Status.INFEASIBLE


@pytest.mark.parametrize("integral", [True, False])
def test_an_unbounded_model_is_never_called_infeasible(
    solver: Backend, integral: bool
) -> None:
    asked = model([-1, -1], [[1, -1]], [0], [0], upper=[INF, INF], integral=integral)
    outcome = _solved(solver, asked)
    unsure = outcome.stop is StopReason.INFEASIBLE_OR_UNBOUNDED
    assert outcome.status is (Status.NO_SOLUTION if unsure else Status.UNBOUNDED)
    assert outcome.values is None
    assert outcome.objective is None
    assert outcome.bound is None
    assert "bound" in outcome.message


def test_a_free_variable_may_be_negative(solver: Backend) -> None:
    asked = model([1.0], [[1.0]], [-7.5], [INF], lower=[-INF], upper=[INF])
    assert _solved(solver, asked).objective == pytest.approx(-7)


def test_huge_and_tiny_coefficients_are_solved_or_owned_up_to(solver: Backend) -> None:
    asked = model([1e6, 1.0], [[1e7, 1e-4]], [5e6], [INF], upper=[1, 1e9])
    outcome = solver.solve(asked, Options())
    if outcome.status is Status.OPTIMAL:
        assert outcome.objective == pytest.approx(1e6)
    else:
        assert outcome.stop is StopReason.NUMERIC


def test_a_coefficient_past_all_reason_is_solved_or_refused(solver: Backend) -> None:
    asked, told, cost = model([1, 1], [[1e16, 1]], [1], [INF]), "", 0.0
    try:
        cost = solver.solve(asked, Options()).objective or 0.0
    except BackendError as error:
        told = str(error)
    assert "coefficient" in told or cost == pytest.approx(1)


def test_the_time_limit_is_kept_and_the_incumbent_reported(solver: Backend) -> None:
    asked, began = hard(), perf_counter()
    outcome = solver.solve(asked, Options(time_limit_s=1.0))
    assert perf_counter() - began < 3
    assert outcome.status is Status.FEASIBLE
    assert outcome.stop is StopReason.TIME_LIMIT
    assert outcome.bound is not None
    assert outcome.objective is not None
    assert outcome.bound < outcome.objective


def test_a_time_limit_without_incumbent_is_no_solution(solver: Backend) -> None:
    outcome = solver.solve(market_split(), Options(time_limit_s=0.0))
    assert outcome.status is Status.NO_SOLUTION
    assert outcome.stop is StopReason.TIME_LIMIT
    assert outcome.values is None
    assert outcome.gap is None
    assert "within 0 s" in outcome.message


def test_a_gap_that_is_wide_enough_counts_as_optimal(solver: Backend) -> None:
    outcome = solver.solve(hard(), Options(rel_gap=0.5))
    assert outcome.status is Status.OPTIMAL
    assert outcome.stop is StopReason.GAP_REACHED
    assert outcome.gap is not None
    assert outcome.gap <= 0.5


def test_a_cutoff_below_the_optimum_is_not_infeasibility(solver: Backend) -> None:
    _needs(solver, Capability.CUTOFF)
    optimum = solver.solve(knapsack(), Options()).objective
    assert optimum is not None
    outcome = solver.solve(knapsack(), Options(cutoff=optimum - 5))
    assert outcome.stop is StopReason.CUTOFF
    assert outcome.status is not Status.INFEASIBLE
    assert outcome.status is not Status.OPTIMAL
    assert outcome.bound is not None
    assert outcome.bound <= optimum


def test_a_cutoff_above_the_optimum_changes_nothing(solver: Backend) -> None:
    _needs(solver, Capability.CUTOFF)
    optimum = solver.solve(knapsack(), Options()).objective
    assert optimum is not None
    outcome = solver.solve(knapsack(), Options(cutoff=optimum + 5))
    assert outcome.status is Status.OPTIMAL
    assert outcome.objective == pytest.approx(optimum)


def test_a_start_is_accepted_and_used(solver: Backend) -> None:
    _needs(solver, Capability.WARM_START | Capability.PROGRESS)
    best = solver.solve(hard(), Options(time_limit_s=2.0))
    first: list[float] = []

    def stop_at_first(progress: Progress) -> bool:
        if progress.values is not None:
            first.append(float(progress.objective or 0.0))
        return bool(first)

    solver.solve(hard(), Options(), start=best.values, on_progress=stop_at_first)
    assert first[0] == pytest.approx(best.objective)


def test_a_start_known_in_part_is_completed(solver: Backend) -> None:
    _needs(solver, Capability.WARM_START)
    asked = knapsack()
    best = solver.solve(asked, Options())
    assert best.values is not None
    start = best.values.copy()
    start[::2] = np.nan
    again = solver.solve(asked, Options(), start=start)
    assert again.objective == pytest.approx(best.objective)


def test_an_impossible_start_does_no_harm(solver: Backend) -> None:
    _needs(solver, Capability.WARM_START)
    asked = knapsack()
    outcome = solver.solve(asked, Options(), start=np.ones(asked.num_columns))
    assert outcome.status is Status.OPTIMAL
    assert outcome.objective == solver.solve(asked, Options()).objective


@cache
def _heard(name: str) -> tuple[list[Progress], Outcome]:
    """Return what a backend tells in 1.5 s of a hard model, and its answer."""
    told: list[Progress] = []

    def listen(progress: Progress) -> bool:
        told.append(progress)
        return False

    options = Options(time_limit_s=1.5)
    return told, backend(name).solve(hard(), options, on_progress=listen)


def test_incumbents_are_told_with_their_values(solver: Backend) -> None:
    _needs(solver, Capability.PROGRESS)
    told, outcome = _heard(solver.name)
    points = [p for p in told if p.values is not None]
    assert points
    for point in points:
        assert point.values is not None
        assert float(hard().cost @ point.values) == pytest.approx(point.objective)
    assert min(p.objective or 0.0 for p in points) == pytest.approx(outcome.objective)


def test_bounds_are_told_and_never_fall(solver: Backend) -> None:
    _needs(solver, Capability.PROGRESS)
    told, _ = _heard(solver.name)
    bounds = [p.bound for p in told if p.bound is not None]
    assert bounds
    assert bounds == sorted(bounds)


def test_the_caller_is_told_several_times_a_second(solver: Backend) -> None:
    _needs(solver, Capability.CANCEL)
    told, _ = _heard(solver.name)
    assert len(told) >= 3


def test_cancelling_stops_within_a_second(solver: Backend) -> None:
    _needs(solver, Capability.CANCEL)
    tells_points = Capability.PROGRESS in solver.capabilities
    asked_at: list[float] = []
    points: list[Progress] = []

    def stop(progress: Progress) -> bool:
        if progress.values is not None:
            points.append(progress)
        ready = progress.seconds > 1.0 and (points or not tells_points)
        if ready and not asked_at:
            asked_at.append(perf_counter())
        return bool(asked_at)

    outcome = solver.solve(hard(), Options(time_limit_s=30.0), on_progress=stop)
    assert perf_counter() - asked_at[0] < 1.0
    assert outcome.stop is StopReason.CANCELLED
    assert outcome.status is Status.FEASIBLE


def test_what_the_listener_raises_reaches_the_caller(solver: Backend) -> None:
    _needs(solver, Capability.PROGRESS)

    def listen(progress: Progress) -> bool:
        raise ZeroDivisionError("from the listener")

    with pytest.raises(ZeroDivisionError, match="from the listener"):
        solver.solve(hard(), Options(time_limit_s=20.0), on_progress=listen)


def test_one_thread_and_one_seed_give_the_same_answer(solver: Backend) -> None:
    asked = hard(num_items=30, num_rows=8)
    first, second = (solver.solve(asked, Options(seed=7)) for _ in range(2))
    assert first.values is not None
    assert second.values is not None
    assert np.array_equal(first.values, second.values)
    assert first.nodes == second.nodes


def test_two_threads_reach_the_same_optimum(solver: Backend) -> None:
    asked = hard(num_items=30, num_rows=8)
    one = solver.solve(asked, Options(threads=1))
    two = solver.solve(asked, Options(threads=2))
    assert two.objective == pytest.approx(one.objective, rel=1e-4)


def test_a_refused_option_is_named_with_its_value(solver: Backend) -> None:
    with pytest.raises(OptionError, match="-3"):
        solver.solve(knapsack(), Options(rel_gap=-3.0))


def test_what_a_backend_cannot_do_is_refused(solver: Backend) -> None:
    if Capability.MEMORY in solver.capabilities:
        pytest.skip("it can hold a memory limit")
    with pytest.raises(CapabilityError, match="memory"):
        solver.solve(knapsack(), Options(memory_mb=100.0))


def _transport() -> MixedIntegerModel:
    """Return min 2x + 3y s.t. x + y ≥ 4, x ≤ 3, x − y ≤ 2."""
    return model(
        [2, 3], [[1, 1], [1, -1]], [4, -INF], [INF, 2], upper=[3, INF], integral=False
    )


def test_duals_have_the_stated_sign(solver: Backend) -> None:
    _needs(solver, Capability.DUALS)
    outcome = solver.solve(_transport(), Options())
    assert outcome.values is not None
    assert outcome.values == pytest.approx([3, 1])
    assert outcome.row_duals is not None
    assert outcome.reduced_costs is not None
    # (3, 1) is degenerate: x = 3 and x − y = 2 both hold; only signs are certain.
    assert outcome.row_duals[0] >= 2.5 - 1e-9
    assert outcome.row_duals[1] <= 1e-9
    assert outcome.reduced_costs[0] <= 1e-9


def test_the_bound_of_a_linear_model_follows_from_its_duals(solver: Backend) -> None:
    _needs(solver, Capability.DUALS)
    outcome = solver.solve(_transport(), Options())
    assert outcome.bound == pytest.approx(9)
    assert outcome.status is Status.OPTIMAL


def test_a_session_takes_columns_rows_and_bounds(solver: Backend) -> None:
    _needs(solver, Capability.SESSION)
    session = solver.session(_transport())
    assert session.solve(Options()).objective == pytest.approx(9)
    session.add_columns(
        np.array([1.0]),
        np.array([0.0]),
        np.array([INF]),
        sparse.csc_matrix(np.array([[1.0], [0.0]])),
    )
    assert session.solve(Options()).objective == pytest.approx(4)
    session.add_rows(
        np.array([-INF]), np.array([1.0]), sparse.csr_matrix(np.array([[0, 0, 1.0]]))
    )
    assert session.solve(Options()).objective == pytest.approx(7.5)
    session.set_bounds(np.array([2], dtype=np.int32), np.array([0.0]), np.array([0.0]))
    assert session.solve(Options()).objective == pytest.approx(9)


def test_a_session_prices_new_columns_by_its_duals(solver: Backend) -> None:
    _needs(solver, Capability.SESSION)
    session = solver.session(_transport())
    before = session.solve(Options())
    assert before.row_duals is not None
    column = np.array([1.0, 0.0])
    reduced = 1.0 - float(before.row_duals @ column)
    assert reduced < 0
    session.add_columns(
        np.array([1.0]),
        np.array([0.0]),
        np.array([INF]),
        sparse.csc_matrix(column[:, None]),
    )
    after = session.solve(Options())
    assert after.objective is not None
    assert before.objective is not None
    assert after.objective < before.objective


def test_a_session_ignores_integrality(solver: Backend) -> None:
    _needs(solver, Capability.SESSION)
    asked = model([-1.0, -1.0], [[2.0, 2.0]], [-INF], [3.0])
    assert solver.session(asked).solve(Options()).objective == pytest.approx(-1.5)


def test_a_time_limit_is_that_of_one_solve_of_a_session(solver: Backend) -> None:
    _needs(solver, Capability.SESSION)
    session, seconds = solver.session(_transport()), 0.0
    while seconds < 0.5:
        outcome = session.solve(Options(time_limit_s=0.4))
        assert outcome.status is Status.OPTIMAL
        seconds += outcome.seconds


def test_the_outcome_names_backend_version_and_seconds(solver: Backend) -> None:
    outcome = solver.solve(knapsack(), Options())
    assert outcome.backend == solver.name
    assert outcome.version
    assert outcome.seconds > 0
