"""One self-contained HTML map that opens offline, from a file, anywhere.

The page is built from ``federate/show/page`` when the package is built; here
it only receives its data. Its content security policy lets it reach no
network and run no script but its own.
"""

import json
from html import escape
from pathlib import Path

from federate.errors import FederateError
from federate.result import Result
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
    data = payload(result)
    # One pass: what a user wrote is never searched for a mark.
    head, title_mark, rest = _page().partition("%TITLE%")
    body, data_mark, foot = rest.partition("%DATA%")
    if not (title_mark and data_mark):
        raise FederateError(f"{PAGE} has no place for data; build it anew: {BUILD}")
    return "".join((head, escape(data["title"]), body, _safe_json(data), foot))


def write_map(result: Result, path: str | Path) -> None:
    """Write the map of `result` to an HTML file."""
    Path(path).write_text(map_html(result), encoding="utf-8")


BUILD = "pip install -e . in the checkout (it builds the page, with npm)"


def _page() -> str:
    try:
        return PAGE.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FederateError(
            f"the map's page is not built: no {PAGE}; run {BUILD}"
        ) from None


def _safe_json(data: object) -> str:
    """Return JSON that cannot end the element it stands in, nor open another."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text
