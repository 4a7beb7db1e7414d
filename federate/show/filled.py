"""A built page with its data put in: one HTML file that opens offline.

The pages are built from ``federate/show/page`` when the package is built. Their
content security policy lets them reach no network and run no script but their
own.
"""

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from federate.errors import FederateError

__all__ = ["filled"]

BUILD = "pip install -e . in the checkout (it builds the page, with npm)"


def filled(page: Path, data: Mapping[str, Any]) -> str:
    """Return a page with its data and, as its title, ``data["title"]``.

    Raises
    ------
    FederateError
        If the page was not built, which a checkout does on install.
    """
    # One pass: what a user wrote is never searched for a mark.
    head, title_mark, rest = _read(page).partition("%TITLE%")
    body, data_mark, foot = rest.partition("%DATA%")
    if not (title_mark and data_mark):
        raise FederateError(f"{page} has no place for data; build it anew: {BUILD}")
    return "".join((head, escape(data["title"]), body, _safe_json(data), foot))


def _read(page: Path) -> str:
    try:
        return page.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FederateError(
            f"the {page.stem}'s page is not built: no {page}; run {BUILD}"
        ) from None


def _safe_json(data: object) -> str:
    """Return JSON that cannot end the element it stands in, nor open another."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text
