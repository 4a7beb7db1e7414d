"""`federate solvers`: what runs here, and the way to the others."""

import json

import pytest

from federate.cli import run
from solvers import registry
from solvers.contract import Capability, Probe

_PROBES = (
    Probe("ready", True, "1.2", "MIT", "", Capability.LP | Capability.WARM_START),
    Probe("tried", True, "3.4", "trial", "2,000 variables", Capability.MIP),
    Probe("absent", False, why_not="install it: pip install 'gp-federate[absent]'"),
)


@pytest.fixture(autouse=True)
def three_solvers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "probe_all", lambda: _PROBES)
    monkeypatch.setenv("COLUMNS", "200")


def test_the_extra_to_install_is_told_with_its_brackets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["solvers"]) == 0
    assert "'gp-federate[absent]'" in capsys.readouterr().out


def test_what_a_licence_admits_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    run(["solvers"])
    assert "2,000 variables" in capsys.readouterr().out


def test_a_solver_that_runs_is_told_with_what_it_can(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(["solvers"])
    assert "lp, warm start" in capsys.readouterr().out


def test_scripts_are_told_all_that_the_probe_knows(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(["solvers", "--json"])
    ready, tried, absent = json.loads(capsys.readouterr().out)["solvers"]
    assert ready["capabilities"] == ["lp", "warm start"]
    assert (ready["version"], ready["licence"]) == ("1.2", "MIT")
    assert tried["size_limit"] == "2,000 variables"
    assert not absent["runs"]
    assert "gp-federate[absent]" in absent["why_not"]
