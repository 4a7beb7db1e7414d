"""The price of risk under a contract, term by term."""

import math

import pytest

from federate.criteria import layers, priced, tails
from federate.criteria.tails import LOGNORMAL, NORMAL_POWER

MEAN, SIGMA, SKEW = 0.004, 0.03, 0.5
LAW = (MEAN, SIGMA, SKEW)


@pytest.mark.parametrize("measure", [priced.EXPECTED_OVERSPEND, priced.TAIL_MEAN])
def test_no_contract_is_priced_as_the_bare_risk(measure: int) -> None:
    level = 0.95 if measure == priced.TAIL_MEAN else 0.01
    bare = (
        tails.tail_mean(NORMAL_POWER, level, *LAW)
        if measure == priced.TAIL_MEAN
        else tails.expected_excess(NORMAL_POWER, level, *LAW)
    )
    none = (0.0, math.inf, math.inf, 1.0, 0.0, 0.0, 0.0)
    found = priced.priced_contract(NORMAL_POWER, measure, level, 0.3, *none, *LAW)
    assert found == pytest.approx(0.3 * bare)


def test_a_price_adds_every_loading_to_the_risk_that_is_left() -> None:
    alpha, theta, lam, fee, price = 0.25, 0.2, 0.1, 0.004, 0.5
    cover = (0.01, 0.05, 0.8)
    law = ((1 - alpha) * MEAN, (1 - alpha) * SIGMA, SKEW)
    found = priced.priced_contract(
        LOGNORMAL, priced.TAIL_MEAN, 0.95, price, alpha, *cover, theta, lam, fee, *LAW
    )
    risk = layers.retained_tail_mean(LOGNORMAL, 0.95, *cover, *law)
    taken = 0.8 * tails.expected_layer(LOGNORMAL, 0.01, 0.05, *law)
    spread = layers.layer_sd(LOGNORMAL, *cover, *law) + alpha * SIGMA
    assert found == pytest.approx(price * risk + theta * taken + lam * spread + fee)
