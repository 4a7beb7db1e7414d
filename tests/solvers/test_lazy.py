"""Rows stated when broken give the answer of all rows stated at once."""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest
from scipy import sparse

from solvers.claim import Claim, judge
from solvers.contract import (
    Backend,
    Capability,
    MixedIntegerModel,
    Options,
    Outcome,
    Probe,
    Progress,
    Session,
    Status,
    StopReason,
)
from solvers.lazy import Rows, solve_with_lazy_rows
from tests.solvers.models import model

FloatArray = npt.NDArray[np.float64]

NUM_TOWNS = 7
ROADS = list(combinations(range(NUM_TOWNS), 2))


def _tour(seed: int) -> MixedIntegerModel:
    """Return the travelling salesman's model without its subtour rows."""
    rng = np.random.default_rng(seed)
    place = rng.uniform(0, 100, (NUM_TOWNS, 2))
    length = np.array([np.hypot(*(place[i] - place[j])) for i, j in ROADS])
    rows = [[float(town in road) for road in ROADS] for town in range(NUM_TOWNS)]
    twice = [2.0] * NUM_TOWNS
    return model(length.tolist(), rows, twice, twice)


def _leaving(towns: set[int]) -> FloatArray:
    """Return the row of roads that leave a set of towns."""
    return np.array([float((i in towns) != (j in towns)) for i, j in ROADS])


def _unjoined(values: FloatArray) -> Rows | None:
    """Return the row that the first town's part of a tour breaks, if it does."""
    part, grown = {0}, True
    while grown:
        near = {j for i, j in _used(values) if i in part}
        near |= {i for i, j in _used(values) if j in part}
        grown = not near <= part
        part |= near
    if len(part) == NUM_TOWNS:
        return None
    row = sparse.csr_matrix(_leaving(part)[None, :])
    return Rows(np.array([2.0]), np.array([np.inf]), row)


def _used(values: FloatArray) -> list[tuple[int, int]]:
    return [road for road, value in zip(ROADS, values, strict=True) if value > 0.5]


def _stated(asked: MixedIntegerModel) -> MixedIntegerModel:
    """Return the model with every subtour row stated."""
    parts = [
        {0, *others}
        for size in range(NUM_TOWNS - 1)
        for others in combinations(range(1, NUM_TOWNS), size)
    ]
    rows = sparse.csr_matrix(np.array([_leaving(part) for part in parts]))
    return asked.with_rows(np.full(len(parts), 2.0), np.full(len(parts), np.inf), rows)


@pytest.mark.parametrize("seed", range(5))
def test_the_optimum_is_that_of_all_rows_stated(solver: Backend, seed: int) -> None:
    asked = _tour(seed)
    lazy = solve_with_lazy_rows(asked, solver, Options(rel_gap=0.0), _unjoined)
    whole = solver.solve(_stated(asked), Options(rel_gap=0.0))
    assert lazy.status is Status.OPTIMAL
    assert lazy.values is not None
    assert _unjoined(lazy.values) is None
    assert lazy.objective == pytest.approx(whole.objective)


def test_rows_are_needed_in_these_tours(solver: Backend) -> None:
    loose = [solver.solve(_tour(seed), Options()).values for seed in range(5)]
    assert any(values is not None and _unjoined(values) for values in loose)


def test_rows_that_leave_no_point_are_infeasible(solver: Backend) -> None:
    asked = model([1, 1], [[1, 1]], [1], [2])

    def never(values: FloatArray) -> Rows:
        forbid = np.where(values > 0.5, -1.0, 1.0)
        row = sparse.csr_matrix(forbid[None, :])
        return Rows(np.array([1 - np.sum(values > 0.5)]), np.array([np.inf]), row)

    outcome = solve_with_lazy_rows(asked, solver, Options(), never)
    assert outcome.status is Status.INFEASIBLE


def test_no_incumbent_told_breaks_a_row(solver: Backend) -> None:
    broken: list[bool] = []

    def listen(progress: Progress) -> bool:
        if progress.values is not None:
            broken.append(_unjoined(progress.values) is not None)
        return False

    solve_with_lazy_rows(_tour(1), solver, Options(), _unjoined, on_progress=listen)
    assert not any(broken)


