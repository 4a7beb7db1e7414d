"""Local search against brute force: plans that keep the rules, never too cheap."""

from dataclasses import replace

import pytest

from federate.engine.answer import objective_gbp, to_grouping, to_plan
from federate.engine.events import Event
from federate.engine.search import run, search
from federate.verify import verify
from solvers.contract import Status, StopReason
from tests.oracle import brute_force
from tests.strategies import RULES, small_problem


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up after fewer parts that could not be bettered: these plans are small."""
    monkeypatch.setattr(run, "IDLE", 6)
    monkeypatch.setattr(run, "IDLE_PER_FEDERATION", 1)


@pytest.mark.parametrize("rule", RULES)
def test_search_finds_the_best_plan_of_a_small_problem(rule: str) -> None:
    for seed in range(2):
        problem = small_problem(seed, rule)
        best = brute_force(problem)
        answer = search(problem, time_limit_s=20.0, seed=seed)
        assert (answer.status is Status.FEASIBLE) == (best is not None)
        if best is not None:
            assert answer.objective_gbp == pytest.approx(best[0])


@pytest.mark.parametrize("rule", RULES)
def test_a_plan_called_feasible_breaks_no_rule(rule: str) -> None:
    problem = small_problem(77, rule, num_practices=14)
    answer = search(problem, time_limit_s=20.0)
    assert answer.grouping is not None
    broken = verify(problem, to_plan(problem, answer.grouping))
    assert (answer.status is Status.FEASIBLE) == (broken == ())
    assert answer.objective_gbp == objective_gbp(problem, answer.grouping)


def test_search_proves_no_bound() -> None:
    answer = search(small_problem(5, "bounds"), time_limit_s=10.0)
    assert answer.bound_gbp is None


def test_the_same_seed_gives_the_same_plan() -> None:
    problem = small_problem(9, "bounds", num_practices=24)
    first = search(problem, time_limit_s=60.0, seed=3)
    again = search(problem, time_limit_s=60.0, seed=3)
    assert first.stop is StopReason.FINISHED
    assert first.grouping == again.grouping


def test_incumbents_are_told_ever_cheaper() -> None:
    events: list[Event] = []
    problem = small_problem(9, "bounds", num_practices=24)
    answer = search(problem, time_limit_s=60.0, listen=events.append)
    told = [e.objective_gbp for e in events if e.kind == "incumbent"]
    costs = [gbp for gbp in told if gbp is not None]
    assert costs
    assert costs == sorted(costs, reverse=True)
    assert answer.objective_gbp is not None
    assert costs[-1] >= answer.objective_gbp - 1e-6


def test_cancel_keeps_what_there_is() -> None:
    problem = small_problem(9, "bounds", num_practices=24)
    answer = search(problem, time_limit_s=60.0, cancel=lambda: True)
    assert answer.stop is StopReason.CANCELLED
    assert answer.grouping is not None


def test_a_plan_to_start_from_is_never_made_worse() -> None:
    problem = small_problem(12, "bounds")
    best = brute_force(problem)
    assert best is not None
    start = to_grouping(problem, best[1])
    answer = search(problem, time_limit_s=20.0, warm_start=start, cancel=lambda: True)
    assert answer.objective_gbp == pytest.approx(best[0])


def test_practices_that_are_all_oversize_are_a_plan_already() -> None:
    problem = small_problem(4, "oversize")
    problem = replace(problem, oversize=tuple(range(problem.n)))
    answer = search(problem, time_limit_s=5.0)
    assert answer.grouping is not None
    assert len(answer.grouping.members) == problem.n
