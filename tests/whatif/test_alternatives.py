"""Alternatives: within reach, keeping every rule, and different."""

from itertools import combinations

import pytest

from federate.engine.solve import solve
from federate.whatif.alternatives import Alternatives, alternatives
from tests.strategies import small_problem


@pytest.fixture(scope="module")
def found() -> Alternatives:
    result = solve(small_problem(2, "count"))
    return alternatives(result, within=0.5, count=3, each_s=5.0)


def test_each_plan_keeps_the_rules_within_its_cost(found: Alternatives) -> None:
    first = found.plans[0].objective_gbp
    assert first is not None
    for plan in found.plans:
        assert plan.violations == ()
        assert plan.objective_gbp is not None
        assert plan.objective_gbp <= 1.5 * first + 1e-6


def test_the_plans_differ_pairwise(found: Alternatives) -> None:
    assert len(found.plans) > 1
    for one, other in combinations(found.plans, 2):
        assert one.diff(other).moved


def test_the_backbone_is_together_in_every_plan(found: Alternatives) -> None:
    for some in found.backbone:
        for plan in found.plans:
            assert len({plan.require_plan().federation[code] for code in some}) == 1


def test_nothing_is_proven_without_a_bound() -> None:
    problem = small_problem(2, "count")
    from dataclasses import replace

    bare = replace(solve(problem), bound_gbp=None)
    assert not any(alternatives(bare, within=0.2, count=2, each_s=5.0).is_proven)
