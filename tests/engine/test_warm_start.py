"""What-ifs: begin from the plan and the prices of a scenario alike."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from federate import api
from federate.engine.answer import Grouping, to_plan
from federate.engine.columns import solve_columns
from federate.engine.solve import solve
from federate.evidence import Evidence
from federate.problem import Problem
from solvers.contract import Options, Status
from tests.strategies import RULES, small_problem

EXACT = Options(rel_gap=0.0)


def dearer(problem: Problem) -> Problem:
    """Return the problem with each federation £10,000 and travel a tenth dearer."""
    cost = replace(
        problem.cost,
        fixed_gbp=problem.cost.fixed_gbp + 10_000.0,
        assign_gbp=problem.cost.assign_gbp * 1.1,
    )
    return replace(problem, cost=cost)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("seed", range(4))
def test_a_warm_start_proves_what_a_cold_one_does(seed: int, rule: str) -> None:
    problem = small_problem(seed, rule)
    before = solve_columns(problem, options=EXACT)
    changed = dearer(problem)
    cold = solve_columns(changed, options=EXACT)
    warm = solve_columns(
        changed, options=EXACT, warm_start=before.grouping, prices=before.evidence
    )
    assert warm.status is cold.status
    if cold.objective_gbp is None:
        assert warm.objective_gbp is None
    else:
        assert warm.objective_gbp == pytest.approx(cold.objective_gbp, abs=1e-6)
        assert warm.bound_gbp == pytest.approx(cold.bound_gbp, abs=1e-3)


@pytest.mark.parametrize("seed", range(6))
def test_prices_far_from_right_do_no_harm(seed: int) -> None:
    problem = small_problem(seed, "bounds")
    rng = np.random.default_rng(seed)
    sets = np.array([[0, 1, 2, -1, -1], [0, 1, 2, 3, 4]])
    prices = Evidence(
        codes=tuple(problem.instance.practices.code),
        practice_gbp=rng.normal(50_000, 100_000, problem.n),
        count_gbp=12_345.0,
        sets=sets,
        cut_gbp=np.array([30_000.0, 5_000.0]),
        dual_bound_gbp=1e12,
        bound_gbp=1e12,
    )
    cold = solve_columns(problem, options=EXACT)
    warm = solve_columns(problem, options=EXACT, prices=prices)
    assert warm.status is cold.status
    assert warm.objective_gbp == pytest.approx(cold.objective_gbp, abs=1e-6)


def test_a_start_that_keeps_the_rules_is_told_before_anything_is_sought() -> None:
    first = api.solve("toy")
    events = api.solve("toy", warm_start=first).events
    kinds = [(event.kind, event.message) for event in events]
    assert ("phase", "search") not in kinds
    assert [event.kind for event in events][:2] == ["started", "incumbent"]
    assert events[1].objective_gbp == pytest.approx(first.objective_gbp)


def test_a_start_that_breaks_rules_is_sought_from() -> None:
    problem = api.solve("toy").problem
    whole = Grouping((tuple(range(problem.n)),), (0,))
    result = solve(problem, warm_start=to_plan(problem, whole))
    assert result.status is Status.OPTIMAL
    assert result.violations == ()


def test_prices_move_to_other_practices_by_code() -> None:
    prices = Evidence(
        codes=("A", "B", "C", "D"),
        practice_gbp=np.array([1.0, 2.0, 3.0, 4.0]),
        count_gbp=7.0,
        sets=np.array([[0, 1, 2, -1, -1], [1, 2, 3, -1, -1]]),
        cut_gbp=np.array([5.0, 6.0]),
        dual_bound_gbp=10.0,
        bound_gbp=11.0,
        reach_gbp=1.0,
    )
    moved = prices.over(["D", "X", "C", "B"])
    assert moved.codes == ("D", "X", "C", "B")
    assert moved.practice_gbp.tolist() == [4.0, 2.5, 3.0, 2.0]
    assert moved.sets.tolist() == [[3, 2, 0, -1, -1]]
    assert moved.cut_gbp.tolist() == [6.0]
    assert moved.bound_gbp == -np.inf
    assert moved.reach_gbp is None


def test_a_run_with_its_certificate_is_a_start(tmp_path: Path) -> None:
    first = api.solve("toy")
    run = first.save(tmp_path / "run", certificate=True)
    again = api.solve("toy", warm_start=run)
    assert again.objective_gbp == pytest.approx(first.objective_gbp)
    assert again.status is Status.OPTIMAL
