"""Judge whole tables: cells, keys, places and odd values together."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from federate.errors import Fault, did_you_mean
from federate.practices.attributes import Declared, check_attributes
from federate.practices.instance import FloatArray
from federate.practices.placement import Area, Placed, neighbourly, place
from federate.practices.relations import check_keys
from federate.practices.tablefile import TableFile
from federate.practices.tables import TABLES
from federate.practices.validate import as_number, check_cells, check_headings

__all__ = ["Judged", "judge_places", "judge_practices", "judge_table"]

FEW_PATIENTS = 1_000
"""Smaller lists are new or special services: 28 of 6,393 in England, 2022/23."""


@dataclass(frozen=True, eq=False)
class Judged:
    """A table with what is wrong or odd about it, and its points if it has any."""

    table: TableFile
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    placed: Placed | None = None

    def points(self) -> tuple[FloatArray, FloatArray]:
        """Easting and northing of the rows, metres; only of a table with places."""
        if self.placed is None:
            raise ValueError(f"{self.table.file} has no places")
        return self.placed.easting_m, self.placed.northing_m


def judge_table(table: TableFile, known: Mapping[str, TableFile], name: str) -> Judged:
    """Judge a table without places: headings, cells and keys."""
    contract = TABLES[name]
    if not table.columns:
        return Judged(table)  # what kept it from being read is told already
    faults = check_headings(table, contract)
    faults += _undeclared(table, contract.headings) if name != "practices" else []
    faults += check_cells(table, contract, known)
    faults += check_keys(table, contract)
    if not len(table) and not contract.may_be_empty:
        faults.append(Fault(table.file, f"has no {name}; give one row for each", 1))
    return Judged(table, faults)


def judge_places(
    table: TableFile, known: Mapping[str, TableFile], name: str, area: Area
) -> Judged:
    """Judge a table with places: the same, and every point."""
    judged = judge_table(table, known, name)
    if not table.columns:
        return judged
    placed = place(table, area)
    return Judged(table, judged.faults + placed.faults, placed.warnings, placed)


def judge_practices(
    table: TableFile, declared: Mapping[str, Declared] | None, area: Area
) -> Judged:
    """Judge the practices: the same, attributes, and values that look odd.

    Attributes are not judged where no declarations could be read (``None``).
    """
    judged = judge_places(table, {}, "practices", area)
    if not table.columns:
        return judged
    faults = judged.faults
    if declared is not None:
        own = TABLES["practices"].headings
        faults = faults + check_attributes(table, declared, own)
    warnings = judged.warnings
    if judged.placed is not None and not faults:
        far, odd = neighbourly(table, judged.placed)
        faults = faults + far
        warnings = warnings + odd + _odd_lists(table) + _missing_budgets(table)
    return Judged(table, faults, warnings, judged.placed)


def _undeclared(table: TableFile, headings: tuple[str, ...]) -> list[Fault]:
    return [
        Fault(
            table.file,
            "this column is not known"
            f"{did_you_mean(name, headings) or '; known are ' + ', '.join(headings)}",
            1,
            name,
        )
        for name in table.columns
        if name and name not in headings
    ]


def _odd_lists(table: TableFile) -> list[Fault]:
    cells = table.columns["list_size"]
    message = f"is under {FEW_PATIENTS:,} patients; a new or special service?"
    return [
        Fault(table.file, message, table.lines[k], "list_size", int(float(cells[k])))
        for k in np.flatnonzero(as_number(cells) < FEW_PATIENTS)
    ]


def _missing_budgets(table: TableFile) -> list[Fault]:
    cells = table.columns.get("budget_gbp", [])
    blank = [k for k, cell in enumerate(cells) if not cell]
    if not blank or len(blank) == len(cells):
        return []
    message = (
        f"is blank for {len(blank):,} of {len(cells):,} practices; give all a budget, "
        "or none"
    )
    return [Fault(table.file, message, table.lines[blank[0]], "budget_gbp")]
