"""Which cases a suite has, and how one of them is run."""

import csv
from pathlib import Path

import pytest

from benchmarks.answer import Limits
from benchmarks.cases import Case
from benchmarks.measure import COLUMNS, measure_traced
from benchmarks.run import main
from benchmarks.suites import SUITES, suite


def test_a_case_whose_files_are_absent_is_left_out(tmp_path: Path) -> None:
    names = [case.name for case in suite("small", tmp_path, tmp_path)]
    assert names == ["toy", "vale"]


def test_published_cases_come_from_any_folder_of_the_form(tmp_path: Path) -> None:
    folder = tmp_path / "pmed_orlib"
    folder.mkdir()
    table = "instance,n,p,best_known,optimal,source,note\npmed9,200,40,2734,yes,,\n"
    (folder / "best_known.csv").write_text(table, encoding="utf-8")
    (case,) = suite("published", tmp_path, tmp_path)
    assert case.name == "pmed_orlib/pmed9"
    assert case.published is not None
    assert case.published.value == 2734.0


@pytest.mark.parametrize("name", sorted(SUITES))
def test_every_case_of_a_suite_has_a_name_of_its_own(
    name: str, shared_data: Path, shared_bench: Path
) -> None:
    names = [case.name for case in suite(name, shared_data, shared_bench)]
    assert names
    assert len(set(names)) == len(names)


def test_a_suite_without_files_says_which_folders_it_looked_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "rows.csv"
    told = main(["published", "--bench", str(tmp_path), "--out", str(out)])
    assert told == 2
    assert str(tmp_path) in capsys.readouterr().err
    assert not out.exists()


def test_a_run_writes_a_row_and_its_trace(tmp_path: Path) -> None:
    out = tmp_path / "rows.csv"
    folders = ["--data", str(tmp_path), "--bench", str(tmp_path)]
    more = ["--certify", "--repeat", "2", "--out", str(out)]
    assert main(["small", "--only", "toy", *folders, *more]) == 0
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [row["seed"] for row in rows] == ["0", "1"]
    row = rows[1]
    assert tuple(row) == COLUMNS
    assert row["status"] == "optimal"
    assert row["num_violations"] == "0"
    assert float(row["certified_gap"]) == pytest.approx(0.0, abs=1e-4)
    trace = (tmp_path / "rows.trace.csv").read_text(encoding="utf-8").splitlines()
    assert float(trace[-1].split(",")[4]) == pytest.approx(float(row["objective_gbp"]))


def test_a_case_that_fails_has_the_error_for_its_status() -> None:
    case = Case("small", "nowhere", "no-such-instance")
    row, trace = measure_traced(case, Limits(time_limit_s=1.0))
    assert row["status"].startswith("InstanceError")
    assert trace == ()


def test_an_engine_asked_for_is_the_engine_that_answers(tmp_path: Path) -> None:
    limits = Limits(time_limit_s=5.0, engine="search")
    row, _ = measure_traced(Case("small", "toy", "toy", "toy"), limits)
    assert row["engine"] == "search"
