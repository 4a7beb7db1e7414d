"""Why no plan exists: planted conflicts are named, and fixes work."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federate.practices.instance import Tie
from federate.problem import Problem
from federate.scenario import Scenario
from federate.whatif.demand import changed
from federate.whatif.demands import demands
from federate.whatif.infeasible import Explanation, explain_infeasible
from tests.oracle import brute_force
from tests.strategies import small_instance, small_problem

# 25 planted conflicts of twelve kinds on six practices that all can hold together:
# what is asked, and the rules of which at least one must be named.
PLANTED: dict[str, tuple[dict[str, Any], set[str]]] = {
    "too few patients": ({"size_bounds": (10**6, 2 * 10**6)}, {"lower size"}),
    "too few for two": (
        {"size_bounds": (20_000, 10**6), "num_federations": 4},
        {"lower size", "least count"},
    ),
    "too many for one": (
        {"size_bounds": (0, 26_000), "num_federations": 1},
        {"upper size", "most count"},
    ),
    "too many for two": (
        {"size_bounds": (0, 14_000), "num_federations": (1, 2)},
        {"upper size", "most count"},
    ),
    "more than practices": ({"num_federations": 7}, {"least count"}),
    "far more than practices": ({"num_federations": (9, 12)}, {"least count"}),
    "together and apart": (
        {"together": (("P0", "P1"),), "apart": (("P0", "P1"),)},
        {"together", "apart"},
    ),
    "together by another": (
        {"together": (("P0", "P1"), ("P1", "P2")), "apart": (("P0", "P2"),)},
        {"together", "apart"},
    ),
    "three together, two apart": (
        {"together": (("P1", "P3", "P5"),), "apart": (("P5", "P1"),)},
        {"together", "apart"},
    ),
    "together above the bound": (
        {"size_bounds": (0, 16_000), "together": (("P0", "P1", "P2", "P3", "P4"),)},
        {"together", "upper size"},
    ),
    "all together in two": (
        {"together": (("P0", "P1", "P2", "P3", "P4", "P5"),), "num_federations": 2},
        {"together", "least count"},
    ),
    "all apart in one": (
        {"apart": (("P0", "P1"),), "num_federations": 1},
        {"apart", "most count"},
    ),
    "three apart in two": (
        {"apart": (("P0", "P1", "P2"),), "num_federations": (1, 2)},
        {"apart", "most count"},
    ),
    "too many members": (
        {"practices_bounds": (1, 2), "num_federations": 2},
        {"most members", "most count"},
    ),
    "too few members": (
        {"practices_bounds": (4, 6), "num_federations": 2},
        {"least members", "least count"},
    ),
    "members no multiple": (
        {"practices_bounds": (4, 5)},
        {"least members", "most members"},
    ),
    "members against size": (
        {"practices_bounds": (1, 1), "size_bounds": (16_000, 10**6)},
        {"most members", "lower size"},
    ),
    "travel against members": (
        {"practices_bounds": (6, 6), "max_travel_min": 0.1},
        {"travel", "least members"},
    ),
    "travel against size": (
        {"size_bounds": (16_000, 10**6), "max_travel_min": 0.1},
        {"travel", "lower size"},
    ),
    "travel against count": (
        {"num_federations": 1, "max_travel_min": 0.1},
        {"travel", "most count"},
    ),
    "together across the travel limit": (
        {"together": (("P0", "P1", "P2", "P3", "P4", "P5"),), "max_travel_min": 0.1},
        {"travel", "together"},
    ),
    "together across a border": (
        {"together": (("P0", "P1"),), "stay_inside": ("district",)},
        {"zone", "together"},
    ),
    "one federation across a border": (
        {"num_federations": 1, "stay_inside": ("district",)},
        {"zone", "most count"},
    ),
    "kept apart and wished together": (
        {"keep": ("G1", "G2"), "num_federations": 1},
        {"keep", "most count"},
    ),
    "refused for its size": (
        {"size_bounds": (0, 5_000), "oversize": "refuse"},
        {"oversize", "upper size"},
    ),
}
# The same of what a federation must bear: sections beside the rules.
BEARING: dict[str, tuple[dict[str, Any], set[str]]] = {
    "a chance that no pool has": (
        {"risk": {"max_probability": 0.01, "tolerance": 0.001}},
        {"risk"},
    ),
    "running cost above the allowance": (
        {"scale": {"fixed_gbp_per_federation": 60_000, "allowance_gbp_per_head": 1.0}},
        {"allowance"},
    ),
    "management that nobody has": (
        {
            "scale": {
                "fixed_gbp_per_federation": 60_000,
                "management_column": "imd",
                "management_gbp_per_head": 5.0,
            }
        },
        {"management"},
    ),
    "too few of the full tier": (
        {
            "tiers": {
                "readiness_column": "imd",
                "full_readiness": 49.0,
                "min_full_share": 0.9,
            }
        },
        {"full share"},
    ),
    "an overspend dearer than any income": (
        {
            "tiers": {
                "max_exposure_share": 0.05,
                "income_gbp_per_patient": 150.0,
            }
        },
        {"exposure"},
    ),
}
SEED = 7


def asked(rules: dict[str, Any], **sections: Any) -> Problem:
    scenario = Scenario.model_validate(
        {
            "schema": 1,
            "scale": {"fixed_gbp_per_federation": 60_000.0},
            "cover": {"enabled": False},
            "rules": rules,
        }
        | sections
    )
    return Problem.build(small_instance(SEED, 6), scenario)


def named(why: Explanation) -> set[str]:
    return {demand.kind for conflict in why.conflicts for demand in conflict.demands}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_conflict_is_named_and_its_fixes_work(name: str) -> None:
    rules, planted = PLANTED[name]
    problem = asked(rules)
    assert brute_force(problem) is None
    why = explain_infeasible(problem, each_s=30.0)
    assert why.is_infeasible
    assert named(why) & planted
    assert all(conflict.is_smallest for conflict in why.conflicts)
    assert why.fixes
    for fix in why.fixes:
        assert brute_force(changed(problem, fix.changes)) is not None


@pytest.mark.parametrize("name", BEARING)
def test_what_no_federation_can_bear_is_named_and_its_fixes_work(name: str) -> None:
    sections, planted = BEARING[name]
    problem = asked({}, **sections)
    assert brute_force(problem) is None
    why = explain_infeasible(problem, each_s=30.0)
    assert named(why) == planted
    assert why.fixes
    for fix in why.fixes:
        assert brute_force(changed(problem, fix.changes)) is not None


def test_a_frozen_group_below_the_bound_may_grow_instead() -> None:
    # G1 is P1 alone, with 2,615 patients.
    problem = asked({"size_bounds": (9_000, 26_000), "freeze": ("G1",)})
    why = explain_infeasible(problem, each_s=30.0)
    assert named(why) == {"lower size", "freeze"}
    assert why.practices[0] == "P1"
    grown = [fix for fix in why.fixes if fix.changes.get("rules__grow") == ("G1",)]
    assert [fix.words for fix in grown] == ["let others join group G1"]
    assert all(brute_force(changed(problem, fix.changes)) for fix in why.fixes)


def test_a_veto_is_named_and_can_be_dropped() -> None:
    problem = asked({"together": (("P0", "P1"),)})
    instance = problem.instance
    ties = (Tie("P0", "P1", "would_not"),)
    held = type(instance)(**{**vars_of(instance), "ties": ties})
    problem = Problem.build(held, problem.scenario)
    why = explain_infeasible(problem, each_s=30.0)
    assert named(why) == {"together", "veto"}
    assert any("vetoes" in fix.changes for fix in why.fixes)
    assert all(brute_force(changed(problem, fix.changes)) for fix in why.fixes)


def vars_of(instance: Any) -> dict[str, Any]:
    return {name: getattr(instance, name) for name in instance.__dataclass_fields__}


def test_two_conflicts_at_once_are_both_named_and_cured_together() -> None:
    problem = asked(
        {
            "together": (("P0", "P1"), ("P2", "P3")),
            "apart": (("P0", "P1"), ("P2", "P3")),
        }
    )
    why = explain_infeasible(problem, each_s=30.0)
    assert len(why.conflicts) == 2
    assert why.fixes
    assert all(brute_force(changed(problem, fix.changes)) for fix in why.fixes)


def test_a_scenario_with_a_plan_has_no_conflict() -> None:
    why = explain_infeasible(small_problem(3), each_s=30.0)
    assert why.is_infeasible is False
    assert "A plan exists" in why.lines()[0]


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**16))
def test_a_conflict_alone_leaves_no_plan_and_one_demand_less_does(seed: int) -> None:
    problem = small_problem(seed, "tight bounds", 6)
    why = explain_infeasible(problem, each_s=30.0)
    assert why.is_infeasible is (brute_force(problem) is None)
    for conflict in why.conflicts[:1]:
        kept = conflict.demands
        assert brute_force(only(problem, kept)) is None
        assert conflict.is_smallest
        for demand in kept:
            less = tuple(other for other in kept if other is not demand)
            assert brute_force(only(problem, less)) is not None


def only(problem: Problem, kept: tuple[Any, ...]) -> Problem:
    changes: dict[str, Any] = {}
    for demand in demands(problem):
        if demand not in kept:
            demand.drop(changes)
    return changed(problem, changes)


def test_the_smallest_lower_bound_is_the_largest_that_has_a_plan() -> None:
    problem = asked({"size_bounds": (24_000, 26_000)})
    why = explain_infeasible(problem, each_s=30.0)
    lower = [fix for fix in why.fixes if "lower the lower bound" in fix.words]
    assert lower
    for fix in lower:
        found = fix.changes["rules__size_bounds"]
        assert fix.is_smallest
        more = {"rules__size_bounds": (found[0] + 100, found[1])}
        assert brute_force(changed(problem, more)) is None
