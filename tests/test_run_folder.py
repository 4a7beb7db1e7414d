"""Run folders: whole or absent, and read back as they were."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from federate.engine.events import Event
from federate.errors import FederateError, InputError
from federate.plan_file import with_centres
from federate.practices.folder import read_folder, write_folder
from federate.problem import Problem
from federate.result import Result, evaluated
from federate.scenario import Scenario
from federate.show import run_folder
from federate.show.run_folder import read_run, write_run
from solvers.contract import Status, StopReason
from tests.strategies import small_instance

ROOT = Path(__file__).resolve().parents[1]
FILES = {
    "plan.csv",
    "cover.csv",
    "plan.geojson",
    "map.html",
    "metrics.json",
    "scenario.toml",
    "events.jsonl",
    "env.json",
    "inputs.sha256",
}


@pytest.fixture(autouse=True)
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a small page in place of the built one, which a checkout may lack."""
    path = tmp_path / "page.html"
    path.write_text("<title>%TITLE%</title><script>%DATA%</script>", "utf-8")
    monkeypatch.setattr("federate.show.map.PAGE", path)


def solved(*, instance: str | None = None, seed: int = 1) -> Result:
    """Return a result as an engine would leave it, with cover, bound and events."""
    practices = small_instance(seed, 6) if instance is None else read_folder(instance)
    scenario = Scenario.model_validate(
        {
            "schema": 1,
            "title": "Small & fine",
            "instance": instance,
            "rules": {"num_federations": "free", "contiguity": "none"},
        }
    )
    problem = Problem.build(practices, scenario)
    codes = practices.practices.code
    halves = {code: "F1" if k < 3 else "F2" for k, code in enumerate(codes)}
    plan = replace(
        with_centres(problem, halves),
        bases=dict.fromkeys(codes, "B0"),
        open_bases=("B0",),
    )
    found = evaluated(problem, plan)
    assert found.objective_gbp is not None
    return replace(
        found,
        status=Status.OPTIMAL,
        stop=StopReason.GAP_REACHED,
        bound_gbp=found.objective_gbp,
        gap=0.0,
        engine="compact",
        solver="highs",
        seconds=1.5,
        events=(Event("started", 0.0), Event("done", 1.5, message="finished")),
    )


def infeasible() -> Result:
    return Result(
        solved().problem,
        None,
        Status.INFEASIBLE,
        StopReason.FINISHED,
        reasons=("too few patients",),
    )


def test_a_run_folder_holds_every_file(tmp_path: Path) -> None:
    folder = write_run(solved(), tmp_path / "run")
    assert {path.name for path in folder.iterdir()} == FILES | {"instance"}


def test_a_run_reads_back_as_it_was(tmp_path: Path) -> None:
    before = solved()
    after = read_run(write_run(before, tmp_path / "run"))
    assert after.plan == before.plan
    assert after.summary() == before.summary()
    assert after.scorecard == before.scorecard
    assert after.events == before.events


def test_a_run_on_an_instance_folder_names_it_and_keeps_no_copy(
    tmp_path: Path,
) -> None:
    write_folder(small_instance(1, 6), tmp_path / "small")
    folder = write_run(solved(instance=str(tmp_path / "small")), tmp_path / "run")
    assert not (folder / "instance").exists()
    assert read_run(folder).objective_gbp == solved().objective_gbp


def test_a_run_without_a_plan_keeps_its_reasons(tmp_path: Path) -> None:
    folder = write_run(infeasible(), tmp_path / "run")
    assert not (folder / "plan.csv").exists()
    after = read_run(folder)
    assert (after.plan, after.status) == (None, Status.INFEASIBLE)
    assert after.reasons == ("too few patients",)


def test_metrics_hold_the_summary_the_scorecard_and_the_run(tmp_path: Path) -> None:
    result = solved()
    folder = write_run(result, tmp_path / "run")
    said = json.loads((folder / "metrics.json").read_text("utf-8"))
    assert result.scorecard is not None
    assert said["run"] == "run"
    assert said["objective_gbp"] == result.objective_gbp
    assert said["totals"] == result.scorecard.totals
    assert [row["federation"] for row in said["federations"]] == ["F1", "F2"]
    assert list(said) == sorted(said)


