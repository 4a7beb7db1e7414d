"""Rural as published, and rural by the patients around."""

from pathlib import Path

import numpy as np

from federate.geography.rurality import is_rural
from tests.geography.places import area


def test_the_published_class_decides() -> None:
    pair = area([(0.0, 0.0), (1.0, 0.0)], labels={"rurality": ["Rural", "urban"]})
    assert is_rural(pair, "rurality").tolist() == [True, False]


def test_the_classes_of_2011_are_understood() -> None:
    labels = {"ruc11": ["Rural village", "Urban city and town"]}
    pair = area([(0.0, 0.0), (1.0, 0.0)], labels=labels)
    assert is_rural(pair, "ruc11").tolist() == [True, False]


def test_without_a_class_few_patients_around_mean_rural() -> None:
    # A and B see each other's 20,000 patients; C, 4 km off, sees its own 8,000.
    row = area([(0.0, 0.0), (1.0, 0.0), (5.0, 0.0)], list_size=[12_000, 8_000, 8_000])
    assert is_rural(row, "rurality").tolist() == [False, False, True]


def test_only_the_missing_classes_are_estimated() -> None:
    labels = {"rurality": ["Urban", ""]}
    pair = area([(0.0, 0.0), (50.0, 0.0)], labels=labels)
    assert is_rural(pair, "rurality").tolist() == [False, True]


def test_the_estimate_agrees_with_most_of_what_is_published(shared_data: Path) -> None:
    from tests.geography.england import england

    whole = england(shared_data)
    published = is_rural(whole, "rurality")
    estimated = is_rural(whole, "no such column")
    assert np.mean(published == estimated) > 0.93
