"""Tables as the sheets of a workbook, ready to read and to print."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from federate.show.formulas import is_formula

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["write_sheets"]

WIDEST = 60
"""No column is wider than this many characters; longer text is wrapped."""
NUMBERS = {
    "count": "#,##0",
    "persons": "#,##0",
    "minutes": "0.0",
    "km": "0.0",
    "share": "0.0%",
    "gbp": "£#,##0.00",
    "number": "0.00",
}


def write_sheets(
    sheets: "Mapping[str, DataFrame]",
    path: str | Path,
    *,
    title: str = "",
    titles: Mapping[str, str] | None = None,
    formats: Mapping[str, str] | None = None,
) -> None:
    """Write one sheet a table; texts are stored as text, never as formulas.

    Parameters
    ----------
    sheets
        Name of the sheet → its table.
    path
        The workbook.
    title
        Of the workbook, among its properties.
    titles, formats
        Heading, and unit (a key of `NUMBERS`), by name of the column. Where a
        table has a column ``unit``, that says how the numbers of a row without
        a format are written.
    """
    import xlsxwriter

    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": title})
        styles = _Styles(book)
        for name, table in sheets.items():
            sheet = book.add_worksheet(name)
            _write_sheet(sheet, table, styles, titles or {}, formats or {})


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


def _write_sheet(
    sheet: Any,
    table: "DataFrame",
    styles: _Styles,
    titles: Mapping[str, str],
    formats: Mapping[str, str],
) -> None:
    """Write one table with a frozen heading, a filter and fitting widths."""
    units = table["unit"].tolist() if "unit" in table else [""] * len(table)
    stated = [unit if unit in NUMBERS else "number" for unit in units]
    for k, column in enumerate(table.columns):
        title = titles.get(column, column)
        unit = formats.get(column, "gbp" if column.endswith("_gbp") else "")
        cells = table[column].tolist()
        sheet.write_string(0, k, title, styles.heading)
        longest = max((len(str(c)) for c in cells if isinstance(c, str)), default=10)
        sheet.set_column(k, k, min(max(longest, len(title) // 2, 10) + 2, WIDEST))
        for row, cell in enumerate(cells, start=1):
            shape = unit or stated[row - 1]
            _write_cell(sheet, row, k, cell, shape, styles)
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
