"""A solver whose licence is too small says so; it neither fails nor pretends."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from solvers.contract import (
    Capability,
    Cone,
    MixedIntegerModel,
    Options,
    Outcome,
    Status,
    StopReason,
)
from solvers.registry import available_solvers, backend, isolated, probe_all
from tests.solvers.models import INF

_LIMITED = {probe.name: probe for probe in probe_all() if probe.size_limit}


def _large() -> MixedIntegerModel:
    """Return a cover of 6,000 variables, past every trial licence."""
    count = 6_000
    return MixedIntegerModel(
        cost=np.arange(1.0, count + 1.0),
        matrix=sparse.csc_matrix(np.ones((1, count))),
        row_lower=np.array([1.0]),
        row_upper=np.array([INF]),
        lower=np.zeros(count),
        upper=np.ones(count),
        integral=np.ones(count, dtype=bool),
    )


@pytest.fixture(params=[(name, cones) for name in _LIMITED for cones in (False, True)])
def refusal(request: pytest.FixtureRequest) -> Outcome:
    name, cones = request.param
    probe = _LIMITED[name]
    if not probe.runs:
        pytest.skip(f"{probe.name}: {probe.why_not}")
    if cones and Capability.CONES not in probe.capabilities:
        pytest.skip(f"{probe.name} takes no cones")
    asked = replace(_large(), cones=(Cone(0, (1,)),)) if cones else _large()
    outcome = backend(name).solve(asked, Options())
    if outcome.status is Status.OPTIMAL:
        pytest.skip(f"{probe.name} has a full licence here")
    return outcome


def test_a_model_past_the_licence_is_refused_as_such(refusal: Outcome) -> None:
    assert refusal.status is Status.NO_SOLUTION
    assert refusal.stop is StopReason.LICENCE_SIZE


def test_a_refusal_tells_the_limit_the_size_and_the_way_out(refusal: Outcome) -> None:
    assert _LIMITED[refusal.backend].size_limit in refusal.message
    assert "6,000 variables" in refusal.message
    assert "such as highs" in refusal.message


def test_a_licence_that_is_not_there_is_told_by_the_probe(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if "gurobi" not in available_solvers():
        pytest.skip("Gurobi does not run here")
    # A process of its own has not yet found the licence that comes with the package.
    monkeypatch.setenv("GRB_LICENSE_FILE", str(tmp_path / "absent.lic"))
    probe = isolated(backend("gurobi")).probe()
    assert not probe.runs
    assert "Gurobi has no licence here" in probe.why_not
