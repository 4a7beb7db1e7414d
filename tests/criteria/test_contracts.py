"""Contracts: what each form leaves, cedes and costs."""

from dataclasses import replace
from math import inf, sqrt

import numpy as np
import pytest

from federate.criteria.judge import weigh
from federate.criteria.pool import Pool
from federate.criteria.risk_terms import (
    ATTACH,
    BUDGET,
    EXPECTED_OVERSPEND,
    FEE,
    GAIN,
    GAIN_BEYOND,
    LAYER,
    LIMIT,
    LOADING,
    NUM_PARTS,
    QUOTA,
    SD_LOADING,
    THIRD,
    VARIANCE,
    frozen,
    no_contract,
    no_risk_terms,
)
from federate.criteria.spend import SpendModel, practice_spend
from federate.criteria.tails import (
    LOGNORMAL,
    NORMAL,
    NORMAL_POWER,
    expected_layer,
    pool_sigma,
    probability_above,
    tail_mean,
)
from tests.criteria.contract_twin import NO_CONTRACT, Contract, cheapest, retain

MODEL = SpendModel(cv1=4.6, mean_shift=0.002)
SIZES = np.array([6_000, 9_000, 12_000, 5_000])
BUDGETS = np.array([1.0e7, 1.6e7, 2.2e7, 0.8e7])
MEMBERS = np.arange(4)
SPEND = practice_spend(SIZES, BUDGETS, MODEL)
POOL = Pool.of(SPEND, MEMBERS, MODEL)


def test_no_contract_leaves_the_bare_risk_and_costs_nothing() -> None:
    left = retain(NO_CONTRACT, POOL, tolerance=0.02)
    law = (POOL.mean_shift, POOL.sigma, POOL.skew)
    assert left.ceded_gbp == left.premium_gbp == left.loading_gbp == 0.0
    assert left.incentive == 1.0
    assert left.sd_gbp == pytest.approx(POOL.sigma * POOL.budget_gbp)
    assert left.probability == probability_above(NORMAL_POWER, 0.02, *law)
    assert left.tail_mean_gbp == pytest.approx(
        POOL.budget_gbp * tail_mean(NORMAL_POWER, 0.95, *law)
    )


@pytest.mark.parametrize("share", [0.1, 0.3, 0.8])
def test_a_quota_share_scales_what_is_left(share: float) -> None:
    """Retained relative sd (1 − α)s; P(retained loss > rB) = 1 − Φ(r/((1 − α)s))."""
    pool = replace(POOL, mean_shift=0.0)
    contract = Contract("half", quota_share=share, fee_share=0.004)
    left = retain(contract, pool, tolerance=0.02, tail=NORMAL)
    kept = (1 - share) * pool.sigma
    assert left.sd_gbp == pytest.approx(kept * pool.budget_gbp)
    assert left.probability == pytest.approx(
        probability_above(NORMAL, 0.02, 0.0, kept, 0.0)
    )
    assert left.loading_gbp == pytest.approx(0.004 * pool.budget_gbp)
    assert left.incentive == pytest.approx(1 - share)


@pytest.mark.parametrize(
    ("persons", "basis_points"),
    [
        (30_000, (85, 44, 20, 7.8)),
        (100_000, (50, 15, 2.8, 0.33)),
        (250_000, (35, 5.6, 0.34, 0.01)),
    ],
)
def test_a_large_pool_buys_the_upper_layer_for_little(
    persons: int, basis_points: tuple[float, ...]
) -> None:
    """Derived: pure price in bp of budget, CV1 3.6 and a shock of 0.5 %."""
    sigma = pool_sigma(3.6**2 / persons, 1.0, 0.005)
    found = [
        1e4 * expected_layer(NORMAL, attach, inf, 0.0, sigma, 0.0)
        for attach in (0.0, 0.01, 0.02, 0.03)
    ]
    for value, expected in zip(found, basis_points, strict=True):
        assert value == pytest.approx(expected, rel=0.02, abs=0.005)


@pytest.mark.parametrize("tail", [NORMAL, NORMAL_POWER, LOGNORMAL])
def test_the_premium_is_what_is_ceded_and_its_loadings(tail: int) -> None:
    contract = Contract(
        "full",
        attach=0.01,
        limit=0.06,
        loading=0.2,
        sd_loading=0.05,
        fee_share=0.001,
        fixed_gbp=25_000,
    )
    left = retain(contract, POOL, tolerance=0.02, tail=tail)
    fair = POOL.budget_gbp * expected_layer(
        tail, 0.01, 0.06, POOL.mean_shift, POOL.sigma, POOL.skew
    )
    assert left.ceded_gbp == pytest.approx(fair)
    assert left.premium_gbp == pytest.approx(left.ceded_gbp + left.loading_gbp)
    least = 0.2 * fair + 0.001 * POOL.budget_gbp + 25_000
    assert left.loading_gbp > least
    free = retain(replace(contract, sd_loading=0.0), POOL, tolerance=0.02, tail=tail)
    assert free.loading_gbp == pytest.approx(least)
    assert (
        left.tail_mean_gbp
        < retain(NO_CONTRACT, POOL, tolerance=0.02, tail=tail).tail_mean_gbp
    )


