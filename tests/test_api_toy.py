"""The toy county: by hand, by the oracle and by the engines, one optimum."""

import pytest

import federate as fed
from federate.problem import Problem
from solvers.contract import Status
from tests.oracle import brute_force


@pytest.fixture(scope="module")
def problem() -> Problem:
    scenario = fed.Scenario.load("toy")
    return Problem.build(fed.read("toy"), scenario)


def test_the_oracle_finds_the_optimum_of_the_readme(problem: Problem) -> None:
    found = brute_force(problem)
    assert found is not None
    assert found[0] == 870_000.0


def test_a_solve_finds_and_proves_the_same(problem: Problem) -> None:
    found, result = brute_force(problem), fed.solve("toy")
    assert found is not None
    assert result.status is Status.OPTIMAL
    assert result.objective_gbp == pytest.approx(found[0])
    assert result.require_plan().diff(found[1]).moved == ()


def test_every_patient_of_a_solved_plan_is_covered() -> None:
    result = fed.solve("toy")
    assert result.violations == ()
    assert set(result.require_plan().bases) == set(result.problem.instance.index)


def test_a_warm_start_does_not_change_the_optimum() -> None:
    warm = fed.solve("toy", warm_start="current")
    assert warm.objective_gbp == fed.solve("toy").objective_gbp
