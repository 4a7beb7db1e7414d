"""Reasons by prices why no plan exists: each sentence true by itself, and derived."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federate.engine.no_plan import refute_by_prices
from federate.feasibility import refute
from federate.problem import Problem
from federate.proof.no_plan import derive
from federate.refutation import Refutation
from tests.oracle import brute_force, partitions
from tests.proof.drawn import led
from tests.strategies import RULES, small_problem

TIGHT = sorted(set(RULES) - {"voluntary", "loose pieces"})


def never() -> bool:
    return False


def refuted(problem: Problem) -> tuple[Refutation, ...]:
    return refute_by_prices(problem, "highs", never)


def can_hold_all(problem: Problem, some: set[int]) -> bool:
    """Whether disjoint federations that keep the rules hold all of some practices."""
    sets = {members: (0.0, 0) for members, _ in led(problem)}
    for members, _ in led(problem):
        outside = [i for i in members if i not in some]
        sets.update({(i,): (0.0, 0) for i in outside})
    others = [i for i in range(problem.n) if i not in some]
    real = {members for members, _ in led(problem)}
    for i in others:
        sets.setdefault((i,), (0.0, 0))
    for groups in partitions(tuple(range(problem.n)), sets):
        held = {i for group in groups if group in real for i in group}
        if some <= held:
            return True
    return False


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**16))
def test_every_reason_holds_by_itself(rule: str, seed: int) -> None:
    problem = small_problem(seed, rule)
    reasons = refuted(problem)
    if reasons:
        assert brute_force(problem) is None
    for reason in reasons:
        assert reason.evidence is not None
        index = problem.instance.index
        short = {index[code] for code in reason.practices}
        if not reason.evidence.count_gbp and problem.alone_gbp is None:
            assert not can_hold_all(problem, short)
        said = derive(problem, reason)
        assert said is not None
        assert reason.sentence.startswith(said)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**16), rule=st.sampled_from(TIGHT))
def test_what_a_sentence_says_of_each_federation_is_so(seed: int, rule: str) -> None:
    problem = small_problem(seed, rule)
    for reason in refuted(problem):
        assert reason.evidence is not None
        price = reason.evidence.practice_gbp
        short = set(np.flatnonzero(price > 0).tolist())
        beside = set(np.flatnonzero(price < 0).tolist())
        for members, _ in led(problem):
            if short & set(members) and not reason.evidence.count_gbp:
                assert beside & set(members)


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**16), rule=st.sampled_from(list(RULES)))
def test_reasons_before_any_search_are_derived_too(seed: int, rule: str) -> None:
    problem = small_problem(seed, rule)
    for reason in refute(problem):
        assert derive(problem, reason) is not None


@settings(max_examples=100, deadline=None)
@given(
    seed=st.integers(0, 2**16),
    rule=st.sampled_from(list(RULES)),
    other=st.integers(0, 2**16),
)
def test_no_reason_of_another_problem_is_derived_where_a_plan_exists(
    seed: int, rule: str, other: int
) -> None:
    problem, strange = small_problem(seed, rule), small_problem(other, rule)
    for reason in (*refute(strange), *refuted(strange)):
        if derive(problem, reason) is not None:
            assert brute_force(problem) is None
