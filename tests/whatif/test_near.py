"""Solving near a plan: the plan is the present grouping, leaving it has a price."""

from pathlib import Path

import pytest

import federate
from federate.prepare import NEAR_GBP_PER_PATIENT
from tests.square import grouped


@pytest.fixture(scope="module")
def toy() -> federate.Result:
    return federate.solve("toy")


def other(toy: federate.Result) -> federate.Plan:
    """Return a plan that keeps the rules but is not the best."""
    worse = federate.Scenario.load("toy", weights__travel_gbp_per_patient_min=0.0)
    codes = toy.problem.instance.practices.code
    plan = federate.solve(worse.with_(rules__apart=((codes[0], codes[1]),))).plan
    assert plan is not None
    return plan


def test_at_a_high_price_the_plan_stays_as_it_is(toy: federate.Result) -> None:
    plan = other(toy)
    dear = federate.Scenario.load("toy", weights__disruption_gbp_per_patient=1e5)
    assert not federate.solve(dear, near=plan).diff(plan)


def test_the_plan_is_the_present_grouping(toy: federate.Result) -> None:
    plan = other(toy)
    result = federate.solve("toy", near=plan)
    instance = result.problem.instance
    assert instance.current == tuple(plan.federation[c] for c in instance.index)
    weights = result.problem.scenario.weights
    assert weights.disruption_gbp_per_patient == NEAR_GBP_PER_PATIENT


def test_rules_name_the_federations_of_the_plan(toy: federate.Result) -> None:
    plan = other(toy)
    asked = federate.Scenario.load("toy", rules__freeze=("F01",))
    result = federate.solve(asked, near=plan)
    assert plan.members["F01"] in result.require_plan().members.values()


def test_what_the_log_of_a_plan_froze_is_a_rule(
    toy: federate.Result, tmp_path: Path
) -> None:
    federate.edit(toy, "freeze F01").save(tmp_path / "plan.csv")
    result = federate.solve("toy", near=tmp_path / "plan.csv")
    assert result.problem.scenario.rules.freeze == ("F01",)


def test_a_run_solved_near_a_plan_is_read_back(
    toy: federate.Result, tmp_path: Path
) -> None:
    result = federate.solve("toy", near=other(toy))
    run = result.save(tmp_path / "run")
    again = federate.edit(run).after
    assert again.objective_gbp == result.objective_gbp


def test_a_plan_of_other_practices_is_refused() -> None:
    with pytest.raises(federate.PlanError):
        federate.solve("toy", near=grouped("A1 A2 A3"))
