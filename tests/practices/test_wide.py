import logging
from pathlib import Path

import numpy as np
import pytest

from federate.errors import InstanceError
from federate.practices.folder import read_folder, write_folder
from federate.practices.source import check, read
from federate.practices.wide import import_wide, read_wide

TABLE = """\
practice_code,practice_name,lat,lon,list_size,pcn_code,imd_2019,pct_2010,pay_total_gbp,blank
B2,Bay,54.05,-2.80,4029.75,U1,32.4,5E1,720462.51,
A1,Ash,54.06,-2.81,2500.5,U1,,5E9,-10,
C3,Cut,,,3000,,20,5E1,1,
D4,Dub,54.07,-2.79,800,,9,5E1,1,
"""

REGIONS = (
    ("cumbria", 62),
    ("manchester", 83),
    ("outer_ne_london", 155),
    ("oxfordshire", 68),
    ("richmond_upon_thames", 27),
    ("sefton", 44),
    ("shropshire", 39),
    ("trafford", 27),
)


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    path = tmp_path / "my practices.csv"
    path.write_text(TABLE)
    return path


def test_usual_headings_need_no_mapping(wide: Path) -> None:
    instance, report = import_wide(wide)
    assert report.columns == {
        "code": "practice_code",
        "name": "practice_name",
        "lon": "lon",
        "lat": "lat",
        "list_size": "list_size",
        "current": "pcn_code",
    }
    assert instance.practices.code == ("A1", "B2", "D4")
    assert instance.current == ("U1", "U1", "")
    assert instance.name == "my-practices"


def test_a_practice_without_coordinates_is_left_out_and_named(wide: Path) -> None:
    instance, report = import_wide(wide)
    assert "C3" not in instance.index
    assert report.without_place == ("C3 Cut",)
    assert "left out, without coordinates: C3 Cut" in str(report)


def test_a_missing_point_can_be_made_a_fault(wide: Path) -> None:
    with pytest.raises(InstanceError, match=r"line 4, lon: is blank") as caught:
        import_wide(wide, without_place="fault")
    assert len(caught.value.faults) == 2


def test_list_sizes_are_rounded_once_and_the_report_says_so(wide: Path) -> None:
    instance, report = import_wide(wide)
    assert instance.practices.list_size.tolist() == [2500, 4030, 800]
    assert report.num_rounded == 2
    assert "2 list sizes rounded" in str(report)


def test_units_are_guessed_from_names(wide: Path) -> None:
    _, report = import_wide(wide)
    units = {name: declared.unit for name, declared in report.attributes.items()}
    assert units == {
        "imd_2019": "score",
        "pct_2010": "label",
        "pay_total_gbp": "GBP a year",
    }
    assert report.unused == ("blank",)


def test_a_payment_is_no_budget_unless_mapped(wide: Path) -> None:
    assert np.isnan(read_wide(wide).practices.budget_gbp).all()
    with pytest.raises(InstanceError, match=r"line 3, pay_total_gbp: .*at least 0"):
        read_wide(wide, {"budget_gbp": "pay_total_gbp"})


def test_a_mapping_overrides_the_usual_heading_and_names_attributes(
    wide: Path,
) -> None:
    instance = read_wide(wide, {"current": "pct_2010", "imd": "imd_2019"})
    assert instance.current == ("5E9", "5E1", "5E1")
    assert "imd" in instance.practices.attributes
    assert "imd_2019" not in instance.practices.attributes
    assert instance.practices.attributes["pcn_code"].kind == "category"


def test_a_mapping_to_nothing_takes_nothing(wide: Path) -> None:
    assert read_wide(wide, {"current": ""}).current is None


def test_a_mapping_to_an_unknown_heading_is_refused_with_the_nearest(
    wide: Path,
) -> None:
    with pytest.raises(InstanceError) as caught:
        read_wide(wide, {"list_size": "listsize"})
    assert caught.value.faults[0].column == "listsize"
    assert "did you mean list_size?" in caught.value.faults[0].message


def test_an_unknown_unit_is_refused(wide: Path) -> None:
    with pytest.raises(InstanceError, match="did you mean score"):
        import_wide(wide, units={"imd_2019": "scores"})


def test_an_imported_table_survives_as_a_folder(wide: Path, tmp_path: Path) -> None:
    instance = read_wide(wide)
    write_folder(instance, tmp_path / "folder")
    back = read_folder(tmp_path / "folder")
    assert back.practices.easting_m.tolist() == instance.practices.easting_m.tolist()
    assert back.current == instance.current


def test_reading_by_path_warns_of_what_was_left_out(
    wide: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        read(wide)
    assert "C3 Cut" in caplog.text


def test_england_is_read_with_its_one_placeless_practice_reported(
    shared_data: Path,
) -> None:
    report = check(shared_data / "england_practices.csv")
    assert report.faults == ()
    assert report.left_out == ("N83018 STOCKBRIDGE VILLAGE HC",)
    instance = report.require()
    assert instance.num_practices == 6_392
    assert instance.practices.attributes["pay_total_incl_covid_pcn_gbp"].unit == (
        "GBP a year"
    )
    assert instance.practices.attributes["pct_2010"].kind == "category"
    assert abs(int(instance.practices.list_size.sum()) - 62_000_000) < 500_000
    assert instance.current is not None
    assert len(set(instance.current)) == 1_270
    assert np.isnan(instance.practices.budget_gbp).all()


def test_the_older_table_takes_its_commissioning_groups(shared_data: Path) -> None:
    instance, report = import_wide(shared_data / "england_practices_2014_15.csv")
    assert report.columns["current"] == "ccg_code"
    assert len(report.without_place) == 5
    assert instance.num_practices == 7_793
    assert len(set(instance.current or ())) == 211


@pytest.mark.parametrize(("region", "count"), REGIONS)
def test_every_region_is_read_whole(shared_data: Path, region: str, count: int) -> None:
    report = check(shared_data / "regions" / f"{region}.csv")
    assert report.faults == ()
    assert report.require().num_practices == count


def test_a_table_without_codes_is_refused_with_what_is_missing(wide: Path) -> None:
    wide.write_text(TABLE.replace("practice_code", "number"))
    with pytest.raises(InstanceError, match="line 1, code: this column is missing"):
        read_wide(wide)