def test_the_compiled_price_is_the_record_s() -> None:
    contract = Contract(
        "mix",
        quota_share=0.2,
        attach=0.01,
        limit=0.06,
        layer_share=0.9,
        loading=0.2,
        sd_loading=0.05,
        fee_share=0.001,
        savings_share=0.3,
        savings_band=0.01,
    )
    left = retain(contract, POOL, tolerance=0.015)
    menu = no_contract().copy()
    terms = {
        QUOTA: contract.quota_share,
        ATTACH: contract.attach,
        LIMIT: contract.limit,
        LAYER: contract.layer_share,
        LOADING: contract.loading,
        SD_LOADING: contract.sd_loading,
        FEE: contract.fee_share,
        GAIN: contract.savings_share,
        GAIN_BEYOND: contract.savings_band,
    }
    menu[0, list(terms)] = list(terms.values())
    sums = np.zeros(NUM_PARTS)
    sums[[BUDGET, VARIANCE, THIRD]] = (
        POOL.budget_gbp,
        POOL.variance_gbp2,
        POOL.third_gbp3,
    )
    model = no_risk_terms(0)._replace(
        tail=NORMAL_POWER,
        mean=POOL.mean_shift,
        tau_shock=POOL.tau_common,
        tolerance=0.015,
        price=0.7,
        measure=EXPECTED_OVERSPEND,
        alpha=0.95,
        menu=frozen(menu),
    )
    found = weigh(model, 0, sums, 0.0, True, True)
    assert found[2] == pytest.approx(left.probability)
    assert found[3] == pytest.approx(left.beyond_gbp)
    assert found[4] == pytest.approx(left.tail_mean_gbp)
    assert found[5] == pytest.approx(left.ceded_gbp)
    assert found[6] == pytest.approx(left.loading_gbp)
    assert found[7] == pytest.approx(0.7 * left.beyond_gbp)


def test_a_carve_out_changes_the_practices_and_is_paid_for_once() -> None:
    spend = practice_spend(SIZES, BUDGETS, MODEL, carve_out_gbp=60_000.0)
    pool = Pool.of(spend, MEMBERS, MODEL)
    contract = Contract("carve", carve_out_gbp=60_000.0, loading=0.25, sd_loading=0.1)
    left = retain(contract, pool, tolerance=0.02)
    bare = retain(NO_CONTRACT, POOL, tolerance=0.02)
    assert left.ceded_gbp == pytest.approx(float(spend.ceded_gbp.sum()))
    sd = sqrt(float(spend.ceded_square_gbp2.sum()))
    assert left.loading_gbp == pytest.approx(0.25 * left.ceded_gbp + 0.1 * sd)
    assert left.sd_gbp < bare.sd_gbp
    assert pool.skew < POOL.skew


def test_a_share_of_a_carve_out_lies_between_none_and_all() -> None:
    sums = [
        Pool.of(
            practice_spend(
                SIZES, BUDGETS, MODEL, carve_out_gbp=50_000.0, carve_out_share=share
            ),
            MEMBERS,
            MODEL,
        )
        for share in (0.0, 0.55, 1.0)
    ]
    assert sums[0].variance_gbp2 == pytest.approx(POOL.variance_gbp2)
    assert sums[0].third_gbp3 == pytest.approx(POOL.third_gbp3)
    assert sums[0].ceded_gbp == pytest.approx(0.0)
    assert sums[1].ceded_gbp == pytest.approx(0.55 * sums[2].ceded_gbp)
    assert sums[2].variance_gbp2 < sums[1].variance_gbp2 < sums[0].variance_gbp2


def test_the_cheapest_item_depends_on_the_price_of_risk() -> None:
    stop_loss = Contract("stop-loss", attach=0.01, loading=0.3, fixed_gbp=5_000)
    menu = [(NO_CONTRACT, POOL), (stop_loss, POOL)]
    careless, _ = cheapest(menu, tolerance=0.01)
    careful, cost = cheapest(menu, tolerance=0.01, gbp_per_tail_mean=1.0)
    assert careless.contract == "none"
    assert careful.contract == "stop-loss"
    assert cost == pytest.approx(careful.loading_gbp + careful.tail_mean_gbp)
    with pytest.raises(ValueError, match="NO_CONTRACT"):
        cheapest([], tolerance=0.01)


def test_terms_that_make_no_sense_are_refused_together() -> None:
    with pytest.raises(ValueError, match=r"quota_share .*1\.5; .*limit 0\.01"):
        Contract("odd", quota_share=1.5, attach=0.02, limit=0.01)


def test_savings_given_away_cost_money_and_weaken_the_incentive() -> None:
    contract = Contract("support", savings_share=0.5, savings_band=0.01)
    pool = replace(POOL, mean_shift=-0.01)
    left = retain(contract, pool, tolerance=0.02, tail=NORMAL)
    # Savings are expected to reach the band exactly, so half of chance is beyond it.
    assert left.loading_gbp == pytest.approx(
        0.5 * pool.budget_gbp * pool.sigma * 0.398942, rel=1e-5
    )
    assert left.incentive == 0.5


def test_a_stop_loss_at_the_tolerance_leaves_no_surprise() -> None:
    left = retain(Contract("cap", attach=0.02), POOL, tolerance=0.02)
    assert left.probability == 0.0
    assert left.beyond_gbp > 0.0
