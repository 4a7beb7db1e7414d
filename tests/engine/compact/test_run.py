"""One solve: starts, limits, cancel, events, and what is never a plan."""

from dataclasses import replace

import numpy as np
import pytest

from federate.engine.answer import Grouping, objective_gbp
from federate.engine.compact.matrices import Matrices
from federate.engine.compact.model import Contiguity, build_model
from federate.engine.compact.run import Run
from federate.engine.compact.separate import broken_rules
from federate.engine.compact.solve import solve_compact
from federate.engine.events import Event
from federate.errors import SolverError
from federate.problem import Problem
from solvers.contract import Options, Status, StopReason
from solvers.registry import backend
from tests.engine.compact.street import street
from tests.engine.compact.variants import variant
from tests.square import square
from tests.strategies import small_problem

EXACT = Options(rel_gap=0.0)


def _matrices(problem: Problem, contiguity: Contiguity = "rounds") -> Matrices:
    return Matrices(problem, build_model(problem, contiguity=contiguity))


@pytest.mark.parametrize("contiguity", ["rounds", "flow"])
def test_the_best_plan_is_a_point_of_the_model(contiguity: Contiguity) -> None:
    with_a_plan = 0
    for problem in map(variant, range(30)):
        answer = solve_compact(problem, options=EXACT)
        if answer.grouping is None:
            continue
        with_a_plan += 1
        matrices = _matrices(problem, contiguity)
        point = matrices.point(answer.grouping)
        assert point is not None
        worth = float(matrices.mip.cost @ point) + matrices.mip.offset
        assert worth == pytest.approx(answer.objective_gbp)
        again = matrices.grouping(point)
        assert sorted(again.members) == sorted(answer.grouping.members)
    assert with_a_plan > 8


def test_a_plan_that_breaks_a_row_is_no_point() -> None:
    matrices = _matrices(street(size_bounds=(0, 60_000)))
    assert matrices.point(Grouping(((0, 1, 2, 3),), (1,))) is None
    assert matrices.point(Grouping(((0, 1),), (1,))) is None


def test_a_start_that_breaks_a_rule_is_left_aside() -> None:
    problem = square(no_donut=True, max_pieces=1)
    run = Run(_matrices(problem), backend("highs"), EXACT)
    ring = tuple(i for i in range(9) if i != 4)
    assert not run.offer(Grouping((ring, (4,)), (0, 4)))
    assert run.best is None
    assert run.offer(Grouping(((0, 1, 2, 3, 4, 5, 6, 7, 8),), (4,)))


def test_a_start_is_kept_where_there_is_no_time_to_look_further() -> None:
    problem = square(max_pieces=1)
    start = Grouping(((0, 1, 2), (3, 4, 5), (6, 7, 8)), (1, 4, 7))
    answer = solve_compact(problem, options=Options(time_limit_s=0.0), warm_start=start)
    assert answer.status is Status.FEASIBLE
    assert answer.stop is StopReason.TIME_LIMIT
    assert answer.grouping == start
    assert answer.objective_gbp == objective_gbp(problem, start)
    assert answer.bound_gbp is None


def test_a_start_is_led_by_whoever_leads_it_most_cheaply() -> None:
    problem = square(max_pieces=1)
    start = Grouping(((0, 1, 2), (3, 4, 5), (6, 7, 8)), (0, 4, 7))
    answer = solve_compact(problem, options=EXACT, warm_start=start)
    assert answer.objective_gbp is not None
    assert answer.objective_gbp <= objective_gbp(problem, start)


def test_no_time_and_no_start_is_no_solution() -> None:
    answer = solve_compact(square(), options=Options(time_limit_s=0.0))
    assert answer.status is Status.NO_SOLUTION
    assert answer.stop is StopReason.TIME_LIMIT
    assert answer.grouping is None
    assert answer.objective_gbp is None


def test_cancelling_at_once_keeps_the_start() -> None:
    start = Grouping(((0, 1, 2), (3, 4, 5), (6, 7, 8)), (1, 4, 7))
    problem = square(max_pieces=1, kappa=0.05, num_federations=(3, 3))
    answer = solve_compact(
        problem, options=EXACT, warm_start=start, cancel=lambda: True
    )
    assert answer.grouping is not None
    assert answer.status in (Status.FEASIBLE, Status.OPTIMAL)


