"""`evaluate`, `map`, `export`: any plan, whoever made it."""

import json
from pathlib import Path

import pytest

from federate.cli import run
from tests.strategies import small_instance

ASKED = ["--preset", "pcn2019", "--set", "cover.enabled=false"]


@pytest.fixture
def region(tmp_path: Path) -> Path:
    """Return a small instance folder with a present grouping."""
    from federate.practices.folder import write_folder

    write_folder(small_instance(5), tmp_path / "region")
    return tmp_path / "region"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "ours.csv"
    rows = [f"P{k},{'ab'[k % 2]}" for k in range(6)]
    path.write_text("\n".join(["code,federation", *rows]) + "\n")
    return path


def test_a_plan_is_scored_and_verified(
    region: Path, plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["evaluate", str(plan), "-s", str(region), *ASKED, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["num_federations"] == 2
    assert data["num_violations"] == len(data["violations"])
    assert (data["bound_gbp"], data["run"]) == (None, None)


def test_the_present_grouping_is_called_current(
    region: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["evaluate", "current", "-s", str(region), *ASKED]) == 0
    assert "G1" in capsys.readouterr().out


def test_a_plan_that_breaks_rules_is_still_an_answer(
    region: Path, plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tight = ["--set", "rules.size_bounds=10:20", "--set", "rules.oversize=refuse"]
    assert run(["evaluate", str(plan), "-s", str(region), *ASKED, *tight]) == 0
    assert "Broken rules" in capsys.readouterr().out


def test_a_faulty_plan_is_exit_3_with_every_fault(
    region: Path, plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan.write_text("code,federation\nP0,a\nP9,a\nP1,a\nP1,b\n")
    assert run(["evaluate", str(plan), "-s", str(region), *ASKED, "--json"]) == 3
    out, err = capsys.readouterr()
    assert len(json.loads(out)["error"]["faults"]) >= 3
    assert "Traceback" not in err


def test_a_plan_is_drawn(region: Path, plan: Path, tmp_path: Path) -> None:
    page = tmp_path / "ours.html"
    order = ["map", str(plan), "-s", str(region), *ASKED, "-o", str(page)]
    assert run(order) == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_map_is_called_after_its_plan(
    region: Path, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["map", str(plan), "-s", str(region), *ASKED]) == 0
    assert (tmp_path / "ours.html").is_file()


def test_a_risk_curve_is_drawn_and_told(
    region: Path,
    plan: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    risk = ["--set", "risk.max_probability=0.05"]
    assert run(["curve", str(plan), "-s", str(region), *ASKED, *risk]) == 0
    assert (tmp_path / "ours-risk.png").read_bytes().startswith(b"\x89PNG")
    assert "federations keep the rule" in capsys.readouterr().out


def test_without_a_question_about_risk_the_curve_says_what_to_ask(
    region: Path, plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["curve", str(plan), "-s", str(region), *ASKED]) == 3
    assert "risk.max_probability" in capsys.readouterr().err


def test_a_plan_is_exported_to_several_files_at_once(
    region: Path, plan: Path, tmp_path: Path
) -> None:
    files = [tmp_path / f"out{suffix}" for suffix in (".csv", ".geojson", ".xlsx")]
    asked = [part for file in files for part in ("-o", str(file))]
    assert run(["export", str(plan), "-s", str(region), *ASKED, *asked]) == 0
    assert all(file.stat().st_size for file in files)


def test_an_unknown_kind_of_file_is_exit_3(
    region: Path, plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [str(plan), "-s", str(region), *ASKED, "-o", "a.doc"]
    assert run(["export", *asked]) == 3
    assert ".geojson" in capsys.readouterr().err


def test_a_plan_without_a_scenario_says_how_to_name_one(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["map", str(plan)]) == 2
    assert "--scenario" in capsys.readouterr().err


def test_the_solvers_are_listed_for_scripts(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solvers", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["solvers"]
    assert {"name", "runs", "version", "why_not"} <= set(rows[0])


def test_the_solvers_are_listed_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solvers"]) == 0
    assert "highs" in capsys.readouterr().out
