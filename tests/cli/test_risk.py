"""`simulate`, `split` and `risk fit` as a planner types them."""

import json
from pathlib import Path
from typing import Any

import pytest

import federate as fed
from federate.cli import run
from federate.cli.simulated import money

YEARS = ["--years", "20000"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one kept run of the toy."""
    folder = tmp_path_factory.mktemp("store")
    fed.solve("toy", store=folder)
    return folder


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def data(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_a_run_is_simulated_under_its_own_scenario(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["simulate", "last", "--store", str(store), *YEARS]) == 0
    out = capsys.readouterr().out
    assert "20,000 years drawn with seed 0" in out
    assert "Who bears the worst 5\u00a0% of years" in out
    assert max(map(len, out.splitlines())) <= 80
    assert "F01" in out


def test_settings_give_a_run_a_menu(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    menu = "contracts.menu.cap.stop_loss_from=0.03"
    table = tmp_path / "years.csv"
    asked = ["simulate", "last", "--store", str(store), "--set", menu, *YEARS]
    assert run([*asked, "--json", "-o", str(table), "--seed", "3"]) == 0
    found = data(capsys)
    assert found["seed"] == 3
    assert {row["contract"] for row in found["contracts"]} == {"", "cap"}
    assert [row["contract"] for row in found["bearers"]] == ["as planned", "", "cap"]
    assert len(table.read_text().splitlines()) == 1 + len(found["contracts"])


def test_a_run_is_simulated_under_another_scenario(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["simulate", "last", "--store", str(store), "-s", "toy", *YEARS]
    assert run([*asked, "--json", "--set", "risk.tolerance=0.05"]) == 0
    found = data(capsys)
    assert found["tolerance"] == 0.05
    assert {row["federation"] for row in found["contracts"]} == {"F01", "F02"}


def test_a_plan_is_simulated_under_a_scenario(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = ["simulate", "current", "-s", "toy", *YEARS, "--practice-errors", "heavy"]
    assert run([*asked, "--json", "--pool-above", "0.05"]) == 0
    assert data(capsys)["second_pool"]["attach"] == 0.05


def test_a_run_is_split_and_one_federation_told_member_by_member(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["split", "last", "--store", str(store)]
    assert run(common) == 0
    out = capsys.readouterr().out
    assert "euler: shares add up to within £0.00" in out
    every = [x for m in ("proportional", "euler", "nucleolus") for x in ("-m", m)]
    assert run([*common, "-f", "F01", *every]) == 0
    out = capsys.readouterr().out
    assert "nucleolus" in out
    assert "V00001" in out
    assert max(map(len, out.splitlines())) <= 80
    table = tmp_path / "shares.xlsx"
    assert run([*common, "--json", "-o", str(table), "--capital", "sd"]) == 0
    found = data(capsys)
    assert found["capital"] == "sd"
    for row in found["federations"]:
        shares = sum(member["share_gbp"]["euler"] for member in row["members"])
        assert shares == pytest.approx(row["capital_gbp"])
    assert table.is_file()


def test_a_panel_is_fitted_into_a_file_that_a_scenario_extends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    panel, risk = tmp_path / "panel.csv", tmp_path / "risk.toml"
    rows = ["gp,when,patients,cost"]
    rows += [
        f"P{i:03},{2015 + t},{2000 + 90 * i},{1e6 * (1 + 0.02 * ((7 * i + 3 * t) % 5))}"
        for i in range(40)
        for t in range(6)
    ]
    panel.write_text("\n".join(rows))
    told = ["code=gp", "year=when", "spend=cost"]
    named = [x for text in told for x in ("--map", text)]
    asked = ["risk", "fit", str(panel), *named, "-o", str(risk)]
    assert run([*asked, "--extends", "pcn2019"]) == 0
    out = capsys.readouterr().out
    assert "40 practices in 6 years used" in out
    assert "What it is not: Whether cost is what a federation would answer" in (
        " ".join(out.split())
    )
    assert max(map(len, out.splitlines()[:-4])) <= 80
    assert fed.Scenario.load(risk).risk.tau_practice < 0.05
    assert run([*asked, "--json"]) == 0
    assert data(capsys)["num_practices"] == 40


@pytest.mark.parametrize(
    ("asked", "code", "told"),
    [
        (["simulate", "current"], 2, "--scenario SCENARIO|INSTANCE"),
        (["simulate", "current", "--preset", "pcn2019"], 2, "--scenario INSTANCE"),
        (["simulate", "current", "-s", "toy", "--years", "9"], 3, "at least 20,000"),
        (["simulate", "current", "-s", "toy", "-o", "a.doc"], 3, "no known file type"),
        (["split", "current", "-s", "toy", "-f", "Noth"], 3, "did you mean North?"),
        (["split", "current", "-s", "toy", "-m", "fair"], 2, "is not one of"),
        (["split", "no-such-run"], 3, "no runs are kept"),
        (["risk", "fit", "no.csv"], 3, "there is no such file"),
        (["risk", "fit", "no.csv", "-o", "risk.txt"], 3, "no known file type"),
        (["risk", "fit", "no.csv", "--map", "spend"], 2, "must be written A=B"),
    ],
)
def test_what_cannot_be_done_is_told_with_its_exit_code(
    asked: list[str],
    code: int,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(asked) == code
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("gbp", "said"),
    [
        (999.4, "£999"),
        (999.6, "£1k"),
        (999_600.0, "£1.00m"),
        (-2.5e9, "−£2.50bn"),
        (-0.2, "£0"),
        (123e6, "£123m"),
        (None, "–"),
    ],
)
def test_money_is_short(gbp: float | None, said: str) -> None:
    assert money(gbp) == said
