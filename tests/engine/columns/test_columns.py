"""The column engine against brute force, and on real regions."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federate.engine.answer import to_grouping, to_plan
from federate.engine.columns.cuts import violated_sets
from federate.engine.columns.solve import fits, solve_columns
from federate.engine.events import Event
from federate.practices.wide import read_wide
from federate.problem import Problem
from federate.scenario import Scenario
from federate.verify import verify
from solvers.contract import Options, Status, StopReason
from solvers.registry import available_solvers
from tests.oracle import brute_force
from tests.strategies import RULES, small_problem

EVERYWHERE = [r for r in RULES if r != "loose pieces"]
EXACT = Options(rel_gap=1e-9)


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(0, 2**16), rule=st.sampled_from(EVERYWHERE))
def test_columns_and_brute_force_agree(seed: int, rule: str) -> None:
    problem = small_problem(seed, rule)
    best = brute_force(problem)
    answer = solve_columns(problem, options=EXACT)
    if best is None:
        assert answer.grouping is None
        return
    assert answer.status is Status.OPTIMAL
    assert answer.objective_gbp == pytest.approx(best[0], abs=1e-3)
    assert answer.bound_gbp == pytest.approx(best[0], abs=1e-3)
    assert answer.grouping is not None
    assert verify(problem, to_plan(problem, answer.grouping)) == ()


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**16), rule=st.sampled_from(EVERYWHERE))
def test_the_bound_never_passes_the_optimum_on_the_way(seed: int, rule: str) -> None:
    problem = small_problem(seed, rule)
    best = brute_force(problem)
    events: list[Event] = []
    solve_columns(problem, options=EXACT, listen=events.append)
    bounds = [e.bound_gbp for e in events if e.bound_gbp is not None]
    assert bounds == sorted(bounds)
    if best is not None:
        assert all(bound <= best[0] + 1e-3 for bound in bounds)


def test_a_plan_to_start_from_is_kept_or_beaten() -> None:
    problem = small_problem(12, "bounds")
    best = brute_force(problem)
    assert best is not None
    start = to_grouping(problem, best[1])
    answer = solve_columns(problem, options=EXACT, warm_start=start)
    assert answer.objective_gbp == pytest.approx(best[0], abs=1e-6)


def test_cancel_stops_and_says_so() -> None:
    problem = small_problem(3, "bounds")
    answer = solve_columns(problem, options=EXACT, cancel=lambda: True)
    assert answer.stop is StopReason.CANCELLED


def test_a_triple_that_half_columns_share_is_cut() -> None:
    members = [(0, 1), (1, 2), (0, 2)]
    found = violated_sets(4, members, np.full(3, 0.5), most=5)
    assert found.tolist() == [[0, 1, 2, -1, -1]]


def test_five_that_half_columns_share_in_a_ring_are_cut() -> None:
    members = [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)]
    found = violated_sets(5, members, np.full(5, 0.5), most=5)
    assert found.tolist() == [[0, 1, 2, 3, 4]]


@pytest.mark.parametrize("seed", range(20))
def test_cuts_are_violated_and_hold_for_every_whole_choice(seed: int) -> None:
    rng = np.random.default_rng(seed)
    members = [
        tuple(sorted(rng.choice(9, rng.integers(2, 5), replace=False)))
        for _ in range(40)
    ]
    values = rng.dirichlet(np.ones(40)) * 9 / 3
    for blank in violated_sets(9, members, values, most=50).tolist():
        inside = {i for i in blank if i >= 0}
        pairs = np.array([len(inside & set(m)) // 2 for m in members])
        assert len(inside) in (3, 5)
        assert pairs @ values > len(inside) // 2
        for split in range(20):
            groups = np.random.default_rng(split).integers(0, 4, 9)
            held = [sum(groups[i] == g for i in inside) // 2 for g in range(4)]
            assert sum(held) <= len(inside) // 2


def test_no_triple_is_cut_from_whole_columns() -> None:
    assert violated_sets(4, [(0, 1), (2, 3)], np.ones(2), most=5).size == 0


def test_engine_fits_small_contiguous_federations_only() -> None:
    assert fits(small_problem(1, "bounds"))
    assert fits(small_problem(1, "anywhere"))
    assert not fits(small_problem(1, "plain", num_practices=30))


@pytest.mark.parametrize(
    ("region", "bounds", "federations"),
    [("trafford", (30_000, 50_000), 6), ("sefton", (30_000, 50_000), 8)],
)
def test_a_real_region_is_proven_optimal(
    shared_data: Path, region: str, bounds: tuple[int, int], federations: int
) -> None:
    rules = {"size_bounds": bounds, "num_federations": "free"}
    scenario = Scenario.model_validate({"schema": 1, "rules": rules})
    instance = read_wide(shared_data / "regions" / f"{region}.csv")
    problem = Problem.build(instance, scenario)
    answer = solve_columns(problem, options=EXACT)
    assert answer.status is Status.OPTIMAL
    assert answer.grouping is not None
    assert len(answer.grouping.members) == federations
    assert verify(problem, to_plan(problem, answer.grouping)) == ()


def test_no_plan_is_proven_and_named_where_the_bounds_leave_none() -> None:
    problem = next(
        p
        for p in (small_problem(seed, "tight bounds") for seed in range(100))
        if brute_force(p) is None
    )
    answer = solve_columns(problem, options=EXACT)
    assert answer.status is Status.INFEASIBLE
    assert "the rules leave no plan" in answer.reasons[0]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**16), rule=st.sampled_from(EVERYWHERE))
def test_no_plan_costs_more_than_the_dearest(seed: int, rule: str) -> None:
    problem = small_problem(seed, rule)
    best = brute_force(problem)
    if best is not None:
        assert best[0] < problem.cost.dearest_gbp(problem.alone_gbp)


@pytest.mark.parametrize("solver", ["highs", "scip", "cpsat"])
def test_any_solver_may_choose_the_columns(solver: str) -> None:
    if solver not in available_solvers():
        pytest.skip(f"{solver} does not run here")
    problem = small_problem(4, "bounds", num_practices=12)
    best = solve_columns(problem, options=EXACT)
    answer = solve_columns(problem, options=EXACT, solver=solver)
    assert answer.objective_gbp == pytest.approx(best.objective_gbp)
