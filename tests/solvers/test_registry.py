"""Backends by name, what runs here, and what to do when one does not."""

import subprocess
import sys

import pytest

from solvers import registry
from solvers.contract import BackendError, Capability, CapabilityError, Probe
from solvers.registry import (
    available_solvers,
    backend,
    known_solvers,
    probe_all,
    require,
)
from solvers.trial import probe_by_solving


def test_highs_runs_here() -> None:
    assert "highs" in available_solvers()


def test_every_known_solver_is_probed() -> None:
    assert tuple(probe.name for probe in probe_all()) == known_solvers()


def test_a_backend_is_known_by_the_name_it_gives_itself() -> None:
    for name in known_solvers():
        assert backend(name).name == name


def test_a_misspelt_solver_gets_a_suggestion() -> None:
    with pytest.raises(BackendError, match=r"did you mean highs\?"):
        backend("higsh")


def test_an_unknown_solver_gets_the_list() -> None:
    with pytest.raises(BackendError, match=r"known: highs"):
        backend("abacus")


def test_listing_the_solvers_imports_no_backend() -> None:
    code = (
        "import sys, solvers.registry as r; r.known_solvers(); r.backend('highs');"
        "sys.exit('highspy' in sys.modules or 'pyomo' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_missing_capability_names_those_that_have_it() -> None:
    class Idle(type(backend("highs"))):  # type: ignore[misc]
        name = "idle"
        capabilities = Capability.LP

    with pytest.raises(CapabilityError, match=r"idle cannot .*mip.*these can: highs"):
        require(Idle(), Capability.MIP)


def test_a_package_that_is_not_installed_is_told_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "highspy", None)
    probe = backend("highs").probe()
    assert not probe.runs
    assert "install the package highspy" in probe.why_not


def test_a_solver_that_answers_wrongly_does_not_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("solvers.trial.TRIAL_OPTIMUM", -9.0)
    probe = probe_by_solving(backend("highs"), licence="MIT")
    assert not probe.runs
    assert "came back as optimal -8" in probe.why_not


def test_a_solver_is_probed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    probed: list[str] = []

    def counted(name: str) -> Probe:
        probed.append(name)
        return Probe(name, runs=True)

    registry._probe.cache_clear()
    monkeypatch.setattr(registry, "backend", lambda name: _Stub(name, counted))
    probe_all()
    probe_all()
    registry._probe.cache_clear()
    assert probed == list(known_solvers())


class _Stub:
    def __init__(self, name: str, counted: object) -> None:
        self.name = name
        self._counted = counted

    def probe(self) -> Probe:
        assert callable(self._counted)
        probe: Probe = self._counted(self.name)
        return probe