def test_what_is_raised_where_rows_are_asked_for_reaches_the_caller(
    solver: Backend,
) -> None:
    def fails(values: FloatArray) -> Rows:
        raise ZeroDivisionError("while looking for rows")

    with pytest.raises(ZeroDivisionError, match="while looking for rows"):
        solve_with_lazy_rows(_tour(0), solver, Options(), fails)


def test_a_point_that_breaks_rows_is_not_returned_at_the_time_limit(
    solver: Backend,
) -> None:
    outcome = solve_with_lazy_rows(
        _tour(1), solver, Options(time_limit_s=0.0), _unjoined
    )
    assert outcome.values is None or _unjoined(outcome.values) is None
    if outcome.values is None:
        assert outcome.status is Status.NO_SOLUTION
        assert outcome.stop is StopReason.TIME_LIMIT


def test_a_start_that_breaks_rows_is_not_taken(solver: Backend) -> None:
    if Capability.WARM_START not in solver.capabilities:
        pytest.skip(f"{solver.name} takes no start")
    asked = _tour(1)
    loose = solver.solve(asked, Options()).values
    outcome = solve_with_lazy_rows(asked, solver, Options(), _unjoined, start=loose)
    assert outcome.values is not None
    assert _unjoined(outcome.values) is None


def test_a_linear_model_is_solved_by_rounds(solver: Backend) -> None:
    asked = model([-1, -1], [[1, 0]], [0], [1], upper=[1, 1], integral=False)

    def at_most_one(values: FloatArray) -> Rows | None:
        row = sparse.csr_matrix(np.ones((1, 2)))
        over = values.sum() > 1 + 1e-6
        return Rows(np.array([-np.inf]), np.array([1.0]), row) if over else None

    outcome = solve_with_lazy_rows(asked, solver, Options(), at_most_one)
    assert outcome.objective == pytest.approx(-1)


def test_rounds_give_the_same_where_the_backend_could_ask(solver: Backend) -> None:
    if Capability.LAZY not in solver.capabilities:
        pytest.skip(f"{solver.name} is asked by rounds anyway")
    exact = Options(rel_gap=0.0)
    for seed in range(3):
        lazy = solve_with_lazy_rows(_tour(seed), solver, exact, _unjoined)
        rounds = solve_with_lazy_rows(
            _tour(seed), solver, exact, _unjoined, by_rounds=True
        )
        assert rounds.status is Status.OPTIMAL
        assert rounds.objective == pytest.approx(lazy.objective)


class _Scripted:
    """A backend that tells points and bounds as written, whatever it is asked."""

    name = "scripted"
    capabilities = Capability.MIP | Capability.PROGRESS | Capability.CANCEL

    def __init__(self, *rounds: list[tuple[list[float] | None, float]]) -> None:
        self.rounds = list(rounds)
        self.asked: list[MixedIntegerModel] = []
        self.stopped: list[bool] = []

    def solve(
        self,
        model: MixedIntegerModel,
        options: Options,
        start: FloatArray | None = None,
        on_progress: Callable[[Progress], bool] | None = None,
    ) -> Outcome:
        self.asked.append(model)
        point, bound, stop = None, 0.0, False
        for told, bound in self.rounds.pop(0):
            if told is not None:
                point = np.array(told)
            if on_progress is None:
                continue
            values = None if told is None else point
            if stop := on_progress(Progress(0.0, None, bound, values)):
                break
        self.stopped.append(stop)
        claim = Claim(
            Status.FEASIBLE,
            StopReason.CANCELLED if stop else StopReason.FINISHED,
            point,
            bound,
        )
        return judge(model, claim, options)

    def probe(self) -> Probe:
        return Probe(self.name, runs=True)

    def session(self, model: MixedIntegerModel) -> Session:
        raise AssertionError("not asked for")


