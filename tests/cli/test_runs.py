"""`federate runs`, `show`, `rm`, and every command that takes a run by its name."""

import json
from pathlib import Path
from typing import Any

import pytest

from federate.cli import run
from federate.whatif.store import Store
from tests.whatif.kept import found, none_found


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of its own, with a small page in place of the built one."""
    path = tmp_path / "page.html"
    path.write_text("<title>%TITLE%</title><script>%DATA%</script>", "utf-8")
    monkeypatch.setattr("federate.show.map.PAGE", path)
    folder = tmp_path / "county"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def told(capfd: pytest.CaptureFixture[str]) -> tuple[dict[str, Any], str]:
    """Return the JSON object on stdout, and what people were told besides."""
    out, err = capfd.readouterr()
    data: dict[str, Any] = json.loads(out.splitlines()[-1])
    return data, err


def listed(capfd: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert run(["runs", "--json", *arguments]) == 0
    rows: list[dict[str, Any]] = told(capfd)[0]["runs"]
    return rows


def test_an_identical_question_is_answered_at_once(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert run(["solve", "toy", "--json"]) == 0
    first, _ = told(capfd)
    assert run(["solve", "toy", "--json", "--time-limit", "90"]) == 0
    second, said = told(capfd)
    assert second == first
    assert "Answered before" in said
    assert len(list(Path("runs").iterdir())) == 1


def test_the_same_nearness_is_answered_at_once(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert run(["solve", "toy", "--near", "current", "--json"]) == 0
    first, _ = told(capfd)
    assert run(["solve", "toy", "--near", "current", "--json"]) == 0
    second, said = told(capfd)
    assert second == first
    assert "Answered before" in said
    assert run(["solve", "toy", "--json"]) == 0
    assert "Answered before" not in capfd.readouterr().err


def test_fresh_solves_anew(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", "toy", "--json"]) == 0
    first, _ = told(capfd)
    assert run(["solve", "toy", "--json", "--fresh"]) == 0
    second, said = told(capfd)
    assert second["run"] != first["run"]
    assert "Answered before" not in said


def test_a_kept_answer_is_written_where_it_is_wanted(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert run(["solve", "toy", "--json", "--certificate"]) == 0
    first, _ = told(capfd)
    assert run(["solve", "toy", "--json", "--certificate", "-o", "mine"]) == 0
    second, said = told(capfd)
    assert "Answered before" in said
    assert (second["run"], second["objective_gbp"]) == ("mine", first["objective_gbp"])
    assert Path("mine", "certificate.json").is_file()


def test_who_wants_a_certificate_is_not_shown_a_run_without(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert run(["solve", "toy"]) == 0
    assert run(["solve", "toy", "--certificate"]) == 0
    assert "Answered before" not in capfd.readouterr().err
    assert [row["certified"] for row in listed(capfd)] == [True, False]


def test_a_kept_run_that_was_changed_is_solved_anew(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert run(["solve", "toy", "--json"]) == 0
    first, _ = told(capfd)
    (Path(first["run"]) / "plan.csv").write_text("code,federation\n", "utf-8")
    assert run(["solve", "toy", "--json"]) == 0
    second, said = told(capfd)
    assert second["run"] != first["run"]
    assert "it is solved anew" in said


def test_runs_are_listed_the_newest_first(capfd: pytest.CaptureFixture[str]) -> None:
    one, two = (Store().keep(none_found(title)) for title in ("North", "South"))
    assert [row["run"] for row in listed(capfd)] == [two.name, one.name]
    assert [row["title"] for row in listed(capfd, "nor")] == ["North"]
    assert [row["title"] for row in listed(capfd, "-n", "1")] == ["South"]
    assert listed(capfd, "--status", "optimal") == []


def test_the_table_names_each_run_so_that_it_can_be_shown(
    capfd: pytest.CaptureFixture[str],
) -> None:
    Store().keep(found("North"))
    Store().keep(none_found("South"))
    assert run(["runs"]) == 0
    _, *lines = capfd.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines] == ["South", "North"]
    for line, title in zip(lines, ("South", "North"), strict=True):
        assert run(["show", line.split()[0]]) == 0
        assert title in capfd.readouterr().out


def test_no_runs_is_no_error(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["runs"]) == 0
    assert "no runs are kept" in capfd.readouterr().err
    assert list(Path().iterdir()) == []


def test_a_folder_that_is_no_run_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    Path("runs", "half").mkdir(parents=True)
    assert run(["runs"]) == 0
    assert "half is no finished run" in capfd.readouterr().err


def test_the_index_is_rebuilt(capfd: pytest.CaptureFixture[str]) -> None:
    Store().keep(none_found())
    Path("federate.sqlite").write_bytes(b"torn" * 2000)
    assert run(["runs"]) == 3
    assert "--rebuild" in capfd.readouterr().err
    assert run(["runs", "--rebuild"]) == 0
    assert "1 runs indexed anew" in capfd.readouterr().err


def test_a_run_is_exported_drawn_and_removed_by_its_name(
    capfd: pytest.CaptureFixture[str],
) -> None:
    name = Store().keep(found()).name
    assert run(["export", "last", "-o", "plan.csv"]) == 0
    assert run(["map", name[:-1], "-o", "again.html"]) == 0
    assert run(["rm", "last"]) == 0
    assert f"removed  {name}" in capfd.readouterr().out
    assert Path("plan.csv").stat().st_size > 0
    assert listed(capfd) == []


def test_a_store_elsewhere_is_named(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Store(tmp_path / "other").keep(none_found("North"))
    assert [
        row["title"] for row in listed(capfd, "--store", str(tmp_path / "other"))
    ] == ["North"]
    monkeypatch.setenv("FEDERATE_STORE", str(tmp_path / "other"))
    assert len(listed(capfd)) == 1


def test_a_run_that_is_not_there_is_exit_3(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["show", "kent"]) == 3
    assert "no runs are kept in runs; federate solve makes one" in (
        capfd.readouterr().err
    )
    assert run(["export", "kent", "-o", "a.csv"]) == 3


def test_a_run_by_its_name_is_a_start(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", "toy", "--json"]) == 0
    order = ["solve", "toy", "--seed", "1", "--warm-start", "last", "--json"]
    assert run(order) == 0
    data, _ = told(capfd)
    events = (Path(data["run"]) / "events.jsonl").read_text("utf-8").splitlines()
    assert json.loads(events[1])["kind"] == "incumbent"
