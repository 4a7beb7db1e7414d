"""Frozen groups and those that may only gain, as arrays of a problem."""

from typing import Any

import numpy as np
import pytest

from federate.engine.compact.clash import rules_of
from federate.errors import ScenarioError
from federate.feasibility import prove_infeasible
from federate.problem import Problem
from federate.scenario import Scenario
from tests.square import square


def built(asked: dict[str, Any]) -> Problem:
    """Return the square as its scenario asks, with the sizes of federations free."""
    rules = {"num_federations": "free"} | asked.get("rules", {})
    scenario = Scenario.model_validate({"schema": 1, **asked, "rules": rules})
    return Problem.build(square().instance, scenario)


def test_a_frozen_group_is_together_and_has_a_zone_to_itself() -> None:
    problem = built({"rules": {"freeze": ["B"]}})
    assert problem.together == ((3, 4, 5),)
    assert problem.zone is not None
    assert len(set(problem.zone[3:6])) == 1
    assert problem.zone[3] not in set(problem.zone[[0, 1, 2, 6, 7, 8]])


def test_a_frozen_group_keeps_the_borders_of_the_others() -> None:
    problem = built({"rules": {"freeze": ["B"], "stay_inside": ["row"]}})
    assert problem.zone is not None
    assert len(set(problem.zone.tolist())) == 3


def test_a_group_that_may_grow_is_kept_whole() -> None:
    grown = built({"rules": {"grow": ["B"]}})
    kept = built({"rules": {"keep": ["B"]}})
    assert (grown.together, grown.apart) == (kept.together, kept.apart)
    assert grown.zone is None


def test_standing_alone_costs_a_frozen_group_more_than_any_plan() -> None:
    asked = {
        "membership": {"mode": "voluntary", "alone_gbp_per_patient": 0.0},
        "rules": {"freeze": ["B"]},
    }
    problem = built(asked)
    assert problem.alone_gbp is not None
    dearest = problem.cost.assign_gbp.max(axis=1).sum()
    assert problem.alone_gbp[3:6].sum() > dearest
    assert not np.delete(problem.alone_gbp, [3, 4, 5]).any()


def test_a_group_that_does_not_exist_is_told_with_what_was_meant() -> None:
    with pytest.raises(ScenarioError, match=r"rules\.freeze.*BB"):
        built({"rules": {"freeze": ["BB"]}})


def test_a_frozen_group_below_the_bound_is_named() -> None:
    problem = built({"rules": {"freeze": ["B"], "size_bounds": (40_000, 90_000)}})
    assert any("frozen as B, have 30,000" in said for said in prove_infeasible(problem))


def test_a_frozen_group_cannot_be_tied_to_another_practice() -> None:
    problem = built({"rules": {"freeze": ["B"], "together": [["A1", "B1"]]}})
    assert (
        "rules.freeze does not let a federation cross" in prove_infeasible(problem)[0]
    )


@pytest.mark.parametrize(
    ("rules", "key", "words"),
    [
        ({"freeze": ["A", "B"]}, "rules.freeze", "A, B frozen"),
        ({"stay_inside": ["row"]}, "rules.stay_inside", "each federation inside row"),
        (
            {"freeze": ["B"], "stay_inside": ["row"]},
            "rules.stay_inside and rules.freeze",
            "each federation inside row, B frozen",
        ),
    ],
)
def test_rules_that_clash_are_told_by_what_drew_the_line(
    rules: dict[str, Any], key: str, words: str
) -> None:
    told = {rule.key: rule.words for rule in rules_of(built({"rules": rules}))}
    assert told[key] == words
