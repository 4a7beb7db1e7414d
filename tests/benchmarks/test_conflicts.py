"""Planted conflicts: the row of one, and that each plant is what it says."""

from pathlib import Path

import federate
from benchmarks.conflicts import COLUMNS, explained, main
from benchmarks.planted import PLANTED, Planted
from federate.prepare import problem_of
from federate.scenario.keys import annotation_at


def test_a_planted_conflict_is_explained_in_a_row() -> None:
    asked = federate.Scenario.load("toy").with_(
        rules__respect_vetoes=False, cover__enabled=False
    )
    base = problem_of(asked, None, {})[0]
    total = float(base.list_size.sum())
    case = Planted(
        "more than all",
        "toy",
        "too small",
        frozenset({"rules.size_bounds"}),
        lambda base: {"rules__size_bounds": (total + 1_000, total + 2_000)},
    )
    row = explained(case, base, 60.0)
    assert {"region", *row} == set(COLUMNS)
    assert (row["named"], row["all_named"]) == ("rules.size_bounds", "yes")
    assert (row["is_smallest"], row["fix_has_plan"]) == ("yes", "yes")


def test_there_are_25_of_at_least_eight_kinds_and_their_rules_are_keys() -> None:
    assert len({case.name for case in PLANTED}) == 25
    assert len({case.kind for case in PLANTED}) >= 8
    for key in {key for case in PLANTED for key in case.rules}:
        assert annotation_at(tuple(key.split("."))) is not None


def test_a_folder_without_regions_is_told(tmp_path: Path) -> None:
    assert main(["--data", str(tmp_path)]) == 2
