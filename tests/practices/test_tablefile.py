from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import xlsxwriter

from federate.errors import InstanceError
from federate.practices.coordinates import to_lonlat
from federate.practices.folder import check_folder, read_folder
from federate.practices.rows import read_rows
from federate.practices.tablefile import read_table

Write = Callable[..., Path]
CODES = ["A001", "A002", "A003", "A004"]
EASTING_M = [351000.0, 351900.5, 356000.0, 347000.0]
NORTHING_M = [492000.0, 492500.0, 488000.0, 497000.0]
CELLS: dict[str, object] = {
    "code": CODES,
    "name": ["Ash, Oak & Partners", "Bay", "Côte", "Dale"],
    "easting_m": EASTING_M,
    "northing_m": NORTHING_M,
    "list_size": [8200, 6100, 2300, 11950],
    "imd": [21.5, 33.0, np.nan, 9.25],
    "rurality": ["Urban", "Urban", "Rural", "Rural"],
}


def save_xlsx(path: Path, sheets: Mapping[str, Iterable[Iterable[object]]]) -> None:
    with xlsxwriter.Workbook(path, {"nan_inf_to_errors": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for r, cells in enumerate(rows):
                for c, cell in enumerate(cells):
                    if cell == cell:
                        sheet.write(r, c, cell)


def as_rows(frame: pd.DataFrame) -> list[list[object]]:
    return [list(frame.columns), *frame.astype(object).to_numpy().tolist()]


def as_points(frame: pd.DataFrame, crs: str | None) -> gpd.GeoDataFrame:
    points = shapely.points(frame["easting_m"], frame["northing_m"])
    frame = frame.drop(columns=["easting_m", "northing_m"])
    return gpd.GeoDataFrame(frame, geometry=points, crs=crs)


def save(frame: pd.DataFrame, path: Path) -> None:
    if path.suffix == ".xlsx":
        save_xlsx(path, {"Sheet1": as_rows(frame)})
    elif path.name.endswith(".csv.gz"):
        frame.to_csv(path, index=False)
    elif path.name.endswith("geo.parquet"):
        as_points(frame, "EPSG:27700").to_parquet(path.with_name("practices.parquet"))
    elif path.suffix == ".parquet":
        frame.to_parquet(path, index=False)
    else:
        as_points(frame, "EPSG:27700").to_file(path, layer="practices")


@pytest.mark.parametrize("kind", ["csv.gz", "xlsx", "parquet", "geo.parquet", "gpkg"])
def test_every_kind_of_table_gives_the_same_practices(
    write_files: Write, kind: str
) -> None:
    folder = write_files()
    expected = read_folder(folder).practices
    (folder / "practices.csv").unlink()
    save(pd.DataFrame(CELLS), folder / f"practices.{kind}")
    practices = read_folder(folder).practices
    assert practices.code == expected.code
    assert practices.name[0] == "Ash, Oak & Partners"
    assert practices.easting_m.tolist() == expected.easting_m.tolist()
    assert practices.northing_m.tolist() == expected.northing_m.tolist()
    assert practices.list_size.tolist() == expected.list_size.tolist()
    np.testing.assert_array_equal(
        practices.attributes["imd"].values,
        expected.attributes["imd"].values,
    )


def test_geometry_in_another_system_is_converted(write_files: Write) -> None:
    folder = write_files({"practices.csv": None})
    frame = as_points(pd.DataFrame(CELLS), "EPSG:27700")
    frame.to_crs("EPSG:3857").to_file(folder / "practices.gpkg")
    easting_m = read_folder(folder).practices.easting_m
    np.testing.assert_allclose(easting_m, EASTING_M, atol=0.11)


def test_geometry_without_a_system_is_refused(write_files: Write) -> None:
    folder = write_files({"practices.csv": None})
    as_points(pd.DataFrame(CELLS), None).to_parquet(folder / "practices.parquet")
    with pytest.raises(InstanceError, match="states no CRS; save it with one"):
        read_folder(folder)


def test_geometry_that_is_no_point_is_refused_row_by_row(write_files: Write) -> None:
    folder = write_files({"practices.csv": None})
    frame = as_points(pd.DataFrame(CELLS), "EPSG:27700")
    frame.geometry = frame.geometry.buffer(10).where(
        [False, True, False, True], frame.geometry
    )
    frame.to_parquet(folder / "practices.parquet")
    lines = [fault.line for fault in check_folder(folder).faults]
    assert lines == [3, 5]


def test_a_sheet_row_is_the_line_of_a_fault(write_files: Write) -> None:
    folder = write_files({"practices.csv": None})
    frame = pd.DataFrame(CELLS)
    frame.loc[2, "list_size"] = -120
    save_xlsx(folder / "practices.xlsx", {"practices": as_rows(frame)})
    (fault,) = check_folder(folder).faults
    assert str(fault).startswith("practices.xlsx line 4, list_size: must be at least 1")
    assert fault.value == -120


def test_the_sheet_named_for_the_table_is_taken(write_files: Write) -> None:
    folder = write_files({"practices.csv": None})
    sheets: Mapping[str, list[list[object]]] = {
        "notes": [["read me"]],
        "practices": as_rows(pd.DataFrame(CELLS)),
    }
    save_xlsx(folder / "practices.xlsx", sheets)
    assert read_folder(folder).num_practices == 4


def test_several_sheets_without_the_tables_name_are_refused(
    write_files: Write,
) -> None:
    folder = write_files({"practices.csv": None})
    sheets = {"one": [["a"]], "two": [["b"]]}
    save_xlsx(folder / "practices.xlsx", sheets)
    with pytest.raises(InstanceError, match="sheets one, two; name one of them prac"):
        read_folder(folder)


@pytest.mark.parametrize("kind", ["xlsx", "parquet", "gpkg"])
def test_a_broken_file_is_a_fault(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"practices.{kind}"
    path.write_bytes(b"this is not what its name says")
    table, faults = read_table(path)
    assert not table.columns
    assert "save it again or as CSV" in faults[0].message


def test_another_kind_of_file_is_refused_with_the_kinds_that_are_read(
    tmp_path: Path,
) -> None:
    path = tmp_path / "practices.dbf"
    path.write_bytes(b"x")
    with pytest.raises(InstanceError, match=r"\.xlsx, \.parquet or \.gpkg"):
        list(read_rows(path))


def test_lines_count_the_lines_inside_quotes(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('a,b\n1,"two\nlines"\n\n3,4\n')
    table, faults = read_table(path)
    assert not faults
    assert table.lines == [2, 5]


def test_blank_cells_beside_and_below_a_table_count_for_nothing(
    tmp_path: Path,
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b,,\n1,2,,\n,,,\n3,4,,\n")
    table, faults = read_table(path)
    assert not faults
    assert dict(table.columns) == {"a": ["1", "3"], "b": ["2", "4"]}


def test_a_byte_order_mark_and_windows_line_ends_are_no_matter(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("\ufeffa,b\r\n1,é\r\n".encode())
    table, _ = read_table(path)
    assert dict(table.columns) == {"a": ["1"], "b": ["é"]}


def test_longitude_and_latitude_are_read_as_metres(write_files: Write) -> None:
    lon, lat = to_lonlat(EASTING_M, NORTHING_M)
    frame = pd.DataFrame(CELLS).drop(columns=["easting_m", "northing_m"])
    folder = write_files({"practices.csv": None})
    frame.assign(lon=lon, lat=lat).to_csv(folder / "practices.csv", index=False)
    easting_m = read_folder(folder).practices.easting_m
    np.testing.assert_allclose(easting_m, EASTING_M, atol=0.11)
