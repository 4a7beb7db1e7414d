"""`federate solve` as a shell sees it: exit codes, JSON, run folder, Ctrl+C."""

import csv
import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from federate.cli import run
from federate.scenario import Scenario
from solvers.registry import available_solvers, known_solvers
from tests.cli.command import ROOT, federate, said

RUN_FILES = {
    "plan.csv",
    "plan.geojson",
    "map.html",
    "metrics.json",
    "scenario.toml",
    "events.jsonl",
    "env.json",
}


@pytest.fixture(scope="module")
def told(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Solve the toy county once, for people; return what was said, and the run."""
    out = tmp_path_factory.mktemp("toy") / "run"
    done = federate("solve", "toy", "--out", out)
    assert done.returncode == 0, done.stderr
    return done, out


@pytest.fixture(scope="module")
def toy(told: tuple[subprocess.CompletedProcess[str], Path]) -> Path:
    """Return the run folder of the toy county."""
    return told[1]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Solve the toy county once, for scripts, without a folder named."""
    folder = tmp_path_factory.mktemp("data")
    done = federate("solve", "toy", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    return {**said(done), "cwd": folder}


def test_the_toy_county_is_solved_to_optimality(data: dict[str, Any]) -> None:
    assert data["status"] == "optimal"
    assert (data["num_federations"], data["num_violations"]) == (2, 0)
    assert data["bound_gbp"] == pytest.approx(data["objective_gbp"], rel=1e-4)


def test_json_holds_exactly_the_promised_keys(data: dict[str, Any]) -> None:
    assert set(data) - {"cwd"} == {
        "status",
        "stop",
        "objective_gbp",
        "bound_gbp",
        "gap",
        "num_federations",
        "num_violations",
        "violations",
        "seconds",
        "run",
    }


def test_a_run_folder_holds_what_it_promises(toy: Path) -> None:
    assert {path.name for path in toy.iterdir()} >= RUN_FILES


def test_the_plan_is_a_table_of_three_columns(toy: Path) -> None:
    with (toy / "plan.csv").open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    assert heading == ["code", "federation", "centre"]
    assert len(rows) == 8


def test_the_kept_scenario_asks_the_same_again(toy: Path) -> None:
    kept = Scenario.load(toy / "scenario.toml")
    assert kept == Scenario.load("toy").with_(instance=kept.instance)


def test_every_event_is_one_json_object(toy: Path) -> None:
    lines = (toy / "events.jsonl").read_text(encoding="utf-8").splitlines()
    assert all("kind" in json.loads(line) for line in lines)


def test_nothing_is_left_beside_the_run_folder(toy: Path) -> None:
    assert [path.name for path in toy.parent.iterdir()] == ["run"]


def test_people_are_told_the_figures_the_proof_and_the_map(
    told: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    done, out = told
    assert "proven to be the best possible" in done.stdout
    assert "every rule is kept" in done.stdout
    assert str(out / "map.html") in done.stdout
    assert done.stderr == ""


def test_without_a_folder_a_run_is_kept_under_runs(data: dict[str, Any]) -> None:
    run = data["cwd"] / data["run"]
    assert run.parent == data["cwd"] / "runs"
    assert (run / "metrics.json").is_file()


def test_quiet_leaves_only_the_run(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["solve", "toy", "--quiet", "--out", str(tmp_path / "run")]) == 0
    assert capfd.readouterr() == ("", "")
    assert (tmp_path / "run" / "map.html").is_file()


def test_a_full_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = federate("solve", "toy", "--out", tmp_path)
    assert done.returncode == 3
    assert "choose another folder" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


NEVER = ["--set", "rules.size_bounds=10:20", "--set", "rules.oversize=refuse"]


def test_rules_that_no_plan_can_keep_are_exit_4(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order = ["solve", "toy", *NEVER, "--json", "--out", str(tmp_path / "run")]
    assert run(order) == 4
    data = json.loads(capsys.readouterr().out)
    assert (data["status"], data["num_federations"]) == ("infeasible", None)


def test_the_reasons_are_told_to_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["solve", "toy", *NEVER, "--out", str(tmp_path / "run")]) == 4
    words = " ".join(capsys.readouterr().out.split())
    assert "No plan can keep these rules." in words
    assert "exceed the upper bound" in words
    assert "map.html" not in words


def test_a_plan_without_a_proof_is_exit_5(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order = ["solve", "toy", "--engine", "search", "--time-limit", "2", "--json"]
    assert run([*order, "--out", str(tmp_path / "run")]) == 5
    data = json.loads(capsys.readouterr().out)
    assert (data["status"], data["bound_gbp"], data["gap"]) == ("feasible", None, None)


def test_a_solver_that_is_not_here_is_exit_1_in_its_own_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    absent = [name for name in known_solvers() if name not in available_solvers()]
    if not absent:
        pytest.skip("every known solver runs here")
    order = ["solve", "toy", "--engine", "compact", "--solver", absent[-1]]
    assert run([*order, "--out", str(tmp_path / "run")]) == 1
    err = capsys.readouterr().err
    assert "install" in err
    assert "Traceback" not in err


def test_the_run_is_drawn_and_exported_again(toy: Path, tmp_path: Path) -> None:
    page, table = tmp_path / "again.html", tmp_path / "again.csv"
    assert run(["map", str(toy), "-o", str(page)]) == 0
    assert run(["export", str(toy), "-o", str(table)]) == 0
    assert page.read_bytes() == (toy / "map.html").read_bytes()
    assert table.stat().st_size > 0


def test_the_plan_of_a_run_scores_the_same_by_itself(
    toy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["evaluate", str(toy / "plan.csv"), "-s", "toy", "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    recorded = json.loads((toy / "metrics.json").read_text(encoding="utf-8"))
    assert again["objective_gbp"] == pytest.approx(recorded["objective_gbp"])


def test_the_module_is_the_command() -> None:
    done = federate("solve", "--help")
    assert done.returncode == 0
    assert "Usage: federate solve" in done.stdout


def on_a_terminal(*arguments: object, cwd: Path) -> tuple[subprocess.Popen[str], int]:
    """Start `federate` with stderr on a terminal; return it and the near end."""
    near, far = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "federate", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=far,
        text=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(far)
    return process, near


def seen(near: int, words: str = "") -> str:
    """Read a terminal until `words` appear, or to its end."""
    shown = b""
    while not words or words.encode() not in shown:
        try:
            shown += os.read(near, 4096)
        except OSError:  # the far end is closed
            break
    return shown.decode("utf-8", "replace")


def test_a_terminal_sees_plan_bound_and_gap_move(tmp_path: Path) -> None:
    process, near = on_a_terminal("solve", "vale", "--json", cwd=tmp_path)
    shown = seen(near)
    process.communicate()
    assert "no plan yet" in shown
    assert "best plan £" in shown
    assert "gap " in shown


def test_ctrl_c_keeps_the_best_plan(tmp_path: Path) -> None:
    long = ["--engine", "search", "--time-limit", "300"]
    process, near = on_a_terminal("solve", "vale", *long, "--json", cwd=tmp_path)
    assert "best plan £" in seen(near, "best plan £")
    process.send_signal(signal.SIGINT)
    told = seen(near)
    out, _ = process.communicate()
    assert process.returncode == 130
    data = json.loads(out)
    assert data["stop"] == "cancelled"
    assert (tmp_path / data["run"] / "plan.csv").is_file()
    assert "Stopping with the best plan so far" in told


def test_a_run_is_a_start_and_a_start_that_is_not_there_is_told(
    told: tuple[subprocess.CompletedProcess[str], Path], tmp_path: Path
) -> None:
    again = federate(
        "solve", "toy", "--warm-start", told[1], "--out", tmp_path / "a", "--json"
    )
    assert again.returncode == 0, again.stderr
    events = (tmp_path / "a" / "events.jsonl").read_text("utf-8").splitlines()
    assert json.loads(events[1])["kind"] == "incumbent"
    lost = federate(
        "solve", "toy", "--warm-start", tmp_path / "no.csv", "--out", tmp_path / "b"
    )
    assert lost.returncode == 3
    assert "no.csv" in lost.stderr
    assert not (tmp_path / "b").exists()
