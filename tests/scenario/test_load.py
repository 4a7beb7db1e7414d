"""Scenario files: what is found, what lies on what, where paths start from."""

from pathlib import Path

import pytest

from federate.errors import ScenarioError
from federate.problem import Problem
from federate.scenario import Scenario
from tests.strategies import small_instance

LOOSE = 'schema = 1\n[rules]\nnum_federations = "free"\n'


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.toml", LOOSE + "size_bounds = [10, 20]\n")
    assert Scenario.load(path).rules.size_bounds == (10, 20)


def test_a_file_may_be_named_by_text(tmp_path: Path) -> None:
    path = write(tmp_path / "a.toml", LOOSE)
    assert Scenario.load(str(path)) == Scenario.load(path)


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"\xef\xbb\xbf" + LOOSE.replace("\n", "\r\n").encode())
    assert Scenario.load(path).rules.num_federations == "free"


def test_the_file_lies_on_top_of_what_it_extends(tmp_path: Path) -> None:
    write(tmp_path / "low.toml", LOOSE + "size_bounds = [10, 20]\nno_donut = true\n")
    path = write(
        tmp_path / "top.toml",
        'schema = 1\nextends = "low.toml"\n[rules]\nsize_bounds = [30, 40]\n',
    )
    rules = Scenario.load(path).rules
    assert (rules.size_bounds, rules.no_donut) == ((30, 40), True)


def test_tables_are_merged_key_by_key(tmp_path: Path) -> None:
    write(tmp_path / "low.toml", LOOSE + "[likeness.features.imd]\nweight = 2\n")
    path = write(
        tmp_path / "top.toml",
        'schema = 1\nextends = "low.toml"\n[likeness.features.imd]\nscale = 5\n',
    )
    feature = Scenario.load(path).likeness.features["imd"]
    assert (feature.weight, feature.scale) == (2, 5)


def test_arrays_are_replaced_not_joined(tmp_path: Path) -> None:
    write(tmp_path / "low.toml", LOOSE + 'keep = ["A", "B"]\n')
    path = write(
        tmp_path / "top.toml",
        'schema = 1\nextends = "low.toml"\n[rules]\nkeep = ["C"]\n',
    )
    assert Scenario.load(path).rules.keep == ("C",)


def test_a_chain_of_bases_is_followed(tmp_path: Path) -> None:
    write(tmp_path / "deep/a.toml", LOOSE + "no_donut = true\n")
    write(tmp_path / "b.toml", 'schema = 1\nextends = "deep/a.toml"\n')
    path = write(tmp_path / "c.toml", 'schema = 1\nextends = "b.toml"\n')
    assert Scenario.load(path).rules.no_donut


def test_a_base_is_sought_from_the_folder_of_the_file_that_names_it(
    tmp_path: Path,
) -> None:
    write(tmp_path / "deep/a.toml", LOOSE + "no_donut = true\n")
    write(tmp_path / "deep/b.toml", 'schema = 1\nextends = "a.toml"\n')
    path = write(tmp_path / "c.toml", 'schema = 1\nextends = "deep/b.toml"\n')
    assert Scenario.load(path).rules.no_donut


def test_a_preset_may_be_extended(tmp_path: Path) -> None:
    path = write(tmp_path / "a.toml", 'schema = 1\nextends = "pcn2019"\n')
    assert Scenario.load(path) == Scenario.load("pcn2019")


def test_none_takes_a_rule_of_the_base_away(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.toml",
        'schema = 1\nextends = "pcn2019"\n[rules]\nsize_bounds = "none"\n',
    )
    assert Scenario.load(path).rules.size_bounds is None


def test_none_stays_a_value_where_it_is_one(tmp_path: Path) -> None:
    path = write(tmp_path / "a.toml", LOOSE + 'contiguity = "none"\n')
    assert Scenario.load(path).rules.contiguity == "none"


def test_an_instance_is_sought_from_the_folder_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    path = write(tmp_path / "s/a.toml", 'instance = "../data"\n' + LOOSE)
    assert Scenario.load(path).instance == str((tmp_path / "data").resolve())


