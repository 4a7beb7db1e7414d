"""Real maps beside ours: bounds taken from the real map, one row a criterion."""

import csv
from pathlib import Path

import federate
from benchmarks.maps import COLUMNS, equal_bounds, main


def test_equal_bounds_give_no_room_that_the_real_map_did_not_take() -> None:
    real = federate.evaluate("current", "vale")
    asked = equal_bounds(federate.Scenario.load("vale"), real)
    sizes = (
        [card.patients for card in real.scorecard.federations] if real.scorecard else []
    )
    assert asked.rules.size_bounds == (min(sizes), max(sizes))
    assert asked.rules.num_federations == len(sizes)


def test_a_folder_without_regions_is_told(tmp_path: Path) -> None:
    assert main(["--data", str(tmp_path)]) == 2


def test_a_region_has_a_row_for_each_criterion(
    shared_data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "maps.csv"
    asked = ["--data", str(shared_data), "--only", "trafford", "--out", str(out)]
    assert main([*asked, "--time-limit", "3"]) == 0
    rows = list(csv.DictReader(out.read_text("utf-8").splitlines()))
    assert tuple(rows[0]) == COLUMNS
    found = {row["criterion"]: row for row in rows}
    assert found["moved_patients"]["real"] == "0"
    assert found["num_violations"]["repaired"] == "0"
    assert len(found) == len(rows)
