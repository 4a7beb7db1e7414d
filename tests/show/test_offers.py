"""Contracts side by side: figures of their own, and why one of them is taken."""

import pytest

from federate.criteria.pool import Pool
from federate.criteria.spend import SpendModel, practice_spend
from federate.criteria.tails import NORMAL_POWER
from federate.result import Result
from federate.score import FederationScore
from federate.show.offers import NO_CONTRACT, Offer, offers
from tests.criteria.contract_twin import Contract, retain
from tests.show.insured import ASKED, insured


def rows(result: Result) -> tuple[FederationScore, ...]:
    assert result.scorecard is not None
    return result.scorecard.federations


def by_name(result: Result, which: int = 0) -> dict[str, Offer]:
    return {offer.contract: offer for offer in offers(result, rows(result)[which])}


def test_every_contract_of_the_menu_is_told_and_none() -> None:
    assert list(by_name(insured())) == [NO_CONTRACT, "cap", "share", "large"]


def test_without_a_menu_nothing_is_on_offer() -> None:
    result = insured(contracts={})
    assert offers(result, rows(result)[0]) == ()


@pytest.mark.parametrize("which", [0, 1])
def test_what_is_taken_has_the_figures_of_the_scorecard(which: int) -> None:
    result = insured()
    (taken,) = [offer for offer in by_name(result, which).values() if offer.is_taken]
    row = rows(result)[which]
    assert taken.contract == (row.contract or NO_CONTRACT)
    assert (
        taken.overspend_probability,
        taken.cvar_gbp,
        taken.premium_gbp,
        taken.ceded_gbp,
    ) == (row.overspend_probability, row.cvar_gbp, row.premium_gbp, row.ceded_gbp)


@pytest.mark.parametrize("which", [0, 1])
def test_what_is_taken_is_the_cheapest_that_keeps_the_rules(which: int) -> None:
    found = by_name(insured(), which).values()
    (taken,) = [offer for offer in found if offer.is_taken]
    assert taken.keeps_rules
    assert taken.total_gbp == min(o.total_gbp for o in found if o.keeps_rules)
    assert {o.keeps_rules for o in found} == {True, False}


def test_an_offer_is_what_the_contract_alone_leaves() -> None:
    """Against `retain`, which shares no code with what the engines compile."""
    result = insured()
    problem = result.problem
    members = [problem.instance.index[c] for c in result.require_plan().members["F01"]]
    spend = practice_spend(
        problem.list_size[members], problem.budget_gbp[members], SpendModel()
    )
    budget = float(spend.budget_gbp.sum())
    pool = Pool(
        budget_gbp=budget,
        variance_gbp2=float(spend.variance_gbp2.sum()) + (0.005 * budget) ** 2,
        third_gbp3=float(spend.third_gbp3.sum()),
    )
    cap = Contract("cap", attach=0.05, loading=0.3)
    left = retain(cap, pool, tolerance=0.06, tail=NORMAL_POWER)
    offer = by_name(result)["cap"]
    assert offer.overspend_probability == pytest.approx(left.probability)
    assert offer.cvar_gbp == pytest.approx(left.tail_mean_gbp)
    assert offer.ceded_gbp == pytest.approx(left.ceded_gbp)
    assert offer.premium_gbp == pytest.approx(left.loading_gbp)


def test_a_contract_that_leaves_too_much_says_how_much() -> None:
    offer = by_name(insured())[NO_CONTRACT]
    assert not offer.keeps_rules
    assert offer.why == (
        f"leaves a risk of {offer.overspend_probability:.1%}, 5.0% is allowed"
    )


def test_a_dearer_contract_says_how_much_dearer() -> None:
    result = insured()
    found = by_name(result)
    (taken,) = [offer for offer in found.values() if offer.is_taken]
    (dearer,) = [o for o in found.values() if o.keeps_rules and not o.is_taken]
    more = dearer.total_gbp - taken.total_gbp
    assert dearer.why == f"costs £{more:,.0f} a year more"
    assert taken.why == "the cheapest of the 2 that keep every rule"


def test_where_nothing_keeps_the_rules_the_one_taken_says_so() -> None:
    result = insured(risk=ASKED["risk"] | {"tolerance": 0.01})
    found = by_name(result)
    assert not any(offer.keeps_rules for offer in found.values())
    (taken,) = [offer for offer in found.values() if offer.is_taken]
    assert taken.why.endswith("nothing on the menu keeps the rules")


def test_a_lack_of_management_is_a_reason() -> None:
    scale = {"management_column": "imd", "management_gbp_per_head": 1.0}
    menu = {"help": {"management_gbp": 1e6, "fixed_gbp": 10.0}}
    found = by_name(insured(scale=scale, contracts={"menu": menu}, risk={}))
    assert "of management" in found[NO_CONTRACT].why
    assert found["help"].why == "the only one that keeps every rule"


def test_a_member_that_would_owe_too_much_is_a_reason() -> None:
    tiers = {"income_gbp_per_patient": 140.0, "max_exposure_share": 0.9}
    found = by_name(insured(tiers=tiers, risk={}))
    assert "members can answer for" in found[NO_CONTRACT].why
