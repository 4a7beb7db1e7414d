"""Tiny files written here, in every form the publications have had."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from federate.errors import InstanceError
from federate.practices.nhs.codepoint import Point, read_codepoint
from federate.practices.nhs.epcn import current_networks, read_epcn
from federate.practices.nhs.epraccur import read_epraccur
from federate.practices.nhs.patients import read_patient_map, read_patients
from federate.practices.nhs.payments import read_payments


def ods_row(code: str, status: str = "A", setting: str = "4", **more: str) -> str:
    cells = [""] * 27
    cells[0], cells[1] = code, more.get("name", f"PRACTICE {code}")
    cells[2], cells[3] = more.get("region", "Y62"), more.get("icb", "QE1")
    cells[9], cells[10] = more.get("postcode", "LA1 1PN"), "19740401"
    cells[12], cells[13], cells[14] = status, "B", more.get("commissioner", "01K")
    cells[25] = setting
    return ",".join(f'"{cell}"' for cell in cells) + "\n"


def workbook(
    path: Path, headings: Sequence[str], rows: Sequence[Sequence[str]]
) -> Path:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("PCNDetails").write(0, 0, "PCN Code")
        sheet = book.add_worksheet("PCN Core Partner Details")
        for r, cells in enumerate([headings, *rows]):
            for c, cell in enumerate(cells):
                sheet.write_string(r, c, cell)
    return path


# --- epraccur


def test_epraccur_has_no_heading_and_27_columns(tmp_path: Path) -> None:
    path = tmp_path / "epraccur.csv"
    path.write_text(ods_row("A1", postcode="LA11PN") + ods_row("B2", "C", "10"))
    first, second = read_epraccur(path)
    assert (first.code, first.postcode, first.opened) == ("A1", "LA1 1PN", "1974-04-01")
    assert (first.icb, first.commissioner, first.line) == ("QE1", "01K", 1)
    assert first.is_active
    assert first.is_practice
    assert not second.is_active
    assert not second.is_practice


def test_another_file_is_not_taken_for_epraccur(tmp_path: Path) -> None:
    path = tmp_path / "epraccur.csv"
    path.write_text("code,name\nA1,Ash\n")
    with pytest.raises(InstanceError, match="has 2 columns where epraccur has 27"):
        read_epraccur(path)


def test_a_status_that_is_none_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "epraccur.csv"
    path.write_text(ods_row("A1") + ods_row("A2", status="X"))
    with pytest.raises(InstanceError, match=r"line 2, status: .*got 'X'"):
        read_epraccur(path)


# --- patients registered

TOTALS = "PUBLICATION,EXTRACT_DATE,TYPE,{0}_CODE,ONS_{0}_CODE,CODE,POSTCODE,SEX,AGE,"


@pytest.mark.parametrize("area", ["CCG", "SUB_ICB_LOCATION"])
def test_totals_are_read_under_old_and_new_headings(tmp_path: Path, area: str) -> None:
    path = tmp_path / "gp-reg-pat-prac-all.csv"
    head = TOTALS.format(area) + "NUMBER_OF_PATIENTS\n"
    path.write_text(head + "GP_PRAC_PAT_LIST,01May2022,GP,x,E,A1,NE1,ALL,ALL,5983\n")
    patients = read_patients(path)
    assert dict(patients.registered) == {"A1": 5983}
    assert patients.date == "01May2022"


def test_the_file_by_age_is_refused_once_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "by-age.csv"
    head = TOTALS.format("CCG") + "NUMBER_OF_PATIENTS\n"
    rows = "GP_PRAC_PAT_LIST,01May2022,GP,x,E,A1,NE1,MALE,5,31\n" * 3
    path.write_text(head + rows)
    with pytest.raises(InstanceError, match="take the file of totals") as caught:
        read_patients(path)
    assert len(caught.value.faults) == 1


def test_a_total_that_is_no_number_and_one_given_twice_are_told(
    tmp_path: Path,
) -> None:
    path = tmp_path / "all.csv"
    row = "GP_PRAC_PAT_LIST,01May2022,GP,x,E,{},NE1,ALL,ALL,{}\n"
    rows = row.format("A1", 5) + row.format("A2", "n/a") + row.format("A1", 6)
    path.write_text(TOTALS.format("CCG") + "NUMBER_OF_PATIENTS\n" + rows)
    with pytest.raises(InstanceError) as caught:
        read_patients(path)
    assert [(f.line, f.value) for f in caught.value.faults] == [(3, "n/a"), (4, "A1")]


@pytest.mark.parametrize(
    ("area", "board"), [("CCG", "STP"), ("SUB_ICB_LOCATION", "ICB")]
)
def test_the_map_is_read_under_old_and_new_headings(
    tmp_path: Path, area: str, board: str
) -> None:
    path = tmp_path / "map.csv"
    path.write_text(
        "PUBLICATION,EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,PRACTICE_POSTCODE,"
        f"PCN_CODE,PCN_NAME,ONS_{area}_CODE,{area}_CODE,{area}_NAME,{board}_CODE\n"
        "GP,01Jan2022,A1,ASH,LA11PN,U1,BAY PCN,E38,01K,BAY,QE1\n"
    )
    (row,) = read_patient_map(path)
    assert (row.code, row.postcode, row.pcn_code) == ("A1", "LA1 1PN", "U1")
    assert (row.commissioner, row.icb) == ("01K", "QE1")


# --- ePCN

OLD = [
    "Partner\r\nOrganisation\r\nCode", "Partner\r\nName",
    "Practice\r\nParent\r\nCCG Code", "Practice\r\nParent\r\nCCG Name", "PCN Code",
    "PCN Name", "PCN Parent\r\nCCG Code", "PCN Parent\r\nCCG Name",
    "Practice to PCN\r\nRelationship\r\nStart Date",
    "Practice to PCN\r\nRelationship\r\nEnd Date", "Practice CCG and PCN CCG Match",
]  # fmt: skip
NEW = [heading.replace("CCG", "Sub ICB Loc").replace("\r", "") for heading in OLD]
EXPORT = [
    heading.replace("\r\n", " ").replace("CCG", "Sub ICB Location") for heading in OLD
]
MEMBERS = [
    ["A1", "ASH", "01K", "BAY", "U1", "BAY PCN", "01K", "BAY", "20190701", "20210331"],
    ["A1", "ASH", "01K", "BAY", "U2", "FELL PCN", "01K", "BAY", "20210401", ""],
]


@pytest.mark.parametrize("headings", [OLD, NEW], ids=["ccg", "sub_icb"])
def test_the_workbook_is_read_under_old_and_new_headings(
    tmp_path: Path, headings: list[str]
) -> None:
    past, present = read_epcn(workbook(tmp_path / "ePCN.xlsx", headings, MEMBERS))
    assert (past.pcn_code, past.end, past.line) == ("U1", "20210331", 2)
    assert (present.pcn_name, present.commissioner) == ("FELL PCN", "01K")


def test_the_export_that_replaced_the_workbook_is_read(tmp_path: Path) -> None:
    path = tmp_path / "epcncorepartnerdetails.csv"
    lines = [EXPORT, *MEMBERS]
    path.write_text("".join(",".join(cells) + "\n" for cells in lines))
    assert [member.pcn_code for member in read_epcn(path)] == ["U1", "U2"]


def test_only_the_membership_without_an_end_is_current(tmp_path: Path) -> None:
    members = read_epcn(workbook(tmp_path / "ePCN.xlsx", NEW, MEMBERS))
    assert {code: m.pcn_code for code, m in current_networks(members).items()} == {
        "A1": "U2"
    }


def test_a_practice_in_two_networks_at_once_is_told(tmp_path: Path) -> None:
    both = [[*MEMBERS[0][:9], ""], MEMBERS[1]]
    members = read_epcn(workbook(tmp_path / "ePCN.xlsx", NEW, both))
    with pytest.raises(InstanceError, match=r"A1 is in U1 \(line 2\) as well"):
        current_networks(members)


def test_a_missing_column_names_the_heading_wanted_and_those_found(
    tmp_path: Path,
) -> None:
    headings = ["Organisation", *NEW[1:]]
    path = workbook(tmp_path / "ePCN.xlsx", headings, MEMBERS)
    with pytest.raises(InstanceError) as caught:
        read_epcn(path)
    (fault,) = caught.value.faults
    assert fault.column == "Partner Organisation Code"
    assert "Its headings are Organisation, Partner Name" in fault.message


# --- payments

PAID_2014 = {
    "NHS England (Region) code": "Q44",
    "CCG Code": "01K",
    "Practice Code": "A1",
    "Practice Name": "Ash",
    "Practice Postcode": "LA11PN",
    "Practice Close Date": "-",
    "Contract Type": "PMS",
    "Dispensing Practice": "No",
    "Number of Registered Patients (Last Known Figure)": "5707",
    "Number of Weighted Patients (Last Known Figure)": "5113",
    "Global Sum": "0",
    "Premises Payments": "18357",
    "Total QOF Payments": "62534",
    "Balance of PMS Expenditure": "397594",
    "Reimbursement of Drugs": "38768",
    "Total NHS Payments to General Practice": "635996",
    "Deductions for Pensions, Levies and Prescription Charge Income": "-67193",
}
RUN_TOGETHER = {
    "".join(w[0].upper() + w[1:] for w in heading.replace("(", "").replace(")", "")
            .replace(",", "").split()) + ("_£" if value[-1].isdigit()
            and "Patients" not in heading and "Code" not in heading else ""): value
    for heading, value in PAID_2014.items()
}  # fmt: skip
AVERAGE = {
    heading.replace("Number of", "Average Number of").replace(
        " (Last Known Figure)", ""
    ): value
    for heading, value in PAID_2014.items()
} | {"PCN Code": "U1", "Practice Rurality": "Rural"}


def paid_file(path: Path, row: dict[str, str], encoding: str) -> Path:
    heads = ",".join(f'"{heading}"' for heading in row)
    cells = ",".join(f'"{cell}"' for cell in row.values())
    path.write_bytes(f"{heads}\n{cells}\n".encode(encoding))
    return path


@pytest.mark.parametrize(
    ("row", "encoding"),
    [(PAID_2014, "utf-8-sig"), (RUN_TOGETHER, "cp1252"), (AVERAGE, "utf-8")],
    ids=["2014/15", "2015/16", "2018/19"],
)
def test_payments_are_read_under_the_headings_of_every_year(
    tmp_path: Path, row: dict[str, str], encoding: str
) -> None:
    (paid,) = read_payments(paid_file(tmp_path / "p.csv", row, encoding))
    assert (paid.code, paid.postcode, paid.contract_type) == ("A1", "LA1 1PN", "PMS")
    assert (paid.registered, paid.weighted) == (5707, 5113)
    assert (paid.total_gbp, paid.deductions_gbp) == (635996, -67193)
    assert (paid.pms_gbp, paid.qof_gbp, paid.drugs_gbp) == (397594, 62534, 38768)
    assert (paid.is_dispensing, paid.closed) == (False, "")
    assert paid.pcn_code == row.get("PCN Code", "")


@pytest.mark.parametrize("cell", ["-", "", "N/A", "unknown"])
def test_an_unknown_payment_is_none(tmp_path: Path, cell: str) -> None:
    row = PAID_2014 | {"Global Sum": cell, "Dispensing Practice": cell}
    (paid,) = read_payments(paid_file(tmp_path / "p.csv", row, "utf-8"))
    assert paid.global_sum_gbp is None
    assert paid.is_dispensing is None


def test_a_payment_in_words_is_told_with_its_heading(tmp_path: Path) -> None:
    row = PAID_2014 | {"Total QOF Payments": "lots"}
    path = paid_file(tmp_path / "p.csv", row, "utf-8")
    with pytest.raises(InstanceError, match=r"line 2, Total QOF Payments: .*'lots'"):
        read_payments(path)


def test_every_missing_heading_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("Practice Code,Practice Name\nA1,Ash\n")
    with pytest.raises(InstanceError) as caught:
        read_payments(path)
    assert len(caught.value.faults) == 12


# --- Code-Point Open

POINTS = '"LA1 1AA",10,347467,461653,"E9","","","","E07000121","E05"\n'
WITHOUT = '"LA9 9ZZ",90,0,0,"E9","","","","",""\n'


def test_postcodes_are_found_however_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "la.csv"
    path.write_text(POINTS + WITHOUT)
    postcodes = read_codepoint(path)
    assert postcodes.find("la11aa") == Point(347467, 461653, 10, "E07000121")
    assert postcodes.num_read == 2


def test_a_postcode_without_coordinates_is_not_found(tmp_path: Path) -> None:
    path = tmp_path / "la.csv"
    path.write_text(POINTS + WITHOUT)
    assert read_codepoint(path).find("LA9 9ZZ") is None


def test_a_folder_of_areas_is_read_with_its_headers_file(tmp_path: Path) -> None:
    (tmp_path / "Data" / "CSV").mkdir(parents=True)
    (tmp_path / "Doc").mkdir()
    headers = tmp_path / "Doc" / "Code-Point_Open_Column_Headers.csv"
    headers.write_text("PQ,PC,NO,EA\nQuality,Postcode,Northings,Eastings\n")
    (tmp_path / "Data" / "CSV" / "la.csv").write_text('10,"LA1 1AA",461653,347467\n')
    (tmp_path / "Data" / "CSV" / "bd.csv").write_text('20,"BD23 1AA",451000,399000\n')
    postcodes = read_codepoint(tmp_path)
    assert postcodes.find("LA1 1AA") == Point(347467, 461653, 10, "")
    assert postcodes.find("BD23 1AA") == Point(399000, 451000, 20, "")


def test_only_the_postcodes_asked_for_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "la.csv"
    path.write_text(POINTS + POINTS.replace("1AA", "1AB"))
    assert list(read_codepoint(path, only=["LA11AB"]).points) == ["LA1 1AB"]


def test_another_table_is_not_taken_for_code_point(tmp_path: Path) -> None:
    path = tmp_path / "la.csv"
    path.write_text("A001,Ash,here\n")
    with pytest.raises(InstanceError, match="must begin with postcode, quality"):
        read_codepoint(path)


def test_a_folder_without_postcodes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InstanceError, match="unpack the download"):
        read_codepoint(tmp_path)
