"""Proofs that no plan exists, in sentences with the way out."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from federate.feasibility import prove_infeasible
from federate.practices.instance import Instance
from federate.problem import Problem
from federate.scenario import Scenario
from tests.oracle import brute_force
from tests.strategies import problems, small_instance


def ask(instance: Instance, **sections: dict[str, Any]) -> tuple[str, ...]:
    rules = {"num_federations": "free", **sections.pop("rules", {})}
    scenario = Scenario.model_validate({"schema": 1, "rules": rules, **sections})
    return prove_infeasible(Problem.build(instance, scenario))


@pytest.fixture
def region() -> Instance:
    """Six practices in a ring-like graph."""
    return small_instance(7, 6)


def total(region: Instance) -> int:
    return int(region.practices.list_size.sum())


def test_a_population_below_the_lower_bound_is_told(region: Instance) -> None:
    (reason,) = ask(region, rules={"size_bounds": (total(region) + 1, 10**6)})
    assert f"have {total(region):,} patients in all, below the lower bound" in reason
    assert f"lower the bound to {total(region):,}" in reason


def test_a_population_no_whole_number_can_share_is_told(region: Instance) -> None:
    lower, upper = int(total(region) * 0.55), int(total(region) * 0.9)
    (reason,) = ask(region, rules={"size_bounds": (lower, upper)})
    assert "too many for 1 federations" in reason
    assert f"raise the upper bound to {total(region):,}" in reason


def test_a_count_out_of_range_is_told_with_the_nearest_that_works(
    region: Instance,
) -> None:
    upper = float(region.practices.list_size.max())
    (reason,) = ask(region, rules={"size_bounds": (0, upper), "num_federations": 1})
    assert "no plan has 1 federations" in reason
    (reason,) = ask(region, rules={"num_federations": 7})
    assert "allow 6 at most; ask for 6 or fewer" in reason


def test_a_refused_oversize_practice_is_named(region: Instance) -> None:
    sizes = region.practices.list_size
    upper = float(sizes.max() - 1)
    reasons = ask(region, rules={"size_bounds": (0, upper), "oversize": "refuse"})
    assert region.practices.code[int(np.argmax(sizes))] in reasons[0]
    assert 'rules.oversize = "own"' in reasons[0]


def test_together_against_apart_is_told(region: Instance) -> None:
    rules = {"together": (("P0", "P1"), ("P1", "P2")), "apart": (("P0", "P2"),)}
    (reason,) = ask(region, rules=rules)
    assert "must be together and must be apart" in reason


def test_a_shock_that_no_population_can_carry_is_told(region: Instance) -> None:
    (reason,) = ask(region, risk={"tolerance": 0.005, "max_probability": 0.1})
    assert "no population is large enough" in reason
    assert "raise risk.tolerance above 0.64%" in reason


def test_a_practice_out_of_reach_is_named(region: Instance) -> None:
    rules = {"max_travel_min": 0.01, "size_bounds": (total(region) / 2, 10**6)}
    reasons = ask(region, rules=rules)
    assert any("cannot reach" in reason for reason in reasons)


@settings(max_examples=60, deadline=None)
@given(problem=problems())
def test_what_is_proven_impossible_is_impossible(problem: Problem) -> None:
    if prove_infeasible(problem):
        assert brute_force(problem) is None
