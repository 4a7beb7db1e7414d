"""Second-order cones: what every backend that takes them must do alike."""

from dataclasses import replace
from itertools import product
from math import sqrt

import numpy as np
import pytest

from solvers.claim import CONE_TOLERANCE, Claim, cone_violation, judge
from solvers.conflict import find_conflict
from solvers.contract import (
    Backend,
    Capability,
    CapabilityError,
    Cone,
    MixedIntegerModel,
    ModelError,
    Options,
    Outcome,
    Status,
    StopReason,
)
from solvers.highs import Highs
from solvers.lazy import Rows, solve_with_lazy_rows
from solvers.registry import isolated
from tests.solvers.models import INF, model


@pytest.fixture
def taker(solver: Backend) -> Backend:
    if Capability.CONES not in solver.capabilities:
        pytest.skip(f"{solver.name} says it cannot: CONES")
    return solver


def _ball(radius: float, *, integral: bool | list[bool] = False) -> MixedIntegerModel:
    """Return max 3x + 4y within a ball, as a minimum; columns x, y, head."""
    return model(
        [-3, -4, 0],
        [],
        [],
        [],
        lower=[-10, -10, 0],
        upper=[10, 10, radius],
        integral=integral,
        cones=(Cone(2, (0, 1)),),
    )


def _least_norm() -> MixedIntegerModel:
    """Return min ‖(x, y)‖ s.t. 3x + 4y = 10: worth 10/‖(3, 4)‖ = 2 at (1.2, 1.6)."""
    return model(
        [0, 0, 1],
        [[3, 4, 0]],
        [10],
        [10],
        lower=[-INF, -INF, 0],
        upper=[INF] * 3,
        integral=False,
        offset=7.0,
        cones=(Cone(2, (0, 1)),),
    )


def _too_narrow() -> MixedIntegerModel:
    """Return x ≥ 3, x + y ≤ 9, y ≥ 4 within a ball of 4.9, which has no point."""
    return model(
        [1, 1, 0],
        [[1, 0, 0], [1, 1, 0], [0, 1, 0]],
        [3, -INF, 4],
        [INF, 9, INF],
        upper=[9, 9, 4.9],
        integral=False,
        row_names=["east", "both", "north"],
        cones=(Cone(2, (0, 1)),),
    )


def _random_misocp(seed: int) -> MixedIntegerModel:
    """Return integers z ∈ {0, 1, 2}³ and free y with ‖(z, y)‖ ≤ h = r + d·z."""
    rng = np.random.default_rng(seed)
    cost = rng.integers(-9, 10, 6).astype(float)
    slope, row = rng.integers(0, 3, 3), rng.integers(-4, 5, 3)
    radius = float(rng.uniform(1.0, 4.0))
    return model(
        [*cost, 0.0],
        [[*-slope, 0, 0, 0, 1], [*row, 0, 0, 0, 0]],
        [radius, -INF],
        [radius, 3.0],
        lower=[0] * 3 + [-50] * 3 + [0],
        upper=[2] * 3 + [50] * 3 + [50],
        integral=[True] * 3 + [False] * 4,
        cones=(Cone(6, (0, 1, 2, 3, 4, 5)),),
    )


def _by_trying_all(asked: MixedIntegerModel) -> float:
    """Return the optimum: for each z, c·y is least along −c, as far as the cone goes.

    min c_z·z − ‖c_y‖ √(h² − ‖z‖²)
    """
    equality, row = asked.matrix.toarray()[:, :3]
    best = INF
    for point in product(range(3), repeat=3):
        z = np.array(point, dtype=float)
        room = (asked.row_lower[0] - equality @ z) ** 2 - z @ z
        if row @ z <= asked.row_upper[1] and room >= 0:
            reach = np.linalg.norm(asked.cost[3:6]) * sqrt(room)
            best = min(best, float(asked.cost[:3] @ z - reach))
    return best


