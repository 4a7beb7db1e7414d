"""The networks of January 2023, all England, judged against published counts.

BJGP 2020 (PMC7643821) counts the networks of 2019 in the same way; the figures
here are those of the ePCN of January 2023 on the lists of 2022/23.
"""

from collections import Counter
from pathlib import Path

import pytest

from federate.plan import Plan
from federate.plan_file import current_plan
from federate.practices.source import read
from federate.problem import Problem
from federate.scenario import Scenario
from federate.score import Scorecard, score
from federate.verify import Violation, exceptions, verify

pytestmark = pytest.mark.slow
Judged = tuple[Problem, Plan, tuple[Violation, ...], Scorecard]


@pytest.fixture(scope="module")
def england(shared_data: Path) -> Judged:
    instance = read(shared_data / "england_practices.csv")
    problem = Problem.build(instance, Scenario.load("pcn2019"))
    plan = current_plan(problem)
    return problem, plan, verify(problem, plan), score(problem, plan)


def test_the_real_networks_are_all_there(england: Judged) -> None:
    _, plan, _, _ = england
    assert plan.num_federations == 1_269


def test_the_practices_in_no_network_are_the_ones_published(england: Judged) -> None:
    _, plan, violations, card = england
    outside = {v.practices[0] for v in violations if v.rule == "membership.mode"}
    assert outside == {code for code, label in plan.federation.items() if not label}
    assert len(outside) == 34
    assert card.totals["patients_alone"] == 204_292


def test_just_over_half_the_networks_have_30_to_50_thousand_patients(
    england: Judged,
) -> None:
    problem, plan, violations, card = england
    assert card.totals["num_federations_in_bounds"] == 678
    rules = ("rules.size_bounds", "rules.oversize")
    broken = {v.federation for v in violations if v.rule in rules}
    excused = [f for f in exceptions(problem, plan) if f.kind == "oversize"]
    assert plan.num_federations - len(broken) - len(excused) == 678


def test_score_and_verify_count_the_networks_in_pieces_alike(england: Judged) -> None:
    _, _, violations, card = england
    told = Counter(v.rule for v in violations)
    assert told["rules.contiguity"] == card.totals["num_federations_in_pieces"]
    assert told["rules.contiguity"] > 100
