"""Where costs are whole pounds, so is the least: what that adds to a bound."""

from dataclasses import replace

import numpy as np
import pytest

from federate.problem import Problem
from federate.proof.lift import lifted
from federate.proof.units import GRID
from tests.strategies import small_problem


def in_pounds(away: float = 0.0, term: str = "", gbp: float = 0.0) -> Problem:
    """Return a problem whose every cost is this far from a whole pound."""
    problem = small_problem(1, "plain")
    assign = np.rint(problem.cost.assign_gbp) + away
    cost = replace(
        problem.cost,
        assign_gbp=assign,
        fixed_gbp=gbp if term == "fixed" else 0.0,
        gbp_per_head=gbp if term == "head" else 0.0,
        gbp_per_member=gbp if term == "member" else 0.0,
    )
    return replace(problem, cost=cost)


def test_a_bound_on_whole_pounds_is_the_next_pound() -> None:
    assert lifted(in_pounds(), 7 * GRID + 1) == 8 * GRID
    assert lifted(in_pounds(), 7 * GRID) == 7 * GRID


def test_costs_all_but_whole_lift_it_nearly_as_far() -> None:
    found = lifted(in_pounds(1e-8), 7 * GRID + GRID // 2) / GRID
    assert found == pytest.approx(8.0, abs=1e-5)
    assert found < 8.0


@pytest.mark.parametrize("term", ["fixed", "head", "member"])
def test_other_costs_lift_nothing(term: str) -> None:
    assert lifted(in_pounds(0.3), 7 * GRID + 1) == 7 * GRID + 1
    assert lifted(in_pounds(0.0, term, 0.5), 7 * GRID + 1) == 7 * GRID + 1
