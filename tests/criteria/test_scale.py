"""Scale: the floor that fixed cost sets, and what it buys."""

from math import inf

import pytest

from federate.criteria.scale import (
    Support,
    least_affordable_population,
    management_shortfall_gbp,
    running_gbp,
    scale_benefit_gbp,
    support_gbp,
    surplus_gbp,
)

READY_RECKONER = {"fixed_gbp": 1.5e6, "gbp_per_head": 9.0}


@pytest.mark.parametrize("reserve", [0.0, 3.0])
def test_the_allowance_just_pays_at_the_least_population(reserve: float) -> None:
    persons = least_affordable_population(
        **READY_RECKONER, allowance_gbp_per_head=25.0, reserve_gbp_per_head=reserve
    )
    cost = running_gbp(persons, 1, **READY_RECKONER, gbp_per_member=0.0)
    left = surplus_gbp(persons, cost, allowance_gbp_per_head=25.0)
    assert left == pytest.approx(reserve * persons)


def test_no_population_pays_where_a_head_costs_what_it_brings() -> None:
    found = least_affordable_population(**READY_RECKONER, allowance_gbp_per_head=9.0)
    assert found == inf


def test_a_support_partner_fills_the_gap_in_management() -> None:
    partner = Support("county", fixed_gbp=2e5, gbp_per_head=3.0, capacity_gbp=3e5)
    alone = management_shortfall_gbp(1e5, 50_000, needed_gbp_per_head=10.0)
    helped = management_shortfall_gbp(
        1e5, 50_000, needed_gbp_per_head=10.0, support=partner
    )
    assert alone == 4e5
    assert helped == 1e5
    assert support_gbp(partner, 50_000) == 3.5e5


def test_two_small_federations_never_gain_more_from_scale_than_one() -> None:
    settings = {"benefit_share": 0.01, "benefit_persons": 1e5}
    one = scale_benefit_gbp(80_000, 1.6e8, **settings)
    two = 2 * scale_benefit_gbp(40_000, 0.8e8, **settings)
    assert 0 < two < one < 0.01 * 1.6e8
    assert scale_benefit_gbp(80_000, 1.6e8) == 0.0