def _portfolio(seed: int) -> MixedIntegerModel:
    """Return max return − risk of shares x, Σ x = 1, risk ‖F x‖ ≤ t within a limit.

    Columns are shares, factors y = F x and t; every other seed has whole shares.
    """
    rng = np.random.default_rng(seed)
    shares, factors = int(rng.integers(4, 12)), int(rng.integers(2, 6))
    spread = rng.normal(size=(factors, shares)) * 10 ** rng.uniform(-1, 1.5)
    size = float(np.linalg.norm(spread))
    limit = size * rng.uniform(0.4, 1.2) / sqrt(shares)
    of_y = np.hstack([-spread, np.eye(factors), np.zeros((factors, 1))])
    whole = shares // 2 if seed % 2 else 0
    return model(
        [
            *-10 * rng.random(shares),
            *[0.0] * factors,
            float(rng.choice([0.0, 0.1, 1.0])),
        ],
        [[1.0] * shares + [0.0] * (factors + 1), *of_y.tolist()],
        [1.0, *[0.0] * factors],
        [1.0, *[0.0] * factors],
        lower=[0.0] * shares + [-INF] * factors + [0.0],
        upper=[1.0] * shares + [INF] * factors + [limit],
        integral=[True] * whole + [False] * (shares - whole + factors + 1),
        cones=(Cone(shares + factors, tuple(range(shares, shares + factors))),),
    )


def _by_planes(asked: MixedIntegerModel) -> Outcome:
    """Return the answer of HiGHS to the model with planes y₀·y ≤ ‖y₀‖ t for cones."""
    from scipy import sparse

    (cone,) = asked.cones
    tail = list(cone.tail)

    def separate(values: np.ndarray) -> Rows | None:
        norm = np.linalg.norm(values[tail])
        if norm <= values[cone.head] + 1e-6 * max(1.0, float(norm)):
            return None
        plane = np.zeros(asked.num_columns)
        plane[tail], plane[cone.head] = values[tail] / norm, -1.0
        row = sparse.csr_matrix(plane[None])
        return Rows(np.array([-INF]), np.array([0.0]), row)

    return solve_with_lazy_rows(
        replace(asked, cones=()), Highs(), Options(rel_gap=0.0), separate
    )


@pytest.mark.parametrize("seed", range(12))
def test_a_cone_and_its_planes_have_the_same_optimum(taker: Backend, seed: int) -> None:
    asked = _portfolio(seed)
    outcome, planes = taker.solve(asked, Options(rel_gap=1e-6)), _by_planes(asked)
    assert outcome.status is planes.status
    assert outcome.objective == pytest.approx(planes.objective, rel=1e-5, abs=1e-5)


def test_the_best_point_of_a_ball_lies_along_the_cost(taker: Backend) -> None:
    outcome = taker.solve(_ball(5.0), Options())
    assert outcome.status is Status.OPTIMAL
    assert outcome.objective == pytest.approx(-25, rel=1e-5)
    assert outcome.values == pytest.approx([3, 4, 5], abs=1e-2)


def test_the_least_norm_of_a_line_is_its_distance(taker: Backend) -> None:
    outcome = taker.solve(_least_norm(), Options())
    assert outcome.status is Status.OPTIMAL
    assert outcome.objective == pytest.approx(2 + 7, rel=1e-5)
    assert outcome.values == pytest.approx([1.2, 1.6, 2.0], abs=1e-2)


def test_an_integer_within_a_cone_is_whole(taker: Backend) -> None:
    asked = _ball(4.5, integral=[True, False, False])
    outcome = taker.solve(asked, Options(rel_gap=1e-6))
    # x = 3 leaves y = √(4.5² − 3²); x = 2 and x = 4 are worth 22.12 and 20.25.
    assert outcome.objective == pytest.approx(-(9 + 4 * sqrt(11.25)), rel=1e-5)
    assert outcome.values is not None
    assert outcome.values[0] == 3


def test_a_head_may_be_integer(taker: Backend) -> None:
    asked = _ball(4.5, integral=[False, False, True])
    outcome = taker.solve(asked, Options())
    assert outcome.objective == pytest.approx(-20, rel=1e-4)
    assert outcome.values is not None
    assert outcome.values[2] == 4


@pytest.mark.parametrize("seed", range(10))
def test_the_optimum_of_a_generated_cone_model_is_found(
    taker: Backend, seed: int
) -> None:
    asked = _random_misocp(seed)
    outcome = taker.solve(asked, Options(rel_gap=1e-6))
    assert outcome.status is Status.OPTIMAL
    assert outcome.objective == pytest.approx(_by_trying_all(asked), rel=1e-5)


def test_cones_that_share_columns_all_hold(taker: Backend) -> None:
    asked = model(
        [-1, -1, 0, 0],
        [],
        [],
        [],
        upper=[9, 9, 5, 3],
        integral=False,
        cones=(Cone(2, (0, 1)), Cone(3, (0,))),
    )
    outcome = taker.solve(asked, Options())
    assert outcome.objective == pytest.approx(-(3 + 4), rel=1e-5)