def test_the_events_tell_plans_that_get_cheaper_and_bounds_that_rise() -> None:
    told: list[Event] = []
    problem = square(max_pieces=1, num_federations=(3, 3), size_bounds=(20_000, 40_000))
    answer = solve_compact(problem, options=EXACT, listen=told.append)
    plans = [e.objective_gbp for e in told if e.kind == "incumbent"]
    bounds = [e.bound_gbp for e in told if e.bound_gbp is not None]
    assert plans[-1] == answer.objective_gbp
    assert plans == sorted(plans, key=lambda gbp: -(gbp or 0.0))
    assert bounds == sorted(bounds)
    assert all((e.gap or 0.0) >= 0 for e in told)


def test_no_plan_told_on_the_way_breaks_a_rule() -> None:
    problem = replace(small_problem(11, "bounds", 7), max_pieces=1)
    matrices = _matrices(problem)
    told: list[float] = []
    run = Run(
        matrices,
        backend("highs"),
        EXACT,
        listen=lambda e: told.append(e.objective_gbp or np.nan),
    )
    answer = run.solve()
    assert answer.grouping is not None
    assert not broken_rules(matrices, answer.grouping)
    assert np.nanmin(told) == answer.objective_gbp


def test_rows_are_added_only_once() -> None:
    problem = square(max_pieces=1)
    matrices = _matrices(problem)
    corners = Grouping(((0, 8), (1, 2, 3, 4, 5, 6, 7)), (0, 4))
    cuts = broken_rules(matrices, corners)
    rows = matrices.mip.num_rows
    assert matrices.add(cuts) == len(set(cuts))
    assert matrices.add(cuts) == 0
    assert matrices.mip.num_rows == rows + len(set(cuts))


def test_rows_added_cut_off_the_point_they_were_made_for() -> None:
    problem = square(max_pieces=1)
    matrices = _matrices(problem)
    stray = Grouping(((0, 2), (1, 3, 4, 5, 6, 7, 8)), (0, 4))
    matrices.add(broken_rules(matrices, stray))
    assert matrices.point(stray) is None


def test_rules_that_clash_are_proven_impossible() -> None:
    problem = street(size_bounds=(45_000, 60_000), max_pieces=1)
    answer = solve_compact(problem, options=EXACT)
    assert answer.status is Status.INFEASIBLE
    assert answer.bound_gbp is None
    assert answer.reasons


def test_an_unknown_solver_is_a_solver_error() -> None:
    with pytest.raises(SolverError, match="no solver called 'abacus'"):
        solve_compact(street(), options=EXACT, solver="abacus")


def test_rows_within_a_solve_are_refused_where_the_solver_cannot() -> None:
    with pytest.raises(SolverError, match=r"highs cannot do this: lazy.*scip"):
        solve_compact(street(), options=EXACT, contiguity="lazy")


def test_a_refused_option_is_a_solver_error() -> None:
    with pytest.raises(SolverError, match="mip_rel_gap"):
        solve_compact(street(), options=Options(rel_gap=-1.0))


def test_the_same_seed_gives_the_same_plan() -> None:
    problem = square(max_pieces=1, num_federations=(3, 3))
    first, second = (solve_compact(problem, options=Options(seed=3)) for _ in range(2))
    assert first.grouping == second.grouping


def test_a_problem_in_which_everybody_is_oversize_has_one_plan() -> None:
    problem = street(size_bounds=(0, 5_000), oversize=(0, 1, 2, 3), kappa=np.nan)
    answer = solve_compact(problem, options=EXACT)
    assert answer.status is Status.OPTIMAL
    assert answer.grouping == Grouping(((0,), (1,), (2,), (3,)), (0, 1, 2, 3))


def test_everybody_may_stand_alone_where_joining_is_voluntary() -> None:
    problem = street(alone_gbp=np.ones(4))
    answer = solve_compact(problem, options=EXACT)
    assert answer.status is Status.OPTIMAL
    assert answer.grouping == Grouping((), ())
    assert answer.objective_gbp == pytest.approx(4)
