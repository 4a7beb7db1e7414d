"""`edit`, `repair`, `compare`, and the short forms of rules that `solve` takes."""

import json
from pathlib import Path
from typing import Any

import pytest

import federate
from federate.cli import run
from federate.cli.asking import wished
from federate.cli.compared import figure
from federate.cli.faults import UsageError
from federate.plan_file import write_plan
from tests.cli.command import federate as command


@pytest.fixture(scope="module")
def best(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the toy's best plan as a table."""
    table = tmp_path_factory.mktemp("plans") / "best.csv"
    write_plan(federate.solve("toy").require_plan(), table)
    return table


def members(table: Path, label: str) -> list[str]:
    rows = [line.split(",") for line in table.read_text().splitlines()[1:]]
    return [row[0] for row in rows if row[1] == label]


def out(capsys: pytest.CaptureFixture[str]) -> Any:
    """Return the JSON object on stdout, past what a solver says of itself."""
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_an_edit_is_told_and_kept_with_its_log(
    best: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, table = members(best, "F01")[0], tmp_path / "ours.csv"
    asked = ["edit", str(best), "-s", "toy", "--move", f"{code}=F02", "-o", str(table)]
    assert run([*asked, "--json"]) == 0
    data = out(capsys)
    assert data["edits"] == [f"move {code}=F02"]
    assert [move["code"] for move in data["moves"]] == [code]
    assert code in members(table, "F02")
    assert run(["edit", str(table), "-s", "toy", "--undo", "1", "-o", str(table)]) == 0
    assert f"Taken back: move {code}=F02." in capsys.readouterr().out
    assert members(table, "F01") == members(best, "F01")


def test_locks_come_after_moves_and_thaw_before(best: Path, tmp_path: Path) -> None:
    code, table = members(best, "F01")[0], tmp_path / "ours.csv"
    both = ["--freeze", "F02", "--move", f"{code}=F02", "-o", str(table), "-q"]
    assert run(["edit", str(best), "-s", "toy", *both]) == 0
    back = ["--move", f"{code}=F01", "-q", "-o", str(table)]
    assert run(["edit", str(table), "-s", "toy", *back]) == 3
    assert run(["edit", str(table), "-s", "toy", "--thaw", "F02", *back]) == 0


def test_the_edits_of_one_plan_are_replayed_on_another(
    best: Path, tmp_path: Path
) -> None:
    code = members(best, "F01")[0]
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    common = ["edit", str(best), "-s", "toy", "-q"]
    assert run([*common, "--move", f"{code}=F02", "-o", str(first)]) == 0
    log = str(tmp_path / "first.edits.json")
    assert run([*common, "--replay", log, "-o", str(second)]) == 0
    assert first.read_text() == second.read_text()


def test_every_edit_that_is_none_is_told_at_once(
    best: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["edit", str(best), "-s", "toy", "--move", "A", "--lead", "B", "--json"]
    assert run(asked) == 3
    assert len(out(capsys)["error"]["faults"]) == 2


def test_a_repair_says_how_few_move(best: Path, tmp_path: Path) -> None:
    code, table = members(best, "F01")[-1], tmp_path / "broken.csv"
    move = ["--move", f"{code}=F02", "-o", str(table), "-q"]
    assert run(["edit", str(best), "-s", "toy", *move]) == 0
    fixed = tmp_path / "fixed.csv"
    done = command("repair", table, "-s", "toy", "-o", fixed)
    assert done.returncode == 0
    assert "Repaired by moving" in done.stdout
    assert "proven to be the fewest" in done.stdout
    assert federate.evaluate(fixed, "toy").violations == ()


def test_what_is_whole_is_not_repaired(
    best: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["repair", str(best), "-s", "toy"]) == 0
    assert "Nothing is broken" in capsys.readouterr().out


def test_plans_are_compared_on_the_screen_and_in_files(
    best: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [tmp_path / f"compare{ending}" for ending in (".html", ".xlsx", ".csv")]
    wanted = [part for file in files for part in ("-o", str(file))]
    assert run(["compare", "current", str(best), "-s", "toy", *wanted]) == 0
    said = capsys.readouterr().out
    assert "From current to best:" in said.replace("\n", " ")
    assert "who moves" in said
    assert all(file.is_file() for file in files)
    assert (tmp_path / "compare-criteria.csv").is_file()


def test_a_comparison_for_scripts_has_every_criterion(
    best: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["compare", "current", str(best), "-s", "toy", "--json"]
    assert run([*asked, "--name", "a", "--name", "b"]) == 0
    data = out(capsys)
    assert data["plans"] == ["a", "b"]
    assert set(data["criteria"]["objective_gbp"]) == {"a", "b"}


def test_a_file_of_no_known_kind_is_refused_before_any_work() -> None:
    assert run(["compare", "no", "such", "-s", "toy", "-o", "x.pdf"]) == 3


def test_wishes_are_added_to_what_the_scenario_states() -> None:
    asked = federate.Scenario.load("toy", rules__together=(("A", "B"),))
    found = wished(
        asked,
        keep=["K", "L,M"],
        together=["C,D"],
        apart=["E,F,G"],
        freeze=["X"],
        grow=["Y"],
    ).rules
    assert found.together == (("A", "B"), ("C", "D"))
    assert found.apart == (("E", "F", "G"),)
    assert (found.keep, found.freeze, found.grow) == (("K", "L", "M"), ("X",), ("Y",))


def test_a_wish_for_one_practice_alone_is_told() -> None:
    with pytest.raises(UsageError, match="--apart takes two practices or more"):
        wished(federate.Scenario.load("toy"), apart=["A"])


def test_solve_takes_wishes_and_a_plan_to_stay_near(best: Path, tmp_path: Path) -> None:
    one, two = members(best, "F01")[0], members(best, "F02")[0]
    near = ["--near", best, "--freeze", "F01", "-o", tmp_path / "kept"]
    assert command("solve", "toy", *near).returncode == 0
    assert members(tmp_path / "kept" / "plan.csv", "F01") == members(best, "F01")
    wish = ["--apart", f"{one},{two}", "-o", tmp_path / "wish"]
    assert command("solve", "toy", *wish).returncode == 0
    plan = tmp_path / "wish" / "plan.csv"
    assert not any({one, two} <= set(members(plan, g)) for g in ("F01", "F02"))


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (None, "gbp", "–"),
        (0.25, "share", "+25.0\xa0%"),
        (-1234.5, "gbp", "−£1,234"),
        (3, "count", "+3"),
        (0.1234, "number", "+0.123"),
    ],
)
def test_a_change_is_written_as_people_do(
    value: float | None, unit: str, said: str
) -> None:
    assert figure(value, unit, signed=True) == said
