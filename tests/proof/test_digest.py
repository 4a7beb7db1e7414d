"""The digest of a problem: the same for the same, another for any other."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from federate.practices.folder import read_folder, write_folder
from federate.problem import Problem
from federate.proof.digest import problem_digest
from federate.scenario import Scenario
from tests.strategies import RULES, small_instance, small_problem


def test_files_do_not_matter(tmp_path: Path) -> None:
    problem = small_problem(4, "bounds")
    write_folder(problem.instance, tmp_path / "region")
    again = Problem.build(read_folder(tmp_path / "region"), problem.scenario)
    assert problem_digest(again) == problem_digest(problem)


def test_how_hard_to_look_does_not_matter() -> None:
    problem = small_problem(4, "bounds")
    changed = problem.scenario.with_(title="Another", solve__time_limit_s=5.0)
    again = Problem.build(problem.instance, changed)
    assert problem_digest(again) == problem_digest(problem)


def test_the_last_bit_of_a_cost_does_not_matter() -> None:
    problem = small_problem(4, "bounds")
    cost = problem.cost
    shaken = replace(cost, assign_gbp=np.nextafter(cost.assign_gbp, np.inf))
    again = replace(problem, cost=shaken)
    assert problem_digest(again) == problem_digest(problem)


def test_the_digest_is_the_same_on_every_machine() -> None:
    digest = problem_digest(small_problem(4, "bounds"))
    assert digest.startswith("e9550a71e8c3ef50fdcbcbfdaaa44089")


def test_every_rule_makes_another_problem() -> None:
    digests = {problem_digest(small_problem(4, rule)) for rule in RULES}
    assert len(digests) == len(RULES)


@pytest.mark.parametrize(
    "change",
    [
        {"scale__gbp_per_head": 0.5},
        {"weights__travel_gbp_per_patient_min": 1.01},
        {"rules__size_bounds": (9_000, 26_001)},
        {"rules__no_donut": True},
        {"rules__apart": (("P0", "P1"),)},
    ],
)
def test_a_price_or_a_rule_matters(change: dict[str, Any]) -> None:
    instance = small_instance(4)
    scenario = small_problem(4, "bounds").scenario
    assert isinstance(scenario, Scenario)
    before = Problem.build(instance, scenario)
    after = Problem.build(instance, scenario.with_(**change))
    assert problem_digest(before) != problem_digest(after)
