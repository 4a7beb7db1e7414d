"""Minutes by hand, and where each of them comes from."""

import numpy as np
import pytest

from federate.errors import InstanceError
from federate.geography.travel import SOURCES, km_between
from tests.geography.places import area
from tests.geography.roads import bases, row, stated, travel


def test_town_minutes_take_the_town_detour_and_speed() -> None:
    assert travel(row()).minutes[0, 1] == pytest.approx(12 * 1.5 / 60 * 60)


def test_country_minutes_take_the_country_detour_and_speed() -> None:
    assert travel(row()).minutes[2, 3] == pytest.approx(12 * 1.0 / 120 * 60)


def test_mixed_minutes_take_the_mean_detour_and_their_own_speed() -> None:
    assert travel(row()).minutes[1, 2] == pytest.approx(12 * 1.25 / 90 * 60)


def test_a_practice_is_no_minutes_from_itself() -> None:
    assert np.diagonal(travel(row()).minutes).tolist() == [0.0] * 4


def test_practices_at_one_site_are_no_minutes_apart() -> None:
    assert travel(area([(0.0, 0.0), (0.0, 0.0)])).minutes.max() == 0.0


def test_a_base_is_as_rural_as_the_practice_nearest_to_it() -> None:
    there = travel(row(bases=bases((36.0, 12.0))))
    assert there.base_minutes[3, 0] == pytest.approx(12 * 1.0 / 120 * 60)


def test_without_bases_there_are_no_minutes_to_them() -> None:
    assert travel(row()).base_minutes.shape == (4, 0)


def test_stated_minutes_replace_the_estimate() -> None:
    there = travel(row(travel=stated(("A", "B", 31.0))))
    assert there.minutes[0, 1] == 31.0


def test_every_minute_knows_its_source() -> None:
    there = travel(row(travel=stated(("A", "B", 31.0))))
    assert SOURCES[there.source[0, 1]] == "od"
    assert SOURCES[there.source[0, 2]] == "crow"


def test_stated_minutes_may_differ_by_direction() -> None:
    there = travel(row(travel=stated(("A", "B", 31.0), ("B", "A", 28.0))))
    assert (there.minutes[0, 1], there.minutes[1, 0]) == (31.0, 28.0)


def test_minutes_stated_one_way_hold_the_other_way_too() -> None:
    there = travel(row(travel=stated(("A", "B", 31.0))))
    assert there.minutes[1, 0] == 31.0
    assert SOURCES[there.source[1, 0]] == "od"


def test_stated_minutes_to_a_base_replace_the_estimate() -> None:
    there = travel(row(bases=bases((0.0, 5.0)), travel=stated(("C", "Z0", 50.0))))
    assert there.base_minutes[2, 0] == 50.0
    assert SOURCES[there.base_source[2, 0]] == "od"


def test_minutes_stated_from_a_practice_to_itself_are_ignored() -> None:
    assert travel(row(travel=stated(("A", "A", 9.0)))).minutes[0, 0] == 0.0


def test_stated_minutes_of_unknown_places_are_all_named() -> None:
    wrong = row(travel=stated(("A", "Q", 1.0), ("X", "B", 1.0)))
    with pytest.raises(InstanceError, match=r"no practice X[\s\S]*or base Q"):
        travel(wrong)


def test_straight_lines_are_measured_in_km() -> None:
    assert km_between(area([(0.0, 0.0), (3.0, 4.0)])).tolist() == [[0, 5], [5, 0]]
