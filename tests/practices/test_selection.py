"""Rows kept before anything else is asked of a table."""

from pathlib import Path

import pytest

from federate.errors import InstanceError
from federate.practices.selection import only_rows
from federate.practices.tablefile import TableFile
from federate.practices.wide import import_wide

TABLE = TableFile(
    "p.csv",
    {"code": ["A", "B", "C"], "area": ["N", "S", "N"], "kind": ["x", "x", "y"]},
    [2, 3, 5],
)
WIDE = """\
code,name,lon,lat,list_size,area
A1,One,-1.5,53.1,7000,N
A2,Two,-1.6,53.2,-5,S
"""


def kept(where: dict[str, list[str]]) -> list[int]:
    return only_rows(TABLE, where)[0].lines


def test_every_row_stays_where_nothing_is_asked() -> None:
    assert kept({}) == [2, 3, 5]


def test_any_label_of_a_column_will_do() -> None:
    assert kept({"area": ["N", "S"]}) == [2, 3, 5]


def test_every_column_named_must_hold() -> None:
    assert kept({"area": ["N"], "kind": ["y"]}) == [5]


def test_unknown_columns_and_labels_are_all_told() -> None:
    _, faults = only_rows(TABLE, {"aera": ["N"], "kind": ["z"]})
    assert [fault.column for fault in faults] == ["aera", "kind"]
    assert "did you mean area?" in faults[0].message


def test_labels_that_never_meet_are_told() -> None:
    _, faults = only_rows(TABLE, {"area": ["S"], "kind": ["y"]})
    assert "no row has area = S and kind = y" in faults[0].message


def test_a_fault_of_a_row_left_out_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text(WIDE)
    instance, _ = import_wide(tmp_path / "p.csv", where={"area": ["N"]})
    assert instance.practices.code == ("A1",)


def test_a_fault_of_a_row_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text(WIDE)
    with pytest.raises(InstanceError, match="line 3, list_size"):
        import_wide(tmp_path / "p.csv", where={"area": ["S"]})
