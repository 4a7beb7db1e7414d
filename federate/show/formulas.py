"""Text that a spreadsheet program would run as a formula, made harmless."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["escape_formulas", "is_formula"]

STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is run as a formula by spreadsheet programs."""


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet program would run this text.

    Examples
    --------
    >>> is_formula("=1+1"), is_formula("The Surgery")
    (True, False)
    """
    return text.startswith(STARTS)


def escape_formulas(table: "DataFrame") -> "DataFrame":
    """Return a table whose texts no spreadsheet program runs as formulas.

    Text that begins like one gets an apostrophe in front.
    """

    def quoted(cell: object) -> object:
        if isinstance(cell, str) and is_formula(cell):
            return f"'{cell}"
        return cell

    return table.map(quoted)
