"""Rows that clash are named, all of them and no other."""

from itertools import combinations

import numpy as np
import pytest

from solvers.conflict import ConflictFinder, find_conflict
from solvers.contract import Backend, Capability, MixedIntegerModel, Options, Status
from solvers.highs import Highs
from solvers.registry import available_solvers, backend
from tests.solvers.models import INF, model


class _Plain(Highs):
    """HiGHS without its own finder."""

    capabilities = Highs.capabilities & ~Capability.IIS


_FINDERS = {
    name: backend(name)
    for name in available_solvers()
    if Capability.IIS in backend(name).capabilities
}


@pytest.fixture(
    params=[*_FINDERS.values(), _Plain()],
    ids=[*(f"by {name}" for name in _FINDERS), "by filters"],
)
def finder(request: pytest.FixtureRequest) -> Backend:
    made: Backend = request.param
    return made


def _sizes() -> MixedIntegerModel:
    """Return x + y ≥ 3, x − y ≤ ½, x ≥ ½ over [0, 1]: the first alone clashes."""
    return model(
        [1, 1],
        [[1, -1], [1, 0], [1, 1]],
        [-INF, 0.5, 3],
        [0.5, INF, INF],
        row_names=["likeness", "least", "size"],
    )


def test_the_one_row_that_cannot_hold_is_named(finder: Backend) -> None:
    conflict = find_conflict(_sizes().relaxed(), finder, Options())
    assert conflict is not None
    assert conflict.names == ("size",)
    assert conflict.rows == (2,)
    assert conflict.is_irreducible


def test_a_clash_of_whole_numbers_is_found(finder: Backend) -> None:
    # 2x + 2y = 1 has no whole point, whatever x ≥ 0 and x + y ≥ 0 say.
    asked = model([1, 1], [[1, 0], [2, 2], [1, 1]], [0, 1, 0], [1, 1, 5], upper=[5, 5])
    conflict = find_conflict(asked, finder, Options())
    assert conflict is not None
    assert conflict.names == ("row 1",)


def test_a_model_that_has_a_point_has_no_conflict(finder: Backend) -> None:
    asked = model([1, 1], [[1, 1]], [1], [INF])
    assert find_conflict(asked, finder, Options()) is None


def test_bounds_that_leave_no_value_are_a_conflict_of_no_rows(finder: Backend) -> None:
    asked = model([1], [[1]], [0], [1], lower=[2], upper=[1])
    conflict = find_conflict(asked, finder, Options())
    assert conflict is not None
    assert conflict.rows == ()


def _random_clash(seed: int) -> MixedIntegerModel:
    """Return an infeasible model of six rows over {0, 1, 2}³."""
    rng = np.random.default_rng(seed)
    while True:
        matrix = rng.integers(-3, 4, (6, 3)).astype(float)
        lower = rng.integers(-2, 6, 6).astype(float)
        asked = model(
            [0, 0, 0], matrix.tolist(), lower.tolist(), [INF] * 6, upper=[2, 2, 2]
        )
        if not _has_point(asked, range(6)):
            return asked


def _has_point(asked: MixedIntegerModel, rows: range | tuple[int, ...]) -> bool:
    points = np.stack(np.meshgrid(*[np.arange(3)] * 3), axis=-1).reshape(-1, 3)
    activity = points @ asked.matrix.toarray().T
    return bool((activity >= asked.row_lower)[:, list(rows)].all(axis=1).any())


@pytest.mark.parametrize("seed", range(12))
def test_a_conflict_clashes_and_without_any_one_row_does_not(
    finder: Backend, seed: int
) -> None:
    asked = _random_clash(seed)
    conflict = find_conflict(asked, finder, Options())
    assert conflict is not None
    assert not _has_point(asked, conflict.rows)
    for fewer in combinations(conflict.rows, len(conflict.rows) - 1):
        assert _has_point(asked, fewer)


def test_rows_of_one_rule_stand_or_fall_together(finder: Backend) -> None:
    # Rules: x ≥ 1 and y ≥ 1 (one), z ≥ 0 (two), x + y ≤ 1 (three).
    asked = model(
        [0, 0, 0],
        [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0]],
        [1, 1, 0, -INF],
        [INF, INF, INF, 1],
    )
    conflict = find_conflict(asked, finder, Options(), groups=[[0, 1], [2], [3]])
    assert conflict is not None
    assert conflict.groups == (0, 2)
    assert conflict.rows == (0, 1, 3)


def test_rows_in_no_group_always_stand(finder: Backend) -> None:
    asked = model([0, 0], [[1, 1], [1, 0], [0, 1]], [-INF, 1, 1], [1, INF, INF])
    conflict = find_conflict(asked, finder, Options(), groups=[[1], [2]])
    assert conflict is not None
    assert conflict.names == ("row 1", "row 2")


def test_no_time_proves_no_conflict(finder: Backend) -> None:
    rng = np.random.default_rng(0)
    weight = rng.integers(1000, 9999, (3, 40)).astype(float)
    half = np.floor(weight.sum(axis=1) / 2)
    asked = model([0] * 40, weight.tolist(), half.tolist(), half.tolist())
    assert find_conflict(asked, finder, Options(time_limit_s=0.0)) is None


def test_few_solves_find_a_small_conflict_among_many_rows() -> None:
    # 400 rows that always hold, and x0 + x1 ≥ 2 against x0 ≤ 0.
    solved = []

    class Counted(_Plain):
        def solve(self, *asked: object, **more: object):  # type: ignore[no-untyped-def]
            solved.append(1)
            return super().solve(*asked, **more)  # type: ignore[arg-type]

    rng = np.random.default_rng(0)
    rows = rng.random((402, 50)) * (rng.random((402, 50)) < 0.1)
    rows[400:] = 0
    rows[400, [0, 1]], rows[401, 0] = 1, 1
    lower, upper = np.full(402, -INF), np.full(402, 99.0)
    lower[400], upper[401] = 2, 0
    asked = model([0] * 50, rows.tolist(), lower.tolist(), upper.tolist())
    conflict = find_conflict(asked, Counted(), Options())
    assert conflict is not None
    assert conflict.rows == (400, 401)
    assert len(solved) < 10


def test_every_backend_finds_the_conflict(solver: Backend) -> None:
    conflict = find_conflict(_sizes(), solver, Options())
    assert conflict is not None
    assert conflict.names == ("size",)


def test_a_backend_that_says_it_can_has_the_method() -> None:
    assert isinstance(backend("highs"), ConflictFinder)
    asked = _sizes().relaxed()
    assert Highs().solve(asked, Options()).status is Status.INFEASIBLE
