"""Whatever prices are written down, what is proven never passes the optimum."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federate.problem import Problem
from federate.proof.check import check
from federate.proof.prices import Prices, plan_gbp
from federate.proof.pricing import Federations
from federate.proof.units import GRID
from federate.verify import verify
from tests.oracle import brute_force, plan_of
from tests.proof.drawn import certificate_of, evidence_for, prices
from tests.strategies import RULES, problems, small_problem

PENNY = 0.01


@settings(max_examples=200, deadline=None)
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
    for seed in range(3):
        problem = small_problem(seed, rule)
        chance = np.random.default_rng(seed)
        practice = chance.uniform(0, 120_000, problem.n).tolist()
        count, cuts = float(chance.normal(0, 5_000)), [9_000.0, 0.0, 4_000.5]
        evidence = evidence_for(problem, practice, count, cuts)
        rounded = Prices.of(problem, evidence)
        least, is_whole = Federations(problem, rounded, connected=True).least()
        assert is_whole
        slow = _least(problem, practice, rounded.count / GRID, cuts)
        assert least / GRID == pytest.approx(slow, abs=1e-3)


def _least(
    problem: Problem, practice: list[float], count: float, cuts: list[float]
) -> float:
    """Return Σ_c min(0, least reduced cost under c) by trying every set."""
    least = dict.fromkeys(range(problem.n), 0.0)
    for size in range(1, problem.n + 1):
        for members in combinations(range(problem.n), size):
            if set(members) & set(problem.oversize):
                continue
            dues = sum(
                cut
                for k, cut in enumerate(cuts)
                if len({k, k + 1, k + 2} & set(members)) > 1
            )
            paid = sum(practice[i] for i in members)
            for centre in members:
                plan = plan_of(problem, (members,), (centre,))
                if not any(broken.federation for broken in verify(problem, plan)):
                    whole = all(
                        len(set(group) & set(members)) in (0, len(group))
                        for group in problem.together
                    )
                    reduced = problem.cost.cost(members, centre) - paid - count + dues
                    if whole:
                        least[centre] = min(least[centre], reduced)
    return sum(least.values())
