"""A county of thirty practices, its best plan and a poor one."""

from dataclasses import replace

import numpy as np
import pytest

from federate.engine.answer import Grouping
from federate.engine.columns import solve_columns
from federate.problem import Problem
from solvers.contract import Options
from tests.strategies import small_problem


@pytest.fixture
def county() -> Problem:
    return small_problem(4, "bounds", num_practices=30)


@pytest.fixture
def optimum(county: Problem) -> float:
    answer = solve_columns(county, options=Options(rel_gap=1e-9))
    assert answer.objective_gbp is not None
    return answer.objective_gbp


@pytest.fixture
def poor(county: Problem) -> Grouping:
    """Return a plan that keeps the rules but was made for other prices."""
    shuffled = np.random.default_rng(1).permuted(county.cost.assign_gbp, axis=1)
    other = replace(county, cost=replace(county.cost, assign_gbp=shuffled))
    answer = solve_columns(other, options=Options(rel_gap=0.05))
    assert answer.grouping is not None
    return answer.grouping
