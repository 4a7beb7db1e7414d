"""What a sweep found, as tables for people and as JSON."""

import json
from typing import TYPE_CHECKING, Any

from federate.whatif.goals import COST

if TYPE_CHECKING:
    from pandas import DataFrame
    from rich.table import Table

    from federate.whatif.table import Sweep

__all__ = ["as_rows", "points_table", "tornado_table"]

MOST_ROWS = 60
BAR_WIDTH = 20
LEAST_GAP = 1e-9
"""Below this a gap is what floating point leaves of none."""
HEADINGS = {
    COST: "£ a year",
    "num_federations": "federations",
    "travel_max_min": "worst minutes",
    "overspend_worst_probability": "worst risk",
}


def as_rows(table: "DataFrame") -> list[dict[str, Any]]:
    """Return the rows of a table as JSON has them."""
    rows: list[dict[str, Any]] = json.loads(table.to_json(orient="records"))
    return rows


def points_table(found: "Sweep", front: "DataFrame | None") -> "Table":
    """Return one row a point; with a front only those on it or dominated."""
    from rich.table import Table

    criteria = [] if front is None else [n.lstrip("-") for n in found.weighed]
    # Several bounds may have found one plan; it is shown once.
    shown = found.to_frame() if front is None else front.drop_duplicates(criteria)
    figures = list(dict.fromkeys([*criteria, COST, "gap", "num_federations"]))
    marks = ["status"] if front is None else ["dominated", "proven"]
    changing = [key for key in found.keys if key not in figures]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("point", *changing, *figures, *marks):
        side = "right" if name in figures or name == "point" else "left"
        table.add_column(_heading(name), justify=side)  # type: ignore[arg-type]
    rows = as_rows(shown)
    for row in rows[:MOST_ROWS]:
        cells = (_cell(name, row.get(name)) for name in (*changing, *figures, *marks))
        table.add_row(str(row["point"]), *cells)
    if len(rows) > MOST_ROWS:
        table.caption = f"and {len(rows) - MOST_ROWS:,} more; --out writes all"
    return table


def tornado_table(bars: "DataFrame", figure: str) -> "Table":
    """Return one row a key, with a bar from the least to the most of the figure."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("key")
    for heading in ("least", "at", "most", "at"):
        table.add_column(heading, justify="right" if heading != "at" else "left")
    table.add_column(_heading(figure), no_wrap=True)
    rows = as_rows(bars)
    if any(row["no_plan_at"] for row in rows):
        table.add_column("no plan at")
    low, high = bars["low"].min(), bars["high"].max()
    step = (high - low) / BAR_WIDTH or 1.0
    for row in rows:
        before = round((row["low"] - low) / step)
        length = max(1, round((row["high"] - row["low"]) / step))
        table.add_row(
            _heading(row["key"]),
            *(_cell(figure, row["low"]), _cell("", row["low_at"])),
            *(_cell(figure, row["high"]), _cell("", row["high_at"])),
            " " * before + "█" * length,
            *_no_plan_at(row),
        )
    return table


def _no_plan_at(row: dict[str, Any]) -> list[str]:
    values = [_cell("", value) for value in row["no_plan_at"]]
    return [", ".join(values)] if values else []


def _heading(name: str) -> str:
    # Without underscores a narrow screen can break it.
    return HEADINGS.get(name, name.rpartition(".")[2].replace("_", " "))


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ":".join(_cell("", one) for one in value)
    if isinstance(value, str):
        return value
    if name == "gap":
        return f"{100 * value:.2g} %" if value > LEAST_GAP else "0 %"
    whole = abs(value) >= 1000 or float(value).is_integer()
    return f"{value:,.0f}" if whole else f"{value:.4g}"
