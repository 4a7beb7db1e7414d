"""Solvers that Pyomo drives, tried on the one that is always here."""

import pytest

from solvers.contract import (
    BackendError,
    CapabilityError,
    Options,
    Status,
    StopReason,
)
from solvers.registry import backend
from tests.solvers.models import INF, hard, knapsack, model, random_mip

_SOLVER = "pyomo:appsi_highs"


def test_it_runs_here() -> None:
    probe = backend(_SOLVER).probe()
    assert probe.runs, probe.why_not
    assert probe.name == _SOLVER


@pytest.mark.parametrize("seed", range(10))
def test_it_agrees_with_the_default(seed: int) -> None:
    asked = random_mip(seed)
    outcome = backend(_SOLVER).solve(asked, Options(rel_gap=0.0))
    assert outcome.status is Status.OPTIMAL
    expected = backend("highs").solve(asked, Options(rel_gap=0.0)).objective
    assert outcome.objective == pytest.approx(expected, abs=1e-6)


def test_a_model_without_a_point_is_infeasible() -> None:
    asked = model([1, 1], [[1, 1]], [3], [INF])
    assert backend(_SOLVER).solve(asked, Options()).status is Status.INFEASIBLE


def test_an_unbounded_model_has_no_values() -> None:
    asked = model([-1, -1], [[1, -1]], [0], [0], upper=[INF, INF], integral=False)
    outcome = backend(_SOLVER).solve(asked, Options())
    assert outcome.status in (Status.UNBOUNDED, Status.NO_SOLUTION)
    assert outcome.values is None


def test_a_variable_in_no_row_and_at_no_cost_has_a_value() -> None:
    asked = model([1, 0], [[1, 0]], [1], [INF], lower=[0, 2], upper=[1, 3])
    outcome = backend(_SOLVER).solve(asked, Options())
    assert outcome.values is not None
    assert outcome.values.tolist() == [1, 2]


def test_a_time_limit_is_passed_on() -> None:
    outcome = backend(_SOLVER).solve(hard(), Options(time_limit_s=0.5))
    assert outcome.stop is StopReason.TIME_LIMIT
    assert outcome.status is Status.FEASIBLE
    assert outcome.bound is not None


def test_a_solver_that_pyomo_does_not_find_is_told() -> None:
    probe = backend("pyomo:abacus").probe()
    assert not probe.runs
    assert "no solver abacus" in probe.why_not
    with pytest.raises(BackendError, match="abacus"):
        backend("pyomo:abacus").solve(knapsack(), Options())


def test_a_start_is_refused_by_name() -> None:
    asked = knapsack()
    with pytest.raises(CapabilityError, match=r"warm start; these can: highs"):
        backend(_SOLVER).solve(asked, Options(), start=asked.upper)
