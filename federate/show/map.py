"""One self-contained HTML map that opens offline, from a file, anywhere."""

from pathlib import Path

from federate.result import Result
from federate.show.filled import filled
from federate.show.payload import payload

__all__ = ["map_html", "write_map"]

PAGE = Path(__file__).parent / "static" / "map.html"


def map_html(result: Result) -> str:
    """Return the map of `result` as one HTML page, data and script inside.

    Raises
    ------
    InfeasibleError
        If the result has no plan.
    FederateError
        If the page was not built, which a checkout does on install.
    """
    return filled(PAGE, payload(result))


def write_map(result: Result, path: str | Path) -> None:
    """Write the map of `result` to an HTML file."""
    Path(path).write_text(map_html(result), encoding="utf-8")
