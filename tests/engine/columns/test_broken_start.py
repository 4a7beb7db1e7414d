"""A plan to start from that breaks rules."""

import pytest

from federate.engine.answer import Grouping, objective_gbp, to_plan
from federate.engine.columns.solve import solve_columns
from federate.verify import verify
from solvers.contract import Options, Status
from tests.oracle import brute_force
from tests.strategies import small_problem


def test_a_broken_start_is_no_plan_however_cheap() -> None:
    problem = small_problem(14, "bounds")
    one = Grouping((tuple(range(problem.n)),), (0,))
    best = brute_force(problem)
    assert best is not None
    assert objective_gbp(problem, one) < best[0]
    answer = solve_columns(problem, options=Options(rel_gap=1e-9), warm_start=one)
    assert answer.status is Status.OPTIMAL
    assert answer.objective_gbp == pytest.approx(best[0], abs=1e-3)
    assert answer.grouping is not None
    assert verify(problem, to_plan(problem, answer.grouping)) == ()