def test_the_apex_of_a_cone_is_a_point_of_it(taker: Backend) -> None:
    asked = model(
        [0, 0, 1],
        [],
        [],
        [],
        lower=[-1, -1, 0],
        integral=[True, False, False],
        cones=(Cone(2, (0, 1)),),
    )
    outcome = taker.solve(asked, Options())
    assert outcome.status is Status.OPTIMAL
    assert outcome.objective == pytest.approx(0, abs=1e-5)


def _random_pools(seed: int) -> tuple[MixedIntegerModel, float]:
    """Return items to share among pools, ‖(r_i x_ig)_i‖ ≤ s Σ x_ig, and the optimum."""
    rng = np.random.default_rng(seed)
    n, pools, share = int(rng.integers(2, 5)), 3, float(rng.choice([1.5, 2.0, 2.5]))
    root, cost = rng.integers(1, 5, n), rng.integers(1, 9, (pools, n)).astype(float)
    items = n * pools
    each = np.tile(np.eye(n), pools)
    tails = np.hstack([np.diag(np.tile(-root, pools)), np.eye(items)])
    heads = np.kron(np.eye(pools), np.full(n, -share))
    rows = np.zeros((n + items + pools, 2 * items + pools))
    rows[:n, :items], rows[n : n + items, : 2 * items] = each, tails
    rows[n + items :, :items], rows[n + items :, 2 * items :] = heads, np.eye(pools)
    sides = [1.0] * n + [0.0] * (items + pools)
    best = INF
    for place in product(range(pools), repeat=n):
        pool = [[i for i in range(n) if place[i] == g] for g in range(pools)]
        if all(np.linalg.norm(root[some]) <= share * len(some) for some in pool):
            best = min(best, float(cost[place, range(n)].sum()))
    asked = model(
        [*cost.ravel(), *np.zeros(items + pools)],
        rows.tolist(),
        sides,
        sides,
        lower=[0] * (2 * items + pools),
        upper=[1] * items + [INF] * (items + pools),
        integral=[True] * items + [False] * (items + pools),
        cones=tuple(
            Cone(2 * items + g, tuple(range(items + g * n, items + g * n + n)))
            for g in range(pools)
        ),
    )
    return asked, best


@pytest.mark.parametrize("seed", range(8))
def test_a_cone_at_its_apex_cuts_nobody_off(taker: Backend, seed: int) -> None:
    asked, best = _random_pools(seed)
    outcome = taker.solve(asked, Options(rel_gap=0.0))
    if best == INF:
        assert outcome.status is Status.INFEASIBLE
    else:
        assert outcome.status is Status.OPTIMAL
        assert outcome.objective == pytest.approx(best)


@pytest.mark.parametrize("integral", [True, False])
def test_a_cone_without_a_tail_says_nothing_new(taker: Backend, integral: bool) -> None:
    asked = model([1], [[1]], [2], [INF], upper=[9], integral=integral)
    coned = MixedIntegerModel(**{**vars(asked), "cones": (Cone(0, ()),)})
    outcome = taker.solve(coned, Options())
    assert outcome.status is Status.OPTIMAL
    assert outcome.objective == pytest.approx(2, abs=1e-5)


@pytest.mark.parametrize("integral", [True, False])
def test_a_cone_too_narrow_for_its_rows_is_infeasible(
    taker: Backend, integral: bool
) -> None:
    asked = _too_narrow()
    whole = np.array([integral, False, False])
    outcome = taker.solve(
        MixedIntegerModel(**{**vars(asked), "integral": whole}), Options()
    )
    assert outcome.status is Status.INFEASIBLE
    assert outcome.values is None


def test_an_unbounded_cone_model_is_never_called_infeasible(taker: Backend) -> None:
    asked = model(
        [-1, 0],
        [],
        [],
        [],
        upper=[INF, INF],
        integral=False,
        cones=(Cone(1, (0,)),),
    )
    outcome = taker.solve(asked, Options())
    unsure = outcome.stop is StopReason.INFEASIBLE_OR_UNBOUNDED
    assert outcome.status is (Status.NO_SOLUTION if unsure else Status.UNBOUNDED)
    assert outcome.values is None


@pytest.mark.parametrize("integral", [True, False])
def test_the_bound_of_a_cone_model_lies_just_below_its_cost(
    taker: Backend, integral: bool
) -> None:
    asked = _ball(4.5, integral=[integral, False, False])
    outcome = taker.solve(asked, Options())
    assert outcome.objective is not None
    assert outcome.bound is not None
    assert outcome.bound <= outcome.objective
    assert outcome.bound == pytest.approx(outcome.objective, rel=1e-4)
    assert outcome.row_duals is None


