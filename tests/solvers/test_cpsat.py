"""CP-SAT knows integers only; what that costs is stated."""

import subprocess
import sys
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.contract import (
    BackendError,
    Capability,
    CapabilityError,
    MixedIntegerModel,
    Options,
    Status,
)
from solvers.cpsat import CpSat
from solvers.cpsat_handover import bounded, package
from solvers.cpsat_scaling import integer_model
from solvers.implied import implied_bounds, sufficient_bounds
from solvers.isolate import Isolated
from solvers.registry import backend, probe_all
from tests.solvers.models import INF, model, random_mip

_WHY_NOT = next(probe.why_not for probe in probe_all() if probe.name == "cpsat")
needs_cpsat = pytest.mark.skipif(bool(_WHY_NOT), reason=f"cpsat: {_WHY_NOT}")


@needs_cpsat
def test_it_runs_beside_highs_in_one_program() -> None:
    code = (
        "from solvers.registry import backend\n"
        "from solvers.trial import trial_model\n"
        "from solvers.contract import Options\n"
        "for name in ('highs', 'cpsat', 'highs'):\n"
        "    assert backend(name).solve(trial_model(), Options()).objective == -8"
    )
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}\n{code}"],
        check=False,
    )
    assert ran.returncode == 0


def test_it_refuses_to_be_loaded_beside_highspy() -> None:
    import highspy

    assert highspy is not None
    with pytest.raises(BackendError, match="cannot be loaded beside highspy"):
        package()


def test_the_registry_keeps_it_apart() -> None:
    assert isinstance(backend("cpsat"), Isolated)
    assert Capability.SESSION not in backend("cpsat").capabilities


def test_variables_without_bounds_are_refused_by_name() -> None:
    asked = model(
        [1, -1], [[1, 0]], [0], [INF], upper=[1, INF], column_names=["a", "b"]
    )
    with pytest.raises(CapabilityError, match=r"1 have none, the first b; bound them"):
        bounded(asked)


def test_the_rows_close_bounds_that_are_open() -> None:
    # x + y ≤ 4, and z ≤ 2 x: x, y ≤ 4 from one row, z ≤ 8 from two.
    asked = model(
        [0, 0, 0],
        [[1, 1, 0], [-2, 0, 1]],
        [-INF, -INF],
        [4, 0],
        upper=[INF, INF, INF],
    )
    lower, upper = implied_bounds(asked)
    assert lower.tolist() == [0, 0, 0]
    assert upper.tolist() == pytest.approx([4, 4, 8])


def test_a_variable_needs_no_more_than_its_rows_can_ask_for() -> None:
    # over ≥ 3 x + 2 y − 1 at a price, under likewise downwards at a gain.
    asked = model(
        [0, 0, 1, -1],
        [[-3, -2, 1, 0], [1, 1, 0, -1]],
        [-1, 0.5],
        [INF, INF],
        lower=[0, 0, 0, -INF],
        upper=[1, 1, INF, 0],
        integral=[True, True, False, False],
    )
    lower, upper = sufficient_bounds(asked, asked.lower, asked.upper)
    assert upper.tolist() == pytest.approx([1, 1, 4, 0])
    assert lower.tolist() == pytest.approx([0, 0, 0, -0.5])


def test_a_variable_that_pays_to_grow_stays_open() -> None:
    asked = model([-1], [[1]], [0], [INF], upper=[INF])
    assert sufficient_bounds(asked, asked.lower, asked.upper)[1].tolist() == [INF]


def test_a_variable_that_must_follow_an_open_one_stays_open() -> None:
    # x ≥ y: x may need to be as large as y, which is open.
    asked = model([1, -1], [[1, -1]], [0], [INF], upper=[INF, INF])
    assert sufficient_bounds(asked, asked.lower, asked.upper)[1].tolist() == [INF, INF]


def test_bounds_that_are_closed_stay_as_they_are() -> None:
    asked = model([1], [[1]], [-INF], [0.5], upper=[9])
    assert implied_bounds(asked)[1].tolist() == [9]


