"""Likeness of practices: missing values, ties, scales."""

import numpy as np
import pytest

from federate.criteria.likeness import WeightedFeature, likeness, unlikeness_gbp
from federate.practices.instance import Attribute


def number(values: list[float], weight: float = 1.0) -> WeightedFeature:
    column = Attribute("imd", "number", "score", np.array(values))
    return WeightedFeature(column, weight, 10.0)


def label(values: list[str], weight: float = 1.0) -> WeightedFeature:
    return WeightedFeature(
        Attribute("it", "category", "label", np.array(values)), weight
    )


def test_two_numbers_are_alike_by_their_distance_in_scales() -> None:
    alike = likeness(2, [number([20.0, 30.0])], None, 0.0)
    assert alike is not None
    assert alike[0, 1] == pytest.approx(np.exp(-1.0))


def test_a_missing_value_drops_out_and_is_not_zero() -> None:
    features = [number([20.0, 20.0, np.nan]), label(["A", "B", "B"])]
    alike = likeness(3, features, None, 0.0)
    assert alike is not None
    assert alike[0, 1] == pytest.approx(0.5)
    assert alike[1, 2] == pytest.approx(1.0)


def test_a_pair_nobody_knows_anything_of_has_the_mean() -> None:
    alike = likeness(3, [label(["A", "A", ""])], None, 0.0)
    assert alike is not None
    assert alike[0, 2] == pytest.approx(alike[0, 1])


def test_a_tie_raises_likeness_only_where_it_is_stated() -> None:
    features = [label(["A", "B", "B"], weight=0.75)]
    alike = likeness(3, features, [(0, 1, 0.8)], 0.25)
    assert alike is not None
    assert alike[0, 1] == pytest.approx(0.25 * 0.8)
    assert alike[1, 2] == pytest.approx(0.75)
    assert alike[0, 2] == 0.0


def test_likeness_is_symmetric_with_ones_on_the_diagonal() -> None:
    rng = np.random.default_rng(3)
    values = [number(rng.normal(25, 10, 12).tolist())]
    alike = likeness(12, values, [(0, 5, 1.0), (2, 3, 0.5)], 0.4)
    assert alike is not None
    assert np.array_equal(alike, alike.T)
    assert np.array_equal(np.diag(alike), np.ones(12))
    assert alike.min() >= 0
    assert alike.max() <= 1


def test_nothing_to_compare_is_none() -> None:
    assert likeness(3, [], None, 0.25) is None


def test_unlikeness_is_paid_for_the_members_patients() -> None:
    alike = np.array([[1.0, 0.25], [0.25, 1.0]])
    paid = unlikeness_gbp(np.array([100, 300]), alike, gbp_per_patient=2.0)
    assert paid.tolist() == [[0.0, 150.0], [450.0, 0.0]]
