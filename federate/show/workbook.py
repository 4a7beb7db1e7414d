"""A result as a workbook: one sheet a question, ready to print."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from federate.result import Result
from federate.show.columns import COLUMNS
from federate.show.facts import facts, subtitle
from federate.show.formulas import is_formula
from federate.show.frames import (
    federation_rows,
    practice_rows,
    term_rows,
    violation_rows,
)

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["write_workbook"]

WIDEST = 60
"""No column is wider than this many characters; longer text is wrapped."""
NUMBERS = {
    "count": "#,##0",
    "minutes": "0.0",
    "share": "0.0%",
    "gbp": "£#,##0.00",
    "number": "0.00",
}
TITLES = {
    "federation": "Federation",
    "centre": "Lead practice",
    "centre_name": "Name of lead practice",
    "violations": "Rules broken",
    "code": "Code",
    "name": "Practice",
    "list_size": "Patients",
    "budget_gbp": "Budget, £ a year",
    "travel_min": "To lead practice, min",
    "travel_source": "Source of minutes",
    "base": "Out-of-hours base",
    "easting_m": "Easting, m",
    "northing_m": "Northing, m",
    "rule": "Rule",
    "practices": "Practices",
    "amount": "By how much",
    "unit": "Unit",
    "message": "In words",
    "total_gbp": "All terms, £ a year",
} | {column.key: column.title for column in COLUMNS}
FORMATS = {
    "list_size": "count",
    "budget_gbp": "count",
    "travel_min": "minutes",
    "easting_m": "count",
    "northing_m": "count",
    "violations": "count",
    "amount": "number",
} | {column.key: column.unit for column in COLUMNS if column.key != "budget_gbp"}


def write_workbook(result: Result, path: Path) -> None:
    """Write the sheets summary, federations, practices, violations, terms, provenance.

    Texts are always stored as text, never as formulas.
    """
    import pandas as pd
    import xlsxwriter

    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": False,
    }
    summary = [(f.label, f.value.replace("\xa0", " "), f.note) for f in facts(result)]
    sheets = {
        "summary": pd.DataFrame(summary, columns=["Figure", "Value", "Meaning"]),
        "federations": federation_rows(result),
        "practices": practice_rows(result),
        "violations": violation_rows(result),
        "terms": term_rows(result),
        "provenance": pd.DataFrame(_provenance(result), columns=["What", "Value"]),
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": result.problem.instance.title})
        styles = _Styles(book)
        for name, table in sheets.items():
            _write_sheet(book.add_worksheet(name), table, styles)


class _Styles:
    """The cell formats of one workbook, made once each."""

    def __init__(self, book: Any) -> None:
        self._book = book
        line = {"bottom": 1, "bottom_color": "#4C6272"}
        self.heading = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", **line}
        )
        self.text = book.add_format({"valign": "top", "text_wrap": True})
        self.quoted = book.add_format({"valign": "top", "quote_prefix": True})
        self._numbers: dict[str, Any] = {}

    def number(self, unit: str) -> Any:
        """Return the format of a number in its unit."""
        if unit not in self._numbers:
            shape = {"num_format": NUMBERS[unit], "valign": "top"}
            self._numbers[unit] = self._book.add_format(shape)
        return self._numbers[unit]


def _write_sheet(sheet: Any, table: "DataFrame", styles: _Styles) -> None:
    """Write one table with a frozen heading, a filter and fitting widths."""
    for k, column in enumerate(table.columns):
        title = TITLES.get(column, column)
        unit = FORMATS.get(column, "gbp" if column.endswith("_gbp") else "number")
        cells = table[column].tolist()
        sheet.write_string(0, k, title, styles.heading)
        longest = max((len(str(c)) for c in cells if isinstance(c, str)), default=10)
        sheet.set_column(k, k, min(max(longest, len(title) // 2, 10) + 2, WIDEST))
        for row, cell in enumerate(cells, start=1):
            _write_cell(sheet, row, k, cell, unit, styles)
    sheet.freeze_panes(1, 1)
    if len(table):
        sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write_cell(
    sheet: Any, row: int, column: int, cell: Any, unit: str, styles: _Styles
) -> None:
    """Write a text as text and a number as a number; leave absent ones blank."""
    if isinstance(cell, str):
        style = styles.quoted if is_formula(cell) else styles.text
        sheet.write_string(row, column, cell, style)
    elif cell is not None and np.isfinite(cell):
        sheet.write_number(row, column, cell, styles.number(unit))


def _provenance(result: Result) -> list[tuple[str, str]]:
    """Return what made the result, so that it can be made again."""
    instance, scenario = result.problem.instance, result.problem.scenario
    solve = scenario.solve
    return [
        ("Instance", instance.title or instance.name),
        ("Practices", f"{result.problem.n:,}"),
        ("SHA-256 of its files", instance.digest or "made in memory"),
        ("Scenario", scenario.title or "untitled"),
        ("Asked", subtitle(result)),
        ("Status", result.status.value),
        ("Stopped because", result.stop.value),
        ("Engine", result.engine or "none: scored and checked"),
        ("Solver", result.solver),
        ("Seconds", f"{result.seconds:.1f}"),
        ("Seed", str(solve.seed)),
        ("Threads", str(solve.threads)),
        ("Objective, £ a year", _gbp(result.objective_gbp)),
        ("Proven bound, £ a year", _gbp(result.bound_gbp)),
        ("Attribution", instance.attribution),
    ]


def _gbp(amount: float | None) -> str:
    return "none" if amount is None else f"{amount:,.2f}"
