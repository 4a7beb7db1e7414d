"""Edits are scored and verified as if the plan had come so."""

from pathlib import Path

import pytest

import federate
from federate.errors import PlanError
from federate.plan_file import read_plan


@pytest.fixture(scope="module")
def best() -> federate.Result:
    return federate.solve("toy")


def first(best: federate.Result) -> str:
    return best.require_plan().members["F01"][0]


def test_an_edit_is_scored_as_the_plan_itself(best: federate.Result) -> None:
    code = first(best)
    done = federate.edit(best, f"move {code}=F02")
    again = federate.evaluate(done.after, "toy")
    assert done.after.objective_gbp == again.objective_gbp
    assert done.after.violations == again.violations
    assert [change.code for change in done.comparison.changes] == [code]


def test_nothing_changes_in_place(best: federate.Result) -> None:
    before = dict(best.require_plan().federation)
    federate.edit(best, f"move {first(best)}=F02")
    assert best.require_plan().federation == before


def test_rules_kept_now_and_broken_now_are_told(best: federate.Result) -> None:
    done = federate.edit(best, "merge F01=F02")
    assert done.newly_broken == tuple(v.message for v in done.after.violations)
    back = federate.edit(done.after, f"move {first(best)}=F01")
    still = {violation.message for violation in back.after.violations}
    assert {*back.fixed, *still} >= set(done.newly_broken)


def test_edits_kept_in_a_file_are_carried_on(
    best: federate.Result, tmp_path: Path
) -> None:
    code, table = first(best), tmp_path / "plan.csv"
    federate.edit(best, f"move {code}=F02", "freeze F02").save(table)
    done = federate.edit(table, "thaw F02", f"move {code}=F01", scenario="toy")
    assert [str(edit) for edit in done.draft.edits] == [
        f"move {code}=F02",
        "freeze F02",
        "thaw F02",
        f"move {code}=F01",
    ]
    with pytest.raises(PlanError, match="F02, which is frozen"):
        federate.edit(table, f"move {code}=F01", scenario="toy")


def test_what_is_written_is_the_plan_after(
    best: federate.Result, tmp_path: Path
) -> None:
    done = federate.edit(best, f"lead F01={best.require_plan().members['F01'][-1]}")
    done.save(tmp_path / "plan.csv")
    assert read_plan(tmp_path / "plan.csv", best.problem).centre == (
        done.after.require_plan().centre
    )


def test_a_plan_without_a_scenario_is_told(best: federate.Result) -> None:
    with pytest.raises(PlanError, match="name a scenario"):
        federate.edit(best.require_plan(), "freeze F01")
