"""A report for a board: the same facts as page, workbook and PDF."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from federate.cli import run
from federate.errors import FederateError, InfeasibleError, InputError
from federate.result import Result
from federate.show.report import report_html, write_report
from federate.show.report_data import report_data
from federate.show.targets import seven_numbers
from solvers.contract import Status, StopReason
from tests.show.insured import insured
from tests.show.village import HOSTILE, village
from tests.square import grouped, square

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def states(result: Result) -> dict[str, tuple[str, str, str]]:
    return {
        number.label: (number.value, number.band, number.state)
        for number in seven_numbers(result)
    }


def test_there_are_seven_numbers_with_their_bands() -> None:
    found = states(village())
    assert len(found) == 7
    assert found["Patients in a federation"] == (
        "30,000 to 35,000",
        "25,000 to 32,000",
        "missed",
    )
    assert found["Mean travel to the lead practice"][1:] == ("", "no target")
    assert found["Rules broken"][1:] == ("none", "missed")


@pytest.mark.parametrize(("limit", "state"), [(10.0, "met"), (9.0, "missed")])
def test_a_limit_on_travel_is_a_target(limit: float, state: str) -> None:
    found = states(village(rules={"max_travel_min": limit}))
    assert found["Longest travel to a lead practice"] == (
        "10.0 min",
        f"at most {limit:g} min",
        state,
    )


def test_a_tolerated_risk_is_a_target() -> None:
    found = states(village(risk={"max_probability": 0.49}))
    assert found["Greatest risk of overspending by 2\xa0%"][1:] == (
        "at most 49.0\xa0%",
        "met",
    )


def test_a_plan_in_which_nobody_joins_has_its_numbers() -> None:
    assert states(village(grouped()))["Patients in a federation"][0] == "none"


def test_who_changes_is_told_against_today() -> None:
    stays = report_data([village()], ["x"])["plans"][0]["changes"]
    assert stays == {"says": "No practice changes its group.", "rows": []}
    plan = grouped("A2 A1 A3 B3", "B2 B1", "C2 C1 C3")
    moves = report_data([village(plan)], ["x"])["plans"][0]["changes"]
    assert moves["says"].startswith("1 of 9 practices changes group, with 10,000")
    assert moves["rows"] == [["Fir (B3)", "10,000", "B", "F1"]]


def test_every_member_stands_under_its_federation_the_lead_first() -> None:
    (data,) = report_data([village()], ["x"])["plans"]
    members = {f["name"]: [row[0] for row in f["members"]] for f in data["federations"]}
    assert members["F2"][0] == "Elm (B2)"
    assert sorted(len(rows) for rows in members.values()) == [3, 3, 3]
    assert data["federations"][1]["members"][0][2] == "leads"


def test_nothing_in_the_data_is_taken_for_markup() -> None:
    page = report_html(report_data([village()], ["<b>plan</b>"]))
    assert HOSTILE not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "<b>plan</b>" not in page


def test_the_page_has_no_script_and_fetches_nothing() -> None:
    page = report_html(report_data([village()], ["plan"]))
    assert "<script" not in page
    assert re.findall(r"""(?:src|href)=["'](?!data:)""", page) == []
    assert "default-src 'none'" in page


def test_the_same_plan_gives_the_same_page() -> None:
    pages = {report_html(report_data([village()], ["plan"])) for _ in range(2)}
    assert len(pages) == 1


