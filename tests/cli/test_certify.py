"""`federate solve --certificate`, then `federate certify`: proven, or caught."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import federate
from federate.cli import run
from federate.practices.folder import write_folder
from tests.strategies import small_instance

ASKED = ["--preset", "pcn2019", "--set", "cover.enabled=false"]
RULES = ["--set", "rules.size_bounds=9000:26000", "--set", "weights.target_size=17000"]


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the practices and a certified run of them."""
    folder = tmp_path_factory.mktemp("area")
    write_folder(small_instance(3, 8), folder / "region")
    order = ["solve", str(folder / "region"), *ASKED, *RULES, "--certificate", "-q"]
    assert run([*order, "--gap", "0", "-o", str(folder / "run")]) == 0
    return folder


@pytest.fixture
def area(solved: Path, tmp_path: Path) -> Path:
    """Return a copy of all that, to spoil; the practices are where they were."""
    shutil.copytree(solved / "run", tmp_path / "run")
    return tmp_path


def spoil(area: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = area / "run" / "certificate.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(json.dumps(data), encoding="utf-8")


def certified(area: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    capsys.readouterr()
    code = run(["certify", str(area / "run")])
    out, err = capsys.readouterr()
    return code, out + err


def test_a_run_is_proven_as_claimed(
    area: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = certified(area, capsys)
    assert code == 0
    assert said.startswith("No plan that keeps the rules of this scenario costs less")
    assert "costs less than this one, £" in said
    assert said.count("\n") == 1


def test_scripts_get_one_object(area: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["certify", str(area / "run"), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["is_proven"]
    assert data["proven_gbp"] == pytest.approx(data["objective_gbp"])


def test_python_says_the_same(area: Path) -> None:
    verdict = federate.certify(area / "run")
    assert isinstance(verdict, federate.Verdict)
    assert verdict.is_best


def test_a_claim_too_high_is_exit_7(
    area: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def boast(data: dict[str, Any]) -> None:
        data["bound_gbp"] *= 1.01

    spoil(area, boast)
    code, said = certified(area, capsys)
    assert code == 7
    assert said.startswith("Less is proven than claimed: no plan")


def test_changed_prices_still_prove_only_what_is_true(
    area: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def shift(data: dict[str, Any]) -> None:
        prices = data["proof"]["practice_gbp"]
        prices["P3"] += 9_000.0
        prices["P5"] -= 2_000.0

    honest = federate.certify(area / "run")
    spoil(area, shift)
    verdict = federate.certify(area / "run")
    assert verdict.proven_gbp <= (honest.objective_gbp or 0.0)


def test_another_plan_is_judged_as_it_is(
    area: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ["code,federation,centre", *(f"P{k},F1,P0" for k in range(8))]
    (area / "run" / "plan.csv").write_text("\n".join(rows) + "\n")
    code, said = certified(area, capsys)
    assert code == 7
    assert "this plan breaks" in said


def test_another_scenario_is_refused(
    area: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = area / "run" / "scenario.toml"
    text = path.read_text(encoding="utf-8")
    assert "26000.0" in text
    path.write_text(text.replace("26000.0", "27000.0"), encoding="utf-8")
    code, said = certified(area, capsys)
    assert code == 3
    assert "is of another problem" in said


def test_practices_that_changed_are_refused(
    solved: Path, area: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(solved / "region", area / "moved")
    path = area / "moved" / "practices.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    column = lines[0].split(",").index("list_size")
    cells = lines[1].split(",")
    cells[column] = str(int(cells[column]) + 1)
    path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n")
    order = ["certify", str(area / "run"), "--instance", str(area / "moved")]
    assert run(order) == 3
    assert "is of another problem" in capsys.readouterr().err


def test_practices_may_have_moved(
    solved: Path, area: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(solved / "region", area / "moved")
    order = ["certify", str(area / "run"), "--instance", str(area / "moved")]
    assert run(order) == 0


@pytest.mark.parametrize("file", ["certificate.json", "scenario.toml"])
def test_a_missing_file_is_one_clear_error(
    area: Path, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (area / "run" / file).unlink()
    code, said = certified(area, capsys)
    assert code == 3
    assert file in said
    assert "solve again" in said
    assert "Traceback" not in said


def test_garbage_is_one_clear_error(
    area: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (area / "run" / "certificate.json").write_bytes(b"\x00\xffnot json")
    code, said = certified(area, capsys)
    assert code == 3
    assert "Traceback" not in said


def test_search_alone_has_nothing_to_certify(
    solved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order = ["solve", str(solved / "region"), *ASKED, *RULES, "--certificate"]
    order += ["--engine", "search", "--time-limit", "0.5", "-o", str(tmp_path / "run")]
    assert run(order) == 5
    assert "no certificate can be written" in capsys.readouterr().err
    assert (tmp_path / "run" / "plan.csv").is_file()
    assert not (tmp_path / "run" / "certificate.json").exists()
