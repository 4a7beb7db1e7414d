"""The whole engine: plans that keep the rules, bounds below the optimum."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federate.engine.answer import objective_gbp, to_grouping, to_plan
from federate.engine.events import Event
from federate.engine.lagrangian.ascent import Ascent
from federate.engine.lagrangian.prices import Pricer
from federate.engine.lagrangian.progress import Progress
from federate.engine.lagrangian.solve import _rise, get_ready, solve_lagrangian
from federate.verify import verify
from solvers.contract import Options, Status, StopReason
from tests.engine.lagrangian.twin import slow_bound
from tests.oracle import brute_force
from tests.strategies import RULES, small_problem

QUICK = Options(time_limit_s=0.4, threads=1)


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    get_ready()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**16), rule=st.sampled_from(tuple(RULES)))
def test_the_optimum_lies_between_bound_and_plan(seed: int, rule: str) -> None:
    problem = small_problem(seed, rule)
    best = brute_force(problem)
    answer = solve_lagrangian(problem, options=QUICK)
    if best is None:
        assert answer.status is Status.NO_SOLUTION
        return
    if answer.bound_gbp is not None:
        assert answer.bound_gbp <= best[0] + 1e-3
    if answer.status is not Status.NO_SOLUTION:
        assert answer.grouping is not None
        assert answer.objective_gbp is not None
        assert answer.objective_gbp >= best[0] - 1e-3
        assert verify(problem, to_plan(problem, answer.grouping)) == ()


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("rule", ["bounds", "count", "near", "voluntary"])
def test_a_middling_problem_has_a_plan_near_its_bound(rule: str, threads: int) -> None:
    problem = small_problem(5, rule, num_practices=60)
    options = Options(time_limit_s=4.0, threads=threads, rel_gap=0.08)
    answer = solve_lagrangian(problem, options=options)
    assert answer.grouping is not None
    assert answer.bound_gbp is not None
    assert answer.objective_gbp is not None
    assert verify(problem, to_plan(problem, answer.grouping)) == ()
    cost = objective_gbp(problem, answer.grouping)
    assert answer.objective_gbp == pytest.approx(cost)
    assert answer.bound_gbp <= answer.objective_gbp


@pytest.mark.parametrize("rule", ["bounds", "count", "waived", "voluntary", "target"])
def test_the_evidence_alone_gives_the_bound(rule: str) -> None:
    problem = small_problem(8, rule, num_practices=14)
    answer = solve_lagrangian(problem, options=QUICK)
    evidence = answer.evidence
    assert evidence is not None
    assert evidence.pricing == "knapsack"
    assert evidence.codes == problem.instance.practices.code
    slow = slow_bound(problem, evidence.practice_gbp, evidence.count_gbp)
    assert evidence.dual_bound_gbp == pytest.approx(slow, rel=1e-9)
    assert answer.bound_gbp is not None
    assert answer.bound_gbp <= evidence.dual_bound_gbp


def test_a_plan_to_start_from_is_kept_or_beaten() -> None:
    problem = small_problem(12, "bounds")
    best = brute_force(problem)
    assert best is not None
    start = to_grouping(problem, best[1])
    answer = solve_lagrangian(problem, options=QUICK, warm_start=start)
    assert answer.objective_gbp == pytest.approx(best[0])


def test_bounds_rise_and_plans_get_cheaper_as_told() -> None:
    problem = small_problem(9, "bounds", num_practices=40)
    events: list[Event] = []
    options = Options(time_limit_s=2.0, threads=2)
    solve_lagrangian(problem, options=options, listen=events.append)
    bounds = [e.bound_gbp or 0.0 for e in events if e.kind == "bound"]
    costs = [e.objective_gbp or 0.0 for e in events if e.kind == "incumbent"]
    assert bounds == sorted(bounds)
    assert costs == sorted(costs, reverse=True)


def test_shares_are_handed_on_before_prices_settle_and_again_after() -> None:
    problem = small_problem(5, "count", num_practices=60)
    ascent = Ascent(Pricer(problem))
    settled: list[bool] = []

    class Handed(list[npt.NDArray[np.float64]]):
        def __setitem__(self, at: Any, value: Any) -> None:
            settled.append(ascent.is_settled)
            super().__setitem__(at, value)

    handed = Handed()
    _rise(Progress(problem, Options(time_limit_s=60.0)), ascent, handed)
    assert settled[0] is False
    assert settled[-1] is True
    assert len(handed) == 1
    assert handed[0].sum() == pytest.approx(ascent.share.sum())


def test_cancel_stops_and_says_so() -> None:
    problem = small_problem(3, "bounds")
    answer = solve_lagrangian(problem, options=QUICK, cancel=lambda: True)
    assert answer.stop is StopReason.CANCELLED
