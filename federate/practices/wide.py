"""Practices from one wide table, such as a published or hand-made list.

Headings are mapped onto ours by their usual names, or as the caller says; what
remains becomes attributes with guessed units. Every guess and every row left
out is in the `ImportReport`.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from federate.errors import Fault, did_you_mean
from federate.practices.assemble import make_practices
from federate.practices.attributes import UNITS, Declared, guess
from federate.practices.check import digest
from federate.practices.instance import Instance
from federate.practices.judge import Judged, judge_practices
from federate.practices.mapping import further_columns, our_columns, rows_without_place
from federate.practices.placement import area_of
from federate.practices.report import CheckReport, ImportReport
from federate.practices.rows import table_suffix
from federate.practices.selection import only_rows
from federate.practices.tablefile import TableFile, read_table
from federate.practices.validate import as_number

__all__ = ["check_wide", "import_wide", "read_wide"]


def read_wide(path: str | Path, columns: Mapping[str, str] | None = None) -> Instance:
    """Read practices from one wide table; see `import_wide`."""
    return import_wide(path, columns)[0]


def import_wide(
    path: str | Path,
    columns: Mapping[str, str] | None = None,
    *,
    name: str | None = None,
    title: str | None = None,
    attribution: str = "",
    units: Mapping[str, str] | None = None,
    without_place: Literal["leave_out", "fault"] = "leave_out",
    where: Mapping[str, Collection[str]] | None = None,
) -> tuple[Instance, ImportReport]:
    """Read practices from one wide table and report what was taken for what.

    Parameters
    ----------
    path
        CSV, XLSX, Parquet or GeoPackage file with a heading.
    columns
        Ours → theirs where the usual headings do not serve: ``code``, ``name``,
        ``lon``, ``lat``, ``easting_m``, ``northing_m``, ``list_size``,
        ``budget_gbp``, ``current`` (the present group) or the name of an
        attribute. ``""`` for theirs: none of them. A payment is never taken for
        a budget unless it is mapped here.
    name, title, attribution
        Of the instance; from the file's name where not given.
    units
        Units of attributes where the guess from their name does not serve.
    without_place
        Leave out and report the rows without coordinates, or fault them.
    where
        Heading → labels: read only the rows that hold one of them.

    Raises
    ------
    InstanceError
        With every fault of the table.
    """
    wide = _read(
        Path(path),
        columns or {},
        units or {},
        where or {},
        leave_out=without_place == "leave_out",
    )
    instance = _instance(Path(path), wide, name, title, attribution)
    report = CheckReport(str(path), instance, tuple(wide.faults))
    return report.require(), wide.report


def check_wide(path: str | Path) -> CheckReport:
    """Check one wide table as `import_wide` would read it."""
    wide = _read(Path(path), {}, {}, {}, leave_out=True)
    instance = _instance(Path(path), wide, None, None, "")
    return CheckReport(
        str(path),
        instance,
        tuple(wide.faults),
        (*wide.report.warnings, *wide.judged.warnings),
        wide.report.without_place,
    )


@dataclass(frozen=True, eq=False)
class _Wide:
    judged: Judged
    declared: Mapping[str, Declared]
    groups: Mapping[str, str] | None
    report: ImportReport
    faults: list[Fault]


def _read(
    path: Path,
    columns: Mapping[str, str],
    units: Mapping[str, str],
    where: Mapping[str, Collection[str]],
    *,
    leave_out: bool,
) -> _Wide:
    table, faults = read_table(path, layer="practices")
    table, unmet = only_rows(table, where if table.columns else {})
    faults += unmet
    faults += _unknown_headings(table, columns)
    faults += _unknown_units(table, units)
    ours = our_columns(table, columns)
    lost = set(rows_without_place(table, ours) if leave_out else ())
    kept = table.rows([k for k in range(len(table)) if k not in lost])
    further = further_columns(kept, ours, columns)
    declared = {
        name: _declared(name, kept.columns[theirs], units)
        for name, theirs in further.items()
    }
    taken = {**ours, **further}
    cells, num_rounded = _cells(kept, taken)
    groups = dict(zip(cells.get("code", []), cells.pop("current", []), strict=False))
    judged = judge_practices(
        TableFile(kept.file, cells, kept.lines), declared, area_of(None)
    )
    report = ImportReport(
        str(path),
        ours,
        declared,
        unused=tuple(h for h in table.columns if h not in taken.values()),
        without_place=tuple(_named(table, ours, k) for k in sorted(lost)),
        num_rounded=num_rounded,
    )
    faults += [
        replace(f, column=f.column and taken.get(f.column, f.column))
        for f in judged.faults
    ]
    return _Wide(
        judged, declared, groups if "current" in ours else None, report, faults
    )


def _cells(
    table: TableFile, taken: Mapping[str, str]
) -> tuple[dict[str, list[str]], int]:
    """Return the cells by our names, list sizes whole, and how many were rounded."""
    cells = {name: table.columns[theirs] for name, theirs in taken.items()}
    num_rounded = 0
    if "list_size" in cells:
        cells["list_size"], num_rounded = _whole(cells["list_size"])
    return cells, num_rounded


def _named(table: TableFile, ours: Mapping[str, str], row: int) -> str:
    """Code and name of a row."""
    words = [table.columns[ours[n]][row] for n in ("code", "name") if n in ours]
    return " ".join(words)


def _unknown_headings(table: TableFile, columns: Mapping[str, str]) -> list[Fault]:
    return [
        Fault(
            table.file,
            f"no such column to take {ours} from{did_you_mean(theirs, table.columns)}",
            1,
            theirs,
        )
        for ours, theirs in columns.items()
        if theirs and table.columns and theirs not in table.columns
    ]


def _unknown_units(table: TableFile, units: Mapping[str, str]) -> list[Fault]:
    known = f"; known are {', '.join(UNITS)}"
    return [
        Fault(
            table.file,
            f"this unit is not known{did_you_mean(unit, UNITS) or known}",
            1,
            name,
            unit,
        )
        for name, unit in units.items()
        if unit not in UNITS
    ]


def _declared(name: str, cells: list[str], units: Mapping[str, str]) -> Declared:
    if name not in units:
        return guess(name, cells)
    return Declared(units[name], "category" if units[name] == "label" else "number")


def _whole(cells: list[str]) -> tuple[list[str], int]:
    """Round list sizes to whole persons (halves to even), and count the rounded."""
    values = as_number(cells)
    is_fraction = np.isfinite(values) & (values != np.rint(values))
    rounded = [
        str(int(np.rint(value))) if fraction else cell
        for cell, value, fraction in zip(cells, values, is_fraction, strict=True)
    ]
    return rounded, int(is_fraction.sum())


def _instance(
    path: Path, wide: _Wide, name: str | None, title: str | None, attribution: str
) -> Instance | None:
    if wide.faults:
        return None
    practices = make_practices(wide.judged, wide.declared)
    codes, groups = practices.code, wide.groups
    stem = path.name[: -len(table_suffix(path))]
    return Instance(
        name=name or re.sub(r"[^\w.-]+", "-", stem, flags=re.ASCII).strip("-"),
        title=title or stem.replace("_", " "),
        practices=practices,
        current=None if groups is None else tuple(groups[code] for code in codes),
        attribution=attribution,
        digest=digest([path]),
    )