@pytest.mark.browser
def test_the_page_opens_without_a_network(browser: "Browser", tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report([village(), village(grouped("A1 A2"))], ["one", "two"], path)
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    context.set_offline(True)
    page = context.new_page()
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.on("console", lambda said: seen.append(said.text))
    page.goto(path.as_uri())
    maps: list[Any] = page.locator("img").all()
    assert [image.evaluate("i => i.naturalWidth > 0") for image in maps] == [True, True]
    assert maps[0].get_attribute("alt").startswith("Map of 3 federations: F1 35,000")
    assert page.title() == "Square"
    assert page.locator("h2").all_inner_texts()[:1] == ["one"]
    assert [url for url in seen if not url.startswith("data:")] == [path.as_uri()]
    context.close()


def test_a_pdf_has_the_title_and_its_pages(tmp_path: Path) -> None:
    pytest.importorskip("typst")
    path = tmp_path / "report.pdf"
    write_report([village()], ['#panic("markup")'], path)
    data = path.read_bytes()
    assert data.startswith(b"%PDF-")
    pages = re.search(rb"/Type\s*/Pages\s*/Count (\d+)", data)
    assert pages is not None
    assert int(pages[1]) == 2


def test_without_the_extra_the_error_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(FederateError, match=r"extra pdf.*gp-federate\[pdf\]"):
        write_report([village()], ["plan"], tmp_path / "report.pdf")


def test_a_workbook_has_the_board_and_every_plan(tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "report.xlsx"
    write_report([village(), village(grouped("A1 A2"))], ["one", "two"], path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [
        "board",
        "who changes",
        "federations",
        "practices",
        "violations",
    ]
    assert book["board"].max_row == 1 + 2 * 7
    assert {cell.value for cell in book["federations"]["A"][1:]} == {"one", "two"}


def test_a_plan_that_does_not_exist_has_no_report(tmp_path: Path) -> None:
    none = Result(square(), None, Status.INFEASIBLE, StopReason.FINISHED)
    with pytest.raises(InfeasibleError):
        write_report([none], ["none"], tmp_path / "report.html")


def test_a_file_of_no_known_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.html, \.pdf, \.xlsx"):
        write_report([village()], ["plan"], tmp_path / "report.docx")


def test_the_command_writes_what_is_asked_for(tmp_path: Path) -> None:
    page, book = tmp_path / "report.html", tmp_path / "report.xlsx"
    asked = ["report", "current", "-s", "toy", "--name", "Today", "-q"]
    assert run([*asked, "-o", str(page), "-o", str(book)]) == 0
    assert ">Today</h2>" in page.read_text("utf-8")
    assert book.is_file()
    assert run([*asked, "-o", str(tmp_path / "report.txt")]) == 3


def test_where_risk_is_asked_about_the_page_has_the_curve_and_what_it_says() -> None:
    page = report_html(report_data([insured()], ["plan"]))
    assert page.count("data:image/svg+xml;base64,") == 2
    assert "2 of 2 federations keep the rule" in page
    without = report_html(report_data([insured(risk={}, contracts={})], ["plan"]))
    assert "Pooled risk" not in without


def test_each_federation_has_the_contracts_side_by_side() -> None:
    (plan,) = report_data([insured()], ["plan"])["plans"]
    rows = plan["federations"][0]["contracts"]
    assert [row[0] for row in rows] == ["no contract", "cap (taken)", "share", "large"]
    assert rows[0][-1].startswith("Leaves a risk of ")
    assert "Contracts on offer" in report_html(report_data([insured()], ["plan"]))


def test_a_workbook_has_the_contracts_where_there_is_a_menu(tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "report.xlsx"
    write_report([insured()], ["plan"], path)
    heads, *rows = openpyxl.load_workbook(path)["contracts"].values
    table = [dict(zip(heads, row, strict=True)) for row in rows]
    taken = [row["Contract"] for row in table if row["Taken"] == "yes"]
    assert taken == ["cap", "cap"]
    write_report([insured(contracts={})], ["plan"], path)
    assert "contracts" not in openpyxl.load_workbook(path).sheetnames


def test_a_pdf_has_the_curve_and_the_contracts(tmp_path: Path) -> None:
    pytest.importorskip("typst")
    for name, result in (("with", insured()), ("without", insured(contracts={}))):
        write_report([result], ["plan"], tmp_path / f"{name}.pdf")
    sizes = [(tmp_path / f"{name}.pdf").stat().st_size for name in ("with", "without")]
    assert sizes[0] > sizes[1]
