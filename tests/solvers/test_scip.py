"""What is peculiar to SCIP."""

import _thread
import signal
from threading import Event, Thread, Timer

import numpy as np
import pytest

from solvers.contract import Cone, Options, Status, StopReason
from solvers.registry import probe_all
from solvers.scip import Scip
from tests.solvers.models import INF, hard, knapsack, model

_WHY_NOT = next(probe.why_not for probe in probe_all() if probe.name == "scip")
pytestmark = pytest.mark.skipif(bool(_WHY_NOT), reason=f"scip: {_WHY_NOT}")


def test_other_python_threads_run_while_scip_solves() -> None:
    ticks, done = [0], Event()

    def tick() -> None:
        while not done.wait(0.005):
            ticks[0] += 1

    ticker = Thread(target=tick)
    ticker.start()
    Scip().solve(hard(), Options(time_limit_s=0.5))
    done.set()
    ticker.join()
    assert ticks[0] > 20


def test_the_interrupt_key_stops_a_solve() -> None:
    # A shell that runs the tests in the background has the key ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    Timer(0.5, _thread.interrupt_main).start()
    try:
        with pytest.raises(KeyboardInterrupt):
            Scip().solve(hard(), Options(time_limit_s=20.0))
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_start_that_costs_more_than_the_cutoff_is_no_answer() -> None:
    asked = knapsack()
    start = np.zeros(asked.num_columns)
    outcome = Scip().solve(asked, Options(cutoff=-1e6), start=start)
    assert outcome.status is Status.NO_SOLUTION
    assert outcome.stop is StopReason.CUTOFF
    assert outcome.values is None


def test_entries_given_twice_add_up() -> None:
    from scipy import sparse

    asked = model([1], [[1]], [3], [INF], upper=[9])
    twice = sparse.csc_matrix(
        (np.array([0.25, 0.25]), np.array([0, 0]), np.array([0, 2])), shape=(1, 1)
    )
    doubled = type(asked)(**{**vars(asked), "matrix": twice})
    assert Scip().solve(doubled, Options()).objective == 6


def test_a_row_without_entries_is_kept() -> None:
    asked = model([1], [[0]], [1], [INF])
    assert Scip().solve(asked, Options()).status is Status.INFEASIBLE


@pytest.mark.parametrize("integral", [True, False])
def test_sides_past_its_infinity_are_open(integral: bool) -> None:
    asked = model(
        [-1], [[1], [1]], [-1e30, -1e25], [5, 1e30], upper=[1e25], integral=integral
    )
    assert Scip().solve(asked, Options()).objective == pytest.approx(-5)


def test_a_free_row_has_a_dual_of_zero() -> None:
    asked = model(
        [2, 3], [[1, 1]] * 2, [-INF, 4], [INF, INF], upper=[3, INF], integral=False
    )
    outcome = Scip().solve(asked, Options())
    assert outcome.row_duals is not None
    assert outcome.row_duals.tolist() == pytest.approx([0, 3])


def test_a_hundred_cone_models_one_after_another_do_no_harm() -> None:
    rng = np.random.default_rng(0)
    for _ in range(100):
        columns, factors = 8, 3
        asked = model(
            [*-rng.random(columns), *[0.0] * factors, 0.0],
            np.vstack(
                [
                    [1.0] * columns + [0.0] * (factors + 1),
                    np.hstack(
                        [
                            -rng.normal(size=(factors, columns)),
                            np.eye(factors),
                            np.zeros((factors, 1)),
                        ]
                    ),
                ]
            ).tolist(),
            [1.0, *[0.0] * factors],
            [1.0, *[0.0] * factors],
            lower=[0.0] * columns + [-INF] * factors + [0.0],
            upper=[1.0] * columns + [INF] * factors + [0.5],
            integral=[True] * 3 + [False] * (columns + factors - 2),
            cones=(Cone(columns + factors, tuple(range(columns, columns + factors))),),
        )
        outcome = Scip().solve(asked, Options())
        assert outcome.status in (Status.OPTIMAL, Status.INFEASIBLE)


def test_duals_are_given_only_where_they_prove_the_bound() -> None:
    asked = model([2, 3], [[1, 1]], [4], [INF], upper=[3, INF], integral=False)
    outcome = Scip().solve(asked, Options())
    assert outcome.row_duals is not None
    assert outcome.row_duals.tolist() == pytest.approx([3.0])
    assert Scip().solve(knapsack(), Options()).row_duals is None
