"""The store: runs found by name and by question, whatever became of the index."""

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from federate.errors import InputError
from federate.show.run_folder import write_run
from federate.whatif.index import INDEX
from federate.whatif.question import Question
from federate.whatif.store import Store
from solvers.contract import StopReason
from tests.whatif.kept import found, none_found


@pytest.fixture(autouse=True)
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a small page in place of the built one, which a checkout may lack."""
    path = tmp_path / "page.html"
    path.write_text("<title>%TITLE%</title><script>%DATA%</script>", "utf-8")
    monkeypatch.setattr("federate.show.map.PAGE", path)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "county")


def names(store: Store) -> list[str]:
    return [record.name for record in store.records()]


def test_looking_for_runs_where_there_are_none_writes_nothing(store: Store) -> None:
    assert store.records() == ()
    assert store.answer(Question.of(found().problem)) is None
    assert not store.folder.exists()


def test_a_kept_run_is_read_back_as_it_was(store: Store) -> None:
    before = found()
    record = store.keep(before)
    after = store.result(record.name)
    assert after.summary() == before.summary()
    assert after.plan == before.plan
    assert (record.status, record.num_federations) == ("optimal", 2)
    assert store.records() == (record,)


def test_the_newest_run_is_first_and_last(store: Store) -> None:
    first, second = store.keep(none_found("First")), store.keep(none_found("Second"))
    assert names(store) == [second.name, first.name]
    assert store.find("last") == second


def test_a_run_is_found_by_the_beginning_of_its_name(store: Store) -> None:
    one, two = store.keep(none_found("One")), store.keep(none_found("Two"))
    assert store.find(one.name) == one
    assert store.find(two.name[:-1]) == two
    assert store.find(str(one.folder)).name == one.name


def test_a_run_is_found_by_the_end_of_its_name(store: Store) -> None:
    one, two = store.keep(none_found("One")), store.keep(found("Two"))
    assert store.find(one.name.rpartition("-")[2]) == one
    assert store.find(two.name.rpartition("-")[2]) == two


def test_a_beginning_of_two_names_is_refused_with_both(store: Store) -> None:
    pair = [store.keep(none_found(title)).name for title in ("One", "Two")]
    with pytest.raises(InputError) as told:
        store.find("2")
    assert all(name in str(told.value) for name in pair)


def test_a_name_that_begins_another_still_means_itself(store: Store) -> None:
    result = none_found()
    write_run(result, store.runs / "a")
    write_run(result, store.runs / "ab")
    assert store.find("a").name == "a"


def test_a_run_that_is_not_there_is_told_with_the_way_out(store: Store) -> None:
    with pytest.raises(InputError, match="no runs are kept"):
        store.find("last")
    store.keep(none_found())
    with pytest.raises(InputError, match="federate runs lists them"):
        store.find("kent")


def test_the_same_question_is_answered(store: Store) -> None:
    record = store.keep(found("First"))
    assert store.answer(Question.of(found("Second").problem)) == record
    assert store.answer(Question.of(found(seed=2).problem)) is None


def test_a_run_out_of_time_answers_only_who_would_look_no_longer(
    store: Store,
) -> None:
    def asked(time_limit_s: float, threads: int) -> Question:
        return Question.of(found(time_limit_s=time_limit_s, threads=threads).problem)

    record = store.keep(found(stop=StopReason.TIME_LIMIT, time_limit_s=30.0))
    assert store.answer(asked(30.0, 2)) == record
    assert store.answer(asked(10.0, 1)) == record
    assert store.answer(asked(31.0, 2)) is None
    assert store.answer(asked(30.0, 3)) is None
    assert store.answer(asked(30.0, 2), ended=True) is None


def test_a_run_that_ended_by_itself_answers_whatever_the_patience(
    store: Store,
) -> None:
    record = store.keep(found(time_limit_s=1.0, threads=1))
    patient = found(time_limit_s=900.0, threads=8)
    assert store.answer(Question.of(patient.problem), ended=True) == record


@pytest.mark.parametrize("stop", [StopReason.CANCELLED, StopReason.MEMORY_LIMIT])
def test_a_run_that_was_stopped_answers_nothing(store: Store, stop: StopReason) -> None:
    store.keep(found(stop=stop))
    assert store.answer(Question.of(found().problem)) is None


def test_a_plan_that_was_only_scored_answers_nothing(store: Store) -> None:
    store.keep(replace(found(stop=StopReason.FINISHED), engine="evaluate"))
    assert store.answer(Question.of(found().problem)) is None


def test_the_code_of_another_day_answers_nothing(store: Store) -> None:
    store.keep(found())
    asked = replace(Question.of(found().problem), code="0.1.0+000000000000")
    assert store.answer(asked) is None


def test_who_wants_a_certificate_is_not_answered_without_one(store: Store) -> None:
    store.keep(found())
    assert store.answer(Question.of(found().problem), certified=True) is None


def test_an_index_that_is_lost_comes_back(store: Store) -> None:
    store.keep(found())
    before = store.records()
    (store.folder / INDEX).unlink()
    assert store.records() == before


def test_an_index_of_another_version_is_made_anew(store: Store) -> None:
    before = store.keep(none_found())
    with closing(sqlite3.connect(store.folder / INDEX)) as db, db:
        db.execute("UPDATE schema_version SET version = 99")
    assert store.records() == (before,)


def test_a_file_that_is_no_index_is_told_and_rebuilt(store: Store) -> None:
    before = store.keep(none_found())
    (store.folder / INDEX).write_text("not a database at all" * 99, "utf-8")
    with pytest.raises(InputError, match="federate runs --rebuild"):
        store.records()
    assert store.rebuild() == 1
    assert store.records() == (before,)


def test_runs_that_come_and_go_by_hand_are_noticed(store: Store) -> None:
    one, two = (store.keep(none_found(title)) for title in ("One", "Two"))
    shutil.rmtree(one.folder)
    shutil.copytree(two.folder, store.runs / "copied-by-hand")
    assert set(names(store)) == {two.name, "copied-by-hand"}


@pytest.mark.parametrize("lost", ["metrics.json", "scenario.toml", "inputs.sha256"])
def test_a_folder_that_lacks_a_part_is_no_run(store: Store, lost: str) -> None:
    record = store.keep(none_found())
    (record.folder / lost).unlink()
    assert store.rebuild() == 0
    assert store.unfinished() == (record.name,)


def test_the_same_plan_is_kept_once(store: Store) -> None:
    records = [store.keep(found(title), drawn=False) for title in ("One", "Two")]
    with closing(sqlite3.connect(store.folder / INDEX)) as db:
        assert db.execute("SELECT count(*) FROM plan").fetchone() == (1,)
    plan = (records[0].folder / "plan.csv").read_bytes()
    assert [store.plan_csv(record) for record in records] == [plan, plan]


def test_removed_runs_are_gone_and_leave_nothing(store: Store) -> None:
    records = [store.keep(found(title), drawn=False) for title in ("One", "Two")]
    store.remove([record.name for record in records])
    assert store.records() == ()
    assert list(store.runs.iterdir()) == []
    with closing(sqlite3.connect(store.folder / INDEX)) as db:
        for table in ("run", "plan", "scenario"):
            assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_where_one_run_is_not_there_none_is_removed(store: Store) -> None:
    record = store.keep(none_found())
    with pytest.raises(InputError, match="2 problems"):
        store.remove([record.name, "kent", "surrey"])
    assert names(store) == [record.name]


def test_a_run_elsewhere_is_not_removed(store: Store, tmp_path: Path) -> None:
    mine = write_run(none_found(), tmp_path / "mine")
    with pytest.raises(InputError, match="delete it yourself"):
        store.remove([str(mine)])
    assert mine.is_dir()


def test_many_writers_at_once_each_keep_their_run(store: Store) -> None:
    results = [none_found(f"Run {k}") for k in range(12)]
    with ThreadPoolExecutor(6) as pool:
        kept = list(pool.map(store.keep, results * 2))
    assert len({record.name for record in kept}) == 24
    assert set(names(store)) == {record.name for record in kept}
