"""SCIP's session speaks to the simplex solver below SCIP."""

from typing import Any

import numpy as np
import pytest
from scipy import sparse

from solvers.contract import (
    BackendError,
    CapabilityError,
    MixedIntegerModel,
    OptionError,
    Options,
    Status,
    StopReason,
)
from solvers.highs import Highs
from solvers.registry import probe_all
from solvers.scip import Scip
from tests.solvers.models import INF, model

_WHY_NOT = next(probe.why_not for probe in probe_all() if probe.name == "scip")
pytestmark = pytest.mark.skipif(bool(_WHY_NOT), reason=f"scip: {_WHY_NOT}")


def _random_lp(seed: int) -> MixedIntegerModel:
    """Return a small linear programme of any status, with open sides and bounds."""
    rng = np.random.default_rng(seed)
    rows, count = int(rng.integers(1, 6)), int(rng.integers(1, 6))
    side = rng.integers(-4, 4, rows).astype(float)
    low = rng.integers(-2, 2, count).astype(float)
    return model(
        rng.integers(-5, 6, count).astype(float).tolist(),
        rng.integers(-3, 4, (rows, count)).astype(float).tolist(),
        np.where(rng.random(rows) < 0.7, side, -INF).tolist(),
        np.where(rng.random(rows) < 0.5, side + rng.integers(0, 4), INF).tolist(),
        lower=np.where(rng.random(count) < 0.7, low, -INF).tolist(),
        upper=np.where(rng.random(count) < 0.4, low + 2, INF).tolist(),
        integral=False,
    )


def _covering(rows: int = 40, columns: int = 80) -> MixedIntegerModel:
    rng = np.random.default_rng(0)
    return model(
        rng.random(columns).tolist(),
        rng.random((rows, columns)).tolist(),
        [5.0] * rows,
        [INF] * rows,
        integral=False,
    )


@pytest.mark.parametrize("seed", range(60))
def test_a_session_of_scip_ends_as_one_of_highs_does(seed: int) -> None:
    asked = _random_lp(seed)
    here, there = (kind().session(asked).solve(Options()) for kind in (Scip, Highs))
    assert here.status is there.status
    assert here.stop is there.stop
    assert here.objective == pytest.approx(there.objective, abs=1e-6)
    assert here.bound == pytest.approx(there.bound, abs=1e-6)


def test_the_second_solve_starts_from_the_basis_of_the_first() -> None:
    session: Any = Scip().session(_covering())
    session.solve(Options())
    first = session._lp.getNIterations()
    assert first > 0
    session.solve(Options())
    assert session._lp.getNIterations() == 0
    session.set_bounds(np.array([0], np.int32), np.array([0.5]), np.array([1.0]))
    session.solve(Options())
    assert session._lp.getNIterations() < first


def test_columns_and_rows_of_a_session_are_those_of_the_whole_model() -> None:
    asked, rng = _covering(), np.random.default_rng(1)
    session = Scip().session(asked)
    for _ in range(5):
        cost, count = rng.random(3) * 0.2, asked.num_columns
        column = sparse.random(asked.num_rows, 3, 0.5, format="csc", rng=rng)
        session.add_columns(cost, np.zeros(3), np.full(3, INF), column)
        asked = asked.with_columns(cost, np.zeros(3), np.full(3, INF), column)
        row = sparse.random(2, count + 3, 0.3, format="csr", rng=rng)
        session.add_rows(np.array([0.1, -INF]), np.array([INF, 20.0]), row)
        asked = asked.with_rows(np.array([0.1, -INF]), np.array([INF, 20.0]), row)
        outcome = session.solve(Options())
        assert outcome.status is Status.OPTIMAL
        assert outcome.objective == pytest.approx(
            Highs().solve(asked, Options()).objective
        )


def test_a_session_made_infeasible_and_back_again_is_solved() -> None:
    session = Scip().session(model([1], [[1]], [2], [INF], upper=[5], integral=False))
    first = np.array([0], np.int32)
    for high, status in ((5.0, Status.OPTIMAL), (1.0, Status.INFEASIBLE)) * 2:
        session.set_bounds(first, np.array([0.0]), np.array([high]))
        assert session.solve(Options()).status is status


def test_a_session_keeps_its_time_limit() -> None:
    session = Scip().session(_covering(300, 900))
    outcome = session.solve(Options(time_limit_s=0.0))
    assert outcome.status is Status.NO_SOLUTION
    assert outcome.stop is StopReason.TIME_LIMIT
    assert session.solve(Options()).status is Status.OPTIMAL


def test_entries_given_twice_add_up_in_a_session() -> None:
    asked = model([1], [[1]], [3], [INF], upper=[9], integral=False)
    twice = sparse.csc_matrix(
        (np.array([0.25, 0.25]), np.array([0, 0]), np.array([0, 2])), shape=(1, 1)
    )
    doubled = MixedIntegerModel(**{**vars(asked), "matrix": twice})
    assert Scip().session(doubled).solve(Options()).objective == pytest.approx(6)


def test_a_session_refuses_what_it_cannot_keep() -> None:
    session = Scip().session(_covering())
    with pytest.raises(CapabilityError, match="memory"):
        session.solve(Options(memory_mb=100.0))
    with pytest.raises(OptionError, match="time_limit_s = -1"):
        session.solve(Options(time_limit_s=-1.0))
    with pytest.raises(BackendError, match="coefficient may be at most 1e"):
        session.add_rows(np.zeros(1), np.ones(1), sparse.csr_matrix([[1e16] * 80]))
