"""A large plan is made better, whoever has one first."""

import time
from collections.abc import Callable
from dataclasses import replace
from threading import Event

import pytest

from federate.engine.answer import Answer, Grouping, objective_gbp, to_plan
from federate.engine.columns import improving
from federate.engine.columns import solve as engine
from federate.engine.columns.improving import Improving
from federate.engine.columns.progress import Progress
from federate.engine.columns.sketch import Sketch
from federate.evidence import Evidence
from federate.problem import Problem
from federate.verify import verify
from solvers.contract import Options, Status, StopReason
from tests.strategies import small_problem

EXACT = Options(rel_gap=1e-9)


def whole_in_one(problem: Problem) -> Grouping:
    return Grouping((tuple(range(problem.n)),), (0,))


@pytest.mark.parametrize("is_sought", [False, True])
@pytest.mark.parametrize("threads", [1, 2])
def test_a_large_problem_is_bettered_and_bounded(
    county: Problem,
    poor: Grouping,
    optimum: float,
    threads: int,
    is_sought: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine, "WHOLE", 20)
    monkeypatch.setattr(improving, "WINDOW_SIZES", (10, 18))
    monkeypatch.setattr(improving, "MEND_SIZES", (10, 30))
    answer = engine.solve_columns(
        county,
        options=Options(rel_gap=1e-9, threads=threads),
        warm_start=None if is_sought else poor,
        seek=lambda stop: None if stop() else poor,
    )
    assert answer.objective_gbp == pytest.approx(optimum)
    assert answer.bound_gbp == pytest.approx(optimum)


@pytest.mark.parametrize(("mended", "sought"), [(0.0, True), (1.0, False)])
def test_a_start_broken_in_many_places_gives_way_to_a_search(
    county: Problem,
    poor: Grouping,
    optimum: float,
    mended: float,
    sought: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine, "WHOLE", 20)
    monkeypatch.setattr(improving, "WINDOW_SIZES", (18, 30))
    monkeypatch.setattr(improving, "MEND_SIZES", (18, 30))
    monkeypatch.setattr(improving, "UNSURE", 0.0)
    monkeypatch.setattr(improving, "MENDED", mended)
    asked = []

    def seek(stop: Callable[[], bool]) -> Grouping:
        asked.append(stop())
        return poor

    one = Grouping((tuple(range(county.n)),), (0,))
    answer = engine.solve_columns(
        county, options=Options(rel_gap=1e-9, threads=2), warm_start=one, seek=seek
    )
    assert bool(asked) is sought
    assert answer.objective_gbp == pytest.approx(optimum)


def test_a_search_is_told_when_there_is_no_plan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = small_problem(4, "bounds", num_practices=8)
    least = float(whole.list_size.sum())
    impossible = replace(whole, size_bounds=(0.6 * least, 0.7 * least))
    monkeypatch.setattr(engine, "WHOLE", 5)
    told = Event()

    def seek(stop: Callable[[], bool]) -> Grouping:
        while not stop():
            time.sleep(0.01)
        told.set()
        return Grouping((tuple(range(8)),), (0,))

    options = Options(rel_gap=1e-9, threads=2)
    answer = engine.solve_columns(impossible, options=options, seek=seek)
    assert told.is_set()
    assert answer.status is Status.INFEASIBLE


@pytest.mark.parametrize("threads", [1, 2])
def test_the_linear_programme_alone_leads_to_a_plan(
    county: Problem, optimum: float, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "WHOLE", 20)
    monkeypatch.setattr(engine, "MOST_FOR_FINISH", 20)
    monkeypatch.setattr(improving, "UNSURE", 1.0)
    options = Options(rel_gap=1e-9, threads=threads)
    answer = engine.solve_columns(county, options=options)
    assert answer.grouping is not None
    assert answer.objective_gbp == pytest.approx(optimum)
    assert verify(county, to_plan(county, answer.grouping)) == ()