def _not_both(values: FloatArray) -> Rows | None:
    """Return the row that the first two columns break where both are 1."""
    if values[:2].sum() < 2:
        return None
    row = sparse.csr_matrix([[1.0, 1.0, 0.0]])
    return Rows(np.array([-np.inf]), np.array([1.0]), row)


def _three() -> MixedIntegerModel:
    """Return a model of three columns that wants two of them; 100, 101 and 150."""
    return model([-100.0, -101.0, -150.0], [[1, 1, 1]], [-np.inf], [2], offset=400)


def test_a_point_told_on_the_way_is_kept_where_a_later_one_breaks_rows() -> None:
    scripted = _Scripted(
        [([1, 0, 1], 100.0), ([1, 1, 0], 100.0)], [([1, 0, 1], 100.0), (None, 150.0)]
    )
    outcome = solve_with_lazy_rows(_three(), scripted, Options(), _not_both)
    assert outcome.status is Status.OPTIMAL
    assert outcome.values is not None
    assert outcome.values.tolist() == [1, 0, 1]


def test_points_told_get_cheaper_from_round_to_round() -> None:
    scripted = _Scripted(
        [([1, 0, 0], 100.0), ([1, 1, 0], 100.0)],
        [([1, 0, 0], 100.0), ([0, 1, 1], 149.0)],
    )
    told: list[float | None] = []

    def listen(progress: Progress) -> bool:
        told.append(progress.objective)
        return False

    outcome = solve_with_lazy_rows(
        _three(), scripted, Options(), _not_both, on_progress=listen
    )
    assert [worth for worth in told if worth is not None] == [300.0, 149.0]
    assert outcome.bound == 149.0


def test_a_round_near_its_bound_is_left_where_its_best_point_breaks_rows() -> None:
    scripted = _Scripted([([1, 1, 0], 198.0), (None, 199.0)], [([0, 1, 1], 149.0)])
    outcome = solve_with_lazy_rows(_three(), scripted, Options(), _not_both)
    assert scripted.stopped == [True, False]
    assert outcome.stop is not StopReason.CANCELLED


def test_a_row_broken_twice_in_a_round_is_stated_once() -> None:
    scripted = _Scripted([([1, 1, 0], 10.0), ([1, 1, 0], 20.0)], [([0, 1, 1], 149.0)])
    solve_with_lazy_rows(_three(), scripted, Options(), _not_both)
    assert [asked.num_rows for asked in scripted.asked] == [1, 2]


def test_what_was_kept_is_returned_where_the_caller_stops() -> None:
    scripted = _Scripted([([1, 0, 1], 100.0), ([1, 1, 0], 100.0)])
    outcome = solve_with_lazy_rows(
        _three(), scripted, Options(), _not_both, on_progress=lambda progress: True
    )
    assert outcome.status is Status.FEASIBLE
    assert outcome.stop is StopReason.CANCELLED
    assert outcome.objective == 150.0
    assert outcome.bound == 100.0


class _Silent(_Scripted):
    """The same, telling nothing on the way."""

    capabilities = Capability.MIP


def test_a_stop_is_heard_between_rounds_where_nothing_is_told_on_the_way() -> None:
    silent = _Silent([([1, 1, 0], 100.0)])
    told: list[float | None] = []

    def listen(progress: Progress) -> bool:
        told.append(progress.bound)
        return True

    outcome = solve_with_lazy_rows(
        _three(), silent, Options(), _not_both, on_progress=listen
    )
    assert told == [100.0]
    assert outcome.status is Status.NO_SOLUTION
    assert outcome.stop is StopReason.CANCELLED
    assert outcome.bound == 100.0


def test_a_point_is_told_where_nothing_is_told_on_the_way() -> None:
    silent = _Silent([([1, 1, 0], 100.0)], [([0, 1, 1], 149.0)])
    told: list[float | None] = []

    def listen(progress: Progress) -> bool:
        told.append(progress.objective)
        return False

    outcome = solve_with_lazy_rows(
        _three(), silent, Options(), _not_both, on_progress=listen
    )
    assert told == [None, 149.0]
    assert outcome.status is Status.OPTIMAL
