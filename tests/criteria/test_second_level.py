"""The shared layer against simulated federations."""

import numpy as np
import pytest

from federate.criteria.pool import Pool
from federate.criteria.second_level import share_above
from federate.criteria.tails import NORMAL

POOLS = [
    Pool(budget_gbp=b, variance_gbp2=(s * b) ** 2, tau_common=0.01, mean_shift=m)
    for b, s, m in ((8.0e7, 0.02, 0.0), (1.2e8, 0.015, 0.005), (5.0e7, 0.03, -0.005))
]


def test_the_shared_layer_is_that_of_simulated_years() -> None:
    rng = np.random.default_rng(3)
    shock = 0.01 * rng.standard_normal(400_000)
    layers = []
    for pool in POOLS:
        own = np.sqrt(pool.variance_gbp2) / pool.budget_gbp
        z = pool.mean_shift + shock + own * rng.standard_normal(len(shock))
        layers.append(pool.budget_gbp * np.maximum(z - 0.02, 0))
    found = share_above(POOLS, attach=0.02, tail=NORMAL)
    assert found.expected_gbp == pytest.approx(np.mean(layers, axis=1), rel=0.02)
    assert found.alone_sd_gbp == pytest.approx(np.std(layers, axis=1), rel=0.02)
    assert found.pooled_sd_gbp == pytest.approx(np.sum(layers, axis=0).std(), rel=0.02)


def test_sharing_saves_spread_and_shares_add_up() -> None:
    found = share_above(POOLS, attach=0.02)
    assert found.saved_gbp > 0
    assert found.share_gbp.sum() == pytest.approx(found.pooled_sd_gbp)


def test_without_a_common_shock_variances_add() -> None:
    alone = [Pool(1.0e8, 4.0e12), Pool(2.0e8, 9.0e12)]
    found = share_above(alone, attach=0.01, tail=NORMAL)
    assert found.pooled_sd_gbp == pytest.approx(np.sqrt((found.alone_sd_gbp**2).sum()))


def test_federations_in_different_shocks_are_refused() -> None:
    with pytest.raises(ValueError, match="different common shocks"):
        share_above([Pool(1.0, 1.0), Pool(1.0, 1.0, tau_common=0.1)], attach=0.01)
