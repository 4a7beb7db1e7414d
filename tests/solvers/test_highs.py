"""What is peculiar to HiGHS."""

from threading import Event, Thread

import pytest

from solvers.contract import OptionError, Options, Outcome, Progress, Status
from solvers.highs import Highs
from tests.solvers.models import hard, knapsack


def test_other_python_threads_run_while_highs_solves() -> None:
    ticks, done = [0], Event()

    def tick() -> None:
        while not done.wait(0.005):
            ticks[0] += 1

    ticker = Thread(target=tick)
    ticker.start()
    Highs().solve(hard(), Options(time_limit_s=0.5))
    done.set()
    ticker.join()
    assert ticks[0] > 20


def test_solves_with_different_threads_may_follow_one_another() -> None:
    for threads in (1, 2, 1):
        outcome = Highs().solve(knapsack(), Options(threads=threads))
        assert outcome.objective is not None


def test_another_number_of_threads_elsewhere_changes_nothing_here() -> None:
    Highs().solve(knapsack(), Options(threads=2))
    outcomes: list[Outcome] = []

    def solve() -> None:
        outcomes.append(Highs().solve(knapsack(), Options(threads=1)))

    other = Thread(target=solve)
    other.start()
    other.join()
    outcomes.append(Highs().solve(knapsack(), Options(threads=1)))
    assert [outcome.status for outcome in outcomes] == [Status.OPTIMAL] * 2


def test_solves_with_different_threads_may_overlap() -> None:
    running, done = Event(), Event()
    outcomes: list[Outcome] = []

    def listen(progress: Progress) -> bool:
        running.set()
        return done.is_set()

    def solve() -> None:
        outcomes.append(Highs().solve(hard(), Options(), on_progress=listen))

    other = Thread(target=solve)
    other.start()
    assert running.wait(20)
    try:
        within = Highs().solve(knapsack(), Options(threads=2))
    finally:
        done.set()
        other.join()
    assert within.status is Status.OPTIMAL
    assert outcomes[0].objective is not None


def test_a_solve_within_a_solve_has_as_many_threads() -> None:
    def listen(progress: Progress) -> bool:
        inner = Highs().solve(knapsack(), Options(threads=1))
        assert inner.status is Status.OPTIMAL
        with pytest.raises(OptionError, match="threads = 1"):
            Highs().solve(knapsack(), Options(threads=2))
        return True

    Highs().solve(hard(), Options(threads=1), on_progress=listen)
