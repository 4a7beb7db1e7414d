"""Every solver that runs here finds the same best plan by the compact model."""

import pytest

from federate.api import read
from federate.engine.answer import Answer, to_plan
from federate.engine.compact import solve_compact
from federate.problem import Problem
from federate.scenario.schema import Scenario
from federate.verify import verify
from solvers.contract import Options, Status
from solvers.registry import known_solvers, probe_all
from tests.strategies import small_problem

TOY_GBP = 870_000.0
# CP-SAT cannot prove the last pennies of a model with continuous variables.
GAP = 1e-6


@pytest.fixture(params=known_solvers())
def solver(request: pytest.FixtureRequest) -> str:
    (probe,) = (probe for probe in probe_all() if probe.name == request.param)
    if not probe.runs:
        pytest.skip(f"{probe.name}: {probe.why_not}")
    return probe.name


def _solve(problem: Problem, solver: str) -> Answer:
    return solve_compact(problem, options=Options(rel_gap=GAP), solver=solver)


def test_the_best_plan_of_the_toy_costs_the_same_by_every_solver(solver: str) -> None:
    problem = Problem.build(read("toy"), Scenario.load("toy"))
    answer = _solve(problem, solver)
    assert answer.status is Status.OPTIMAL
    assert answer.objective_gbp == pytest.approx(TOY_GBP)
    assert answer.grouping is not None
    assert verify(problem, to_plan(problem, answer.grouping)) == ()


@pytest.mark.parametrize("rule", ["bounds", "target", "risk", "voluntary"])
def test_all_solvers_agree_on_a_rule(solver: str, rule: str) -> None:
    problem = small_problem(1, rule, 6)
    answer, reference = _solve(problem, solver), _solve(problem, "highs")
    assert answer.status is reference.status is Status.OPTIMAL
    assert reference.objective_gbp is not None
    assert answer.objective_gbp == pytest.approx(reference.objective_gbp, rel=GAP)
