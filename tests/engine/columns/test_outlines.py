"""Federations that cost their outline alone: listed, chosen, proven."""

from dataclasses import replace

import numpy as np
import pytest

from federate.engine.answer import to_grouping, to_plan
from federate.engine.choosing import engines_for
from federate.engine.columns import fits, solve_columns
from federate.engine.columns.facts import by_outlines
from federate.engine.columns.outlines import short_outlines
from federate.engine.columns.pricing import Pricer
from federate.problem import Problem
from federate.verify import verify
from solvers.contract import Options, Status
from tests.engine.columns.test_pricing import NO_CUTS, reduced_costs
from tests.oracle import brute_force
from tests.strategies import small_problem

RULE = "cut edges oversize"


@pytest.mark.parametrize("seed", range(6))
def test_the_plan_that_parts_fewest_neighbours_is_proven(seed: int) -> None:
    problem = small_problem(seed, RULE, 7)
    best = brute_force(problem)
    if best is None:
        return
    start = to_grouping(problem, best[1])
    answer = solve_columns(problem, options=Options(rel_gap=1e-7), warm_start=start)
    assert answer.status is Status.OPTIMAL
    assert answer.grouping is not None
    assert answer.objective_gbp == pytest.approx(best[0])
    assert answer.bound_gbp == pytest.approx(best[0])
    assert verify(problem, to_plan(problem, answer.grouping)) == ()


@pytest.mark.parametrize("seed", range(6))
def test_every_federation_of_no_longer_outline_is_listed(seed: int) -> None:
    problem = small_problem(seed, RULE, 7)
    best = brute_force(problem)
    if best is None:
        return
    plan = to_grouping(problem, best[1])
    dearest = max(
        problem.cost.cost(*g) for g in zip(plan.members, plan.centres, strict=True)
    )
    listed = short_outlines(problem, Pricer(problem), plan)
    assert listed is not None
    every = reduced_costs(problem, np.zeros(problem.n), 0.0, NO_CUTS)
    wanted = {members for (members, _), cost in every.items() if cost <= dearest}
    assert wanted <= set(listed.members)
    assert len(listed.members) == len(set(listed.members))


def test_travel_at_a_price_is_not_for_outlines() -> None:
    assert not by_outlines(small_problem(1, "cut edges"))
    assert not by_outlines(small_problem(1))
    assert by_outlines(small_problem(1, RULE))


def test_a_few_large_federations_of_a_hundred_practices_are_for_the_compact_model() -> (
    None
):
    problem = _hundred((3, 3))
    assert not fits(problem)
    assert engines_for(problem) == ("search", "compact")
    assert engines_for(_hundred((3, 9))) == ("search", "lagrangian")


def _hundred(count: tuple[int, int]) -> Problem:
    problem = small_problem(1, "bounds", 100)
    total = float(problem.list_size.sum())
    bounds = (0.3 * total, 0.36 * total)
    return replace(problem, size_bounds=bounds, num_federations=count)
