from pathlib import Path

import numpy as np
import pytest

from federate.errors import InstanceError
from federate.practices.folder import read_folder, write_folder
from federate.practices.nhs.codepoint import CodePoint, Point
from federate.practices.nhs.epcn import Membership
from federate.practices.nhs.epraccur import OdsPractice
from federate.practices.nhs.join import join
from federate.practices.nhs.patients import Patients
from federate.practices.nhs.payments import Payment
from federate.practices.nhs.published import find_published, import_published


def ods(code: str, line: int, **changed: str) -> OdsPractice:
    cells = {
        "name": f"Practice {code}",
        "postcode": "LA1 1AA",
        "region": "Y62",
        "icb": "QE1",
        "commissioner": "01K",
        "status": "A",
        "setting": "4",
        "opened": "",
        "closed": "",
    }
    return OdsPractice(code=code, line=line, **{**cells, **changed})


def member(code: str, pcn: str) -> Membership:
    return Membership(code, code, pcn, f"{pcn} PCN", "01K", "20190701", "", 2)


def paid(code: str, registered: float | None) -> Payment:
    money = dict.fromkeys(
        (
            "total_gbp", "deductions_gbp", "global_sum_gbp", "pms_gbp", "qof_gbp",
            "premises_gbp", "drugs_gbp",
        ),
        100.5,
    )  # fmt: skip
    return Payment(
        code=code, name=code, postcode="", contract_type="GMS", is_dispensing=True,
        commissioner="01K", pcn_code="", rurality="Rural", atypical="", closed="",
        registered=registered, weighted=None, line=2, **money,
    )  # fmt: skip


POSTCODES = CodePoint(
    {
        "LA1 1AA": Point(347467, 461653, 10, "E07000121"),
        "LA2 2BB": Point(350000, 470000, 10, "E07000121"),
    },
    2,
)
ROWS = (
    ods("B1", 1, postcode="LA2 2BB"),
    ods("A1", 2),
    ods("A2", 3, setting="10"),
    ods("A3", 4, status="C"),
    ods("W1", 5, region="W00"),
    ods("A4", 6, postcode="ZZ1 1ZZ"),
    ods("A5", 7),
)
PATIENTS = Patients("01May2022", {"A1": 8200, "A4": 10, "X9": 5})


def test_only_active_english_practices_with_a_point_and_a_list_join() -> None:
    instance, report = join(
        ROWS, POSTCODES, patients=PATIENTS, payments=[paid("B1", 900.6)]
    )
    assert instance.practices.code == ("A1", "B1")
    assert instance.practices.easting_m.tolist() == [347467, 350000]
    assert report.num_joined == 2


def test_every_row_left_out_is_counted_once_with_its_reason() -> None:
    _, report = join(ROWS, POSTCODES, patients=PATIENTS)
    assert [(line.what, line.count) for line in report.left_out] == [
        ("are not general practices", 1),
        ("are closed, dormant or proposed", 1),
        ("are in Wales", 1),
        ("have a postcode that Code-Point does not hold", 1),
        ("have no registered patients in any file", 2),
    ]
    assert report.left_out[-1].examples == ("B1 Practice B1", "A5 Practice A5")
    assert sum(line.count for line in report.left_out) + report.num_joined == len(ROWS)


def test_payments_give_the_list_where_the_patients_do_not() -> None:
    instance, report = join(
        ROWS, POSTCODES, patients=PATIENTS, payments=[paid("A1", 1), paid("B1", 900.6)]
    )
    assert instance.practices.list_size.tolist() == [8200, 901]
    assert "1 take their list size from payments, e.g. B1" in str(report)


def test_the_present_group_is_the_network() -> None:
    networks = [member("A1", "U1"), member("Z9", "U2")]
    instance, report = join(ROWS, POSTCODES, patients=PATIENTS, networks=networks)
    assert instance.current == ("U1",)
    assert "1 members of networks, e.g. Z9" in str(report)


