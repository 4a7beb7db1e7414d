"""The section ``[sweep]``: keys and values, refused where they are faulty."""

from pathlib import Path

import pytest

from federate.errors import ScenarioError
from federate.scenario import Scenario

HEAD = 'schema = 1\nextends = "pcn2019"\n[sweep]\n'


def load(folder: Path, keys: str) -> Scenario:
    path = folder / "a.toml"
    path.write_text(HEAD + keys, encoding="utf-8")
    return Scenario.load(path)


@pytest.mark.parametrize(
    "written",
    ["rules.max_travel_min", '"rules.max_travel_min"', "rules . max_travel_min"],
)
def test_a_key_may_be_written_with_or_without_quotes(
    tmp_path: Path, written: str
) -> None:
    scenario = load(tmp_path, f'{written} = ["none", 20, 15.5]')
    assert scenario.sweep == {"rules.max_travel_min": ("none", 20, 15.5)}


def test_a_key_may_stand_in_a_table_of_its_own(tmp_path: Path) -> None:
    scenario = load(tmp_path, "[sweep.rules]\nsize_bounds = [[1, 2], [3, 4]]")
    assert scenario.sweep == {"rules.size_bounds": ((1, 2), (3, 4))}


def test_the_values_come_back_from_toml(tmp_path: Path) -> None:
    scenario = load(tmp_path, 'rules.num_federations = ["free", 3, [3, 5], "none"]')
    (tmp_path / "b.toml").write_text(scenario.to_toml(), encoding="utf-8")
    assert Scenario.load(tmp_path / "b.toml") == scenario


def test_a_changed_scenario_keeps_its_sweep(tmp_path: Path) -> None:
    scenario = load(tmp_path, "risk.cv1 = [3.0, 3.5]")
    assert scenario.with_(solve__seed=1).sweep == scenario.sweep


def test_a_file_on_top_replaces_the_values_of_a_key(tmp_path: Path) -> None:
    load(tmp_path, "risk.cv1 = [3.0, 3.5]\nsolve.seed = [0, 1]")
    above = tmp_path / "b.toml"
    above.write_text('schema = 1\nextends = "a.toml"\n[sweep]\nrisk.cv1 = [4.0]')
    assert Scenario.load(above).sweep == {"risk.cv1": (4.0,), "solve.seed": (0, 1)}


def test_every_fault_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as told:
        load(
            tmp_path,
            "rules.size_bound = [[1, 2]]\n"
            '"rules.max_travel_min" = ["none", -15]\n'
            "solve.threads = 4\n"
            'title = ["a"]\n'
            "risk.cv1 = []\n",
        )
    said = str(told.value)
    assert "5 problems" in said
    assert "line 4, sweep.rules.size_bound: no such key; did you mean" in said
    assert (
        "line 5, sweep.rules.max_travel_min: each value must be a number above 0, "
        "got -15" in said
    )
    assert "line 6, sweep.solve.threads: must be a list of values, each a whole" in said
    assert "line 7, sweep.title: cannot be swept" in said
    assert "line 8, sweep.risk.cv1: needs a value at least" in said
