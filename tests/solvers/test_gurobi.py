"""What is peculiar to Gurobi."""

import numpy as np
import pytest

from solvers.contract import Options, Progress, Status, StopReason
from solvers.gurobi import Gurobi
from solvers.registry import probe_all
from tests.solvers.models import INF, hard, model

_WHY_NOT = next(probe.why_not for probe in probe_all() if probe.name == "gurobi")
pytestmark = pytest.mark.skipif(bool(_WHY_NOT), reason=f"gurobi: {_WHY_NOT}")


def test_a_memory_limit_stops_with_the_best_point_so_far() -> None:
    outcome = Gurobi().solve(hard(), Options(memory_mb=1.0, time_limit_s=20.0))
    assert outcome.stop is StopReason.MEMORY_LIMIT
    assert outcome.status is Status.FEASIBLE
    assert outcome.values is not None


def test_enough_memory_changes_nothing() -> None:
    asked = hard(num_items=20, num_rows=5)
    outcome = Gurobi().solve(asked, Options(memory_mb=2000.0))
    assert outcome.status is Status.OPTIMAL
    assert outcome.objective == Gurobi().solve(asked, Options()).objective


def test_a_linear_solve_can_be_cancelled() -> None:
    rng, count = np.random.default_rng(0), 1200
    asked = model(
        rng.random(count).tolist(),
        rng.random((count, count)).tolist(),
        [50.0] * count,
        [INF] * count,
        integral=False,
    )
    heard: list[Progress] = []

    def stop(progress: Progress) -> bool:
        heard.append(progress)
        return True

    outcome = Gurobi().solve(asked, Options(time_limit_s=60.0), on_progress=stop)
    if not heard:
        pytest.skip("solved before Gurobi first asked whether to go on")
    assert len(heard) == 1
    assert outcome.stop is StopReason.CANCELLED
    assert outcome.status is Status.NO_SOLUTION
    assert outcome.values is None
