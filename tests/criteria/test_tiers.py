"""Tiers and liability: who answers for how much."""

from typing import Any

import numpy as np
import pytest

from federate.criteria.liability import exposure
from federate.criteria.spend import SpendModel, practice_spend
from federate.criteria.tiers import (
    FULL,
    PARTIAL,
    PROVIDER,
    exposed_spend,
    exposure_shares,
    highest_tier,
    tier_share,
)

TIER = np.array([FULL, PARTIAL, PROVIDER])
SPEND = practice_spend(
    np.array([6_000, 9_000, 4_000]),
    np.array([1.0e7, 1.5e7, 0.7e7]),
    SpendModel(),
    carve_out_gbp=80_000.0,
)


def test_each_sum_falls_by_the_power_of_its_unit() -> None:
    shares = exposure_shares(TIER, partial_share=0.4)
    left = exposed_spend(SPEND, shares)
    assert left.budget_gbp == pytest.approx(SPEND.budget_gbp * [1, 0.4, 0])
    assert left.variance_gbp2 == pytest.approx(SPEND.variance_gbp2 * [1, 0.16, 0])
    assert left.third_gbp3 == pytest.approx(SPEND.third_gbp3 * [1, 0.064, 0])
    assert left.ceded_gbp == pytest.approx(SPEND.ceded_gbp * [1, 0.4, 0])


def test_the_lower_of_readiness_and_willingness_counts() -> None:
    ready = highest_tier(np.array([0.9, 0.9, 0.3]), partial=0.2, full=0.8)
    willing = highest_tier(np.array([5.0, 1.0, np.nan]), partial=1.0, full=3.0)
    assert np.maximum(ready, willing).tolist() == [FULL, PARTIAL, PROVIDER]


def test_the_full_tier_share_is_of_budget() -> None:
    assert tier_share(SPEND.budget_gbp, TIER, FULL) == pytest.approx(10 / 32)
    assert tier_share(np.zeros(1), np.array([FULL]), FULL) == 0.0


MEMBERS: dict[str, Any] = {
    "budget_gbp": np.array([3.0e6, 1.0e6]),
    "own_tail_gbp": np.array([4.0e5, 3.0e5]),
}


def test_several_liability_pools_nothing() -> None:
    found = exposure("several", **MEMBERS, pool_tail_gbp=1.0)
    assert found.member_gbp.tolist() == [4.0e5, 3.0e5]
    assert found.uncovered_gbp == 0.0


def test_joint_liability_is_shared_by_budget_and_adds_up() -> None:
    found = exposure("joint", **MEMBERS, pool_tail_gbp=4.8e5)
    assert found.member_gbp.tolist() == [3.6e5, 1.2e5]


def test_what_caps_leave_falls_back_on_the_commissioner() -> None:
    found = exposure(
        "joint-capped",
        **MEMBERS,
        pool_tail_gbp=4.8e5,
        cap_gbp=np.array([3.0e5, 3.0e5]),
    )
    assert found.member_gbp.tolist() == [3.0e5, 1.2e5]
    assert found.member_gbp.sum() + found.uncovered_gbp == pytest.approx(4.8e5)
    with pytest.raises(ValueError, match="cap_gbp"):
        exposure("joint-capped", **MEMBERS, pool_tail_gbp=1.0)


def test_a_pool_that_underspends_asks_nobody() -> None:
    found = exposure("joint", **MEMBERS, pool_tail_gbp=-1.0)
    assert found.member_gbp.tolist() == [0.0, 0.0]
