"""Whatever prices are written down, what is proven never passes the optimum."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federate.problem import Problem
from federate.proof.check import check
from federate.proof.prices import Prices, plan_gbp
from federate.proof.pricing import Federations
from federate.proof.units import GRID
from tests.oracle import brute_force
from tests.proof.drawn import (
    certificate_of,
    dues,
    evidence_for,
    led,
    near_best,
    prices,
)
from tests.strategies import RULES, problems, small_problem

PENNY = 0.01


@settings(max_examples=100, deadline=None)
@given(problem=problems(), drawn=prices(), more=st.floats(-0.2, 0.5))
def test_no_prices_prove_more_than_the_optimum(
    problem: Problem, drawn: tuple[list[float], float, list[float]], more: float
) -> None:
    best = brute_force(problem)
    optimum = 500_000.0 if best is None else best[0]
    evidence = evidence_for(problem, *drawn, claimed=optimum * (1.0 + more))
    verdict = check(problem, None, certificate_of(problem, evidence))
    if best is not None:
        assert verdict.proven_gbp <= best[0] + PENNY
        assert verdict.prices_gbp <= float(plan_gbp(problem, best[1]))


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 2**16),
    cuts=st.lists(st.floats(0, 20_000), min_size=3, max_size=3),
    scale=st.floats(0.97, 1.25),
    noise=st.lists(st.floats(-3_000, 6_000), min_size=8, max_size=8),
)
def test_neither_do_prices_near_the_best(
    rule: str, seed: int, cuts: list[float], scale: float, noise: list[float]
) -> None:
    problem = small_problem(seed, rule)
    best, found = brute_force(problem), near_best(problem, cuts)
    if best is not None and found is not None:
        for near in (
            found[0],
            [scale * p + e for p, e in zip(found[0], noise, strict=True)],
        ):
            evidence = evidence_for(problem, near, found[1], cuts)
            verdict = check(problem, None, certificate_of(problem, evidence))
            assert verdict.proven_gbp <= best[0] + PENNY


@settings(max_examples=60, deadline=None)
@given(problem=problems(), drawn=prices())
def test_neither_do_prices_of_a_knapsack(
    problem: Problem, drawn: tuple[list[float], float, list[float]]
) -> None:
    best = brute_force(problem)
    if best is not None:
        evidence = evidence_for(
            problem, *drawn, claimed=best[0] * 1.1, pricing="knapsack"
        )
        verdict = check(problem, None, certificate_of(problem, evidence))
        assert verdict.proven_gbp <= best[0] + PENNY


@settings(max_examples=60, deadline=None)
@given(problem=problems(*(rule for rule in RULES if rule != "loose pieces")))
def test_without_prices_the_choice_alone_finds_the_optimum(problem: Problem) -> None:
    best = brute_force(problem)
    if best is not None:
        evidence = evidence_for(problem, [0.0] * 8, claimed=best[0])
        verdict = check(problem, best[1], certificate_of(problem, evidence))
        assert verdict.proven_gbp == pytest.approx(best[0], abs=PENNY)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "loose pieces"])
def test_the_twin_finds_the_least_of_all_federations(rule: str) -> None:
    for seed, dear in enumerate((20_000, 35_000, 50_000, 70_000, 90_000, 120_000)):
        problem = small_problem(seed, rule)
        chance = np.random.default_rng(seed)
        practice = chance.uniform(0, dear, problem.n).tolist()
        count, cuts = float(chance.normal(0, 5_000)), [9_000.0, 0.0, 4_000.5]
        evidence = evidence_for(problem, practice, count, cuts)
        rounded = Prices.of(problem, evidence)
        least = Federations(problem, rounded).least()
        slow = _least(problem, practice, rounded.count / GRID, cuts)
        assert least / GRID == pytest.approx(slow, abs=1e-3)


def _least(
    problem: Problem, practice: list[float], count: float, cuts: list[float]
) -> float:
    """Return Σ_c min(0, least reduced cost under c) by trying every set.

    Where it is all the same who leads, whoever has the longest list does.
    """
    least = dict.fromkeys(range(problem.n), 0.0)
    assigned = problem.cost.assign_gbp
    any_leads = (assigned == assigned[:, :1]).all() and problem.reachable is None
    for members, centre in led(problem):
        longest = max(members, key=lambda i: (problem.list_size[i], -i))
        if any_leads and centre != longest:
            continue
        paid = count + sum(practice[i] for i in members)
        cost = problem.cost.cost(members, centre)
        reduced = cost - paid + dues(members, cuts)
        least[centre] = min(least[centre], reduced)
    return sum(least.values())
