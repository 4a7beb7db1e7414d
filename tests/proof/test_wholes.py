"""Whole practices by size: as little as trying every set finds, never more."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federate.problem import Problem
from federate.proof.check import check
from federate.proof.prices import Prices
from federate.proof.pricing import Federations
from federate.proof.whole import NEVER, least_whole, least_with, table_of_best
from federate.proof.wholes import Wholes
from tests.oracle import brute_force
from tests.proof.drawn import certificate_of, evidence_for, prices
from tests.strategies import problems, small_problem

PENNY = 0.01
RULES = ("bounds", "tight bounds", "count", "near", "voluntary", "waived", "plain")
PLENTY = 10**6


def anywhere(seed: int, rule: str, num_practices: int = 6) -> Problem:
    """Return a random problem whose federations need not be contiguous."""
    return replace(small_problem(seed, rule, num_practices), max_pieces=None)


def federations(problem: Problem, practice: list[float]) -> Federations:
    """Return the federations of a problem at some prices."""
    evidence = evidence_for(problem, practice, pricing="whole")
    return Federations(problem, Prices.of(problem, evidence))


@settings(max_examples=200, deadline=None)
@given(
    items=st.lists(st.tuples(st.integers(0, 9), st.integers(-20, 20)), max_size=7),
    low=st.integers(0, 12),
    wide=st.integers(0, 15),
)
def test_the_table_finds_what_trying_every_set_finds(
    items: list[tuple[int, int]], low: int, wide: int
) -> None:
    sizes = np.array([n for n, _ in items], dtype=np.int64)
    reduced = np.array([r for _, r in items], dtype=np.int64)
    best = table_of_best(sizes, reduced, low, low + wide, work=PLENTY)
    assert best is not None
    sets = [
        (chosen, int(reduced[list(chosen)].sum()))
        for size in range(len(items) + 1)
        for chosen in combinations(range(len(items)), size)
        if low <= int(sizes[list(chosen)].sum()) <= low + wide
    ]
    assert least_whole(best, low) == min((r for _, r in sets), default=NEVER)
    more = least_with(best, sizes, reduced, low)
    for i in range(len(items)):
        with_i = min((r for chosen, r in sets if i in chosen), default=NEVER)
        assert more[i] <= with_i


def test_too_long_a_table_is_not_made() -> None:
    sizes, reduced = np.full(9, 100), np.full(9, -1)
    assert table_of_best(sizes, reduced, 0, 500, work=1_000) is None


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**16), rule=st.sampled_from(RULES), drawn=prices())
def test_wholes_say_more_than_parts_and_no_more_than_the_twin(
    seed: int, rule: str, drawn: tuple[list[float], float, list[float]]
) -> None:
    asked = federations(anywhere(seed, rule), drawn[0])
    assert asked.least_by_size() <= Wholes(asked).least() <= asked.least()


@settings(max_examples=80, deadline=None)
@given(
    problem=problems(),
    drawn=prices(),
    more=st.floats(-0.2, 0.5),
)
def test_no_claim_of_whole_practices_passes_the_optimum(
    problem: Problem, drawn: tuple[list[float], float, list[float]], more: float
) -> None:
    best = brute_force(problem)
    if best is None:
        return
    claimed = best[0] * (1.0 + more)
    evidence = evidence_for(problem, *drawn[:2], claimed=claimed, pricing="whole")
    verdict = check(problem, None, certificate_of(problem, evidence))
    assert verdict.proven_gbp <= best[0] + PENNY


@pytest.mark.parametrize("rule", RULES)
def test_the_optimum_is_certified_whatever_the_prices(rule: str) -> None:
    for seed in range(4):
        problem = anywhere(seed, rule)
        best = brute_force(problem)
        if best is None:
            continue
        practice = [0.9 * best[0] / problem.n] * problem.n
        evidence = evidence_for(problem, practice, claimed=best[0], pricing="whole")
        verdict = check(problem, best[1], certificate_of(problem, evidence))
        assert verdict.is_proven
        assert verdict.is_best
        assert verdict.choice is not None
        assert "pairs" in verdict.sentence


def test_more_than_the_optimum_is_not_certified() -> None:
    problem = anywhere(3, "bounds")
    best = brute_force(problem)
    assert best is not None
    practice = [best[0] / problem.n] * problem.n
    evidence = evidence_for(problem, practice, claimed=1.02 * best[0], pricing="whole")
    verdict = check(problem, best[1], certificate_of(problem, evidence))
    assert not verdict.is_proven
    assert verdict.proven_gbp == pytest.approx(best[0], abs=PENNY)


def test_pairs_that_could_be_cheaper_hold_the_best_plan() -> None:
    for seed in range(8):
        problem = anywhere(seed, "bounds")
        best = brute_force(problem)
        if best is None:
            continue
        asked = federations(problem, [0.8 * best[0] / problem.n] * problem.n)
        wholes = Wholes(asked)
        bound = asked.prices.fixed(problem) + wholes.least()
        pairs = wholes.pairs(int((best[0] + 1.0) * 2**20) - bound)
        kept = set(zip(pairs.centre.tolist(), pairs.member.tolist(), strict=True))
        index = problem.instance.index
        for code, label in best[1].federation.items():
            assert (index[best[1].centre[label]], index[code]) in kept
