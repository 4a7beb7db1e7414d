"""What is kept under a layer, against a plain average over a fine grid of years."""

import math
from typing import Any

import numpy as np
import pytest

from federate.criteria import layers, tails
from federate.criteria.tails import LOGNORMAL, NORMAL, NORMAL_POWER

SCORES = np.linspace(-9, 9, 90_001)
WEIGHTS = np.exp(-(SCORES**2) / 2)
WEIGHTS /= WEIGHTS.sum()
MEAN, SIGMA, SKEW = 0.004, 0.03, 0.5
LAW = (MEAN, SIGMA, SKEW)
# attach, limit, share: stop-loss, with limit, loss sharing, sharing with limit, none.
COVERS = [
    (0.02, math.inf, 1.0),
    (0.01, 0.05, 1.0),
    (0.0, math.inf, 0.5),
    (0.01, 0.04, 0.7),
    (math.inf, math.inf, 1.0),
]


def years(tail: int) -> Any:
    """Overspend of each year on the grid, by the law as the docstring has it."""
    if tail == NORMAL:
        value = SCORES
    elif tail == NORMAL_POWER:
        z = np.maximum(SCORES, -3 / SKEW)
        value = z + SKEW / 6 * (z * z - 1)
    else:
        t = tails.lognormal_shift(SKEW)
        variance = math.log(1 + t * t)
        value = (np.exp(math.sqrt(variance) * SCORES - variance / 2) - 1) / t
    return MEAN + SIGMA * value


def ceded(z: Any, attach: float, limit: float, share: float) -> Any:
    if math.isinf(attach):
        return 0.0 * z
    return share * (np.maximum(z - attach, 0) - np.maximum(z - limit, 0))


def kept(z: Any, cover: tuple[float, float, float]) -> Any:
    taken = ceded(z, *cover)
    return z - taken + WEIGHTS @ taken


CASES = [(t, c) for t in (NORMAL, NORMAL_POWER, LOGNORMAL) for c in COVERS]


@pytest.mark.parametrize(("tail", "cover"), CASES)
def test_the_layer_and_what_is_kept_spread_as_the_years_do(
    tail: int, cover: tuple[float, float, float]
) -> None:
    z = years(tail)
    taken, left = ceded(z, *cover), kept(z, cover)
    layer_sd = math.sqrt(WEIGHTS @ taken**2 - (WEIGHTS @ taken) ** 2)
    left_sd = math.sqrt(WEIGHTS @ left**2 - (WEIGHTS @ left) ** 2)
    assert layers.layer_sd(tail, *cover, *LAW) == pytest.approx(layer_sd, abs=1e-6)
    # The normal power has variance 1 + γ²/18: what is kept of it, in proportion.
    sd = math.sqrt(WEIGHTS @ z**2 - (WEIGHTS @ z) ** 2)
    found = layers.retained_sd(tail, *cover, *LAW)
    assert found / SIGMA == pytest.approx(left_sd / sd, abs=2e-5)


@pytest.mark.parametrize(("tail", "cover"), CASES)
@pytest.mark.parametrize("excess", [-0.01, 0.0, 0.015, 0.03])
def test_probability_and_expected_overspend_are_averages_of_years(
    tail: int, cover: tuple[float, float, float], excess: float
) -> None:
    left = kept(years(tail), cover)
    unforeseen = layers.unforeseen_probability(tail, excess, *cover, *LAW)
    before = years(tail) - ceded(years(tail), *cover)
    assert unforeseen == pytest.approx(WEIGHTS @ (before > excess), abs=2e-4)
    beyond = layers.retained_excess(tail, excess, *cover, *LAW)
    assert beyond == pytest.approx(WEIGHTS @ np.maximum(left - excess, 0), abs=1e-6)


@pytest.mark.parametrize(("tail", "cover"), CASES)
@pytest.mark.parametrize("alpha", [0.6, 0.95])
def test_the_worst_years_are_averaged(
    tail: int, cover: tuple[float, float, float], alpha: float
) -> None:
    left = kept(years(tail), cover)
    order = np.argsort(left, kind="stable")
    weight = np.cumsum(WEIGHTS[order])
    worst = weight > alpha
    mean = (left[order] * WEIGHTS[order])[worst].sum() / WEIGHTS[order][worst].sum()
    least = left[order][np.argmax(worst)]
    assert layers.retained_value_at_risk(tail, alpha, *cover, *LAW) == pytest.approx(
        least, abs=1e-5
    )
    assert layers.retained_tail_mean(tail, alpha, *cover, *LAW) == pytest.approx(
        mean, abs=2e-5
    )


def test_a_stop_loss_caps_the_overspend_at_its_attachment_and_fair_premium() -> None:
    fair = tails.expected_layer(NORMAL, 0.02, math.inf, *LAW)
    cover = (0.02, math.inf, 1.0)
    assert layers.unforeseen_probability(NORMAL, 0.02, *cover, *LAW) == 0.0
    assert layers.retained_tail_mean(NORMAL, 0.99, *cover, *LAW) == pytest.approx(
        0.02 + fair
    )


@pytest.mark.parametrize("tail", [NORMAL, NORMAL_POWER, LOGNORMAL])
def test_the_square_below_all_of_the_law_is_that_of_the_mean_and_spread(
    tail: int,
) -> None:
    found = layers.square_excess(tail, -2.0, 0.0, 0.1, 1.0)
    variance = 0.01 * (1 + 1 / 18 if tail == NORMAL_POWER else 1)
    assert found == pytest.approx(4.0 + variance, rel=1e-3)
    assert layers.square_excess(tail, -2.0, 0.1, 0.0, 1.0) == pytest.approx(2.1**2)
