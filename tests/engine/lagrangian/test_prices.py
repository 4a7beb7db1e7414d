"""What prices prove: against a slow twin, and against brute force."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federate.engine.lagrangian.prices import Pricer
from federate.problem import Problem
from tests.engine.lagrangian.twin import least_under, slow_bound
from tests.oracle import brute_force
from tests.strategies import RULES, small_problem


def random_prices(problem: Problem, seed: int) -> np.ndarray:
    prices = np.random.default_rng(seed).uniform(-5_000, 90_000, problem.n)
    prices[list(problem.oversize)] = 0.0
    return prices


@pytest.mark.parametrize("rule", RULES)
def test_the_least_under_each_centre_is_the_slow_twins(rule: str) -> None:
    for seed in range(6):
        problem = small_problem(seed, rule, num_practices=9)
        pricer, prices = Pricer(problem), random_prices(problem, seed)
        assert pricer.prove(prices).proved
        slow = [least_under(problem, prices, c) for c in range(problem.n)]
        assert pricer.lists.least == pytest.approx(slow, rel=1e-9, abs=1e-4)


@pytest.mark.parametrize("rule", RULES)
def test_the_value_follows_from_the_prices_alone(rule: str) -> None:
    for seed in range(6):
        problem = small_problem(seed, rule, num_practices=9)
        prices = random_prices(problem, seed)
        worth = Pricer(problem).prove(prices)
        slow = slow_bound(problem, prices, worth.count_gbp)
        assert worth.value_gbp == pytest.approx(slow, rel=1e-9, abs=1e-3)


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 2**16),
    rule=st.sampled_from(tuple(RULES)),
    level=st.floats(0.2, 3.0),
)
def test_no_plan_costs_less_than_any_prices_prove(
    seed: int, rule: str, level: float
) -> None:
    problem = small_problem(seed, rule)
    best = brute_force(problem)
    if best is None:
        return
    prices = level * random_prices(problem, seed)
    assert Pricer(problem).prove(prices).value_gbp <= best[0] + 1e-3


@pytest.mark.parametrize("rule", ["plain", "bounds", "near", "waived", "count"])
def test_narrow_lists_prove_the_same(rule: str) -> None:
    for seed in range(4):
        problem = small_problem(seed, rule, num_practices=30)
        wide, narrow = Pricer(problem), Pricer(problem, width=8)
        prices = random_prices(problem, seed) / 3
        full, short = wide.prove(prices), narrow.prove(prices)
        assert full.proved
        if short.proved:
            assert short.value_gbp == pytest.approx(full.value_gbp, rel=1e-12)


def test_a_list_too_narrow_to_prove_says_so() -> None:
    problem = small_problem(1, "plain", num_practices=30)
    high = np.full(problem.n, 1e6)
    assert not Pricer(problem, width=3).prove(high).proved


def test_lists_that_lag_behind_are_noticed() -> None:
    problem = small_problem(2, "bounds", num_practices=30)
    pricer = Pricer(problem, width=6)
    low, high = np.full(problem.n, 5_000.0), random_prices(problem, 2) + 50_000.0
    pricer.prove(low)
    proven = pricer.prove(high)
    again = Pricer(problem).prove(high)
    assert not proven.proved or proven.value_gbp == pytest.approx(again.value_gbp)
