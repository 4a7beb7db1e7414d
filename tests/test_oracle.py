"""The oracle itself, against the slowest possible search."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federate.problem import Problem
from federate.verify import verify
from tests.oracle import brute_force, partitions, plan_of
from tests.strategies import RULES, small_problem


def slowest(problem: Problem) -> float | None:
    """Return the least cost over all partitions × all centres, each verified."""
    everybody = tuple(range(problem.n))
    costs = []
    for groups in partitions((*everybody, problem.n)):
        # The block of one phantom practice stands alone, outside.
        outside = next(group for group in groups if problem.n in group)
        inside = tuple(group for group in groups if group is not outside)
        for centres in product(*inside):
            if not verify(problem, plan_of(problem, inside, centres)):
                led = zip(inside, centres, strict=True)
                cost = sum(problem.cost.cost(g, c) for g, c in led)
                alone = [i for i in outside if i < problem.n]
                if problem.alone_gbp is not None:
                    cost += float(problem.alone_gbp[alone].sum())
                costs.append(cost)
    return min(costs, default=None)


@pytest.mark.parametrize(("n", "bell"), [(0, 1), (3, 5), (5, 52), (8, 4140)])
def test_there_are_as_many_partitions_as_bell_counted(n: int, bell: int) -> None:
    assert len(set(partitions(tuple(range(n))))) == bell


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(sorted(RULES)))
def test_the_oracle_agrees_with_the_slowest_search(seed: int, rule: str) -> None:
    problem = small_problem(seed, rule, 5)
    least = slowest(problem)
    found = brute_force(problem)
    assert (None if found is None else found[0]) == pytest.approx(least)


def test_the_oracle_returns_a_plan_that_keeps_every_rule() -> None:
    problem = small_problem(3, "apart", 7)
    found = brute_force(problem)
    assert found is not None
    assert verify(problem, found[1]) == ()


def test_the_oracle_refuses_what_it_cannot_finish() -> None:
    with pytest.raises(ValueError, match="9 practices are more than 8"):
        brute_force(small_problem(0, "plain", 9))