def test_without_networks_there_is_no_present_group() -> None:
    assert join(ROWS, POSTCODES, patients=PATIENTS)[0].current is None


def test_payments_become_attributes_and_never_the_budget() -> None:
    instance, _ = join(ROWS, POSTCODES, patients=PATIENTS, payments=[paid("A1", 5)])
    attributes = instance.practices.attributes
    assert attributes["pay_total_gbp"].values.tolist() == [100.5]
    assert attributes["pay_total_gbp"].unit == "GBP a year"
    assert attributes["contract_type"].values.tolist() == ["GMS"]
    assert attributes["dispensing"].values.tolist() == [1]
    assert np.isnan(attributes["weighted_list_size"].values).all()
    assert np.isnan(instance.practices.budget_gbp).all()


def test_only_the_commissioners_asked_for_are_kept() -> None:
    rows = (*ROWS, ods("C1", 8, commissioner="02M", icb="QF1"))
    patients = Patients("", {"A1": 10, "C1": 20})
    for wanted in ("02M", "QF1"):
        instance, report = join(
            rows, POSTCODES, patients=patients, commissioners=[wanted]
        )
        assert instance.practices.code == ("C1",)
        assert "belong to other commissioners" in str(report)


def test_a_join_without_any_practice_says_why() -> None:
    with pytest.raises(InstanceError, match=r"no practice joined.*4 have a postcode"):
        join(ROWS, CodePoint({}, 0), patients=PATIENTS)


def test_lancaster_and_south_cumbria_are_joined_from_the_published_files(
    shared_data: Path, tmp_path: Path
) -> None:
    chosen = {
        "networks": "ePCN_2023-01.xlsx",
        "payments": "nhs_payments_2022-23.csv.gz",
    }
    instance, report = import_published(
        shared_data / "raw",
        chosen=chosen,
        name="lancaster",
        title="Lancaster and south Cumbria",
    )
    assert instance.num_practices == 32
    assert instance.practices.code[
        instance.practices.name.index("BAY MEDICAL GROUP")
    ] == ("Y01008")
    assert 340_000 < int(instance.practices.list_size.sum()) < 370_000
    assert instance.current is not None
    assert len(set(instance.current)) == 8
    assert set(instance.practices.attributes["sub_icb_code"].values.tolist()) == {"01K"}
    assert "32 practices joined" in str(report)
    assert sum(line.count for line in report.left_out) + 32 == 15_663
    write_folder(instance, tmp_path / "lancaster")
    assert read_folder(tmp_path / "lancaster").current == instance.current


def test_networks_come_from_the_map_where_there_is_no_epcn(
    shared_data: Path, tmp_path: Path
) -> None:
    for name in (
        "epraccur.csv", "gp-reg-pat-prac-all.csv", "gp-reg-pat-prac-map.csv",
        "codepoint_open_la.csv",
    ):  # fmt: skip
        (tmp_path / name).symlink_to(shared_data / "raw" / name)
    instance, _ = import_published(tmp_path)
    assert instance.current is not None
    assert len(set(instance.current)) == 8
    assert "pay_total_gbp" not in instance.practices.attributes


def test_several_files_of_one_publication_must_be_chosen_from(
    shared_data: Path,
) -> None:
    with pytest.raises(InstanceError) as caught:
        find_published(shared_data / "raw")
    told = "\n".join(fault.message for fault in caught.value.faults)
    assert "payments: nhs_payments_2014-15.csv.gz, nhs_payments_2022-23.csv.gz" in told
    assert "networks: ePCN_2023-01.xlsx, ePCN_2025-01.xlsx; choose one" in told


def test_a_folder_without_the_needed_files_names_them(tmp_path: Path) -> None:
    with pytest.raises(InstanceError) as caught:
        find_published(tmp_path)
    assert len(caught.value.faults) == 2
    assert "epraccur" in str(caught.value)
