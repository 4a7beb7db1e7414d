"""A report for a board: one page with the map and seven numbers, then detail."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from federate.errors import FederateError
from federate.result import Result
from federate.show.kinds import refuse_unknown
from federate.show.report_data import report_data

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["SUFFIXES", "report_html", "write_report"]

TEMPLATES = Path(__file__).parent / "templates"


def write_report(
    results: Sequence[Result], names: Sequence[str], path: str | Path
) -> None:
    """Write the report of one plan or several, as the file's ending says.

    ``.html`` opens offline and prints; ``.pdf`` needs the extra ``pdf``; ``.xlsx``
    has a sheet for the board, and federations and practices of each plan.

    Raises
    ------
    InputError
        If the ending is none of these.
    InfeasibleError
        If one of the results has no plan.
    FederateError
        If a PDF is asked for and the extra is not installed.
    """
    path = Path(path)
    refuse_unknown(path, SUFFIXES)
    SUFFIXES[path.suffix.lower()](results, names, path)


def report_html(data: Mapping[str, Any]) -> str:
    """Return a report as one HTML page; nothing in the data is taken for markup."""
    from jinja2 import Environment, FileSystemLoader

    loader = FileSystemLoader(TEMPLATES)
    pages = Environment(loader=loader, autoescape=True, trim_blocks=True)
    plans = [
        plan
        | {"map_base64": _base64(plan["map"])}
        | {"curve_base64": _base64(plan["risk"]["curve"]) if plan["risk"] else ""}
        for plan in data["plans"]
    ]
    template = pages.get_template("report.html.j2")
    return template.render(**{**data, "plans": plans})


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _write_html(results: Sequence[Result], names: Sequence[str], path: Path) -> None:
    path.write_text(report_html(report_data(results, names)), encoding="utf-8")


def _write_pdf(results: Sequence[Result], names: Sequence[str], path: Path) -> None:
    try:
        import typst
    except ImportError:
        raise FederateError(
            "a PDF needs the extra pdf, which is not installed: pip install "
            "'gp-federate[pdf]'; or write .html and print that"
        ) from None
    data = json.dumps(report_data(results, names), ensure_ascii=False)
    template = TEMPLATES / "report.typ"
    path.write_bytes(
        typst.compile(str(template), format="pdf", sys_inputs={"data": data})
    )


def _write_workbook(
    results: Sequence[Result], names: Sequence[str], path: Path
) -> None:
    import pandas as pd

    from federate.show.frames import (
        federation_rows,
        offer_rows,
        practice_rows,
        violation_rows,
    )
    from federate.show.sheets import write_sheets
    from federate.show.workbook import FORMATS, TITLES

    data = report_data(results, names)
    keys = ("label", "value", "band", "state")
    board = [
        (plan["name"], *(number[key] for key in keys))
        for plan in data["plans"]
        for number in plan["numbers"]
    ]
    changes = [
        (plan["name"], *row)
        for plan in data["plans"]
        for row in plan["changes"]["rows"]
    ]
    heads = ["Plan", "Figure", "Found", "Asked for", "Target"]
    moves = ["Plan", "Practice", "Patients", "Today", "In this plan"]
    sheets: dict[str, DataFrame] = {
        "board": pd.DataFrame(board, columns=heads),
        "who changes": pd.DataFrame(changes, columns=moves),
    }
    tables = {
        "federations": federation_rows,
        "contracts": offer_rows,
        "practices": practice_rows,
        "violations": violation_rows,
    }
    for sheet, rows_of in tables.items():
        parts = []
        for result, name in zip(results, names, strict=True):
            table = rows_of(result)
            table.insert(0, "Plan", name)
            parts.append(table)
        whole = pd.concat(parts, ignore_index=True)
        if sheet != "contracts" or len(whole):  # only where there is a menu
            sheets[sheet] = whole
    title = str(data["title"])
    write_sheets(sheets, path, title=title, titles=TITLES, formats=FORMATS)


SUFFIXES: Mapping[str, Callable[[Sequence[Result], Sequence[str], Path], None]] = {
    ".html": _write_html,
    ".pdf": _write_pdf,
    ".xlsx": _write_workbook,
}
