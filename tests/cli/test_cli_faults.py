"""What goes wrong is told in plain words, with the exit code that stands for it."""

import json
from pathlib import Path

import pytest

from federate.cli import run
from federate.cli.faults import UsageError, tell
from federate.errors import (
    Fault,
    InfeasibleError,
    InstanceError,
    SolverError,
)
from tests.cli.command import federate

FAULTY = InstanceError(
    "toy", [Fault("practices.csv", "must be at least 0", 7, "list_size", -120)]
)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (FAULTY, 3),
        (InfeasibleError("no plan has 3 federations"), 4),
        (SolverError("no solver called highz"), 1),
        (UsageError("say what to make"), 2),
        (ZeroDivisionError("division by zero"), 1),
    ],
)
def test_each_error_has_its_exit_code(error: Exception, code: int) -> None:
    assert tell(error, as_json=False) == code


def test_faults_are_told_on_stderr_one_a_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tell(FAULTY, as_json=False)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "1 problem in toy",
        "  practices.csv line 7, list_size: must be at least 0, got -120",
    ]


def test_faults_are_told_to_scripts_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    tell(FAULTY, as_json=True)
    error = json.loads(capsys.readouterr().out)["error"]
    assert (error["kind"], error["exit"]) == ("InstanceError", 3)
    assert error["faults"] == [
        {
            "file": "practices.csv",
            "line": 7,
            "column": "list_size",
            "value": -120,
            "message": "must be at least 0",
        }
    ]


def test_what_json_lacks_becomes_text(capsys: pytest.CaptureFixture[str]) -> None:
    odd = InstanceError("toy", [Fault("a", "b", value=float("nan"))])
    tell(odd, as_json=True)
    said = capsys.readouterr().out
    assert json.loads(said)["error"]["faults"][0]["value"] == "nan"


def test_no_error_of_ours_shows_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    tell(SolverError("no licence"), as_json=False)
    assert "Traceback" not in capsys.readouterr().err


def test_a_fault_of_ours_shows_where(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ZeroDivisionError("by zero")
    except ZeroDivisionError as error:
        tell(error, as_json=False)
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert "a fault of federate, not of yours" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["solve"], "Missing argument"),
        (["solve", "toy", "--nonsense"], "No such option: --nonsense"),
        (["solve", "toy", "--gap", "much"], "Invalid value for '--gap'"),
        (["sovle", "toy"], "No such command 'sovle'"),
    ],
)
def test_wrong_usage_is_exit_2_and_names_the_help(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    err = capsys.readouterr().err
    assert words in err
    assert "--help" in err


def test_wrong_usage_is_told_to_scripts_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["exit"] == 2


def test_an_instance_without_a_scenario_is_told_both_ways_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["solve", str(tmp_path)]) == 2
    err = capsys.readouterr().err
    assert f"federate solve {tmp_path} --preset pcn2019" in err
    assert f"federate init my.toml --instance {tmp_path}" in err


def test_a_table_without_a_scenario_is_told_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "p.csv").write_text("code\n")
    assert run(["solve", str(tmp_path / "p.csv")]) == 2
    assert "--preset pcn2019" in capsys.readouterr().err


def test_a_preset_alone_asks_for_practices(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", "pcn2019"]) == 2
    assert "federate solve INSTANCE --preset pcn2019" in capsys.readouterr().err


def test_a_scenario_without_an_instance_asks_for_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.toml").write_text('schema = 1\nextends = "pcn2019"\n')
    assert run(["solve", str(tmp_path / "a.toml")]) == 2
    assert "--set instance=PATH" in capsys.readouterr().err


def test_a_preset_over_a_scenario_file_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["solve", str(tmp_path / "a.toml"), "--preset", "pcn2019"]) == 2
    assert 'extends = "pcn2019"' in capsys.readouterr().err


@pytest.mark.parametrize("command", ["solve", "check"])
def test_a_faulty_scenario_is_exit_3_with_every_fault(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.toml"
    path.write_text('schema = 1\nextends = "pcn2019"\n[rule]\n[solve]\nseed = -1\n')
    assert run([command, str(path)]) == 3
    err = capsys.readouterr().err.splitlines()
    assert err[0] == f"2 problems in {path}"
    assert len(err) == 3


def test_a_faulty_setting_is_exit_3(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", "toy", "--set", "rules.size_bound=1:2"]) == 3
    assert "did you mean size_bounds?" in capsys.readouterr().err


def test_a_faulty_limit_is_exit_3(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["solve", "toy", "--preset", "pcn2019", "--threads", "0"]
    assert run(arguments) == 3
    assert "solve.threads" in capsys.readouterr().err


def test_an_unknown_source_is_exit_3(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", "valle"]) == 3
    assert "did you mean vale?" in capsys.readouterr().err


def test_a_file_that_hides_our_package_is_named(tmp_path: Path) -> None:
    (tmp_path / "solvers.py").write_text("")
    done = federate("solve", "toy", cwd=tmp_path)
    assert done.returncode == 1
    assert str(tmp_path / "solvers.py") in done.stderr
    assert "rename it" in done.stderr
    assert "Traceback" not in done.stderr
