"""`federate init`: a file that loads as it is and teaches as it is read."""

import re
from pathlib import Path

import numpy as np
import pytest

from federate.errors import ScenarioError
from federate.practices.instance import Attribute, Instance, Practices
from federate.scenario import Scenario
from federate.scenario.load import preset_names
from federate.scenario.template import find_area, write_scenario_template


def instance(**columns: list[str]) -> Instance:
    """Return four practices with these label columns."""
    attributes = {
        name: Attribute(name, "category", "label", np.array(values))
        for name, values in columns.items()
    }
    zero = np.zeros(4)
    codes = ("A1", "A2", "A3", "A4")
    size = np.ones(4, dtype=np.int64)
    practices = Practices(codes, codes, zero, zero, size, zero, attributes)
    return Instance("kent", "Kent", practices)


KENT = instance(
    place=["Ashford", "Ashford", "Dover", ""],
    council=["E1", "E1", "E2", "E2"],
    twin=["Deal", "Dover", "Deal", "Dover"],
)


@pytest.mark.parametrize("preset", preset_names())
def test_the_file_asks_what_its_preset_asks(tmp_path: Path, preset: str) -> None:
    path = tmp_path / "kent.toml"
    write_scenario_template(path, instance="toy", preset=preset)
    assert Scenario.load(path) == Scenario.load(preset, instance="toy")


@pytest.mark.parametrize("preset", preset_names())
def test_each_line_that_is_not_in_force_may_be_put_in_force(
    tmp_path: Path, preset: str
) -> None:
    path = tmp_path / "kent.toml"
    write_scenario_template(path, instance="toy", preset=preset)
    text = path.read_text(encoding="utf-8")
    offered = re.findall(r"^# ([a-z_]+ = .*)$", text, re.MULTILINE)
    # Two that only hold beside another choice are offered with the rest.
    steady = [line for line in offered if not line.startswith("geographic_weight")]
    for line in steady:
        text = text.replace(f"# {line}\n", f"{line}\n")
    path.write_text(text, encoding="utf-8")
    price = "weights__size_deviation_gbp_per_person"
    assert len(offered) > 15
    assert Scenario.load(path, **{price: 2.0}).rules.num_federations == 6


def test_the_instance_is_written_as_seen_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "data/kent").mkdir(parents=True)
    (tmp_path / "ask").mkdir()
    path = tmp_path / "ask/kent.toml"
    folder = tmp_path / "data/kent"
    write_scenario_template(path, instance=str(folder), preset="pcn2019")
    assert 'instance = "../data/kent"' in path.read_text(encoding="utf-8")


def test_the_area_and_the_title_are_written(tmp_path: Path) -> None:
    path = tmp_path / "kent.toml"
    write_scenario_template(
        path,
        instance="toy",
        preset="pcn2019",
        area={"place": ("Dover",)},
        title="Dover",
    )
    scenario = Scenario.load(path)
    assert (scenario.area, scenario.title) == ({"place": ("Dover",)}, "Dover")


def test_no_line_is_wider_than_a_screen(tmp_path: Path) -> None:
    path = tmp_path / "kent.toml"
    write_scenario_template(path, instance="toy", preset="pcn2019")
    assert max(map(len, path.read_text(encoding="utf-8").split("\n"))) <= 88


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "kent.toml"
    path.write_text("mine")
    with pytest.raises(ScenarioError, match="is there already"):
        write_scenario_template(path, instance="toy", preset="pcn2019")
    assert path.read_text() == "mine"


def test_a_file_that_is_there_is_replaced_on_demand(tmp_path: Path) -> None:
    path = tmp_path / "kent.toml"
    path.write_text("mine")
    write_scenario_template(path, instance="toy", preset="pcn2019", overwrite=True)
    assert "extends" in path.read_text(encoding="utf-8")


def test_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    write_scenario_template(tmp_path / "a.toml", instance="toy", preset="pcn2019")
    assert [path.name for path in tmp_path.iterdir()] == ["a.toml"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="make it first"):
        write_scenario_template(
            tmp_path / "no/kent.toml", instance="toy", preset="pcn2019"
        )


def test_an_area_is_found_by_its_label_alone() -> None:
    assert find_area(KENT, "ashford") == {"place": ("Ashford",)}


def test_a_label_of_two_columns_must_say_which() -> None:
    with pytest.raises(ScenarioError, match="place=Dover or twin=Dover"):
        find_area(KENT, "Dover")


def test_columns_that_agree_on_the_practices_are_no_riddle() -> None:
    same = instance(code=["02A", "02A", "", ""], name=["02A", "02A", "", ""])
    assert find_area(same, "02A") == {"code": ("02A",)}


def test_a_column_may_be_named() -> None:
    assert find_area(KENT, "twin=dover") == {"twin": ("Dover",)}


def test_an_unknown_column_is_answered_with_the_nearest() -> None:
    with pytest.raises(ScenarioError, match="did you mean council"):
        find_area(KENT, "counsil=E1")


def test_an_unknown_label_is_answered_with_the_nearest() -> None:
    with pytest.raises(ScenarioError, match="did you mean Ashford"):
        find_area(KENT, "Ashfort")
