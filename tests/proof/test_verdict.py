"""What is proven, in one sentence."""

from math import inf

import pytest

from federate.proof.choice import Choice
from federate.proof.verdict import Verdict

BOUND = 142_886_596.4
COST = 143_245_010.0
BASE = (
    "o plan that keeps the rules of this scenario costs less than £142,886,596 a year"
)


def test_a_gap_is_told_as_what_could_be_saved() -> None:
    verdict = Verdict(BOUND, COST, BOUND, BOUND, COST)
    assert verdict.is_proven
    assert verdict.sentence == (
        f"N{BASE}; this plan costs £143,245,010, so at most 0.26 % could be saved."
    )


def test_a_bound_without_a_plan_stands_alone() -> None:
    assert Verdict(BOUND, None, BOUND, BOUND).sentence == f"N{BASE}."


def test_a_plan_at_its_bound_is_the_best() -> None:
    verdict = Verdict(COST, COST, COST, COST, COST)
    assert verdict.is_best
    assert verdict.sentence == (
        "No plan that keeps the rules of this scenario costs less than this one, "
        "£143,245,010 a year."
    )


def test_the_solver_that_was_trusted_is_named() -> None:
    choice = Choice(inf, 1_234, "highs 1.15.1")
    verdict = Verdict(BOUND, None, BOUND, BOUND - 900.0, choice=choice)
    assert verdict.sentence == (
        f"N{BASE}, going by the solver highs 1.15.1 for the choice among the 1,234 "
        f"federations that a cheaper plan could hold."
    )


def test_a_solver_that_added_nothing_is_not_named() -> None:
    choice = Choice(BOUND - 5.0, 1_234, "highs 1.15.1")
    assert "highs" not in Verdict(BOUND, None, BOUND, BOUND, choice=choice).sentence


def test_less_than_claimed_says_what_is_proven() -> None:
    verdict = Verdict(BOUND + 1_000.0, COST, BOUND, BOUND, COST)
    assert not verdict.is_proven
    assert verdict.sentence.startswith(f"Less is proven than claimed: n{BASE}, not ")
    assert "not £142,887,596 as claimed" in verdict.sentence


def test_a_cost_that_was_embellished_is_told() -> None:
    verdict = Verdict(BOUND, COST - 700.0, BOUND, BOUND, COST)
    assert not verdict.is_proven
    assert verdict.sentence.endswith(
        "; the plan does not cost £143,244,310 as claimed; this plan costs "
        "£143,245,010, so at most 0.26 % could be saved."
    )


def test_no_saving_is_told_of_a_plan_that_breaks_rules() -> None:
    verdict = Verdict(BOUND, None, BOUND, BOUND, COST, num_violations=2)
    assert verdict.is_proven
    assert verdict.gap is None
    assert verdict.sentence == f"N{BASE}; this plan breaks 2 rules."


@pytest.mark.parametrize("off", [0.005, 0.1])
def test_a_millionth_of_a_thousandth_is_rounding(off: float) -> None:
    assert Verdict(BOUND + off, None, BOUND, BOUND).is_proven
    assert not Verdict(BOUND + 2.0 * off + 0.2, None, BOUND, BOUND).is_proven


def test_a_plan_that_is_gone_is_told() -> None:
    verdict = Verdict(BOUND, COST, BOUND, BOUND)
    assert not verdict.is_proven
    assert "the plan of £143,245,010 that is claimed is not here" in verdict.sentence
