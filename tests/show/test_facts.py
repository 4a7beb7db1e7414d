"""The scorecard in words a board can read, and no more than is proven."""

from dataclasses import replace

import pytest

from federate.result import Result
from federate.show.facts import Fact, facts, proof, subtitle
from solvers.contract import Status
from tests.show.village import village
from tests.square import grouped


def fact(result: Result, key: str) -> Fact:
    return {found.key: found for found in facts(result)}[key]


def test_without_a_bound_nothing_is_claimed() -> None:
    found = proof(village())
    assert (found.value, found.note) == ("No bound proven", "a cheaper plan may exist")


def test_a_bound_is_told_as_a_distance_and_a_price() -> None:
    near = replace(village(), status=Status.FEASIBLE, bound_gbp=792_000.0, gap=0.01)
    found = proof(near)
    assert (found.value, found.note) == (
        "Within 1.0\xa0%",
        "no plan can cost less than £792,000 a year",
    )


def test_an_optimal_plan_is_the_best_possible() -> None:
    best = replace(village(), status=Status.OPTIMAL, bound_gbp=800_000.0, gap=0.0)
    assert proof(best).value == "Best possible"


def test_sizes_are_told_by_their_middle_and_ends() -> None:
    found = fact(village(), "patients")
    assert (found.value, found.note) == ("30,000", "median; from 30,000 to 35,000")


def test_minutes_name_the_worst_place_and_their_source() -> None:
    found = fact(village(), "travel")
    assert found.value == "6.8 min"
    assert found.note == ("mean; worst 10.0 min, in F1; estimated from straight lines")


def test_practices_that_stand_alone_are_counted() -> None:
    found = fact(village(grouped("A2 A1 A3", "B2 B1 B3")), "federations")
    assert (found.value, found.note) == ("2", "3 of 9 practices stand alone")


def test_cover_says_who_is_left_without() -> None:
    found = fact(village(), "cover")
    assert found.value == "89.5\xa0%"
    assert found.note == "of patients; 1 base runs; 1 practice without cover"


def test_a_plan_without_bases_claims_no_cover() -> None:
    assert "cover" not in {found.key for found in facts(village(grouped("A1 A2")))}


def test_a_risk_rule_tells_the_safe_size() -> None:
    result = village()
    problem = replace(
        result.problem,
        scenario=result.problem.scenario.model_copy(
            update={
                "risk": result.problem.scenario.risk.model_copy(
                    update={"max_probability": 0.05}
                )
            }
        ),
    )
    assert result.scorecard is not None
    rows = tuple(
        replace(row, n_min_persons=persons)
        for row, persons in zip(
            result.scorecard.federations, (28_301.5, 30_000.0, 41_999.0), strict=True
        )
    )
    card = replace(result.scorecard, federations=rows)
    found = fact(replace(result, problem=problem, scorecard=card), "safe_size")
    assert found.value == "28,400 – 42,000"
    assert found.note == "patients a federation needs for a risk of at most 5\xa0%"


def test_a_plan_in_which_nobody_joins_still_has_a_scorecard() -> None:
    assert fact(village(grouped()), "federations").value == "0"


def test_the_subtitle_says_how_many_are_concerned() -> None:
    assert subtitle(village()) == "9 practices, 95,000 patients"


def test_a_result_that_was_not_scored_is_refused() -> None:
    with pytest.raises(ValueError, match="not scored"):
        facts(replace(village(), scorecard=None))
