"""Planted faults: each is told with its place, its value and the way out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from federate.errors import InstanceError
from federate.practices.folder import check_folder, read_folder

Write = Callable[..., Path]
BASE = "A001,Ash,351000,492000,8200\nA002,Bay,352000,492500,6100\n"
HEAD = "code,name,easting_m,northing_m,list_size\n"
PLAIN = 'schema = 1\nname = "dale"\n'
ALONE: dict[str, str | bytes | None] = {
    "instance.toml": PLAIN,
    "neighbours.csv": None,
    "travel.csv": None,
    "ties.csv": None,
    "current.csv": None,
}


class Planted(NamedTuple):
    """One fault: the spoilt files, where it must be told, and the way out."""

    claim: str
    files: dict[str, str | bytes | None]
    file: str
    line: int | None
    column: str | None
    value: Any
    words: str


def practices(rows: str, head: str = HEAD) -> dict[str, str | bytes | None]:
    return {**ALONE, "practices.csv": head + rows}


def row(text: str) -> dict[str, str | bytes | None]:
    return practices(BASE + text + "\n")


P = "practices.csv"
T = "instance.toml"
PLANTED = [
    # practices
    Planted("no table", {P: None}, P, None, None, None, "every instance needs"),
    Planted("empty file", {P: ""}, P, None, None, None, "first line must name"),
    Planted("no rows", practices(""), P, 1, None, None, "one row for each"),
    Planted(
        "column missing",
        practices(BASE, HEAD.replace("list_size", "listsize")),
        P, 1, "list_size", None, "add it; did you mean listsize?",
    ),
    Planted(
        "heading twice",
        practices("A001,Ash,1,2,3\n", "code,name,easting_m,easting_m,list_size\n"),
        P, 1, "easting_m", None, "rename or remove",
    ),
    Planted(
        "heading blank",
        practices("A001,Ash,351000,492000,8200,x\n", HEAD.strip() + ",\n"),
        P, 1, None, None, "column 6 has no heading",
    ),
    Planted("semicolons", practices("", HEAD.replace(",", ";")), P, 1, None,
            "code;name;easting_m;northing_m;list_size", "parted by commas"),
    Planted("ragged row", row("A003,Cut, Oak,351000,492000,900"), P, 4, None, None,
            "has 6 cells where the heading has 5; put double quotes"),
    Planted("open quote", row('A003,"Cut,351000,492000,900'), P, 4, None, None,
            "check its quotes"),
    Planted("latin-1", {**ALONE, P: (HEAD + "A001,Côte,1,2,3\n").encode("latin-1")},
            P, 2, None, "A001,Côte,1,2,3", "CSV UTF-8"),
    Planted("code twice", row("A001,Cut,351000,492000,900"), P, 4, "code", "A001",
            "already on line 2; remove one"),
    Planted("code blank", row(",Cut,351000,492000,900"), P, 4, "code", None,
            "is blank; every row needs its code"),
    Planted("name blank", row("A003,,351000,492000,900"), P, 4, "name", None,
            "every row needs its name"),
    Planted("list blank", row("A003,Cut,351000,492000,"), P, 4, "list_size", None,
            "every row needs its list_size in persons"),
    Planted("list zero", row("A003,Cut,351000,492000,0"), P, 4, "list_size", 0,
            "must be at least 1"),
    Planted("list negative", row("A003,Cut,351000,492000,-120"), P, 4, "list_size",
            -120, "must be at least 1"),
    Planted("list a fraction", row("A003,Cut,351000,492000,900.5"), P, 4,
            "list_size", 900.5, "whole number of persons; round it"),
    Planted("list with a comma", row('A003,Cut,351000,492000,"9,000"'), P, 4,
            "list_size", "9,000", "must be a number; write 9000"),
    Planted("list in words", row("A003,Cut,351000,492000,many"), P, 4, "list_size",
            "many", "must be a number; give persons"),
    Planted("list NaN", row("A003,Cut,351000,492000,NaN"), P, 4, "list_size", "NaN",
            "must be a finite number"),
    Planted("list too long", row("A003,Cut,351000,492000,12000000"), P, 4,
            "list_size", 12000000, "must be at most 1,000,000; give persons"),
    Planted("list beyond numbers", row("A003,Cut,351000,492000,1e400"), P, 4,
            "list_size", float("inf"), "must be a finite number"),
    Planted("easting infinite", row("A003,Cut,inf,492000,900"), P, 4, "easting_m",
            "inf", "must be a finite number"),
    Planted("easting blank", row("A003,Cut,,492000,900"), P, 4, "easting_m", None,
            "is blank"),
    Planted("no coordinates", practices("A001,Ash,8200\n", "code,name,list_size\n"),
            P, 1, None, None, "no coordinates; give one pair of columns"),
    Planted(
        "half a pair",
        practices("A001,Ash,351000,8200\n", "code,name,easting_m,list_size\n"),
        P, 1, "northing_m", None, "missing beside easting_m; add it",
    ),
    Planted(
        "both pairs",
        practices(
            "A001,Ash,351000,492000,-2.7,54.3,820\n",
            "code,name,easting_m,northing_m,lon,lat,list_size\n",
        ),
        P, 1, None, None, "has both pairs; give one pair",
    ),
    Planted("latitude as easting", row("A003,Cut,54.3,-2.7,900"), P, 4, "easting_m",
            54.3, "looks like a latitude; name the columns lat and lon"),
    Planted("longitude as easting", row("A003,Cut,-2.7,54.3,900"), P, 4,
            "easting_m", -2.7, "looks like a longitude"),
    Planted(
        "latitude under the short heading",
        practices("A003,Cut,54.3,-2.7,900\n", HEAD.replace("_m", "")),
        P, 2, "easting", 54.3, "looks like a latitude",
    ),
    Planted("kilometres", row("A003,Cut,351,492,900"), P, 4, "easting_m", 351,
            "looks like kilometres; give metres"),
    Planted("swapped grid", row("A003,Cut,492000,351000,900"), P, 4, "easting_m",
            492000, "easting and northing look swapped"),
    Planted(
        "swapped in England's outline",
        {**row("A003,Cut,492000,351000,900"), "boundary.geojson": None,
         "bases.csv": None},
        P, 4, None, "A003", "km from every other practice; easting and northing",
    ),
    Planted(
        "in the sea",
        {**row("A003,Cut,650000,520000,900"), "boundary.geojson": None},
        P, 4, "easting_m", 650000, "in the sea or abroad; correct the point",
    ),
    Planted("outside its own boundary", row("A003,Cut,430000,434000,900"), P, 4,
            "easting_m", 430000, "km outside boundary.geojson; correct the point"),
    Planted(
        "swapped degrees",
        practices("A001,Ash,54.3,-2.7,900\n", "code,name,lon,lat,list_size\n"),
        P, 2, "lon", 54.3, "longitude and latitude look swapped",
    ),
    Planted(
        "lost sign",
        {**practices("A001,Ash,2.7,54.3,900\n", "code,name,lon,lat,list_size\n"),
         "boundary.geojson": None},
        P, 2, "lon", 2.7, "lost the sign of its longitude",
    ),
    Planted(
        "metres as degrees",
        practices("A001,Ash,351000,492000,90\n", "code,name,lon,lat,list_size\n"),
        P, 2, "lon", 351000, "looks like metres of the National Grid",
    ),
    Planted(
        "budget negative",
        practices("A001,Ash,351000,492000,90,-5\n", HEAD.strip() + ",budget_gbp\n"),
        P, 2, "budget_gbp", -5, "must be at least 0",
    ),
    Planted(
        "budget in pounds",
        practices("A001,Ash,351000,492000,90,£5\n", HEAD.strip() + ",budget_gbp\n"),
        P, 2, "budget_gbp", "£5", "must be a number; write 5",
    ),
    Planted(
        "attribute undeclared",
        practices("A001,Ash,351000,492000,90,5\n", HEAD.strip() + ",imd\n"),
        P, 1, "imd", None, "add [attributes.imd]",
    ),
    Planted(
        "attribute absent",
        {**practices(BASE), T: PLAIN + '[attributes.imd]\nunit = "score"\n'},
        P, 1, "imd", None, "add the column or remove [attributes.imd]",
    ),
    Planted(
        "share as a percentage",
        {**practices("A001,Ash,351000,492000,90,25\n", HEAD.strip() + ",old\n"),
         T: PLAIN + '[attributes.old]\nunit = "share"\n'},
        P, 2, "old", 25, "must be at most 1; write 25 % as 0.25",
    ),
    Planted("two files of one table", {"practices.parquet": b""}, "practices.parquet",
            None, None, None, "hold the same table; keep one"),
    # instance.toml
    Planted("no manifest", {T: None}, T, None, None, None, "write one with schema"),
    Planted("manifest unreadable", {T: "schema = \n"}, T, 1, None, None, "is not TOML"),
    Planted("schema missing", {**ALONE, P: HEAD + BASE, T: 'name = "x"\n'}, T, None,
            "schema", None, "write schema = 1"),
    Planted("schema of the future", {**ALONE, P: HEAD + BASE,
            T: 'schema = 2\nname = "x"\n'}, T, 1, "schema", 2, "newer federate"),
    Planted("name missing", {**ALONE, P: HEAD + BASE, T: "schema = 1\n"}, T, None,
            "name", None, "give the instance a short name"),
    Planted("name with a slash", {**ALONE, P: HEAD + BASE,
            T: 'schema = 1\nname = "a/b"\n'}, T, 2, "name", "a/b", "only letters"),
    Planted("title a number", {**ALONE, P: HEAD + BASE, T: PLAIN + "title = 3\n"}, T,
            3, "title", 3, "text in double quotes"),
    Planted("key unknown", {**ALONE, P: HEAD + BASE, T: PLAIN + 'titel = "x"\n'}, T,
            3, "titel", None, "did you mean title?"),
    Planted("unit unknown", {**ALONE, P: HEAD + BASE,
            T: PLAIN + '[attributes.x]\nunit = "scores"\n'}, T, 4,
            "attributes.x.unit", "scores", "did you mean score?"),
    Planted("unit missing", {**ALONE, P: HEAD + BASE, T: PLAIN + "[attributes.x]\n"},
            T, 3, "attributes.x", None, "has no unit; give one of"),
    Planted("kind unknown", {**ALONE, P: HEAD + BASE,
            T: PLAIN + '[attributes.x]\nunit = "label"\nkind = "categories"\n'}, T, 5,
            "attributes.x.kind", "categories", "did you mean category?"),
    Planted("attribute named like a column", {**ALONE, P: HEAD + BASE,
            T: PLAIN + '[attributes.code]\nunit = "label"\n'}, T, 3,
            "attributes.code", None, "rename the attribute"),
    # neighbours
    Planted("neighbour unknown", {"neighbours.csv": "a,b\nA001,A005\n"},
            "neighbours.csv", 2, "b", "A005", "no practice A005 in practices.csv"),
    Planted("neighbour of itself", {"neighbours.csv": "a,b\nA001,A001\n"},
            "neighbours.csv", 2, "a", "A001 A001", "with itself; remove the row"),
    Planted("pair reversed", {"neighbours.csv": "a,b\nA001,A002\nA002,A001\n"},
            "neighbours.csv", 3, "a", "A002 A001", "already on line 2"),
    Planted("strange column", {"neighbours.csv": "a,b,km\nA001,A002,4\n"},
            "neighbours.csv", 1, "km", None, "not known; known are a, b"),
    # travel
    Planted("minutes negative",
            {"travel.csv": "origin,destination,minutes\nA001,A002,-4\n"},
            "travel.csv", 2, "minutes", -4, "must be at least 0; give minutes"),
    Planted("minutes as seconds",
            {"travel.csv": "origin,destination,minutes\nA001,A002,1800\n"},
            "travel.csv", 2, "minutes", 1800, "at most 1,440, a day; give minutes"),
    Planted("destination unknown",
            {"travel.csv": "origin,destination,minutes\nA001,X7,4\n"},
            "travel.csv", 2, "destination", "X7",
            "no place X7 in practices.csv or bases.csv"),
    Planted("journey twice",
            {"travel.csv": "origin,destination,minutes\nA001,X1,4\nA001,X1,5\n"},
            "travel.csv", 3, "origin", "A001 X1", "already on line 2"),
    Planted("journey to itself",
            {"travel.csv": "origin,destination,minutes\nA001,A001,4\n"},
            "travel.csv", 2, "origin", "A001 A001", "remove the row"),
    # bases
    Planted("status unknown",
            {"bases.csv": "code,name,lon,lat,status\nX1,Hill,-2.7,54.3,opne\n"},
            "bases.csv", 2, "status", "opne", "open, candidate; did you mean open?"),
    Planted("base with a practice's code",
            {"bases.csv": "code,name,lon,lat,status\nA001,Hill,-2.7,54.3,open\n",
             "travel.csv": None},
            "bases.csv", 2, "code", "A001", "give the base another"),
    Planted("base outside",
            {"bases.csv": "code,name,lon,lat,status\nX1,Hill,-2.7,51.3,open\n"},
            "bases.csv", 2, "lon", -2.7, "outside boundary.geojson"),
    Planted("fixed cost negative",
            {"bases.csv": "code,name,lon,lat,status,fixed_cost_gbp\n"
             "X1,Hill,-2.7,54.3,open,-1\n"},
            "bases.csv", 2, "fixed_cost_gbp", -1, "leave the cell blank"),
    # partners
    Planted("contract unknown",
            {"partners.csv": "code,name,contract\nP1,Re,quotashare\n"},
            "partners.csv", 2, "contract", "quotashare", "did you mean quota_share?"),
    Planted("share above one",
            {"partners.csv": "code,name,contract,share\nP1,Re,quota_share,40\n"},
            "partners.csv", 2, "share", 40, "must be at most 1"),
    # ties
    Planted("tie contradicts",
            {"ties.csv": "a,b,kind\nA001,A002,could\nA002,A001,would_not\n"},
            "ties.csv", 3, "a", "A002 A001", "contradicts line 2, which says could"),
    Planted("tie of an unknown kind", {"ties.csv": "a,b,kind\nA001,A002,wouldnot\n"},
            "ties.csv", 2, "kind", "wouldnot", "did you mean would_not?"),
    Planted("tie too strong",
            {"ties.csv": "a,b,kind,strength\nA001,A002,could,2\n"},
            "ties.csv", 2, "strength", 2, "must be at most 1"),
    Planted("tie with a stranger", {"ties.csv": "a,b,kind\nA0O1,A002,could\n"},
            "ties.csv", 2, "a", "A0O1", "did you mean A001?"),
    # current
    Planted("current twice", {"current.csv": "code,federation\nA001,N\nA001,S\n"},
            "current.csv", 3, "code", "A001", "already on line 2"),
    Planted("current unknown", {"current.csv": "code,federation\nB001,N\n"},
            "current.csv", 2, "code", "B001", "no practice B001"),
    Planted("current without its column", {"current.csv": "code,federaton\nA001,N\n"},
            "current.csv", 1, "federation", None, "did you mean federaton?"),
    # outlines
    Planted("boundary not JSON", {"boundary.geojson": "{\n oops"},
            "boundary.geojson", 2, None, None, "is not GeoJSON"),
    Planted("boundary a point",
            {"boundary.geojson": '{"type": "Point", "coordinates": [-2.7, 54.3]}'},
            "boundary.geojson", None, None, "Point", "must be one of Polygon"),
    Planted("boundary empty",
            {"boundary.geojson": '{"type": "FeatureCollection", "features": []}'},
            "boundary.geojson", None, None, None, "remove the file or draw one"),
    Planted("barrier in metres",
            {"barriers.geojson": '{"type": "LineString", "coordinates": '
             "[[351000, 492000], [352000, 493000]]}"},
            "barriers.geojson", None, None, 351000.0, "not in metres"),
    Planted("barrier swapped",
            {"barriers.geojson": '{"type": "LineString", "coordinates": '
             "[[54.3, -2.7], [54.4, -2.8]]}"},
            "barriers.geojson", None, None, 54.3, "longitude comes first"),
    Planted("barrier in another system",
            {"barriers.geojson": '{"type": "LineString", "coordinates": '
             '[[-2.7, 54.3], [-2.8, 54.4]], "crs": {"type": "name", '
             '"properties": {"name": "EPSG:27700"}}}'},
            "barriers.geojson", None, None, "EPSG:27700", "convert it"),
]  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.claim)
def test_a_planted_fault_is_told_with_place_value_and_way_out(
    write_files: Write, planted: Planted
) -> None:
    folder = write_files(planted.files)
    before = {p: p.read_bytes() for p in folder.iterdir()}
    with pytest.raises(InstanceError) as caught:
        read_folder(folder)
    told = [
        fault
        for fault in caught.value.faults
        if (fault.file, fault.line, fault.column, fault.value)
        == (planted.file, planted.line, planted.column, planted.value)
    ]
    assert told, f"not told; told instead: {caught.value}"
    assert planted.words in told[0].message
    assert {p: p.read_bytes() for p in folder.iterdir()} == before


def test_at_least_forty_faults_are_planted() -> None:
    assert len(PLANTED) >= 40


def test_every_fault_of_every_file_is_told_at_once(write_files: Write) -> None:
    folder = write_files(
        {
            P: HEAD + BASE + "A003,Cut,351000,492000,0\nA003,Dub,351000,492000,many\n",
            T: 'schema = 1\nname = "dale"\ntitel = "x"\n',
            "neighbours.csv": "a,b\nA001,A009\nA002,A002\n",
            "travel.csv": "origin,destination,minutes\nA001,A002,-1\n",
            "ties.csv": "a,b,kind\nA001,A002,nil\n",
            "current.csv": "code\nA001\n",
            "barriers.geojson": "{",
        }
    )
    report = check_folder(folder)
    assert report.instance is None
    assert len(report.faults) == 10
    assert {fault.file for fault in report.faults} == {
        P, T, "neighbours.csv", "travel.csv", "ties.csv", "current.csv",
        "barriers.geojson",
    }  # fmt: skip


def test_faults_of_a_table_come_in_the_order_of_its_lines(write_files: Write) -> None:
    rows = "A001,Ash,1,492000,8200\nA001,Bay,352000,492500,0\nA003,,352000,492500,1\n"
    report = check_folder(write_files(practices(rows)))
    assert [fault.line for fault in report.faults] == [2, 3, 3, 4]


def test_unknown_codes_are_not_told_when_the_practices_cannot_be_read(
    write_files: Write,
) -> None:
    report = check_folder(write_files({P: "", "instance.toml": PLAIN}))
    assert [fault.file for fault in report.faults] == [P]


def test_a_folder_that_does_not_exist_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(InstanceError, match="no such folder"):
        read_folder(tmp_path / "nowhere")


def test_a_table_saved_in_an_unread_kind_names_the_way_out(write_files: Write) -> None:
    folder = write_files({P: None, "practices.xls": "old"})
    with pytest.raises(InstanceError, match=r"save practices\.xls as CSV or XLSX"):
        read_folder(folder)
