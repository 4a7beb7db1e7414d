"""Sweeps: resumed, tried three times, kept whatever stops them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import federate
from federate.errors import InputError, ScenarioError
from federate.whatif.executors import Inline, Pebble
from federate.whatif.store import Store
from federate.whatif.sweep import Progress
from federate.whatif.table import Sweep
from federate.whatif.task import Task
from tests.cli.command import ROOT
from tests.whatif import works

SEEDS = {"solve__seed": (0, 1, works.POISON, 3)}


def swept(
    store: Path, work: Callable[[Task], str], axes: Any = None, **settings: Any
) -> Sweep:
    return federate.sweep(
        "toy", axes or SEEDS, store=store, executor=Inline(work), **settings
    )


def test_every_point_is_answered_and_kept(tmp_path: Path) -> None:
    found = swept(tmp_path, works.answer)
    assert [point.changes for point in found.points] == [
        {"solve.seed": seed} for seed in SEEDS["solve__seed"]
    ]
    names = {point.run.name for point in found.points if point.run}
    assert {record.name for record in Store(tmp_path).records()} == names
    assert repr(found) == "<Sweep 4 of 4 points, 4 proven optimal>"


def test_the_values_of_the_scenario_are_swept_too(tmp_path: Path) -> None:
    path = tmp_path / "toy.toml"
    path.write_text(
        'schema = 1\nextends = "toy"\ninstance = "toy"\n[sweep]\n'
        "solve.seed = [0, 1]\nrisk.cv1 = [3.0, 3.5, 4.0]\n"
    )
    found = federate.sweep(
        path, {"risk__cv1": (3.0,)}, store=tmp_path, executor=Inline(works.answer)
    )
    assert found.keys == ("solve.seed", "risk.cv1")
    assert len(found.points) == 2


def test_a_sweep_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    def stop_at_poison(task: Task) -> str:
        if works.POISON in works.tries(tmp_path):
            raise KeyboardInterrupt
        return works.answer(task)

    with pytest.raises(KeyboardInterrupt):
        swept(tmp_path, stop_at_poison)
    done = works.tries(tmp_path)
    assert works.POISON in done
    assert len(done) < 4
    told: list[Progress] = []
    found = swept(tmp_path, works.answer, tell=told.append)
    assert sorted(works.tries(tmp_path)) == sorted(SEEDS["solve__seed"])
    assert told[0] == Progress(4, len(done), 0, len(done))
    assert told[-1] == Progress(4, 4, 0, len(done))
    assert all(point.run for point in found.points)


def test_a_sweep_that_is_done_asks_nothing_again(tmp_path: Path) -> None:
    first = swept(tmp_path, works.answer)
    assert swept(tmp_path, works.fail_at_poison) == first
    assert len(works.tries(tmp_path)) == 4


def test_a_larger_sweep_takes_the_points_of_a_smaller(tmp_path: Path) -> None:
    swept(tmp_path, works.answer, {"solve__seed": (0, 1)})
    swept(tmp_path, works.answer, {"solve__seed": (1, 2, 3)})
    assert works.tries(tmp_path) == [0, 1, 2, 3]


def test_a_poisoned_point_is_tried_three_times_and_passed_over(tmp_path: Path) -> None:
    found = swept(tmp_path, works.fail_at_poison)
    assert works.tries(tmp_path).count(works.POISON) == 3
    assert [point.error for point in found.points] == [
        *("", ""),
        "ValueError: the seventh seed",
        "",
    ]
    assert repr(found).endswith("3 of 4 points, 3 proven optimal, 1 failed>")


def test_a_failure_is_recorded_for_every_sweep_until_it_is_tried_again(
    tmp_path: Path,
) -> None:
    swept(tmp_path, works.fail_at_poison)
    (record,) = (tmp_path / "sweeps/failed").iterdir()
    assert json.loads(record.read_text())["tries"] == 3
    poison = {"solve__seed": (works.POISON,)}
    (point,) = swept(tmp_path, works.answer, poison).points
    assert point.error == "ValueError: the seventh seed"
    assert works.tries(tmp_path).count(works.POISON) == 3
    (point,) = swept(tmp_path, works.answer, poison, retry=True).points
    assert point.run is not None
    assert not record.exists()


def test_the_second_try_has_no_start_and_may_do(tmp_path: Path) -> None:
    starts: list[str | None] = []

    def fail_warm(task: Task) -> str:
        starts.append(task.warm_start)
        if task.warm_start is not None:
            raise ValueError("a poor start")
        return works.answer(task)

    found = swept(tmp_path, fail_warm)
    assert all(point.run for point in found.points)
    assert [start is None for start in starts] == [True, *[False, True] * 3]


def test_each_point_starts_from_its_nearest_solved_neighbour(tmp_path: Path) -> None:
    starts: dict[str, str | None] = {}

    def note(task: Task) -> str:
        name = works.answer(task)
        start = task.warm_start
        starts[name] = None if start is None else Path(start).name
        return name

    found = swept(tmp_path, note, {"solve__seed": tuple(range(5))})
    names = [point.run.name for point in found.points if point.run]
    assert [starts[name] for name in names] == [None, *names[:-1]]


def test_plans_of_other_practices_are_no_start(tmp_path: Path) -> None:
    starts: list[str | None] = []

    def note(task: Task) -> str:
        starts.append(task.warm_start)
        return works.answer(task)

    asked = federate.Scenario.load("toy", cover__enabled=False)
    axes = {"instance": ("toy", "vale")}
    federate.sweep(asked, axes, store=tmp_path, executor=Inline(note))
    assert starts == [None, None]


def test_a_worker_that_dies_after_it_kept_its_run_is_done(tmp_path: Path) -> None:
    who = Pebble(2, works.die_after_it_is_kept)
    found = federate.sweep("toy", SEEDS, store=tmp_path, executor=who)
    who.close()
    assert all(point.run for point in found.points)
    assert works.tries(tmp_path).count(works.POISON) == 1


def test_a_worker_that_dies_three_times_fails_its_point_alone(tmp_path: Path) -> None:
    who = Pebble(2, works.die_at_poison)
    found = federate.sweep("toy", SEEDS, store=tmp_path, executor=who)
    who.close()
    assert [point.run is None for point in found.points] == [False, False, True, False]
    assert found.points[2].error.startswith("ProcessExpired")
    assert works.tries(tmp_path).count(works.POISON) == 3


def test_a_point_whose_practices_do_not_fit_is_told_in_full(tmp_path: Path) -> None:
    axes = {"rules__apart": ((), (("V99998", "V99999"),))}
    who = Pebble(1)
    found = federate.sweep("toy", axes, store=tmp_path, executor=who)
    who.close()
    assert found.points[0].run is not None
    for code in ("V99998", "V99999"):
        assert code in found.points[1].error


def test_every_fault_of_every_point_is_told_before_any_is_solved(
    tmp_path: Path,
) -> None:
    axes = {"rules__size_bounds": ((2.0, 1.0), (4.0, 3.0), (1.0, 1e9))}
    with pytest.raises(ScenarioError, match="2 problems"):
        swept(tmp_path, works.answer, axes)
    assert works.tries(tmp_path) == []


def test_practices_that_are_not_there_are_told(tmp_path: Path) -> None:
    asked = federate.Scenario.load("toy").model_copy(update={"instance": None})
    with pytest.raises(ScenarioError, match="names no instance"):
        federate.sweep(asked, SEEDS, store=tmp_path, executor=Inline(works.answer))


def test_a_point_is_read_back_verified(tmp_path: Path) -> None:
    found = swept(tmp_path, works.fail_at_poison)
    assert found.result(0).scorecard is not None
    with pytest.raises(InputError, match="the seventh seed"):
        found.result(2)


def test_ctrl_c_keeps_what_is_done_and_the_same_command_goes_on(
    tmp_path: Path,
) -> None:
    order = [sys.executable, "-m", "federate", "sweep", "toy", "-j", "1", "--json"]
    order += ["--set", "solve.seed=0,1,2", "--set", "cover.enabled=false"]
    settings = {"cwd": tmp_path, "env": {**os.environ, "PYTHONPATH": str(ROOT)}}
    child = subprocess.Popen(
        order,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **settings,  # type: ignore[call-overload]
    )
    while not (kept := Store(tmp_path).records()) and child.poll() is None:
        time.sleep(0.05)
    os.killpg(child.pid, signal.SIGINT)
    _, err = child.communicate()
    assert child.returncode == 130, err
    assert "the same command goes on from here" in err
    done = subprocess.run(order, capture_output=True, text=True, **settings)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["points"]
    assert [row["status"] for row in rows] == ["optimal"] * 3
    assert {record.name for record in kept} <= {row["run"] for row in rows}
