"""Real regions under the rules of primary care networks: proven optimal."""

from dataclasses import replace
from pathlib import Path

import pytest

from federate.engine.answer import to_plan
from federate.engine.compact.solve import solve_compact
from federate.problem import Problem
from federate.scenario import Scenario
from federate.verify import verify
from solvers.contract import Options, Status
from tests.geography.england import region

pytestmark = pytest.mark.slow

# £ a year at a gap of 1e-4, by this model with HiGHS; the plans are the cheapest.
OPTIMA = {
    "trafford": 652_002.22,
    "richmond_upon_thames": 507_840.18,
    "shropshire": 2_218_528.02,
    "sefton": 686_658.74,
}


def _problem(shared_data: Path, name: str) -> Problem:
    scenario = Scenario.load("pcn2019").with_(cover__enabled=False)
    return Problem.build(region(shared_data, name), scenario)


@pytest.mark.parametrize("name", OPTIMA)
def test_a_region_is_solved_to_its_proven_optimum(shared_data: Path, name: str) -> None:
    problem = _problem(shared_data, name)
    answer = solve_compact(problem, options=Options(time_limit_s=300))
    assert answer.status is Status.OPTIMAL
    assert answer.grouping is not None
    assert verify(problem, to_plan(problem, answer.grouping)) == ()
    assert answer.objective_gbp == pytest.approx(OPTIMA[name], rel=1e-4)


def test_flow_and_rounds_agree_on_a_region(shared_data: Path) -> None:
    problem = replace(_problem(shared_data, "trafford"), no_donut=False)
    by_flow = solve_compact(
        problem, options=Options(time_limit_s=300), contiguity="flow"
    )
    by_rounds = solve_compact(problem, options=Options(time_limit_s=300))
    assert by_flow.objective_gbp == pytest.approx(by_rounds.objective_gbp, rel=2e-4)