def test_the_same_result_is_written_the_same_way(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_run(solved(), tmp_path / name / "run")
    for file in FILES:
        one, two = (tmp_path / name / "run" / file for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes(), file


def test_the_environment_is_recorded(tmp_path: Path) -> None:
    folder = write_run(solved(), tmp_path / "run")
    said = json.loads((folder / "env.json").read_text("utf-8"))
    assert said["python"].startswith("3.")
    assert said["packages"]["numpy"]
    assert 0 < said["coordinates_accuracy_m"] < 10


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(InputError, match="choose another folder or remove it"):
        write_run(solved(), tmp_path / "run")
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["notes.txt"]


def test_a_file_of_that_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("mine", "utf-8")
    with pytest.raises(InputError, match="there already"):
        write_run(solved(), tmp_path / "run")


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    assert (write_run(solved(), tmp_path / "run") / "metrics.json").exists()


def test_the_default_name_tells_time_scenario_and_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    first, second = write_run(infeasible()), write_run(infeasible())
    assert first != second
    assert first.parent == Path("runs")
    time_, *slug, digest = first.name.split("-")
    assert time_.endswith("Z")
    assert "-".join(slug) == "small-fine"
    assert len(digest) == 8


def test_what_fails_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise FederateError("no page")

    monkeypatch.setattr("federate.show.map.write_map", broken)
    with pytest.raises(FederateError, match="no page"):
        write_run(solved(), tmp_path / "out" / "run")
    assert list((tmp_path / "out").iterdir()) == []


KILLED = """
import time
from pathlib import Path
from federate.show import run_folder
from tests.test_run_folder import infeasible

write = run_folder._write_json
def slowly(path, data):
    write(path, data)
    if path.name == "env.json":
        (Path({parent!r}) / "ready").touch()
        time.sleep(60)
run_folder._write_json = slowly
run_folder.write_run(infeasible(), Path({parent!r}) / "run")
"""


def test_a_run_killed_half_way_is_absent_and_can_be_made_again(
    tmp_path: Path,
) -> None:
    script = KILLED.format(parent=str(tmp_path))
    child = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    try:
        while not (tmp_path / "ready").exists() and child.poll() is None:
            time.sleep(0.05)
        assert child.poll() is None
        os.kill(child.pid, signal.SIGKILL)
    finally:
        child.wait()
    assert not (tmp_path / "run").exists()
    assert read_run(write_run(infeasible(), tmp_path / "run")).plan is None


def test_a_folder_without_metrics_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no finished run"):
        read_run(tmp_path)


def test_metrics_of_another_schema_are_refused(tmp_path: Path) -> None:
    folder = write_run(infeasible(), tmp_path / "run")
    (folder / "metrics.json").write_text('{"schema": 2}', "utf-8")
    with pytest.raises(InputError, match="reads schema 1; update federate"):
        read_run(folder)


def test_metrics_that_are_not_json_are_refused(tmp_path: Path) -> None:
    folder = write_run(infeasible(), tmp_path / "run")
    (folder / "metrics.json").write_text("{", "utf-8")
    with pytest.raises(InputError, match="is not JSON"):
        read_run(folder)


@pytest.mark.parametrize("file", ["plan.csv", "scenario.toml"])
@pytest.mark.parametrize("how", ["changed", "removed"])
def test_a_file_that_is_not_what_was_recorded_is_refused(
    tmp_path: Path, file: str, how: str
) -> None:
    folder = write_run(solved(), tmp_path / "run")
    if how == "changed":
        text = (folder / file).read_text("utf-8")
        (folder / file).write_text(f"{text}\n", "utf-8")
    else:
        (folder / file).unlink()
    with pytest.raises(InputError, match=f"{file}: is not what the run recorded"):
        read_run(folder)


def test_an_instance_that_has_changed_is_refused(tmp_path: Path) -> None:
    write_folder(small_instance(1, 6), tmp_path / "small")
    folder = write_run(solved(instance=str(tmp_path / "small")), tmp_path / "run")
    write_folder(small_instance(2, 6), tmp_path / "small")
    with pytest.raises(InputError, match="restore its files"):
        read_run(folder)


def test_a_run_says_what_its_files_are() -> None:
    assert run_folder.__doc__ is not None
    assert all(name in run_folder.__doc__ for name in FILES)
