"""Further columns of the practices: their units, and how a unit is guessed.

In an instance folder every attribute is declared in ``instance.toml``; only the
import of a foreign table guesses, by name, and reports what it guessed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from federate.errors import Fault
from federate.practices.instance import Attribute, AttributeKind
from federate.practices.tablefile import TableFile
from federate.practices.tables import Column, Table
from federate.practices.validate import as_number, check_cells

__all__ = ["UNITS", "Declared", "check_attributes", "guess", "make_attributes"]


@dataclass(frozen=True)
class _Range:
    low: float | None = None
    high: float | None = None


# Unit as declared → the inclusive range of its numbers.
_RANGES: Mapping[str, _Range] = MappingProxyType(
    {
        "count": _Range(0),
        "flag": _Range(0, 1),
        "GBP a head": _Range(),
        "GBP a year": _Range(),
        "km": _Range(0),
        "label": _Range(),
        "minutes": _Range(0),
        "number": _Range(),
        "per 1,000": _Range(0),
        "persons": _Range(0),
        "score": _Range(),
        "share": _Range(0, 1),
        "years": _Range(0),
    }
)
UNITS = tuple(_RANGES)

# Ends and parts of names in published tables → unit; the first that fits holds.
_UNIT_BY_NAME = (
    (r"_gbp$|_pounds$", "GBP a year"),
    (r"(^|_)(share|prev|prevalence|prop|proportion|fraction)(_|$)", "share"),
    (r"(^|_)(imd|score|quality|rating)(_|$)", "score"),
    (r"(^|_)(list_size|patients|population|persons)(_|$)", "persons"),
    (r"(^|_)(doctors|gps|nurses|staff|n|num|count)(_|$)", "count"),
    (r"_km$", "km"),
    (r"_(min|minutes)$", "minutes"),
    (r"^(is|has)_|^dispensing$", "flag"),
)
# Codes such as 5E1 would pass for numbers; columns so named are always labels.
_LABEL_NAME = re.compile(
    r"(^|_)(code|name|postcode|id|date)(_|$)|^(pct|ccg|pcg|icb|stp|pcn|lad)_"
)
_PLAIN_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]\d+)?")


@dataclass(frozen=True)
class Declared:
    """Unit and kind of an attribute as ``instance.toml`` declares them."""

    unit: str
    kind: AttributeKind = "number"


def guess(name: str, cells: Iterable[str]) -> Declared:
    """Guess unit and kind of a foreign column from its name and its cells.

    Examples
    --------
    >>> guess("imd_2019", ["32.4", ""])
    Declared(unit='score', kind='number')
    >>> guess("pct_2010", ["5E1", "5E9"])
    Declared(unit='label', kind='category')
    """
    label = Declared("label", "category")
    if _LABEL_NAME.search(name.lower()):
        return label
    values = [cell for cell in cells if cell]
    if not all(_PLAIN_NUMBER.fullmatch(cell) for cell in values):
        return label
    for pattern, unit in _UNIT_BY_NAME:
        if re.search(pattern, name.lower()) and _fits(values, unit):
            return Declared(unit)
    return Declared("number")


def _fits(cells: list[str], unit: str) -> bool:
    low, high = _RANGES[unit].low, _RANGES[unit].high
    values = [float(cell) for cell in cells]
    return (low is None or all(v >= low for v in values)) and (
        high is None or all(v <= high for v in values)
    )


def check_attributes(
    table: TableFile, declared: Mapping[str, Declared], known_columns: Iterable[str]
) -> list[Fault]:
    """Tell undeclared columns, absent attributes and cells out of range."""
    known = set(known_columns)
    faults = [
        Fault(
            table.file,
            f'this column is not declared; add [attributes.{name}] with unit = "..." '
            "to instance.toml, or remove the column",
            1,
            name,
        )
        for name in table.columns
        if name and name not in known and name not in declared
    ]
    columns = tuple(_contract(name, d) for name, d in declared.items())
    contract = Table(table.file, columns, key=())
    faults += [
        Fault(
            table.file,
            "instance.toml declares this attribute; add the column or remove "
            f"[attributes.{name}]",
            1,
            name,
        )
        for name in declared
        if name not in table.columns
    ]
    return faults + check_cells(table, contract, {})


def _contract(name: str, declared: Declared) -> Column:
    if declared.kind == "category":
        return Column(name, "text", blank=True)
    span = _RANGES.get(declared.unit, _Range())
    return Column(
        name, "number", declared.unit, blank=True, at_least=span.low, at_most=span.high
    )


def make_attributes(
    table: TableFile, declared: Mapping[str, Declared]
) -> Mapping[str, Attribute]:
    """Build the attributes in the order in which they are declared."""
    attributes = {}
    for name, how in declared.items():
        cells = table.columns[name]
        values = (
            as_number(cells) if how.kind == "number" else np.array(cells, dtype=str)
        )
        values.setflags(write=False)
        attributes[name] = Attribute(name, how.kind, how.unit, values)
    return MappingProxyType(attributes)
