"""One self-contained HTML page: two maps that move together, and what changes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from federate.show.filled import filled

__all__ = ["compare_html", "write_compare_page"]

PAGE = Path(__file__).parent / "static" / "compare.html"


def compare_html(data: Mapping[str, Any]) -> str:
    """Return the page that compares plans, data and script inside.

    Raises
    ------
    FederateError
        If the page was not built, which a checkout does on install.
    """
    return filled(PAGE, data)


def write_compare_page(data: Mapping[str, Any], path: str | Path) -> None:
    """Write the page that compares plans to an HTML file."""
    Path(path).write_text(compare_html(data), encoding="utf-8")
