"""Executors: each tells how every task ended; one that dies takes no other along."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from federate.errors import InputError
from federate.scenario import Scenario
from federate.whatif.child import Child, solve_in_child
from federate.whatif.executors import Dask, Ended, Executor, Inline, Pebble, Work
from federate.whatif.store import Store
from federate.whatif.task import Task, TaskError, solve_task
from tests.whatif import works

KINDS = ("inline", "pebble", "dask")


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """Address of a cluster of two worker processes."""
    distributed = pytest.importorskip("distributed")
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0"
    )
    yield cluster.scheduler_address
    cluster.close()


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def executor(kind: str, work: Work, request: pytest.FixtureRequest) -> Executor:
    if kind == "inline":
        return Inline(work)
    if kind == "pebble":
        return Pebble(2, work)
    return Dask(request.getfixturevalue("scheduler"), work)


def tasks(store: Path, seeds: list[int], limit_s: float = 60.0) -> list[Task]:
    store.mkdir(exist_ok=True)
    made = []
    for k, seed in enumerate(seeds):
        path = store / f"{seed}.toml"
        path.write_text(Scenario.load("toy", solve__seed=seed).to_toml(), "utf-8")
        made.append(Task(k, str(path), str(store), None, limit_s))
    return made


def run(who: Executor, wanted: list[Task]) -> dict[int, Ended]:
    for task in wanted:
        who.submit(task)
    ended = {one.task.point: one for one in who.events()}
    who.close()
    return ended


def test_a_task_that_fails_says_so_and_the_others_end_well(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    who = executor(kind, works.fail_at_poison, request)
    ended = run(who, tasks(tmp_path, [0, works.POISON, 2]))
    assert ended[1].run is None
    assert (ended[1].run, ended[1].error) == (None, "ValueError: the seventh seed")
    names = [ended[0].run, ended[2].run]
    assert {record.name for record in Store(tmp_path).records()} == set(names)


@pytest.mark.parametrize("kind", ["inline", "dask"])  # pebble: a front has rounds
def test_tasks_may_follow_on_tasks(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    who = executor(kind, works.answer, request)
    first, second = tasks(tmp_path, [0, 1])
    who.submit(first)
    assert [one.task for one in who.events()] == [first]
    who.submit(second)
    assert [one.task for one in who.events()] == [second]
    who.close()


def test_a_process_that_dies_fails_its_task_alone(tmp_path: Path) -> None:
    who = Pebble(2, works.die_at_poison)
    ended = run(who, tasks(tmp_path, [0, works.POISON, 2, 3]))
    assert "ProcessExpired" in ended[1].error
    assert [k for k, one in ended.items() if one.run is None] == [1]


def test_a_process_that_outstays_its_time_is_killed(tmp_path: Path) -> None:
    first, hanging = tasks(tmp_path, [0, works.POISON], limit_s=600.0)
    ended = run(Pebble(1, works.hang_at_poison), [first, replace(hanging, limit_s=2.0)])
    assert "TimeoutError" in ended[1].error
    assert ended[0].run is not None


def test_a_child_that_fails_a_task_takes_the_next_on_a_cluster(
    tmp_path: Path, scheduler: str
) -> None:
    whole, torn = tasks(tmp_path, [0, 1])
    Path(torn.scenario).write_text("schema = 1\n[rules\n", "utf-8")
    ended = run(Dask(scheduler, solve_in_child), [torn, whole])
    assert "not valid TOML" in ended[1].error
    assert ended[0].run is not None


def test_a_worker_that_dies_loses_nothing(tmp_path: Path, scheduler: str) -> None:
    who = Dask(scheduler, works.die_once)
    ended = run(who, tasks(tmp_path, [0, 1, works.POISON, 3]))
    assert all(one.run is not None for one in ended.values())
    assert works.tries(tmp_path).count(works.POISON) == 2


def test_a_cancelled_process_is_killed(tmp_path: Path) -> None:
    who = Pebble(2, works.hang_at_poison)
    who.submit(tasks(tmp_path, [works.POISON])[0])
    while works.tries(tmp_path) != [works.POISON]:
        time.sleep(0.05)
    who.cancel()
    (ended,) = who.events()
    assert ended.run is None


def test_a_scheduler_that_is_lost_is_told(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    cluster = distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address=":0"
    )
    who = Dask(cluster.scheduler_address, works.hang_at_poison)
    who.submit(tasks(tmp_path, [works.POISON])[0])
    while works.tries(tmp_path) != [works.POISON]:
        time.sleep(0.05)
    threading.Thread(target=cluster.close).start()
    with pytest.raises(InputError, match="is lost; start it again"):
        list(who.events())
    who.cancel()


def test_a_scheduler_that_is_not_there_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("federate.whatif.executors.ANSWERS_WITHIN_S", 0.5)
    with pytest.raises(InputError, match="no scheduler answers there"):
        Dask("tcp://127.0.0.1:9")


def test_a_scheduler_elsewhere_must_be_encrypted() -> None:
    with pytest.raises(InputError, match="tls://"):
        Dask("tcp://cluster.example:8786")


def test_a_child_is_killed_at_its_limit_and_another_takes_its_place(
    tmp_path: Path,
) -> None:
    first, second = tasks(tmp_path, [0, 1])
    kept = works.answer(second)
    with pytest.raises(TaskError, match=r"killed after 0\.05 seconds"):
        solve_in_child(replace(first, limit_s=0.05))
    assert solve_in_child(second) == kept


def test_a_child_may_be_killed_from_several_sides_at_once() -> None:
    for _ in range(10):
        child = Child()
        with ThreadPoolExecutor(max_workers=4) as sides:
            ends = [sides.submit(child.kill) for _ in range(4)]
        assert [end.exception() for end in ends] == [None] * 4
        assert not child.is_alive


def test_a_child_stays_for_the_next_task_until_it_dies(tmp_path: Path) -> None:
    torn, whole, late = tasks(tmp_path, [0, 1, 2])
    Path(torn.scenario).write_text("schema = 1\n[rules\n", "utf-8")
    kept = works.answer(whole)
    child = Child()
    with pytest.raises(TaskError, match="not valid TOML"):
        child.solve(torn)
    assert child.solve(whole) == kept
    child.kill()
    assert not child.is_alive
    with pytest.raises(TaskError, match="its process died"):
        child.solve(late)


def test_a_task_that_is_answered_is_not_solved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (task,) = tasks(tmp_path, [0])
    kept = works.answer(task)

    def refuse(*_: Any) -> None:
        raise AssertionError("solved again")

    monkeypatch.setattr("federate.prepare.work_on", refuse)
    assert solve_task(task) == kept
