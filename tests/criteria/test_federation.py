"""The cost of a federation is the sum of its named terms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federate.criteria.federation import FederationCost
from federate.problem import Problem
from tests.strategies import problems


@pytest.fixture
def cost() -> FederationCost:
    travel = np.array([[0.0, 10.0, 30.0], [20.0, 0.0, 5.0], [60.0, 5.0, 0.0]])
    return FederationCost(
        travel_gbp=travel,
        unlikeness_gbp=None,
        disruption_gbp=None,
        assign_gbp=travel,
        list_size=np.array([1_000, 2_000, 3_000]),
        fixed_gbp=50.0,
        gbp_per_head=0.01,
        gbp_per_member=2.0,
        target_size=5_000.0,
        deviation_gbp_per_person=0.1,
    )


def test_the_cost_of_a_federation_by_hand(cost: FederationCost) -> None:
    # travel 20 + 60, running 50 + 0.01·6000 + 2·3, deviation 0.1·1000
    assert cost.cost([0, 1, 2], 0) == pytest.approx(80 + 116 + 100)


def test_the_best_centre_is_the_cheapest_member(cost: FederationCost) -> None:
    centre, least = cost.best_centre([2, 0, 1])
    assert centre == 1
    assert least == pytest.approx(10 + 5 + 116 + 100)


def test_terms_are_named(cost: FederationCost) -> None:
    assert cost.terms([0, 1, 2], 0) == {
        "travel": 80.0,
        "unlikeness": 0.0,
        "disruption": 0.0,
        "running_cost": 116.0,
        "size_deviation": 100.0,
        "cut_edges": 0.0,
    }


@settings(max_examples=25, deadline=None)
@given(problem=problems(), pick=st.sets(st.integers(0, 4), min_size=1))
def test_terms_add_up_to_the_cost(problem: Problem, pick: set[int]) -> None:
    members = sorted(pick)
    centre, least = problem.cost.best_centre(members)
    assert sum(problem.cost.terms(members, centre).values()) == pytest.approx(least)
    assert all(problem.cost.cost(members, c) >= least - 1e-9 for c in members)
