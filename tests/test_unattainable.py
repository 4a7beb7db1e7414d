"""Rules on risk that nobody can keep are refused with the number that helps."""

import re
from itertools import combinations
from typing import Any

import pytest

from federate.criteria.tails import value_at_risk
from federate.feasibility import prove_infeasible
from federate.problem import Problem
from federate.scenario import Scenario
from tests.oracle import brute_force
from tests.strategies import POOLED, small_instance, small_problem


def asked(**sections: Any) -> Problem:
    scenario = Scenario.model_validate(
        {"schema": 1, **sections}
        | {"rules": {"num_federations": "free", **sections.get("rules", {})}}
    )
    return Problem.build(small_instance(3), scenario)


def test_a_rule_impossible_at_any_size_names_the_tolerance_that_is_not() -> None:
    risk = {"max_probability": 0.05, "tail": "normal-power", "tolerance": 0.008}
    (reason,) = prove_infeasible(asked(risk=risk))
    assert "no population is large enough" in reason
    assert "raise risk.tolerance to 0.83%" in reason
    risk["tolerance"] = 0.0083
    assert "no population" not in "".join(prove_infeasible(asked(risk=risk)))


def test_a_region_too_small_is_told_what_it_could_keep() -> None:
    risk = {"max_probability": 0.05, "tail": "normal-power", "tolerance": 0.01}
    (reason,) = prove_infeasible(asked(risk=risk))
    assert "the 6 practices are too few" in reason


def test_practices_and_patients_that_no_count_divides_are_told() -> None:
    # Six practices: at least four each leaves one federation, whose patients are more.
    problem = asked(rules={"practices_bounds": (4, 6), "size_bounds": (0, 20_000)})
    assert brute_force(problem) is None
    (reason,) = prove_infeasible(problem)
    assert "enough for 3 to 6 federations" in reason
    assert "with 4 to 6 practices in each there are 1 at least and 1 at most" in reason


def test_a_normal_tail_is_refused_by_the_spread_of_whole_practices() -> None:
    problem = asked(risk={"max_probability": 0.1, "tolerance": 0.03})
    assert brute_force(problem) is None
    (reason,) = prove_infeasible(problem)
    assert "are too few" in reason


def test_a_contract_makes_an_impossible_rule_possible() -> None:
    risk = {"max_probability": 0.05, "tail": "normal-power", "tolerance": 0.01}
    menu = {"cap": {"stop_loss_from": 0.0}}
    assert prove_infeasible(asked(risk=risk, contracts={"menu": menu})) == ()


def test_too_little_budget_of_the_full_tier_is_told_in_advance() -> None:
    tiers = {"readiness_column": "imd", "full_readiness": 99.0, "min_full_share": 0.2}
    (reason,) = prove_infeasible(asked(tiers=tiers))
    assert "lower tiers.min_full_share to 0.000" in reason


def test_an_allowance_too_small_for_anybody_is_told_in_advance() -> None:
    scale = {"gbp_per_head": 9.0, "allowance_gbp_per_head": 8.0}
    (reason,) = prove_infeasible(asked(scale=scale))
    assert "raise scale.allowance_gbp_per_head to 9.00" in reason


def test_several_liability_past_the_cap_names_the_worst_practice() -> None:
    tiers = {
        "liability": "several",
        "income_gbp_per_patient": 140.0,
        "max_exposure_share": 0.1,
    }
    problem = asked(tiers=tiers)
    (reason,) = prove_infeasible(problem)
    assert 'take tiers.liability = "joint"' in reason
    assert brute_force(problem) is None


@pytest.mark.parametrize("rule", POOLED)
def test_nothing_possible_is_refused(rule: str) -> None:
    for seed in range(8):
        problem = small_problem(seed, rule)
        if prove_infeasible(problem):
            assert brute_force(problem) is None


def steadiest(problem: Problem) -> float:
    """Return the tolerance that the best of all sets of practices keeps."""
    pooled, risk = problem.pooled, problem.scenario.risk
    assert pooled is not None
    assert risk.max_probability is not None
    found = []
    for size in range(1, problem.n + 1):
        for who in combinations(range(problem.n), size):
            held = pooled.weighed(who)
            law = (pooled.terms.mean, held.sigma_rel, held.skew)
            level = 1 - risk.max_probability
            found.append(value_at_risk(pooled.terms.tail, level, *law))
    return float(min(found))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("tau_region", [0.0, 0.02])
@pytest.mark.parametrize("tail", ["normal", "normal-power"])
def test_a_region_is_told_no_more_than_its_best_set_could_keep(
    seed: int, tau_region: float, tail: str
) -> None:
    """Of all 63 sets of six practices none keeps less; nearly that is proven."""
    risk = {
        "max_probability": 0.05,
        "tail": tail,
        "tolerance": 0.01,
        "tau_region": tau_region,
        "gbp_per_gbp_at_risk": 0.1,
    }
    scenario = {"schema": 1, "rules": {"num_federations": "free"}, "risk": risk}
    problem = Problem.build(small_instance(seed), Scenario.model_validate(scenario))
    (reason,) = prove_infeasible(problem)
    told = re.search(r"raise risk\.tolerance to (\d+\.\d\d)% or more", reason)
    assert told is not None
    proven, best = float(told[1]) / 100, steadiest(problem)
    assert proven <= best + 1e-4
    if tail == "normal" and tau_region == 0:
        assert proven >= 0.98 * best


def test_a_region_is_told_what_all_of_it_as_one_keeps() -> None:
    risk = {"max_probability": 0.05, "tail": "normal-power", "tolerance": 0.01}
    (reason,) = prove_infeasible(asked(risk=risk))
    told = re.search(r"as one federation keep (\d+\.\d\d)%", reason)
    assert told is not None
    enough = float(told[1]) / 100
    everybody = tuple(range(6))
    for tolerance, fits in ((enough, True), (enough - 2e-4, False)):
        pooled = asked(risk=risk | {"tolerance": tolerance}).pooled
        assert pooled is not None
        assert pooled.fits(everybody) is fits
