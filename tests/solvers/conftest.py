"""Every known backend; one that does not run here is skipped in its own words."""

import pytest

from solvers.contract import Backend
from solvers.registry import backend, known_solvers, probe_all


@pytest.fixture(params=known_solvers())
def solver(request: pytest.FixtureRequest) -> Backend:
    (probe,) = (probe for probe in probe_all() if probe.name == request.param)
    if not probe.runs:
        pytest.skip(f"{probe.name}: {probe.why_not}")
    return backend(request.param)
