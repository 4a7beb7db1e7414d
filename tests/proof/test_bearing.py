"""The proof's own figures of pooled risk against those of the engines."""

from itertools import combinations
from math import inf

import pytest

from federate.proof.bearing import bearing_gbp
from tests.strategies import POOLED, small_problem


@pytest.mark.parametrize("rule", POOLED)
def test_the_figures_of_any_federation_lie_within(rule: str) -> None:
    for seed in range(4):
        problem = small_problem(seed, rule, 6)
        pooled = problem.cost.pooled
        assert pooled is not None
        for number in (1, 2, 3, 5):
            for members in combinations(range(6), number):
                low, high = bearing_gbp(problem, members)
                if not pooled.fits(members):
                    assert low == inf or pooled.strain(members) < 1 + 1e-7
                    continue
                gbp = pooled.gbp(members)
                assert low <= gbp <= high
                assert high - low <= 1e-5 + 1e-8 * abs(gbp)


@pytest.mark.parametrize("rule", ["contracts", "contract required"])
def test_each_contract_is_weighed_by_itself(rule: str) -> None:
    problem = small_problem(2, rule, 6)
    pooled = problem.cost.pooled
    assert pooled is not None
    for k, item in enumerate(pooled.items):
        low, high = bearing_gbp(problem, (0, 2, 3), k)
        if item.fits((0, 2, 3)):
            assert low <= item.gbp((0, 2, 3)) <= high
        else:
            assert low == inf
