"""What `federate check` says about stated minutes."""

from federate.geography.travel_check import TravelFinding, travel_check
from tests.geography.roads import bases, row, stated, travel

# Practices A, B, C, D stand 12 km apart; 15 minutes are plausible.
THERE_AND_BACK = (
    ("A", "B", 15.0),
    ("B", "A", 15.0),
    ("C", "D", 15.0),
    ("D", "C", 15.0),
)


def found(*rows: tuple[str, str, float]) -> dict[str, TravelFinding]:
    instance = row(travel=stated(*rows))
    return {f.kind: f for f in travel_check(instance, travel(instance))}


def test_nothing_is_found_where_nothing_is_stated() -> None:
    assert travel_check(row(), travel(row())) == ()


def test_plausible_minutes_are_not_remarked_on() -> None:
    assert found(*THERE_AND_BACK) == {}


def test_places_without_any_stated_minutes_are_named() -> None:
    assert found(*THERE_AND_BACK[:2])["missing"].examples == ("C", "D")


def test_a_base_without_any_stated_minutes_is_named() -> None:
    instance = row(bases=bases((0.0, 5.0)), travel=stated(*THERE_AND_BACK))
    (finding,) = travel_check(instance, travel(instance))
    assert finding.examples == ("Z0",)


def test_a_missing_way_back_is_named() -> None:
    assert found(*THERE_AND_BACK[:3])["one_way"].examples == ("C to D",)


def test_ways_that_differ_by_far_are_named_with_both_minutes() -> None:
    rows = (("A", "B", 15.0), ("B", "A", 40.0), *THERE_AND_BACK[2:])
    assert found(*rows)["asymmetric"].examples == ("A to B 15 min, back 40",)


def test_ways_that_differ_a_little_are_not_remarked_on() -> None:
    rows = (("A", "B", 15.0), ("B", "A", 24.0), *THERE_AND_BACK[2:])
    assert found(*rows) == {}


def test_long_ways_may_differ_by_more_minutes() -> None:
    rows = (("A", "C", 60.0), ("C", "A", 75.0), *THERE_AND_BACK)
    assert found(*rows) == {}


def test_any_minutes_do_between_near_doors() -> None:
    rows = (("A", "Z0", 0.0), *THERE_AND_BACK)
    instance = row(bases=bases((0.0, 0.5)), travel=stated(*rows))
    assert travel_check(instance, travel(instance)) == ()


def test_minutes_faster_than_the_crow_are_named() -> None:
    rows = (("A", "C", 12.0), ("C", "A", 12.0), *THERE_AND_BACK)
    finding = found(*rows)["faster_than_crow"]
    assert finding.examples == (
        "A to C 24.0 km in 12.0 min",
        "C to A 24.0 km in 12.0 min",
    )


def test_no_minutes_at_all_are_faster_than_the_crow() -> None:
    rows = (("A", "B", 0.0), ("B", "A", 0.0), *THERE_AND_BACK[2:])
    assert found(*rows)["faster_than_crow"].count == 2


def test_seconds_for_minutes_are_slower_than_walking() -> None:
    rows = tuple((a, b, 60 * minutes) for a, b, minutes in THERE_AND_BACK)
    assert found(*rows)["slower_than_walking"].count == 4


def test_minutes_to_a_base_are_checked_too() -> None:
    rows = (*THERE_AND_BACK, ("D", "Z0", 1.0))
    instance = row(bases=bases((0.0, 5.0)), travel=stated(*rows))
    (finding,) = travel_check(instance, travel(instance))
    assert finding.kind == "faster_than_crow"


def test_the_worst_five_stand_for_all() -> None:
    rows = tuple((a, b, 1.0) for a in "ABCD" for b in "ABCD" if a != b)
    finding = found(*rows)["faster_than_crow"]
    assert (finding.count, len(finding.examples)) == (12, 5)
    assert finding.examples[0].startswith("A to D")