def test_the_instance_of_a_base_is_sought_from_the_folder_of_the_base(
    tmp_path: Path,
) -> None:
    (tmp_path / "low/data").mkdir(parents=True)
    write(tmp_path / "low/a.toml", 'instance = "data"\n' + LOOSE)
    path = write(tmp_path / "b.toml", 'schema = 1\nextends = "low/a.toml"\n')
    assert Scenario.load(path).instance == str((tmp_path / "low/data").resolve())


def test_the_name_of_a_shipped_instance_stays_a_name(tmp_path: Path) -> None:
    path = write(tmp_path / "a.toml", 'instance = "toy"\n' + LOOSE)
    assert Scenario.load(path).instance == "toy"


def test_a_folder_is_read_by_its_own_scenario(tmp_path: Path) -> None:
    write(tmp_path / "vale-of-x/scenario.toml", LOOSE)
    scenario = Scenario.load(tmp_path / "vale-of-x")
    assert scenario.instance == str((tmp_path / "vale-of-x").resolve())


def test_the_scenario_of_a_folder_may_ask_of_another_instance(tmp_path: Path) -> None:
    write(tmp_path / "asks/scenario.toml", 'instance = "toy"\n' + LOOSE)
    assert Scenario.load(tmp_path / "asks").instance == "toy"


def test_none_takes_the_instance_of_a_base_away(tmp_path: Path) -> None:
    path = write(tmp_path / "a.toml", 'schema = 1\nextends = "toy"\ninstance="none"\n')
    assert Scenario.load(path).instance is None


@pytest.mark.parametrize("name", ["toy", "vale"])
def test_a_shipped_instance_is_read_by_its_own_scenario(name: str) -> None:
    assert Scenario.load(name).instance == name


def test_changes_count_before_the_scenario_is_checked(tmp_path: Path) -> None:
    path = write(tmp_path / "a.toml", "schema = 1\n")
    scenario = Scenario.load(path, rules__num_federations=3)
    assert scenario.rules.num_federations == 3


def test_a_scenario_knows_where_each_key_was_stated(tmp_path: Path) -> None:
    write(tmp_path / "low.toml", LOOSE + "no_donut = true\n")
    path = write(
        tmp_path / "top.toml",
        f'schema = 1\nextends = "{tmp_path}/low.toml"\n\n[rules]\nkeep = ["A"]\n',
    )
    scenario = Scenario.load(path)
    assert scenario.where("rules.no_donut") == (f"{tmp_path}/low.toml", 4)
    assert scenario.where("rules.keep") == (str(path), 5)


def test_a_changed_key_is_no_longer_looked_for_in_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "a.toml", LOOSE)
    scenario = Scenario.load(path).with_(rules__num_federations=4)
    assert scenario.where("rules.num_federations") == ("override", None)


def test_where_a_key_was_stated_is_no_part_of_the_scenario(tmp_path: Path) -> None:
    one = Scenario.load(write(tmp_path / "a.toml", LOOSE))
    two = Scenario.load(write(tmp_path / "b.toml", "\n\n" + LOOSE))
    assert one == two


def test_a_circle_of_bases_is_told_with_its_files(tmp_path: Path) -> None:
    write(tmp_path / "a.toml", 'schema = 1\nextends = "b.toml"\n')
    write(tmp_path / "b.toml", 'schema = 1\n\nextends = "a.toml"\n')
    with pytest.raises(ScenarioError, match="extends itself") as caught:
        Scenario.load(tmp_path / "a.toml")
    (fault,) = caught.value.faults
    assert (Path(fault.file).name, fault.line) == ("b.toml", 3)
    assert "a.toml → " in fault.message


def test_a_folder_without_a_scenario_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="federate init"):
        Scenario.load(tmp_path)


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(ScenarioError, match="did you mean pcn2019"):
        Scenario.load("pcn2020")


def test_a_name_the_instance_lacks_is_told_where_the_file_states_it(
    tmp_path: Path,
) -> None:
    path = write(tmp_path / "a.toml", LOOSE + 'keep = ["Q1"]\napart = [["P0", "Q9"]]\n')
    with pytest.raises(ScenarioError) as caught:
        Problem.build(small_instance(11, 6), Scenario.load(path))
    told = [(f.file, f.line, f.column) for f in caught.value.faults]
    assert (str(path), 5, "rules.apart[0]") in told
