"""Changed scenarios: from Python and as texts of the command line."""

import pytest

from federate.errors import ScenarioError
from federate.scenario import Scenario
from federate.scenario.change import parse_settings
from federate.scenario.schema import Rules

PCN = Scenario.load("pcn2019")


def test_a_change_makes_a_new_scenario() -> None:
    PCN.with_(rules__size_bounds=(35_000, 50_000))
    assert PCN.rules.size_bounds == (30_000, 50_000)


def test_a_change_is_checked() -> None:
    with pytest.raises(ScenarioError, match=r"override, rules\.size_bounds"):
        PCN.with_(rules__size_bounds=(50_000, 35_000))


def test_a_list_is_as_good_as_a_tuple() -> None:
    one = PCN.with_(rules__size_bounds=[35_000, 50_000])
    assert one == PCN.with_(rules__size_bounds=(35_000, 50_000))


def test_none_takes_a_rule_away() -> None:
    assert PCN.with_(rules__size_bounds=None).rules.size_bounds is None


def test_a_whole_section_may_be_given() -> None:
    changed = PCN.with_(rules=Rules(num_federations=4))
    assert changed.rules == Rules(num_federations=4)


def test_changes_that_only_hold_together_are_made_together() -> None:
    changed = PCN.with_(
        weights__target_size=None,
        weights__size_deviation_gbp_per_person=0,
        rules__num_federations=(4, 6),
    )
    assert changed.rules.num_federations == (4, 6)


def test_a_misspelt_change_is_answered_with_the_nearest_key() -> None:
    with pytest.raises(ScenarioError, match="did you mean size_bounds"):
        PCN.with_(rules__size_bound=(1, 2))


def test_no_change_gives_an_equal_scenario() -> None:
    assert PCN.with_() == PCN


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("rules.size_bounds=40000:60000", "rules__size_bounds", (40_000, 60_000)),
        ("rules.size_bounds=40_000:60_000", "rules__size_bounds", (40_000, 60_000)),
        ("rules.size_bounds=[40000, 60000]", "rules__size_bounds", (40_000, 60_000)),
        ("rules.size_bounds=none", "rules__size_bounds", None),
        ("rules.num_federations=5", "rules__num_federations", 5),
        ("rules.num_federations=5:8", "rules__num_federations", (5, 8)),
        ("rules.num_federations=free", "rules__num_federations", "free"),
        ("rules.contiguity=none", "rules__contiguity", "none"),
        ("rules.keep=A81001,A81002", "rules__keep", ("A81001", "A81002")),
        ("rules.keep=A81001", "rules__keep", ("A81001",)),
        ('rules.apart=[["A1", "A2"]]', "rules__apart", (("A1", "A2"),)),
        ("area.sub_icb_code=02A, 01H", "area__sub_icb_code", ("02A", "01H")),
        ("rules.no_donut=true", "rules__no_donut", True),
        ("weights.target_size=4.5e4", "weights__target_size", 45_000.0),
        ("title=2025", "title", "2025"),
        ("title = A = B", "title", "A = B"),
        ("solve.engine=search", "solve__engine", "search"),
        (
            "likeness.features.imd_2019.weight=2",
            "likeness__features__imd_2019__weight",
            2,
        ),
    ],
)
def test_a_setting_is_typed_as_the_schema_has_it(
    text: str, key: str, value: object
) -> None:
    assert parse_settings([text]) == {key: value}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rules.size_bounds", "must be KEY=VALUE"),
        ("rules.size_bound=3:4", "did you mean size_bounds"),
        ("rules.size_bounds=40000", "a pair is written 30000:50000"),
        ("rules.size_bounds=a:b", "must be a pair of numbers"),
        ("rules.no_donut=yes", "true or false"),
        (
            "solve.engine=magic",
            '"auto", "compact", "columns", "medians", "lagrangian" or "search"',
        ),
        ("solve.seed=-1", "a whole number at least 0"),
    ],
)
def test_a_setting_that_fits_nothing_says_what_would(text: str, words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_settings([text])
    assert words in str(caught.value)


def test_all_settings_are_judged_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_settings(["rule=1", "rules.no_donut=yes", "title"])
    assert len(caught.value.faults) == 3


def test_settings_lie_on_top_of_the_file() -> None:
    settings = parse_settings(["rules.size_bounds=40000:60000"])
    assert Scenario.load("pcn2019", **settings).rules.size_bounds == (40_000, 60_000)
