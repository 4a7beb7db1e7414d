"""What is drawn and tabulated of the runs."""

import csv
import math
from pathlib import Path

import pytest

from benchmarks.measure import COLUMNS
from benchmarks.profile import gap_steps, profile, proven_share, seconds_to_proof
from benchmarks.report import main, markdown


def row(
    case: str, seconds: float, status: str = "optimal", **more: str
) -> dict[str, str]:
    known = {"suite": "s", "case": case, "status": status, "solve_s": str(seconds)}
    return dict.fromkeys(COLUMNS, "") | {"seed": "0"} | known | more


def test_of_three_runs_the_median_counts() -> None:
    rows = [row("a", s) for s in (9.0, 1.0, 2.0)]
    assert seconds_to_proof(rows) == {"a": 2.0}


def test_what_breaks_the_published_rules_proves_nothing() -> None:
    wrong = row("a", 1.0, convention="district F01 is in 2 pieces")
    assert seconds_to_proof([wrong]) == {"a": math.inf}


def test_a_profile_compares_only_cases_that_all_have() -> None:
    found = profile({"old": {"x": 2.0, "y": 9.0}, "new": {"x": 1.0, "z": 1.0}})
    assert found == {"old": [(2.0, 1.0)], "new": [(1.0, 1.0)]}


def test_a_case_without_proof_lowers_the_share_for_good() -> None:
    assert proven_share({"x": 1.0, "y": math.inf}) == [(1.0, 0.5)]


def test_there_is_no_gap_before_plan_and_bound() -> None:
    trace = ((1.0, None, 80.0), (2.0, 100.0, 80.0), (3.0, 100.0, 100.0))
    assert gap_steps(trace) == [(2.0, pytest.approx(20.0)), (3.0, 0.0)]


def test_a_table_leaves_out_the_columns_that_no_row_fills() -> None:
    text = markdown([row("a", 1.5, gap="0.0125")])
    assert text.splitlines()[0] == "| case | status | gap | seconds |"
    assert text.splitlines()[2] == "| a | optimal | 1.250 % | 1.50 |"


def test_a_report_writes_tables_and_pictures(tmp_path: Path) -> None:
    with (tmp_path / "old.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows([row("a", 2.0), row("b", 5.0, "feasible")])
    trace = "suite,case,seed,seconds,objective_gbp,bound_gbp\ns,a,0,1.0,10.0,9.0\n"
    (tmp_path / "old.trace.csv").write_text(trace, encoding="utf-8")
    assert main([str(tmp_path / "old.csv"), "--out", str(tmp_path / "out")]) == 0
    made = {path.name for path in (tmp_path / "out").iterdir()}
    assert made == {"old.md", "old-gap.png", "profile.png"}
