from pathlib import Path

import pytest

from federate.errors import InstanceError
from federate.practices import source
from federate.practices.source import check, read, shipped_names, shipped_path


@pytest.fixture
def shipped(dale: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(source, "_places", lambda: (dale.parent,))
    return dale


def test_a_shipped_instance_is_read_by_its_name(shipped: Path) -> None:
    assert shipped_names() == ("dale",)
    assert shipped_path("dale") == shipped
    assert read("dale").num_practices == 4


def test_a_folder_is_read_by_its_path(dale: Path) -> None:
    assert read(str(dale)).name == "dale"
    assert read(dale).name == "dale"


def test_a_table_is_read_by_its_path(dale: Path) -> None:
    instance = read(dale / "practices.csv")
    assert instance.num_practices == 4
    assert instance.practices.attributes["imd"].unit == "score"
    assert instance.practices.budget_gbp[0] == 14_350_000


def test_an_unknown_name_lists_what_is_shipped(shipped: Path) -> None:
    with pytest.raises(InstanceError, match=r"shipped \(dale\); did you mean dale\?"):
        read("dael")


def test_a_name_that_is_not_shipped_has_no_path(shipped: Path) -> None:
    assert shipped_path("fell") is None


def test_a_check_of_nothing_is_a_report_with_a_fault() -> None:
    report = check("no/such/place")
    assert report.instance is None
    assert len(report.faults) == 1
