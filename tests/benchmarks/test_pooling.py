"""Risk, contract and likeness on real regions: every row there, and honest."""

import csv
from pathlib import Path

import pytest

import federate
from benchmarks.pooling import COLUMNS, Ask, asks, main, row_of
from federate.result import Result
from solvers.contract import Status
from tests.strategies import small_instance

EASY = Ask("small", "geographic", 0.10, "stop-loss")


def solved(**changes: object) -> Result:
    """Return the small region under the sections of a row that fit its size."""
    asked = EASY.scenario("small").with_(
        instance=None, rules__size_bounds=(2_000, 60_000), **changes
    )
    return federate.solve(asked, instance=small_instance(3), time_limit_s=10)


def test_a_region_is_asked_every_question_once() -> None:
    rows = list(asks("trafford"))
    assert len(rows) == len(set(rows)) == 2 * 3 * 3
    assert len(list(asks())) == 3 * len(rows)


def test_like_minded_federations_need_not_be_neighbours() -> None:
    asked = Ask("small", "like-minded", 0.05, "none").scenario("small")
    assert asked.rules.contiguity == "none"
    assert asked.likeness.mode == "like-minded"
    assert EASY.scenario("small").rules.contiguity == "contiguous"


def test_a_stop_loss_begins_below_what_is_tolerated() -> None:
    asked = EASY.scenario("small")
    begins = asked.contracts.menu["stop-loss"].stop_loss_from
    assert begins is not None
    assert begins < asked.risk.tolerance


def test_a_row_has_the_figures_of_the_plan() -> None:
    result = solved()
    row = row_of(EASY, result, 1.0, 0.5)
    assert result.scorecard is not None
    assert set(row) <= set(COLUMNS)
    kept = [f.cvar_gbp or 0.0 for f in result.scorecard.federations]
    assert float(row["cvar_gbp"]) == pytest.approx(sum(kept), rel=1e-4)
    assert int(row["federations"]) == len(kept)
    assert int(row["insured"]) == sum(
        bool(f.contract) for f in result.scorecard.federations
    )
    assert row["says"] == ""


def test_an_impossible_row_has_the_number_that_helps_and_no_figures() -> None:
    result = solved(contracts__menu={}, risk__tolerance=0.01)
    row = row_of(EASY, result, 1.0, 0.5)
    assert result.status is Status.INFEASIBLE
    assert "federations" not in row
    assert "raise risk.tolerance to" in row["says"]


def test_a_folder_without_regions_is_told(tmp_path: Path) -> None:
    assert main(["--data", str(tmp_path), "--out", str(tmp_path / "out.csv")]) == 2


@pytest.mark.slow
def test_a_real_region_has_a_row_for_each_question(
    shared_data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "pooling.csv"
    asked = ["--data", str(shared_data), "--only", "trafford", "--out", str(out)]
    assert main([*asked, "--time-limit", "2"]) == 0
    rows = list(csv.DictReader(out.read_text("utf-8").splitlines()))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 18
    assert all(row["says"] or int(row["federations"]) > 0 for row in rows)
