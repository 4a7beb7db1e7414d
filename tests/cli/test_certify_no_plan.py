"""`federate certify` on runs without a plan, and on runs of the compact model."""

import json
from pathlib import Path
from typing import Any

import pytest

from federate.cli import run
from federate.practices.folder import write_folder
from tests.strategies import small_instance

ASKED = ["--preset", "pcn2019", "--set", "cover.enabled=false", "-q", "--certificate"]
SIZES = "rules.size_bounds=9000:26000"


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("area") / "region"
    write_folder(small_instance(3, 8), folder)
    return folder


def solved(region: Path, out: Path, *more: str) -> int:
    """Solve the region with these options and return the exit code."""
    return run(["solve", str(region), *ASKED, *more, "-o", str(out)])


def certified(out: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    capsys.readouterr()
    code = run(["certify", str(out)])
    said, wrong = capsys.readouterr()
    return code, said + wrong


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("rules.size_bounds=200000:210000", "which no whole number of federations"),
        ("rules.num_federations=9", "federations at most, not 9"),
        ("rules.practices_bounds=8:8", "which no whole number of federations"),
        ("rules.max_travel_min=0.01", "no federation that keeps the rules can hold"),
    ],
)
def test_no_plan_is_proven_in_one_sentence(
    region: Path,
    tmp_path: Path,
    rules: str,
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sizes = [] if "size_bounds" in rules else ["--set", SIZES]
    assert solved(region, tmp_path / "run", *sizes, "--set", rules) == 4
    code, told = certified(tmp_path / "run", capsys)
    assert code == 0
    assert told.startswith("No plan keeps the rules of this scenario: ")
    assert said in told.replace("\n", " ")


@pytest.fixture
def without_plan(region: Path, tmp_path: Path) -> Path:
    """Return a run proven to have no plan by prices."""
    more = ["--set", SIZES, "--set", "rules.max_travel_min=0.01"]
    assert solved(region, tmp_path / "run", *more) == 4
    return tmp_path / "run"


def spoil(out: Path, **change: Any) -> None:
    path = out / "certificate.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data.update(change)
    path.write_text(json.dumps(data), encoding="utf-8")


def reason(**fields: Any) -> list[dict[str, Any]]:
    return [{"kind": "totals", "sentence": "so it is", "areas": [["P0"]], **fields}]


@pytest.mark.parametrize(
    "claim",
    [
        reason(),
        reason(kind="count"),
        reason(kind="oversize"),
        reason(kind="tied"),
        reason(kind="risk", areas=[]),
        reason(kind="prices"),
        reason(kind="prices", prices={"practice_gbp": {}, "count_gbp": 0.0}),
        reason(kind="prices", prices={"practice_gbp": {"P0": -9.0}, "count_gbp": 0.0}),
    ],
)
def test_a_reason_that_does_not_hold_is_exit_7(
    without_plan: Path, claim: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(without_plan, no_plan=claim)
    code, told = certified(without_plan, capsys)
    assert code == 7
    assert "rests on the word of the engine alone" in told.replace("\n", " ")
    assert "so it is" not in told


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"no_plan": []}, "at least 1 item"),
        ({"no_plan": reason(areas=[["P99"]])}, "does not have"),
        ({"no_plan": reason(kind="because")}, "input should be"),
        ({"problem": "0" * 64}, "is of another problem"),
    ],
)
def test_a_broken_certificate_is_one_clear_error(
    without_plan: Path,
    change: dict[str, Any],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spoil(without_plan, **change)
    code, told = certified(without_plan, capsys)
    assert code == 3
    assert said in told
    assert "Traceback" not in told


def test_scripts_learn_that_there_is_no_plan(
    without_plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(["certify", str(without_plan), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["no_plan"]
    assert data["is_proven"]
    assert data["proven_gbp"] is None
    assert data["reasons"]


def test_what_the_compact_model_proves_is_certified(
    region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--set", SIZES, "--engine", "compact"]
    assert solved(region, tmp_path / "run", *more) == 0
    code, told = certified(tmp_path / "run", capsys)
    assert code == 0
    assert "costs less than this one" in told.replace("\n", " ")


def test_a_bound_of_the_compact_model_that_is_too_high_is_its_word_alone(
    region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--set", SIZES, "--engine", "compact"]
    assert solved(region, tmp_path / "run", *more) == 0
    spoil(tmp_path / "run", bound_gbp=9e6)
    code, told = certified(tmp_path / "run", capsys)
    assert code == 7
    assert "only the word of search+compact and highs" in told.replace("\n", " ")
