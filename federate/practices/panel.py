"""A panel: what practices spent, or were paid, year by year.

A row is a practice and a year. Headings are taken as they usually are, or as told:

======== ======================================== ====================================
ours     usual headings                           holds
======== ======================================== ====================================
code     practice_code, code, ods_code            practice
year     fin_year, year, financial_year           any label that sorts by time
patients registered, patients, list_size          registered persons
weighted weighted, weighted_list_size             persons weighted by need; optional
spend    total_payments_gbp, spend_gbp, spend     £ in that year
closed   close_date                               date; a practice that closed; optional
======== ======================================== ====================================
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from federate.errors import Fault, InstanceError, did_you_mean
from federate.practices.tablefile import TableFile, read_table
from federate.practices.validate import as_number, as_value

__all__ = ["FEWEST_PRACTICES", "FEWEST_YEARS", "Panel", "read_panel"]

FloatArray = npt.NDArray[np.float64]

FEWEST_YEARS = 4
"""With fewer, two degrees of freedom are left for the national shock, or none."""
FEWEST_PRACTICES = 20
"""Variances of fewer practices say next to nothing."""
_USUAL: Mapping[str, tuple[str, ...]] = {
    "code": ("practice_code", "code", "ods_code"),
    "year": ("fin_year", "year", "financial_year"),
    "patients": ("registered", "patients", "list_size", "registered_patients"),
    "weighted": ("weighted", "weighted_patients", "weighted_list_size"),
    "spend": ("total_payments_gbp", "spend_gbp", "spend", "payments_gbp", "cost_gbp"),
    "closed": ("close_date", "closed"),
}
_OPTIONAL = ("weighted", "closed")


@dataclass(frozen=True, eq=False)
class Panel:
    """Practices that have a sound figure in every year.

    Parameters
    ----------
    file
        Name of the table.
    code, years
        Practices, in order, and labels of the years, in order.
    spend_gbp, patients, weighted
        Shape ``(n, y)``; `weighted` is `patients` where the table has none.
    headings
        Ours → the table's heading.
    less
        Columns that were taken off spend.
    num_rows
        Rows read.
    left_out
        Why → how many: rows, then practices.
    """

    file: str
    code: tuple[str, ...]
    years: tuple[str, ...]
    spend_gbp: FloatArray
    patients: FloatArray
    weighted: FloatArray
    headings: Mapping[str, str]
    less: tuple[str, ...]
    num_rows: int
    left_out: Mapping[str, int]


def read_panel(
    path: Path,
    *,
    columns: Mapping[str, str],
    less: Sequence[str] = (),
    only: Collection[str] | None = None,
) -> Panel:
    """Read a panel, and keep the practices that are whole.

    Parameters
    ----------
    path
        CSV, CSV.gz, XLSX or Parquet.
    columns
        Ours → the table's heading, above the usual ones.
    less
        Columns to take off spend; a blank cell counts as 0.
    only
        Codes to keep; ``None``: all.

    Raises
    ------
    InstanceError
        With every fault of the table; or if too few years or practices are left.
    """
    table, faults = read_table(path)
    if not table.columns:
        raise InstanceError(str(path), faults)
    ours, missing = _headings(table, columns, less)
    faults += missing
    if not missing:
        faults += _bad_cells(table, ours, less)
        faults += _repeated(table, ours)
    if faults:
        raise InstanceError(str(path), faults)
    panel = _whole(table, ours, tuple(less), only)
    too_few = _too_few(panel, only)
    if too_few:
        raise InstanceError(str(path), too_few)
    return panel


def _headings(
    table: TableFile, columns: Mapping[str, str], less: Sequence[str]
) -> tuple[dict[str, str], list[Fault]]:
    """Return ours → theirs, and what is missing."""
    plain = {heading.lower(): heading for heading in table.columns}
    ours, faults = {}, []
    for name in columns:
        if name not in _USUAL:
            hint = did_you_mean(name, _USUAL) or f"; there are {', '.join(_USUAL)}"
            faults.append(
                Fault(table.file, f"no such column of a panel{hint}", 1, name)
            )
    for name, usual in _USUAL.items():
        found = columns.get(name) or next((plain[u] for u in usual if u in plain), "")
        if found in table.columns:
            ours[name] = found
        elif name in columns or name not in _OPTIONAL:
            wanted = columns.get(name, name)
            message = "this column is missing"
            message += did_you_mean(wanted, table.columns)
            message += f"; name it with {name}=HEADING (--map)"
            faults.append(Fault(table.file, message, 1, wanted))
    for heading in less:
        if heading not in table.columns:
            message = (
                f"no such column to take off{did_you_mean(heading, table.columns)}"
            )
            faults.append(Fault(table.file, message, 1, heading))
    return ours, faults


def _bad_cells(
    table: TableFile, ours: Mapping[str, str], less: Sequence[str]
) -> list[Fault]:
    """Tell cells that should be numbers and are not; blank ones are passed over."""
    named = [ours[n] for n in ("patients", "weighted", "spend") if n in ours]
    faults = []
    for heading in dict.fromkeys((*named, *less)):
        cells = table.columns[heading]
        for k in np.flatnonzero(np.isnan(as_number(cells))):
            if cells[k]:
                message = "must be a number, or blank"
                faults.append(
                    Fault(
                        table.file, message, table.lines[k], heading, as_value(cells[k])
                    )
                )
    return faults


def _repeated(table: TableFile, ours: Mapping[str, str]) -> list[Fault]:
    """Tell a practice and year that stand twice."""
    seen: dict[tuple[str, str], int] = {}
    faults = []
    both = zip(table.columns[ours["code"]], table.columns[ours["year"]], strict=True)
    for line, key in zip(table.lines, both, strict=True):
        if key in seen:
            message = f"stands in line {seen[key]} already for {key[1]}; keep one"
            faults.append(Fault(table.file, message, line, ours["code"], key[0]))
        seen.setdefault(key, line)
    return faults


def _whole(
    table: TableFile,
    ours: Mapping[str, str],
    less: tuple[str, ...],
    only: Collection[str] | None,
) -> Panel:
    """Return the practices with a sound row in every year."""
    code, year = table.columns[ours["code"]], table.columns[ours["year"]]
    patients = as_number(table.columns[ours["patients"]])
    weighted = as_number(table.columns[ours.get("weighted", ours["patients"])])
    spend = as_number(table.columns[ours["spend"]])
    for heading in less:
        spend = spend - np.nan_to_num(as_number(table.columns[heading]))
    closed = table.columns.get(ours.get("closed", ""), [""] * len(code))
    years = tuple(sorted(set(year) - {""}))
    place = {label: k for k, label in enumerate(years)}
    left_out = {
        "rows of a year in which the practice closed": sum(bool(c) for c in closed),
        "rows without patients or with no spend above 0": 0,
    }
    rows: dict[str, dict[int, int]] = {}
    for k in range(len(code)):
        if closed[k] or not code[k] or not year[k]:
            continue
        if not (patients[k] > 0 and weighted[k] > 0 and spend[k] > 0):
            left_out["rows without patients or with no spend above 0"] += 1
            continue
        if only is None or code[k] in only:
            rows.setdefault(code[k], {})[place[year[k]]] = k
    whole = sorted(c for c, found in rows.items() if len(found) == len(years))
    left_out["practices without a sound row in every year"] = len(rows) - len(whole)
    at = np.array([[rows[c][t] for t in range(len(years))] for c in whole], dtype=int)
    at = at.reshape(len(whole), len(years))
    return Panel(
        file=table.file,
        code=tuple(whole),
        years=years,
        spend_gbp=spend[at],
        patients=patients[at],
        weighted=weighted[at],
        headings=dict(ours),
        less=less,
        num_rows=len(table),
        left_out=left_out,
    )


def _too_few(panel: Panel, only: Collection[str] | None) -> list[Fault]:
    faults = []
    if len(panel.years) < FEWEST_YEARS:
        message = f"has {len(panel.years)} years; at least {FEWEST_YEARS} are needed"
        faults.append(Fault(panel.file, message))
    if len(panel.code) < FEWEST_PRACTICES:
        where = " of the instance" if only is not None else ""
        message = (
            f"has {len(panel.code)} practices{where} with a sound row in every year; "
            f"at least {FEWEST_PRACTICES} are needed"
        )
        faults.append(Fault(panel.file, message))
    return faults