def test_whole_and_decimal_figures_are_kept_exactly() -> None:
    asked = model([1.25, 3], [[2, 5], [0.5, 0.2]], [1, 0.5], [7, 0.6])
    scaled = integer_model(asked, asked.lower, asked.upper)
    assert scaled.matrix.toarray().tolist() == [[2, 5], [5, 2]]
    assert scaled.row_lower.tolist() == [1, 5]
    assert scaled.row_upper.tolist() == [7, 6]
    assert scaled.cost.tolist() == [125, 300]
    assert scaled.cost_error == 0


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10_000), irrational=st.booleans())
def test_no_point_is_lost_by_scaling(seed: int, irrational: bool) -> None:
    asked = random_mip(seed)
    if irrational:
        rows = np.sqrt(np.arange(1, asked.num_rows + 1))[:, None]
        asked = MixedIntegerModel(
            **{
                **vars(asked),
                "matrix": (asked.matrix.multiply(rows)).tocsc(),
                "row_lower": asked.row_lower * rows[:, 0],
                "row_upper": asked.row_upper * rows[:, 0],
                "cost": asked.cost * np.pi,
            }
        )
    # So coarse that what rounding moves is seen.
    with (
        patch("solvers.cpsat_scaling.GRID_STEPS", 8.0),
        patch("solvers.cpsat_scaling.LARGEST_ACTIVITY", 2.0**9),
    ):
        scaled = integer_model(asked, asked.lower, asked.upper)
    rng = np.random.default_rng(seed)
    for _ in range(200):
        point = rng.uniform(asked.lower, asked.upper)
        point = np.where(asked.integral, np.round(point), point)
        activity = asked.matrix @ point
        if (activity < asked.row_lower).any() or (activity > asked.row_upper).any():
            continue
        grid = scaled.nearest(point)
        moved = scaled.matrix @ grid
        assert (moved >= scaled.row_lower).all()
        assert (moved <= scaled.row_upper).all()
        claimed = scaled.cost @ grid / scaled.cost_scale + scaled.cost_constant
        true = asked.cost @ point + asked.offset
        assert abs(claimed - true) <= scaled.cost_error + 1e-12 * abs(true)


@pytest.mark.parametrize("figure", [2**0.5, 3**0.5, np.e, np.pi])
def test_a_row_may_be_met_to_the_full_when_its_figures_are_rounded(
    figure: float,
) -> None:
    full = 1000 * figure
    asked = model([0], [[figure]], [full], [full], upper=[1000])
    with patch("solvers.cpsat_scaling.LARGEST_ACTIVITY", 2.0**12):
        scaled = integer_model(asked, asked.lower, asked.upper)
    moved = scaled.matrix @ np.array([1000])
    assert scaled.row_lower <= moved <= scaled.row_upper


@needs_cpsat
def test_the_price_of_rounding_is_stated_and_taken_from_the_bound() -> None:
    asked = model(
        [np.pi, -np.e], [[1, 1]], [0], [1.5], upper=[1, 1], integral=[True, False]
    )
    outcome = backend("cpsat").solve(asked, Options())
    assert outcome.status is Status.OPTIMAL
    assert "rounding to whole numbers costs the bound" in outcome.message
    assert outcome.bound is not None
    assert outcome.bound < -np.e < outcome.bound + 1e-6


@needs_cpsat
def test_coarse_continuous_variables_are_found_again_exactly() -> None:
    # y = x / 3 on a grid 0.0156 wide, for y may go up to 2 million.
    asked = model(
        [0, 1],
        [[-1 / 3, 1]],
        [0],
        [0],
        lower=[1, 0],
        upper=[3, 2e6],
        integral=[True, False],
    )
    outcome = backend("cpsat").solve(asked, Options())
    assert outcome.objective == pytest.approx(1 / 3)
    assert outcome.bound is not None
    assert outcome.objective is not None
    assert outcome.bound <= outcome.objective


def test_it_claims_no_duals() -> None:
    assert Capability.DUALS not in CpSat().capabilities
