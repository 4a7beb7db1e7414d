"""What deserves a look but may be as meant: told, and read all the same."""

from collections.abc import Callable
from pathlib import Path

from federate.errors import Fault
from federate.practices.folder import check_folder

Write = Callable[..., Path]
HEAD = "code,name,easting_m,northing_m,list_size,budget_gbp\n"
ALONE = {
    "instance.toml": 'schema = 1\nname = "dale"\n',
    "neighbours.csv": None,
    "travel.csv": None,
    "ties.csv": None,
    "current.csv": None,
}


def warnings_of(write_files: Write, rows: str, **changed: str | None) -> list[Fault]:
    files = {name.replace("_", "."): text for name, text in changed.items()}
    folder = write_files({**ALONE, "practices.csv": HEAD + rows, **files})
    report = check_folder(folder)
    assert report.faults == ()
    assert report.instance is not None
    return list(report.warnings)


def test_a_list_under_a_thousand(write_files: Write) -> None:
    (warning,) = warnings_of(
        write_files,
        "A001,Ash,351000,492000,999,1\nA002,Bay,352000,492000,1000,1\n",
    )
    assert (warning.line, warning.column, warning.value) == (2, "list_size", 999)


def test_practices_at_one_point(write_files: Write) -> None:
    (warning,) = warnings_of(
        write_files,
        "A001,Ash,351000,492000,2000,1\nA002,Bay,352000,492000,2000,1\n"
        "A003,Cut,352000,492000,2000,1\n",
    )
    assert warning.line == 3
    assert "2 practices share their exact point with another, e.g. A002" in str(warning)


def test_a_point_just_outside_the_boundary(write_files: Write) -> None:
    (warning,) = warnings_of(
        write_files,
        "A001,Ash,351000,492000,2000,1\nA002,Bay,375000,492000,2000,1\n",
    )
    assert "lies 1 km outside boundary.geojson" in warning.message


def test_a_practice_far_from_all_others(write_files: Write) -> None:
    warnings = warnings_of(
        write_files,
        "A001,Ash,351000,492000,2000,1\nA002,Bay,351000,392000,2000,1\n"
        "A003,Cut,352000,392000,2000,1\n",
        boundary_geojson=None,
        barriers_geojson=None,
    )
    assert [w.value for w in warnings] == ["A001"]
    assert "100 km from every other practice" in warnings[0].message


def test_a_budget_that_some_practices_lack(write_files: Write) -> None:
    (warning,) = warnings_of(
        write_files,
        "A001,Ash,351000,492000,2000,\nA002,Bay,352000,492000,2000,1\n",
    )
    assert "blank for 1 of 2 practices; give all a budget, or none" in warning.message


def test_a_table_with_a_slip_in_its_name(write_files: Write) -> None:
    (warning,) = warnings_of(
        write_files,
        "A001,Ash,351000,492000,2000,1\n",
        neighbors_csv="a,b\n",
    )
    assert str(warning) == (
        "neighbors.csv: is not read under this name; did you mean neighbours?"
    )


def test_a_boundary_that_crosses_itself(write_files: Write) -> None:
    bow = "[[[-3, 54.2], [-2.4, 54.6], [-2.4, 54.2], [-3, 54.6], [-3, 54.2]]]"
    warnings = warnings_of(
        write_files,
        "A001,Ash,351000,492000,2000,1\n",
        boundary_geojson=f'{{"type": "Polygon", "coordinates": {bow}}}',
        bases_csv=None,
    )
    assert "crosses itself" in warnings[0].message
