"""Panels: headings, faults all at once, and which practices are whole."""

from pathlib import Path

import pytest

from federate.errors import InstanceError
from federate.practices.panel import read_panel

YEARS = ("2019/20", "2020/21", "2021/22", "2022/23")


def table(tmp_path: Path, *, heading: str = "", more: tuple[str, ...] = ()) -> Path:
    """Return a panel of 21 practices in four years, with rows added."""
    rows = [heading or "practice_code,fin_year,registered,spend,close_date,drugs"]
    rows += [
        f"P{i:02},{year},{1000 + i},{5000 + i},,100"
        for year in YEARS
        for i in range(21)
    ]
    path = tmp_path / "panel.csv"
    path.write_text("\n".join([*rows, *more]) + "\n")
    return path


def test_practices_and_years_come_in_order(tmp_path: Path) -> None:
    panel = read_panel(table(tmp_path), columns={}, less=("drugs",))
    assert panel.years == YEARS
    assert panel.code == tuple(f"P{i:02}" for i in range(21))
    assert panel.spend_gbp[3].tolist() == [4903.0] * 4
    assert panel.weighted is not panel.spend_gbp
    assert panel.weighted.tolist() == panel.patients.tolist()


def test_what_is_not_whole_is_left_out_and_counted(tmp_path: Path) -> None:
    more = (
        *(f"Q01,{year},900,800,,0" for year in YEARS[:3]),  # a year is missing
        *(
            f"Q02,{year},900,800,{'2022-07-01' * (k == 3)},0"
            for k, year in enumerate(YEARS)
        ),
        *(f"Q03,{year},900,{-5 if k == 1 else 800},,0" for k, year in enumerate(YEARS)),
        *(f"Q04,{year},900,{'' if k == 2 else 800},,0" for k, year in enumerate(YEARS)),
    )
    panel = read_panel(table(tmp_path, more=more), columns={})
    assert len(panel.code) == 21
    assert list(panel.left_out.values()) == [1, 2, 4]


def test_only_practices_that_are_wanted_are_kept(tmp_path: Path) -> None:
    wanted = {f"P{i:02}" for i in range(20)}
    assert set(read_panel(table(tmp_path), columns={}, only=wanted).code) == wanted


def test_headings_may_be_told(tmp_path: Path) -> None:
    path = table(tmp_path, heading="who,when,heads,cost,shut,drugs")
    told = {"code": "who", "year": "when", "patients": "heads", "spend": "cost"}
    assert len(read_panel(path, columns=told).code) == 21


def test_every_missing_heading_is_told_at_once(tmp_path: Path) -> None:
    path = table(tmp_path, heading="who,fin_yer,registered,spend,closed,drugs")
    with pytest.raises(InstanceError) as caught:
        read_panel(path, columns={"spend": "spent", "size": "x"}, less=("drug",))
    told = [(f.column, f.message) for f in caught.value.faults]
    assert [column for column, _ in told] == ["size", "code", "year", "spent", "drug"]
    assert "did you mean spend?" in told[3][1]
    assert "name it with code=HEADING" in told[1][1]


def test_every_bad_cell_and_repeated_year_is_told_with_its_line(tmp_path: Path) -> None:
    more = ("Q01,2019/20,many,800,,0", "P00,2019/20,900,800,,0", "Q02,2019/20,9,x,,0")
    with pytest.raises(InstanceError) as caught:
        read_panel(table(tmp_path, more=more), columns={})
    assert [(f.line, f.column, f.value) for f in caught.value.faults] == [
        (86, "registered", "many"),
        (88, "spend", "x"),
        (87, "practice_code", "P00"),
    ]
    assert "stands in line 2 already for 2019/20" in str(caught.value)


def test_too_few_years_or_practices_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    path.write_text("code,year,patients,spend\nA,1,9,9\nA,2,9,9\n")
    with pytest.raises(InstanceError, match="has 2 years; at least 4 are needed") as e:
        read_panel(path, columns={})
    assert "has 1 practices with a sound row" in str(e.value)
