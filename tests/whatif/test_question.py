"""The same question has the same key, another one has not."""

from pathlib import Path
from typing import Any

import pytest

from federate.practices.source import digest_of, read
from federate.problem import Problem
from federate.scenario import Scenario
from federate.show.environment import code_version
from federate.whatif.question import Question
from federate.whatif.record import read_record
from tests.whatif.kept import found

TOY = Scenario.load("toy")
SAME: list[dict[str, Any]] = [
    {"title": "Another name"},
    {"solve__time_limit_s": 5.0},
    {"solve__threads": 1},
    {"rules__size_waivers": ("V00002", "V00001")},
]
OTHER: list[dict[str, Any]] = [
    {"rules__size_bounds": (1.0, 99_000.0)},
    {"weights__travel_gbp_per_patient_min": 1.5},
    {"solve__seed": 1},
    {"solve__gap": 0.01},
    {"solve__engine": "search"},
    {"solve__solver": "scip"},
    {"cover__enabled": False},
    {"rules__size_waivers": ("V00001",)},
]


def key(scenario: Scenario) -> str:
    question = Question.of_files(scenario)
    assert question is not None
    return question.key


@pytest.mark.parametrize("change", SAME[:3])
def test_name_and_patience_make_no_other_question(change: dict[str, Any]) -> None:
    assert key(TOY.with_(**change)) == key(TOY)


def test_the_order_of_codes_makes_no_other_question() -> None:
    one = TOY.with_(rules__size_waivers=("V00001", "V00002"))
    assert key(one) == key(TOY.with_(**SAME[3]))


@pytest.mark.parametrize("change", OTHER)
def test_what_may_change_the_plan_makes_another_question(
    change: dict[str, Any],
) -> None:
    assert key(TOY.with_(**change)) != key(TOY)


def test_the_order_of_a_pair_of_bounds_counts() -> None:
    bounds = (4, 4), (4, 5)
    keys = {key(TOY.with_(rules__practices_bounds=pair)) for pair in bounds}
    assert len(keys) == 2


def test_other_practices_make_another_question() -> None:
    assert key(TOY.with_(instance="vale")) != key(TOY)


def test_a_problem_is_the_question_of_its_files() -> None:
    problem = Problem.build(read("toy"), TOY)
    assert Question.of(problem) == Question.of_files(TOY)


def test_a_run_is_the_question_that_it_answered(tmp_path: Path) -> None:
    result = found()
    record = read_record(result.save(tmp_path / "run"))
    assert record is not None
    assert record.question == Question.of(result.problem)


def test_practices_that_are_not_there_ask_nothing(tmp_path: Path) -> None:
    gone = TOY.model_copy(update={"instance": str(tmp_path / "gone")})
    assert Question.of_files(gone) is None
    with pytest.raises(OSError, match="gone"):
        digest_of(tmp_path / "gone")


def test_the_code_version_is_a_version_and_a_digest() -> None:
    version, _, digest = code_version().partition("+")
    assert version
    assert len(digest) == 12
