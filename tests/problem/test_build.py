"""An instance and a scenario become arrays, or every fault at once."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from federate.errors import ScenarioError
from federate.practices.instance import Instance, Tie
from federate.problem import Problem
from federate.problem.references import merge_sets
from federate.scenario import Scenario
from tests.strategies import small_instance


@pytest.fixture
def region() -> Instance:
    return small_instance(11, 6)


def build(region: Instance, **sections: dict[str, Any]) -> Problem:
    rules = {"num_federations": "free", **sections.pop("rules", {})}
    asked = {"schema": 1, "rules": rules, **sections}
    return Problem.build(region, Scenario.model_validate(asked))


def test_every_unknown_name_is_reported_at_once(region: Instance) -> None:
    with pytest.raises(ScenarioError) as caught:
        build(
            region,
            rules={
                "together": (("P0", "Q1"),),
                "size_waivers": ("P9",),
                "stay_inside": ("distrikt",),
                "keep": ("G7",),
            },
            likeness={
                "mode": "hybrid",
                "geographic_weight": 0.5,
                "features": {"imdd": {}},
            },
        )
    columns = {fault.column for fault in caught.value.faults}
    assert columns == {
        "rules.together[0]",
        "rules.size_waivers",
        "rules.stay_inside",
        "rules.keep",
        "likeness.features.imdd",
    }
    assert "did you mean district?" in str(caught.value)


def test_keep_ties_present_neighbours_and_parts_the_rest(region: Instance) -> None:
    region = replace(region, current=("A", "A", "B", "B", "", "A"))
    problem = build(region, rules={"keep": ("P0", "P1", "P2", "P4")})
    assert problem.together == ((0, 1),)
    assert problem.apart == ((0, 2), (1, 2))


def test_a_present_group_can_be_kept_by_its_label(region: Instance) -> None:
    region = replace(region, current=("A", "A", "B", "B", "", "A"))
    assert build(region, rules={"keep": ("A",)}).together == ((0, 1, 5),)


def test_a_veto_keeps_two_practices_apart_unless_told_otherwise(
    region: Instance,
) -> None:
    region = replace(region, ties=(Tie("P3", "P1", "would_not"),))
    assert build(region).apart == ((1, 3),)
    assert build(region, rules={"respect_vetoes": False}).apart == ()


def test_an_area_keeps_only_its_practices(region: Instance) -> None:
    labels = region.practices.attributes["district"].values
    scenario = Scenario.model_validate(
        {
            "schema": 1,
            "area": {"district": (str(labels[1]),)},
            "rules": {"num_federations": "free"},
        }
    )
    problem = Problem.build(region, scenario)
    assert problem.n == int((labels == labels[1]).sum())


def test_an_area_nobody_lives_in_is_refused(region: Instance) -> None:
    scenario = Scenario.model_validate(
        {
            "schema": 1,
            "area": {"district": ("Norf",)},
            "rules": {"num_federations": "free"},
        }
    )
    with pytest.raises(ScenarioError, match="no practice has this label"):
        Problem.build(region, scenario)


def test_likeness_without_features_or_ties_is_refused(region: Instance) -> None:
    with pytest.raises(ScenarioError, match="nothing says what makes practices alike"):
        build(replace(region, ties=()), likeness={"mode": "like-minded"})


def test_the_mode_decides_contiguity_that_is_not_stated(region: Instance) -> None:
    assert build(region).max_pieces == 1
    assert build(region, likeness={"mode": "like-minded"}).max_pieces is None
    stated = {"contiguity": "pieces", "max_pieces": 3}
    assert build(region, rules=stated).max_pieces == 3


def test_the_dial_prices_travel_against_unlikeness(region: Instance) -> None:
    section = {"mode": "hybrid", "geographic_weight": 0.25, "features": {"imd": {}}}
    weights = {"travel_gbp_per_patient_min": 2.0, "unlikeness_gbp_per_patient": 8.0}
    problem = build(region, likeness=section, weights=weights)
    sizes = region.practices.list_size
    assert problem.likeness is not None
    expected = 0.5 * sizes[1] * problem.travel.minutes[1, 4]
    expected += 6.0 * sizes[1] * (1 - problem.likeness[1, 4])
    assert problem.cost.assign_gbp[1, 4] == pytest.approx(expected)


def test_a_budget_that_is_not_stated_is_per_head(region: Instance) -> None:
    stated = np.full(6, np.nan)
    stated[2] = 5e6
    region = replace(region, practices=replace(region.practices, budget_gbp=stated))
    problem = build(region, risk={"budget_gbp_per_head": 1_000.0})
    assert problem.budget_gbp[2] == 5e6
    assert problem.budget_gbp[0] == region.practices.list_size[0] * 1_000.0
    again = build(region, risk={"budget_from": "per_head"})
    assert again.budget_gbp[2] == region.practices.list_size[2] * 1_713.0


def test_a_practice_above_the_upper_bound_is_a_named_exception(
    region: Instance,
) -> None:
    sizes = region.practices.list_size
    upper = float(np.sort(sizes)[-2])
    problem = build(region, rules={"size_bounds": (0, upper)})
    assert problem.oversize == (int(np.argmax(sizes)),)


def test_sets_that_share_a_practice_merge() -> None:
    assert merge_sets([(0, 1), (2, 3), (1, 2), (4, 5)]) == ((0, 1, 2, 3), (4, 5))
