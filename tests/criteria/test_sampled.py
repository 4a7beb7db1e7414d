"""Figures of drawn years: right on average, and off by as much as they say."""

import numpy as np
import pytest

from federate.criteria.sampled import (
    Sampled,
    sampled_mean,
    sampled_share,
    sampled_tail_mean,
)
from federate.criteria.tails import NORMAL, probability_above, tail_mean

ROUNDS, YEARS = 400, 2_000


def test_errors_are_those_of_repeated_draws() -> None:
    rng = np.random.default_rng(5)
    drawn = rng.standard_normal((ROUNDS, YEARS))
    truths: dict[str, tuple[float, list[Sampled]]] = {
        "share": (probability_above(NORMAL, 1.0, 0.0, 1.0, 0.0), []),
        "mean": (0.0, []),
        "tail": (tail_mean(NORMAL, 0.95, 0.0, 1.0, 0.0), []),
    }
    for years in drawn:
        truths["share"][1].append(sampled_share(years > 1.0))
        truths["mean"][1].append(sampled_mean(years))
        truths["tail"][1].append(sampled_tail_mean(years, 0.95))
    for truth, found in truths.values():
        values = np.array([figure.value for figure in found])
        errors = np.array([figure.error for figure in found])
        assert values.std() == pytest.approx(errors.mean(), rel=0.1)
        assert values.mean() == pytest.approx(truth, abs=4 * errors.mean() / 20)


def test_what_never_happened_has_an_error_too() -> None:
    never = sampled_share(np.zeros(20_000, dtype=bool))
    assert never.value == 0.0
    assert 1 / 20_000 < never.error < 2 / 20_000


def test_the_tail_mean_is_the_mean_of_the_worst_years() -> None:
    values = np.random.default_rng(1).permutation(np.arange(1_000.0))
    assert sampled_tail_mean(values, 0.9).value == pytest.approx(949.5)
    assert sampled_tail_mean(np.full(100, 3.0), 0.95) == (3.0, 0.0)
