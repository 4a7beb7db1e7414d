"""Whose heading is whose: a foreign table's columns mapped onto the contract's."""

import re
from collections.abc import Mapping

from federate.practices.tablefile import TableFile

__all__ = ["further_columns", "our_columns", "rows_without_place"]

# Ours → usual headings, lower-case words joined by "_"; the first found is taken.
_USUAL: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "practice_code", "ods_code", "organisation_code", "org_code"),
    "name": ("name", "practice_name", "organisation_name", "org_name"),
    "lon": ("lon", "longitude", "long", "lng"),
    "lat": ("lat", "latitude"),
    "easting_m": ("easting_m", "easting", "eastings", "oseast1m"),
    "northing_m": ("northing_m", "northing", "northings", "osnrth1m"),
    "list_size": (
        "list_size",
        "number_of_patients",
        "registered_patients",
        "patients",
        "population",
    ),
    "budget_gbp": ("budget_gbp", "budget"),
    "current": ("current", "federation", "pcn_code", "ccg_code"),
}
_PLACES = ("lon", "lat", "easting_m", "northing_m")


def our_columns(table: TableFile, columns: Mapping[str, str]) -> dict[str, str]:
    """Map the contract's columns to theirs: as told, then by usual headings."""
    plain = {re.sub(r"\W+", "_", h.lower()): h for h in table.columns}
    ours = {}
    for name, usual in _USUAL.items():
        found = next((plain[word] for word in usual if word in plain), "")
        theirs = columns.get(name, found)
        if theirs in table.columns:
            ours[name] = theirs
    if all(name in ours for name in _PLACES):
        told = [name for name in _PLACES if name in columns]
        for name in _PLACES[:2] if told and told[0] in _PLACES[2:] else _PLACES[2:]:
            del ours[name]
    return ours


def rows_without_place(table: TableFile, ours: Mapping[str, str]) -> list[int]:
    """List the rows with a blank coordinate."""
    cells = [table.columns[ours[name]] for name in _PLACES if name in ours]
    return [k for k, row in enumerate(zip(*cells, strict=True)) if not all(row)]


def further_columns(
    table: TableFile, ours: Mapping[str, str], columns: Mapping[str, str]
) -> dict[str, str]:
    """Choose the attributes: as told, and every other column that says something."""
    told = {
        name: theirs
        for name, theirs in columns.items()
        if name not in _USUAL and theirs in table.columns
    }
    used = {*ours.values(), *told.values()}
    rest = {
        heading: heading
        for heading, cells in table.columns.items()
        if heading not in used and heading not in _USUAL and any(cells)
    }
    return {**rest, **told}
