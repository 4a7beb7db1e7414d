"""The shipped regimes: each loads, says what it is known for, and cites it."""

import re
from itertools import takewhile

import pytest

from federate.scenario import Scenario
from federate.scenario.load import PRESETS, preset_names


def numeric_lines() -> list[tuple[str, int]]:
    out = []
    for name in preset_names():
        lines = (PRESETS / f"{name}.toml").read_text(encoding="utf-8").split("\n")
        for k, line in enumerate(lines):
            value = line.partition("=")[2].partition("#")[0]
            numeric = re.search(r"(?<![\w\"])\d", value) and '"' not in value
            if numeric and not line.startswith(("#", "schema")):
                out.append((name, k))
    return out


def test_the_regimes_are_shipped() -> None:
    assert preset_names() == (
        "ccg2013",
        "ccg2013_risk",
        "neighbourhood2025",
        "pathfinder2010",
        "pcn2019",
    )


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_names_itself(name: str) -> None:
    assert Scenario.load(name).title


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_asks_for_no_instance(name: str) -> None:
    assert Scenario.load(name).instance is None


@pytest.mark.parametrize(("name", "k"), numeric_lines())
def test_every_number_of_a_preset_cites_its_source_or_owns_up(
    name: str, k: int
) -> None:
    lines = (PRESETS / f"{name}.toml").read_text(encoding="utf-8").split("\n")
    above = takewhile(lambda line: line.startswith("#"), reversed(lines[:k]))
    told = " ".join([lines[k].partition("#")[2], *above])
    assert "Source: " in told or "Choice: " in told, lines[k]


def test_there_are_numbers_to_cite() -> None:
    assert len(numeric_lines()) > 20


@pytest.mark.parametrize("name", preset_names())
def test_a_source_is_spelt_out_with_a_year_or_a_number(name: str) -> None:
    text = (PRESETS / f"{name}.toml").read_text(encoding="utf-8")
    for cited in re.findall(r"# Source: (.*(?:\n# (?!Source|Choice).*)*)", text):
        assert re.search(r"\(.*\d{4}.*\)|\(Pulse|\(advice", cited.replace("\n# ", " "))


def test_networks_of_2019_hold_30_to_50_thousand_neighbours() -> None:
    rules = Scenario.load("pcn2019").rules
    assert (rules.size_bounds, rules.contiguity) == ((30_000, 50_000), "contiguous")


def test_networks_of_2019_take_every_practice_and_one_above_the_range() -> None:
    pcn = Scenario.load("pcn2019")
    assert (pcn.membership.mode, pcn.rules.oversize) == ("mandatory", "own")


def test_groups_of_2013_range_from_corby_to_devon() -> None:
    assert Scenario.load("ccg2013").rules.size_bounds == (68_000, 901_000)


def test_groups_of_2013_pay_a_base_cost_and_a_price_a_head() -> None:
    scale = Scenario.load("ccg2013").scale
    assert (scale.fixed_gbp_per_federation, scale.gbp_per_head) == (1.5e6, 9)


def test_pathfinders_of_2010_join_if_they_like_at_any_size() -> None:
    pathfinder = Scenario.load("pathfinder2010")
    assert pathfinder.membership.mode == "voluntary"
    assert pathfinder.rules.size_bounds is None


def test_pathfinders_of_2010_need_not_be_neighbours() -> None:
    assert Scenario.load("pathfinder2010").rules.contiguity == "none"


def test_neighbourhoods_of_2025_aim_at_fifty_thousand() -> None:
    assert Scenario.load("neighbourhood2025").weights.target_size == 50_000


def test_the_published_mean_of_the_pathfinders_is_their_target() -> None:
    target = Scenario.load("pathfinder2010").weights.target_size
    assert target is not None
    assert abs(target - 35e6 / 177) < 500
