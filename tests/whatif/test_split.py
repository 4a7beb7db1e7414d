"""A plan's capital split among members: checked, tabled, refused."""

from pathlib import Path

import pandas as pd
import pytest

import federate as fed
from federate.criteria.capital import METHODS
from federate.errors import InputError
from federate.result import Result, evaluated
from tests.square import rows, square


@pytest.fixture(scope="module")
def result() -> Result:
    """Return Vale's present grouping under a menu of one stop-loss."""
    asked = fed.Scenario.load("vale").with_(
        contracts__menu={"cap": {"stop_loss_from": 0.05}},
        risk__tail="normal-power",
        risk__max_probability=0.03,
    )
    return fed.evaluate("current", asked)


def test_every_method_splits_the_capital_that_the_scorecard_tells(
    result: Result,
) -> None:
    label = next(k for k, v in result.require_plan().members.items() if len(v) == 5)
    found = fed.split(result, federation=label, methods=METHODS).federations[0]
    assert result.scorecard is not None
    card = next(c for c in result.scorecard.federations if c.federation == label)
    assert found.capital_gbp == pytest.approx(card.cvar_gbp)
    assert found.contract == card.contract
    for check in found.checks:
        shares = [member.share_gbp[check.method] for member in found.members]
        assert sum(shares) == pytest.approx(found.capital_gbp)
        assert abs(check.off_gbp) < 0.01
        assert check.is_complete
        assert check.num_coalitions == 2**5 - 2
        assert check.in_core == (check.core_excess_gbp <= 1e-6 * found.capital_gbp)  # type: ignore[operator]
    assert found.alone_gbp > found.capital_gbp


def test_every_federation_is_split(result: Result) -> None:
    found = fed.split(result)
    members = result.require_plan().members
    assert [row.federation for row in found.federations] == list(members)
    frame = found.to_frame()
    assert len(frame) == sum(map(len, members.values()))
    sums = frame.groupby("federation")["euler_gbp"].sum()
    for row in found.federations:
        assert sums[row.federation] == pytest.approx(row.capital_gbp)
        assert row.checks[0].in_core


def test_the_standard_deviation_can_be_split(result: Result) -> None:
    found = fed.split(result, capital="sd", methods=("proportional",))
    row = found.federations[0]
    budget = sum(member.exposed_gbp for member in row.members)
    for member in row.members:
        share = row.capital_gbp * member.exposed_gbp / budget
        assert member.share_gbp["proportional"] == pytest.approx(share)


def test_large_federations_are_checked_by_drawn_groups() -> None:
    whole = fed.evaluate("current", "vale")
    codes = whole.problem.instance.practices.code
    plan = fed.Plan(dict.fromkeys(codes, "all"), {"all": codes[0]})
    check = fed.split(plan, whole.problem.scenario).federations[0].checks[0]
    assert not check.is_complete
    assert check.num_coalitions > 5_000
    assert check.in_core


def test_a_result_without_a_spend_model_is_refused() -> None:
    result = evaluated(square(num_federations=(3, 3)), rows())
    for ask in (fed.split, fed.simulate):
        with pytest.raises(InputError, match="has no spend model"):
            ask(result)


def test_tables_are_written(result: Result, tmp_path: Path) -> None:
    found = fed.split(result, methods=("euler", "proportional"))
    found.save(tmp_path / "shares.csv")
    assert {"euler_gbp", "proportional_gbp", "alone_gbp"} <= set(
        pd.read_csv(tmp_path / "shares.csv").columns
    )
    found.save(tmp_path / "shares.xlsx")
    sheets = pd.read_excel(tmp_path / "shares.xlsx", sheet_name=None, engine="calamine")
    assert list(sheets) == ["shares", "checks"]
    assert len(sheets["checks"]) == 2 * len(found.federations)


def test_everything_wrong_is_told_at_once(result: Result) -> None:
    with pytest.raises(InputError) as caught:
        fed.split(
            result,
            federation="Braxhold",
            methods=("eule",),
            capital="var",  # type: ignore[arg-type]
            orders=0,
        )
    told = str(caught.value)
    assert len(caught.value.faults) == 4
    assert "did you mean Braxholt?" in told
    assert "did you mean euler?" in told


def test_a_nucleolus_of_many_members_is_refused_by_name() -> None:
    whole = fed.evaluate("current", "vale")
    codes = whole.problem.instance.practices.code
    plan = fed.Plan(dict.fromkeys(codes, "all"), {"all": codes[0]})
    with pytest.raises(InputError, match="and all has 120; name a smaller federation"):
        fed.split(plan, whole.problem.scenario, methods=("nucleolus",))
