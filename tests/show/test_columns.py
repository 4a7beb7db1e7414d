"""Which figures of a federation are shown: those that a scenario asks about."""

import io
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from federate.cli.summary import found
from federate.scenario import Scenario
from federate.show.columns import columns_of, columns_shown, stated
from federate.show.facts import facts
from federate.show.frames import federation_rows, offer_rows
from tests.show.insured import ASKED, insured

READY = {"readiness_column": "imd", "full_readiness": 30.0, "partial_readiness": 20.0}
ALLOWED = {
    "fixed_gbp_per_federation": 60_000.0,
    "gbp_per_head": 1.5,
    "gbp_per_member": 1_000.0,
    "allowance_gbp_per_head": 25.0,
    "innovation_share": 0.005,
}


def asked(**sections: Any) -> Scenario:
    return Scenario.model_validate(
        {"schema": 1, "rules": {"num_federations": "free"}} | sections
    )


@pytest.mark.parametrize(
    ("sections", "topics"),
    [
        ({}, {""}),
        ({"risk": {"cv1": 4.6}}, {""}),
        ({"risk": {"max_probability": 0.05}}, {"", "risk"}),
        ({"risk": {"gbp_per_gbp_at_risk": 0.1}}, {"", "risk"}),
        ({"contracts": ASKED["contracts"]}, {"", "risk", "contracts"}),
        ({"tiers": READY}, {"", "risk", "tiers"}),
        ({"scale": ALLOWED}, {"", "allowance"}),
    ],
)
def test_a_scenario_says_what_it_asks_about(
    sections: dict[str, Any], topics: set[str]
) -> None:
    assert stated(asked(**sections)) == topics


def test_a_run_read_back_asks_about_the_same() -> None:
    """Its scenario states every key in force, whether or not the planner did."""
    again = Scenario.model_validate(asked().model_dump(mode="json", by_alias=True))
    assert stated(again) == {""}


def test_who_asks_nothing_sees_nothing_of_contracts_tiers_and_pools() -> None:
    keys = {column.key for column in columns_of(asked())}
    assert "overspend_probability" in keys
    assert keys.isdisjoint({"contract", "cvar_gbp", "full_tier_practices"})


def test_the_table_holds_the_figures_of_the_scorecard() -> None:
    result = insured()
    assert result.scorecard is not None
    table = federation_rows(result).set_index("federation")
    for row in result.scorecard.federations:
        told = table.loc[row.federation]
        assert told["contract"] == row.contract
        assert told["ceded_gbp"] + told["kept_gbp"] == pytest.approx(row.exposed_gbp)
        assert told["sigma_share"] == pytest.approx(row.sigma_rel)
        assert told["expected_overspend_gbp"] == row.expected_overspend_gbp


def test_a_federation_without_a_contract_says_none() -> None:
    result = insured(risk=ASKED["risk"] | {"tolerance": 0.5})
    assert set(federation_rows(result)["contract"]) == {"none"}


def test_tiers_are_counted_by_practice() -> None:
    table = federation_rows(insured(tiers=READY))
    tiers = [f"{tier}_tier_practices" for tier in ("full", "partial", "provider")]
    assert (table[tiers].sum(axis=1) == table["practices"]).all()
    given = insured().problem.instance.practices.attributes["imd"].values[:3]
    imd = given.astype(np.float64)
    first = table.iloc[0]
    assert first["full_tier_practices"] == (imd >= 30).sum()
    assert first["provider_tier_practices"] == (imd < 20).sum()


def test_the_allowance_used_is_running_cost_and_reserve_over_it() -> None:
    result = insured(scale=ALLOWED)
    assert result.scorecard is not None
    row = result.scorecard.federations[0]
    spent = 60_000 + 1.5 * row.patients + 1_000 * 3 + 0.005 * row.budget_gbp
    assert row.allowance_used_share == pytest.approx(spent / (25 * row.patients))
    used = federation_rows(result)["allowance_used_share"]
    assert used[0] == row.allowance_used_share


def test_columns_without_a_figure_are_not_shown() -> None:
    result = insured(risk=ASKED["risk"] | {"max_probability": None})
    assert result.scorecard is not None
    rows = result.scorecard.federations
    shown = {c.key for c in columns_shown(rows, result.problem.scenario)}
    assert "n_min_persons" not in shown
    assert {"contract", "premium_gbp", "bare_overspend_probability"} <= shown


def test_the_scorecard_tells_how_many_take_a_contract() -> None:
    told = {fact.key: fact for fact in facts(insured())}
    assert told["contracts"].value == "2 of 2"
    assert "for a premium of £" in told["contracts"].note
    assert "contracts" not in {f.key for f in facts(insured(contracts={}))}


def test_offers_have_a_row_a_federation_and_contract() -> None:
    table = offer_rows(insured())
    assert len(table) == 8
    assert (table.groupby("federation")["is_taken"].apply(list).str.len() == 4).all()
    assert (table["is_taken"] == "yes").sum() == 2
    assert len(offer_rows(insured(contracts={}))) == 0


def on_screen(width: int = 130, **sections: Any) -> str:
    console = Console(file=io.StringIO(), width=width)
    console.print(found(insured(**sections), width=width))
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_the_terminal_tells_pooled_risk_with_its_units() -> None:
    text = on_screen(tiers=READY, scale=ALLOWED)
    assert "over = by more than 6\xa0%; worst = mean of the worst year in 20" in text
    line = next(one for one in text.splitlines() if "uninsured" in one)
    heads = "exposed spread uninsured over mean over worst contract premium ceded"
    assert line.split() == [*heads.split(" "), "full/part/prov.", "allowance"]


@pytest.mark.parametrize("width", [60, 80, 100])
def test_a_narrow_terminal_has_every_figure_whole(width: int) -> None:
    text = on_screen(width, tiers=READY, scale=ALLOWED)
    told = text[text.index("Pooled risk") :]
    assert "full/part/prov." in told
    assert "…" not in told


def test_the_terminal_of_who_asks_nothing_has_no_such_table() -> None:
    assert "Pooled risk" not in on_screen(risk={}, contracts={})