def test_a_start_within_the_cone_does_no_harm(taker: Backend) -> None:
    if Capability.WARM_START not in taker.capabilities:
        pytest.skip(f"{taker.name} says it cannot: WARM_START")
    asked = _ball(4.5, integral=[True, False, False])
    outcome = taker.solve(asked, Options(), start=np.array([3.0, 3.0, 4.5]))
    assert outcome.objective == pytest.approx(-(9 + 4 * sqrt(11.25)), rel=1e-4)


def test_a_process_of_its_own_is_told_the_cones(taker: Backend) -> None:
    outcome = isolated(taker).solve(_ball(5.0), Options())
    assert outcome.objective == pytest.approx(-25, rel=1e-5)


def test_rows_that_clash_with_a_cone_are_found(taker: Backend) -> None:
    conflict = find_conflict(_too_narrow(), taker, Options())
    assert conflict is not None
    assert conflict.names == ("east", "north")
    assert conflict.is_irreducible


def test_rows_may_be_asked_for_beside_cones(taker: Backend) -> None:
    from scipy import sparse

    def separate(values: np.ndarray) -> Rows | None:
        if values[0] <= 2.0 + 1e-6:
            return None
        row = sparse.csr_matrix(np.array([[1.0, 0.0, 0.0]]))
        return Rows(np.array([-INF]), np.array([2.0]), row)

    for whole in (True, False):
        asked = _ball(5.0, integral=[whole, False, False])
        outcome = solve_with_lazy_rows(asked, taker, Options(rel_gap=1e-6), separate)
        assert outcome.objective == pytest.approx(-(6 + 4 * sqrt(21)), rel=1e-5)


def test_a_backend_without_cones_names_those_that_have_them(solver: Backend) -> None:
    if Capability.CONES in solver.capabilities:
        pytest.skip(f"{solver.name} takes cones")
    with pytest.raises(CapabilityError, match=r"cones \(1\); these can: .*scip"):
        solver.solve(_ball(5.0), Options())


def test_a_session_takes_no_cones(solver: Backend) -> None:
    if Capability.SESSION not in solver.capabilities:
        pytest.skip(f"{solver.name} says it cannot: SESSION")
    with pytest.raises(CapabilityError, match="its session"):
        solver.session(_ball(5.0)).solve(Options())


def test_every_fault_of_a_cone_is_told_at_once() -> None:
    with pytest.raises(ModelError) as caught:
        model(
            [0, 0],
            [],
            [],
            [],
            lower=[-1, 0],
            cones=(Cone(0, (1,)), Cone(2, (0,)), Cone(1, (1,)), Cone(1, (0, 0))),
        )
    told = str(caught.value)
    assert "cone 0 has a head, column 0, of lower bound -1" in told
    assert "cone 1 names column 2, and there are 2" in told
    assert "cone 2 names column 1 more than once" in told
    assert "cone 3 names column 0 more than once" in told


def test_a_model_changed_in_part_keeps_its_cones() -> None:
    from scipy import sparse

    asked = _ball(5.0, integral=True)
    one = np.ones(1)
    for other in (
        asked.relaxed(),
        asked.with_rows(-one, one, sparse.csr_matrix((1, 3))),
        asked.with_columns(one, -one, one, sparse.csc_matrix((0, 1))),
        asked.with_bounds(np.array([0], np.int32), -one, one),
    ):
        assert other.cones == asked.cones


def test_a_cone_model_is_not_linear() -> None:
    assert not _ball(5.0).is_linear
    assert _ball(5.0).is_continuous


def test_a_point_that_breaks_a_cone_is_no_answer() -> None:
    point = np.array([3.0, 4.0, 4.9])
    outcome = judge(
        _ball(5.0), Claim(Status.OPTIMAL, StopReason.FINISHED, point, -25.0), Options()
    )
    assert outcome.status is Status.NO_SOLUTION
    assert outcome.stop is StopReason.NUMERIC
    assert "breaks cone 0 by 2.0e-02" in outcome.message


def test_a_cone_may_be_broken_by_a_trifle_of_its_head() -> None:
    asked = _ball(5.0)
    assert cone_violation(asked, np.array([3.0, 4.0, 5.0])) == (0.0, -1)
    off, where = cone_violation(asked, np.array([3.0, 4.0, 4.99999]))
    assert where == 0
    assert off == pytest.approx(2e-6, rel=1e-3)
    assert off < CONE_TOLERANCE
