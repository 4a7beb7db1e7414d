"""A comparison as tables: for notebooks, sheets, CSV and JSON."""

import csv
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from federate.show.formulas import is_formula
from federate.whatif.comparison import Comparison

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = [
    "criteria_frame",
    "federations_frame",
    "moves_frame",
    "sheets",
    "summary_data",
    "violations_frame",
    "write_criteria",
    "write_moves",
]

MOVES = (
    "plan",
    "code",
    "practice",
    "patients",
    "from",
    "to",
    "to_continues",
    "before_min",
    "after_min",
    "change_min",
)


def _move_rows(comparison: Comparison) -> list[dict[str, Any]]:
    """Return one row a practice that changes federation."""
    rows = []
    for change in comparison.changes:
        was, now = change.minutes_before, change.minutes_after
        values = (
            change.plan,
            change.code,
            change.name,
            change.patients,
            change.before,
            change.after,
            change.continues,
            was,
            now,
            None if was is None or now is None else now - was,
        )
        rows.append(dict(zip(MOVES, values, strict=True)))
    return rows


def moves_frame(comparison: Comparison) -> "DataFrame":
    """Return who moves from where to where, minutes before and after."""
    import pandas as pd

    table = pd.DataFrame(_move_rows(comparison), columns=list(MOVES))
    return table.astype({name: float for name in MOVES if name.endswith("_min")})


def criteria_frame(comparison: Comparison) -> "DataFrame":
    """Return every criterion: one column a plan, then the change from the base."""
    import pandas as pd

    rows = []
    for figure in comparison.figures:
        row: dict[str, Any] = {
            "group": figure.group,
            "criterion": figure.key,
            "title": figure.title,
            "unit": figure.unit,
        }
        row.update(zip(comparison.names, figure.of_plans, strict=True))
        first, *rest = figure.of_plans
        for name, value in zip(comparison.names[1:], rest, strict=True):
            row[f"change to {name}"] = (
                None if value is None or first is None else value - first
            )
        rows.append(row)
    return pd.DataFrame(rows).set_index("criterion")


def federations_frame(comparison: Comparison) -> "DataFrame":
    """Return what becomes of each federation."""
    import pandas as pd

    rows = [
        asdict(fate) | {"joined": " ".join(fate.joined), "left": " ".join(fate.left)}
        for fate in comparison.fates
    ]
    columns = "plan before after patients_before patients_after joined left"
    table = pd.DataFrame(rows, columns=columns.split())
    return table.astype({"patients_before": float, "patients_after": float})


def violations_frame(comparison: Comparison) -> "DataFrame":
    """Return the rules that each plan breaks."""
    import pandas as pd

    rows = [
        {"plan": name}
        | asdict(violation)
        | {"practices": " ".join(violation.practices)}
        for name, result in zip(comparison.names, comparison.results, strict=True)
        for violation in result.violations
    ]
    columns = "plan rule federation practices amount unit message"
    return pd.DataFrame(rows, columns=columns.split())


def sheets(comparison: Comparison) -> "Mapping[str, DataFrame]":
    """Return the sheets of the workbook, in order."""
    import pandas as pd

    criteria = comparison.criteria.reset_index().drop(columns="criterion")
    said = [
        ("Compared", ", ".join(comparison.names)),
        ("Under", comparison.results[0].problem.scenario.title or "the scenario"),
        *[("What changes", sentence) for sentence in comparison.summaries],
    ]
    return {
        "summary": pd.DataFrame(said, columns=["What", "Value"]),
        "criteria": criteria,
        "moves": comparison.moves,
        "federations": comparison.federations,
        "violations": comparison.violations,
    }


def write_moves(comparison: Comparison, path: str | Path) -> None:
    """Write the moves as CSV, texts that a sheet would run as formulas quoted."""
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(MOVES)
        for row in _move_rows(comparison):
            writer.writerow([_cell(value) for value in row.values()])


def write_criteria(comparison: Comparison, path: str | Path) -> None:
    """Write every criterion as CSV, one column a plan."""
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("group", "criterion", "unit", *comparison.names))
        for figure in comparison.figures:
            values = ("" if v is None else f"{v:.10g}" for v in figure.of_plans)
            writer.writerow((figure.group, figure.key, figure.unit, *values))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str) and is_formula(value):
        return f"'{value}"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def summary_data(comparison: Comparison) -> dict[str, Any]:
    """Return names, sentences, criteria and moves as plain data."""
    return {
        "plans": list(comparison.names),
        "summary": list(comparison.summaries),
        "criteria": {
            figure.key: dict(zip(comparison.names, figure.of_plans, strict=True))
            for figure in comparison.figures
        },
        "moves": _move_rows(comparison),
        "violations": {
            name: [asdict(violation) for violation in result.violations]
            for name, result in zip(comparison.names, comparison.results, strict=True)
        },
    }
