"""Age cells from the columns that are known."""

import numpy as np
import pytest

from federate.criteria.ages import (
    AGE_MEAN_GBP,
    AGE_SHARES_ENGLAND,
    age_shares,
    need_ratio,
)


def test_england_s_ages_cost_what_is_published() -> None:
    """Published: £1,713 a head over all ages (cells are rounded to 0.1 %)."""
    assert pytest.approx(1713, rel=0.005) == AGE_SHARES_ENGLAND @ AGE_MEAN_GBP


def test_a_practice_of_which_nothing_is_known_is_england() -> None:
    assert age_shares({}, 2)[1] == pytest.approx(AGE_SHARES_ENGLAND)
    unknown = age_shares({65: np.array([np.nan])}, 1)
    assert unknown[0] == pytest.approx(AGE_SHARES_ENGLAND)


def test_what_is_known_is_kept_and_the_rest_is_spread_as_england_s() -> None:
    known = {18: np.array([0.7, np.nan]), 65: np.array([0.2, 0.4])}
    shares = age_shares(known, 2)
    assert shares.sum(axis=1) == pytest.approx([1.0, 1.0])
    assert shares[:, 5:].sum(axis=1) == pytest.approx([0.2, 0.4])
    # Ages 15 to 24 are a tenth a year: 15 to 17 belong to the under-18s.
    under_18 = shares[0, :2].sum() + 0.3 * AGE_SHARES_ENGLAND[2] * 0.3 / (
        AGE_SHARES_ENGLAND[:2].sum() + 0.3 * AGE_SHARES_ENGLAND[2]
    )
    assert under_18 == pytest.approx(0.3)
    assert shares[0, 6] / shares[0, 5] == pytest.approx(
        AGE_SHARES_ENGLAND[6] / AGE_SHARES_ENGLAND[5]
    )


def test_columns_that_contradict_each_other_never_give_negative_people() -> None:
    shares = age_shares({50: np.array([0.3]), 65: np.array([0.35])}, 1)
    assert shares.min() >= 0
    assert shares.sum() == pytest.approx(1.0)


def test_an_older_list_needs_more() -> None:
    shares = age_shares({65: np.array([0.1, 0.2, 0.3])}, 3)
    assert (np.diff(need_ratio(shares)) > 0).all()
