"""What each practice would answer for, by the rule of liability."""

import pytest

from federate.problem import Problem
from federate.scenario import Scenario
from federate.score import FederationScore, score
from tests.oracle import plan_of
from tests.strategies import small_instance


def _card(liability: str) -> FederationScore:
    asked = {
        "schema": 1,
        "cover": {"enabled": False},
        "rules": {"num_federations": "free"},
        "tiers": {
            "liability": liability,
            "income_gbp_per_patient": 140.0,
            "max_exposure_share": 0.5,
        },
        "contracts": {"required": True, "menu": {"half": {"quota_share": 0.5}}},
    }
    problem = Problem.build(small_instance(3, 5), Scenario.model_validate(asked))
    plan = plan_of(problem, ((0, 1, 2, 3, 4),), (0,))
    return score(problem, plan).federations[0]


def test_joint_liability_shares_the_worst_years_by_budget() -> None:
    card = _card("joint")
    assert sum(card.exposure_gbp.values()) == pytest.approx(card.cvar_gbp)
    assert max(card.exposure_gbp.values()) == card.exposure_max_gbp
    assert card.uncovered_gbp == 0.0
    assert card.incentive == 0.5


def test_caps_leave_the_rest_to_the_commissioner() -> None:
    joint, capped = _card("joint"), _card("joint-capped")
    assert capped.cvar_gbp == joint.cvar_gbp
    assert capped.uncovered_gbp is not None
    assert capped.uncovered_gbp > 0
    paid = sum(capped.exposure_gbp.values())
    assert paid + capped.uncovered_gbp == pytest.approx(joint.cvar_gbp)


def test_each_for_its_own_pools_nothing() -> None:
    several, joint = _card("several"), _card("joint")
    pooled = sum(joint.exposure_gbp.values())
    assert sum(several.exposure_gbp.values()) > pooled
