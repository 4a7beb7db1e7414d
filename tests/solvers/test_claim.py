"""What a backend claims is not believed until it is checked."""

import numpy as np
import pytest

from solvers.claim import Claim, dual_bound, judge, settle, violation
from solvers.contract import MixedIntegerModel, Options, Status, StopReason
from tests.solvers.models import INF, model


def _claim(values: list[float]) -> Claim:
    return Claim(
        Status.OPTIMAL, StopReason.FINISHED, values=np.array(values), bound=1.0
    )


def _cover() -> MixedIntegerModel:
    """Return min x + y s.t. x + y ≥ 1 over binaries: worth 1."""
    return model([1, 1], [[1, 1]], [1], [INF])


def test_a_fraction_is_rounded_at_a_half() -> None:
    outcome = judge(_cover(), _claim([0.9999, 1e-5]), Options())
    assert outcome.values is not None
    assert outcome.values.tolist() == [1.0, 0.0]
    assert outcome.objective == 1.0


def test_a_point_that_breaks_a_row_is_no_solution() -> None:
    outcome = judge(_cover(), _claim([0.4, 0.4]), Options())
    assert outcome.status is Status.NO_SOLUTION
    assert outcome.stop is StopReason.NUMERIC
    assert "row 0" in outcome.message


def test_the_row_that_is_broken_is_named() -> None:
    asked = model([1], [[1]], [1], [INF], row_names=["every practice once"])
    outcome = judge(asked, _claim([0.0]), Options())
    assert "every practice once" in outcome.message


def test_a_point_outside_its_bounds_is_no_solution() -> None:
    assert judge(_cover(), _claim([2.0, 0.0]), Options()).status is Status.NO_SOLUTION


def test_optimal_at_a_gap_is_only_feasible() -> None:
    claim = Claim(
        Status.OPTIMAL, StopReason.TIME_LIMIT, values=np.array([1.0, 1.0]), bound=1.0
    )
    outcome = judge(_cover(), claim, Options())
    assert outcome.status is Status.FEASIBLE
    assert outcome.gap == pytest.approx(0.5)


def test_feasible_with_the_gap_closed_is_optimal() -> None:
    claim = Claim(
        Status.NO_SOLUTION, StopReason.TIME_LIMIT, values=np.array([1.0, 0]), bound=1.0
    )
    outcome = judge(_cover(), claim, Options())
    assert outcome.status is Status.OPTIMAL
    assert outcome.stop is StopReason.TIME_LIMIT


def test_a_bound_above_the_objective_is_not_passed_on() -> None:
    claim = Claim(
        Status.OPTIMAL, StopReason.FINISHED, values=np.array([1.0, 0]), bound=1.5
    )
    outcome = judge(_cover(), claim, Options())
    assert outcome.bound is None
    assert outcome.status is Status.FEASIBLE
    assert outcome.stop is StopReason.NUMERIC


def test_a_claim_of_optimality_without_a_point_is_an_error() -> None:
    outcome = judge(_cover(), Claim(Status.OPTIMAL, StopReason.FINISHED), Options())
    assert outcome.status is Status.ERROR


def test_an_infinite_bound_is_absent() -> None:
    claim = Claim(Status.NO_SOLUTION, StopReason.TIME_LIMIT, bound=-INF)
    assert judge(_cover(), claim, Options()).bound is None


def test_infeasible_under_a_cutoff_is_only_a_bound() -> None:
    claim = Claim(Status.INFEASIBLE, StopReason.FINISHED)
    outcome = judge(_cover(), claim, Options(cutoff=0.5))
    assert outcome.status is Status.NO_SOLUTION
    assert outcome.stop is StopReason.CUTOFF
    assert outcome.bound == 0.5


def test_a_point_costlier_than_the_cutoff_proves_only_the_cutoff() -> None:
    outcome = judge(_cover(), _claim([1.0, 0.0]), Options(cutoff=0.25))
    assert outcome.status is Status.FEASIBLE
    assert outcome.stop is StopReason.CUTOFF
    assert outcome.bound == 0.25


def test_rounding_that_moves_a_continuous_variable_is_polished() -> None:
    # y = 50,000 x: the point claimed has x = 0.999999, y = 49,999.95.
    asked = model(
        [0, 1],
        [[50_000, -1]],
        [0],
        [0],
        lower=[1, 0],
        upper=[1, INF],
        integral=[True, False],
    )
    raw = _claim([0.999998, 49_999.9])
    assert judge(asked, raw, Options()).status is Status.NO_SOLUTION
    polished = judge(asked, raw, Options(), lambda _: np.array([1.0, 50_000.0]))
    assert polished.objective == pytest.approx(50_000)


def test_a_small_model_needs_no_backend() -> None:
    claim = settle(model([], [[]], [0], [0]))
    assert claim is not None
    assert claim.status is Status.OPTIMAL
    assert settle(_cover()) is None


def test_violation_is_relative_to_the_largest_term() -> None:
    asked = model([0], [[1e6]], [1e6 - 1], [1e6 - 1], upper=[2], integral=False)
    off, row = violation(asked, np.array([1.0]))
    assert off == pytest.approx(1e-6)
    assert row == 0


@pytest.mark.parametrize(
    ("duals", "bound"), [([1.0], 1.0), ([0.5], 0.5), ([2.0], 0.0), ([-1.0], None)]
)
def test_any_duals_prove_a_bound_or_none(duals: list[float], bound: float) -> None:
    assert dual_bound(_cover().relaxed(), np.array(duals)) == bound
