"""Bounds by size alone: as good as the fractional problem, never better than true."""

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.optimize import linprog

from federate.problem import Problem
from federate.proof.knapsack import Knapsack
from federate.proof.prices import Prices
from federate.proof.pricing import Federations
from federate.proof.units import GRID
from tests.proof.drawn import evidence_for, prices
from tests.strategies import problems, small_problem

RULES = ("bounds", "tight bounds", "target", "waived", "hybrid", "plain")


def fractional(problem: Problem, centre: int, practice: list[float]) -> float | None:
    """Return F + the least Σ r_j y_j + p·|N − T|, y_c = 1, by linear programming."""
    cost, n = problem.cost, problem.n
    reduced = cost.assign_gbp[:, centre] + cost.gbp_per_head * cost.list_size
    reduced += cost.gbp_per_member - np.array(practice[:n])
    away, target = 0.0, 0.0
    if cost.target_size is not None:
        away, target = cost.deviation_gbp_per_person, cost.target_size
    sizes = problem.list_size.astype(float)
    lower, upper = problem.size_bounds or (0.0, sizes.sum())
    lower = 0.0 if problem.waived else lower
    answer = linprog(
        np.append(reduced, away),
        A_ub=[
            np.append(sizes, -1.0),
            np.append(-sizes, -1.0),
            np.append(sizes, 0.0),
            np.append(-sizes, 0.0),
        ],
        b_ub=[target, -target, upper, -lower],
        bounds=[(float(j == centre), 1.0) for j in range(n)] + [(0.0, None)],
    )
    return None if answer.fun is None else float(answer.fun) + cost.fixed_gbp


@settings(max_examples=60, deadline=None)
@given(problem=problems(*RULES, max_practices=8), drawn=prices())
def test_a_place_priced_well_says_as_much_as_the_fractional_problem(
    problem: Problem, drawn: tuple[list[float], float, list[float]]
) -> None:
    practice = drawn[0]
    rounded = Prices.of(problem, evidence_for(problem, practice))
    federations = Federations(problem, rounded)
    rules = federations.rules
    knapsack = Knapsack(problem, rules.lower, rules.upper, rules.base)
    for centre in range(problem.n):
        near = np.array([j for j in range(problem.n) if j != centre])
        profit = federations._profit(centre, np.arange(problem.n), federations._facts)
        least = knapsack.least(centre, near, profit) / GRID
        exact = fractional(problem, centre, practice)
        if exact is not None:
            assert least == pytest.approx(exact, abs=0.05, rel=1e-7)


def test_sizes_alone_say_no_more_than_the_whole_search() -> None:
    for seed in range(6):
        problem = small_problem(seed, "bounds", 8)
        practice = np.random.default_rng(seed).uniform(0, 9e4, problem.n).tolist()
        federations = Federations(
            problem, Prices.of(problem, evidence_for(problem, practice))
        )
        assert federations.least_by_size() <= federations.least()


def test_a_price_that_fits_no_whole_number_is_refused() -> None:
    problem = small_problem(1, "bounds")
    knapsack = Knapsack(problem, 0, 50_000, 0)
    profit = np.full(problem.n, 2**60, dtype=np.int64)
    with pytest.raises(OverflowError, match="does not fit"):
        knapsack.least(0, np.arange(1, problem.n), profit)
