"""Risk, contract and likeness on real regions: every row there, and honest."""

import csv
import re
from pathlib import Path

import pytest

import federate
from benchmarks.pooling import COLUMNS, Ask, asks, main, row_of
from federate.engine.answer import Grouping, to_plan
from federate.problem import Problem
from federate.result import Result, evaluated
from solvers.contract import Status
from tests.strategies import small_instance

EASY = Ask("small", "geographic", 0.10, "stop-loss")
BARE = Ask("small", "geographic", 0.10, "none")


def solved(ask: Ask = EASY, **changes: object) -> Result:
    """Return the small region under the sections of a row, in sizes that fit it."""
    asked = ask.scenario("small").with_(
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
    result = solved(BARE, risk__tolerance=0.01)
    row = row_of(BARE, result, 1.0, 0.5)
    assert result.status is Status.INFEASIBLE
    assert "federations" not in row
    assert "raise risk.tolerance to" in row["says"]


def test_a_row_without_a_plan_says_what_the_one_tried_would_keep() -> None:
    asked = BARE.scenario("small").with_(
        instance=None, rules__size_bounds=(2_000, 60_000)
    )
    problem = Problem.build(small_instance(3), asked)
    halves = to_plan(problem, Grouping(((0, 1, 2), (3, 4, 5)), (0, 3)))
    tried = evaluated(problem, halves)
    told = re.search(r"tolerance = (\d\.\d+)", row_of(BARE, tried, 1.0, 0.5)["says"])
    assert told is not None
    enough = float(told[1])
    for tolerance, is_kept in ((enough, True), (enough - 2e-4, False)):
        again = Problem.build(small_instance(3), asked.with_(risk__tolerance=tolerance))
        rules = {violation.rule for violation in evaluated(again, halves).violations}
        assert (not any("risk" in rule for rule in rules)) is is_kept


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
