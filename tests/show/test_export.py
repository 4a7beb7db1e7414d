"""A result as files: what other programs read back is what was scored."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pandas as pd
import pytest

from federate.errors import InfeasibleError, InputError
from federate.result import Result
from federate.score import FederationScore
from federate.show.export import SUFFIXES, export
from solvers.contract import Status, StopReason
from tests.show.village import FORMULA, village
from tests.square import grouped, square


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that exports the village under a suffix."""

    def write(suffix: str) -> Path:
        path = tmp_path / f"plan{suffix}"
        export(village(), path)
        return path

    return write


def row(label: str) -> FederationScore:
    card = village().scorecard
    assert card is not None
    return next(f for f in card.federations if f.federation == label)


def properties(path: Path) -> dict[str, dict[str, Any]]:
    collection = json.loads(path.read_text(encoding="utf-8"))
    rows = [feature["properties"] for feature in collection["features"]]
    return {each["federation"]: each for each in rows}


def test_geojson_holds_the_figures_of_each_federation(
    written: Callable[[str], Path],
) -> None:
    found = properties(written(".geojson"))["F2"]
    told = (found["patients"], found["travel_mean_min"], found["violations"])
    assert told == (row("F2").patients, pytest.approx(row("F2").travel_mean_min), 0)


def test_geojson_is_in_longitude_and_latitude_without_a_crs(
    written: Callable[[str], Path],
) -> None:
    path = written(".geojson")
    assert "crs" not in json.loads(path.read_text(encoding="utf-8"))
    west, south, east, north = geopandas.read_file(path).total_bounds
    assert -2.1 < west < east < -1.9
    assert 52.5 < south < north < 52.7


def test_geopackage_has_a_layer_for_each_kind_of_place(
    written: Callable[[str], Path],
) -> None:
    layers = geopandas.list_layers(written(".gpkg"))
    assert list(layers["name"]) == ["federations", "practices", "bases"]


@pytest.mark.parametrize("layer", ["federations", "practices", "bases"])
def test_geopackage_is_in_the_national_grid(
    written: Callable[[str], Path], layer: str
) -> None:
    table = geopandas.read_file(written(".gpkg"), layer=layer)
    assert table.crs.to_epsg() == 27700


def test_geopackage_says_which_bases_run(written: Callable[[str], Path]) -> None:
    bases = geopandas.read_file(written(".gpkg"), layer="bases").set_index("code")
    assert bases["runs"].to_dict() == {"X": True, "Y": False}


def test_geoparquet_reads_back_with_grid_and_figures(
    written: Callable[[str], Path],
) -> None:
    table = geopandas.read_parquet(written(".parquet")).set_index("federation")
    assert table.crs.to_epsg() == 27700
    assert table["patients"].to_dict() == {"F1": 35_000, "F2": 30_000, "F3": 30_000}


def test_csv_says_where_each_practice_belongs(written: Callable[[str], Path]) -> None:
    table = pd.read_csv(written(".csv"), keep_default_na=False).set_index("code")
    told = table.loc["C3", ["federation", "centre", "travel_min", "base"]]
    assert list(told) == ["F3", "C2", 10.0, ""]


def test_csv_quotes_a_name_that_is_a_formula(written: Callable[[str], Path]) -> None:
    table = pd.read_csv(written(".csv")).set_index("code")
    assert table.loc["B1", "name"] == f"'{FORMULA}"


def test_a_practice_that_stands_alone_has_no_federation_in_the_csv(
    tmp_path: Path,
) -> None:
    everybody_but_c3 = grouped("A2 A1 A3", "B2 B1 B3", "C2 C1")
    export(village(everybody_but_c3), tmp_path / "plan.csv")
    table = pd.read_csv(tmp_path / "plan.csv", keep_default_na=False)
    told = table.set_index("code").loc["C3", ["federation", "centre", "travel_min"]]
    assert list(told) == ["", "", ""]


def test_the_workbook_has_a_sheet_for_each_question(
    written: Callable[[str], Path],
) -> None:
    book = openpyxl.load_workbook(written(".xlsx"))
    assert book.sheetnames == [
        "summary",
        "federations",
        "practices",
        "violations",
        "terms",
        "provenance",
    ]


def test_no_cell_of_the_workbook_is_a_formula(written: Callable[[str], Path]) -> None:
    book = openpyxl.load_workbook(written(".xlsx"))
    cells = [c for sheet in book for line in sheet.iter_rows() for c in line]
    assert FORMULA in [cell.value for cell in cells]
    assert [cell for cell in cells if cell.data_type == "f"] == []


def test_a_name_that_is_a_formula_stays_text_when_edited(
    written: Callable[[str], Path],
) -> None:
    sheet = openpyxl.load_workbook(written(".xlsx"))["practices"]
    named = [c for line in sheet.iter_rows() for c in line if c.value == FORMULA]
    assert [cell.quotePrefix for cell in named] == [True]


def test_the_headings_of_the_workbook_stay_in_sight(
    written: Callable[[str], Path],
) -> None:
    book = openpyxl.load_workbook(written(".xlsx"))
    assert {sheet.freeze_panes for sheet in book} == {"B2"}


def test_the_workbook_holds_the_figures_of_each_federation(
    written: Callable[[str], Path],
) -> None:
    table = pd.read_excel(written(".xlsx"), sheet_name="federations", engine="calamine")
    found = table.set_index("Federation").loc["F2"]
    told = (found["Patients"], found["Overspend risk"])
    assert told == (30_000, pytest.approx(row("F2").overspend_probability))


def test_the_terms_of_the_workbook_add_up_to_the_cost_of_the_plan(
    written: Callable[[str], Path],
) -> None:
    table = pd.read_excel(written(".xlsx"), sheet_name="terms", engine="calamine")
    total = table.set_index("Federation").loc["all", "All terms, £ a year"]
    assert total == pytest.approx(village().objective_gbp)


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_nothing_but_the_file_is_left_behind(
    written: Callable[[str], Path], suffix: str
) -> None:
    path = written(suffix)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_a_plan_in_which_nobody_joins_can_be_exported(
    tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"plan{suffix}"
    export(village(grouped()), path)
    assert path.stat().st_size > 0


def test_an_upper_case_suffix_is_known(tmp_path: Path) -> None:
    export(village(), tmp_path / "PLAN.CSV")
    assert (tmp_path / "PLAN.CSV").exists()


def test_an_unknown_suffix_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"\.csv, \.geojson, \.gpkg, \.parquet, \.xlsx"
    ):
        export(village(), tmp_path / "plan.shp")


def test_a_result_without_a_plan_writes_nothing(tmp_path: Path) -> None:
    none = Result(square(), None, Status.INFEASIBLE, StopReason.FINISHED)
    with pytest.raises(InfeasibleError):
        export(none, tmp_path / "plan.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("old")

    def fails(result: Result, aside: Path) -> None:
        aside.write_text("half")
        raise OSError("disk full")

    monkeypatch.setitem(SUFFIXES, ".csv", fails)
    with pytest.raises(OSError, match="disk full"):
        export(village(), path)
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [
        ("plan.csv", "old")
    ]