@pytest.mark.parametrize("threads", [1, 2])
def test_without_a_sure_sketch_the_start_is_bettered(
    county: Problem,
    poor: Grouping,
    optimum: float,
    threads: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine, "WHOLE", 20)
    monkeypatch.setattr(engine, "MOST_FOR_FINISH", 20)
    monkeypatch.setattr(improving, "WINDOW_SIZES", (18, 30))
    monkeypatch.setattr(Improving, "_has_sketch", lambda _: False)
    monkeypatch.setattr(Improving, "sketched", lambda *_: None)
    options = Options(rel_gap=1e-9, threads=threads)
    answer = engine.solve_columns(county, options=options, warm_start=poor)
    assert answer.objective_gbp == pytest.approx(optimum)


def bettered(problem: Problem, sketch: Sketch, start: Grouping | None) -> Progress:
    """Return what is known once a sketch was taken up, no prices at hand."""
    progress = Progress(problem, replace(EXACT, time_limit_s=60.0), "highs")
    improves = Improving(progress, start, None)
    improves.at_once(sketch)
    improves.finish()
    return progress


@pytest.mark.parametrize("choice", [0, 50])
def test_a_sketch_is_mended_and_bettered(
    county: Problem, optimum: float, choice: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no choice of federations mends a window, local search does."""
    monkeypatch.setattr(improving, "MEND_COLUMNS", choice)
    monkeypatch.setattr(improving, "UNSURE", 1.0)
    everyone = Sketch(whole_in_one(county), frozenset(range(county.n)))
    found = bettered(county, everyone, None)
    assert found.best == pytest.approx(optimum)


def test_a_sketch_that_says_little_is_left_aside(
    county: Problem, poor: Grouping, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(improving, "WINDOW_SIZES", (1,))
    everyone = Sketch(whole_in_one(county), frozenset(range(county.n)))
    found = bettered(county, everyone, None)
    assert found.grouping is None
    assert bettered(county, everyone, poor).grouping is not None


def test_a_sketch_is_taken_up_once_cuts_make_it_no_surer(
    county: Problem, poor: Grouping
) -> None:
    progress = Progress(county, EXACT, "highs")
    improves = Improving(progress, None, None)
    taken = []
    for left in (30, 20, 12, 11, 11):
        sketch = Sketch(poor, frozenset(range(left)))
        improves.sketched(sketch)
        taken.append(improves._has_sketch())
    assert taken == [False, False, False, False, True]


def test_no_sketch_is_taken_up_where_the_count_is_ruled(
    county: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(improving, "UNSURE", 1.0)
    counted = replace(county, num_federations=(1, 12))
    everyone = Sketch(whole_in_one(counted), frozenset(range(county.n)))
    assert bettered(counted, everyone, None).grouping is None


def test_a_plan_worse_than_the_best_known_is_left_after_a_window(
    county: Problem, poor: Grouping, optimum: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    solved: list[int] = []

    def counted(asked: Improving, _: Problem, __: Grouping | None) -> Answer:
        solved.append(asked._patience)
        return Answer(Status.NO_SOLUTION, StopReason.TIME_LIMIT)

    monkeypatch.setattr(improving, "WINDOW_SIZES", (5,))
    monkeypatch.setattr(Improving, "_solve_window", counted)
    best = engine.solve_columns(county, options=EXACT).grouping
    assert best is not None
    progress = Progress(county, replace(EXACT, time_limit_s=60.0), "highs")
    progress.offer(best)
    improves = Improving(progress, poor, None)
    improves.no_more()
    improves.work()
    assert solved.count(improving.PATIENCE[0]) == 1
    assert progress.best == pytest.approx(optimum)


def test_windows_that_nothing_bettered_soon_are_looked_into_longer(
    county: Problem, poor: Grouping, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(improving, "WINDOW_SIZES", (18,))
    solve, asked = improving._window_bettered, list[int]()

    def in_vain_at_first(
        progress: Progress, prices: Evidence | None, patience: int
    ) -> StopReason:
        asked.append(patience)
        if patience == improving.PATIENCE[0]:
            return StopReason.FINISHED
        return solve(progress, prices, patience)

    monkeypatch.setattr(improving, "_window_bettered", in_vain_at_first)
    progress = Progress(county, replace(EXACT, time_limit_s=60.0), "highs")
    Improving(progress, poor, None).finish()
    assert asked == sorted(asked)
    assert set(asked) == set(improving.PATIENCE)
    assert progress.best < objective_gbp(county, poor) - 1.0
