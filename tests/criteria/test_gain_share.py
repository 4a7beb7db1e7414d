"""Gain share against an average over a grid of years."""

import numpy as np
import pytest

from federate.criteria.gain_share import (
    expected_payment,
    expected_saving,
    false_reward,
    least_band,
)
from federate.criteria.tails import LOGNORMAL, NORMAL, lognormal_shift

SCORES = np.linspace(-9, 9, 90_001)
WEIGHTS = np.exp(-(SCORES**2) / 2) / np.exp(-(SCORES**2) / 2).sum()


@pytest.mark.parametrize("mean", [-0.01, 0.0, 0.01])
def test_a_payment_is_the_average_of_what_is_paid(mean: float) -> None:
    t = lognormal_shift(0.5)
    variance = np.log(1 + t * t)
    z = mean + 0.03 * (np.exp(np.sqrt(variance) * SCORES - variance / 2) - 1) / t
    paid = 0.6 * np.maximum(-z - 0.01, 0) - 0.4 * np.maximum(z - 0.02, 0)
    found = expected_payment(
        LOGNORMAL,
        gain_share=0.6,
        gain_band=0.01,
        loss_share=0.4,
        loss_band=0.02,
        mean=mean,
        sigma=0.03,
        skew=0.5,
    )
    assert found == pytest.approx(WEIGHTS @ paid, abs=1e-7)


def test_a_fair_two_sided_share_pays_nothing_for_luck() -> None:
    found = expected_payment(
        NORMAL,
        gain_share=0.5,
        gain_band=0.02,
        loss_share=0.5,
        loss_band=0.02,
        mean=0.0,
        sigma=0.03,
    )
    assert found == pytest.approx(0.0, abs=1e-12)


def test_a_wider_band_pays_less_for_luck() -> None:
    bands = [0.0, 0.01, 0.02, 0.03]
    rewards = [false_reward(NORMAL, band, 0.02) for band in bands]
    savings = [expected_saving(NORMAL, band, 0.0, 0.02, 0.0) for band in bands]
    assert rewards == sorted(rewards, reverse=True)
    assert savings == sorted(savings, reverse=True)
    assert rewards[0] == pytest.approx(0.5)


def test_the_least_band_just_keeps_the_chance_of_a_false_reward() -> None:
    band = least_band(0.02, 0.05)
    assert false_reward(NORMAL, band, 0.02) == pytest.approx(0.05)
