"""Turn checked tables into the parts of an `Instance`.

Every function here relies on its table having passed its checks.
"""

from collections.abc import Mapping
from typing import TypeVar, cast

import numpy as np
import numpy.typing as npt

from federate.practices.attributes import Declared, make_attributes
from federate.practices.instance import (
    Bases,
    FloatArray,
    Partners,
    Practices,
    Tie,
    TieKind,
    TravelTable,
)
from federate.practices.judge import Judged
from federate.practices.tablefile import TableFile
from federate.practices.validate import as_number

__all__ = [
    "make_bases",
    "make_current",
    "make_neighbours",
    "make_partners",
    "make_practices",
    "make_ties",
    "make_travel",
]

Number = TypeVar("Number", np.float64, np.int64)


def make_practices(judged: Judged, declared: Mapping[str, Declared]) -> Practices:
    """Build the practices, sorted by code."""
    codes = judged.table.columns["code"]
    order = sorted(range(len(codes)), key=codes.__getitem__)
    table = judged.table.rows(order)
    easting_m, northing_m = judged.points()
    return Practices(
        code=tuple(table.columns["code"]),
        name=tuple(table.columns["name"]),
        easting_m=_frozen(easting_m[order]),
        northing_m=_frozen(northing_m[order]),
        list_size=_frozen(as_number(table.columns["list_size"]).astype(np.int64)),
        budget_gbp=_numbers(table, "budget_gbp"),
        attributes=make_attributes(table, declared),
    )


def make_neighbours(judged: Judged) -> tuple[tuple[str, str], ...]:
    """Build the stated pairs, in the order of the file."""
    columns = judged.table.columns
    return tuple(zip(columns["a"], columns["b"], strict=True))


def make_travel(judged: Judged) -> TravelTable:
    """Build the stated minutes, in the order of the file."""
    table = judged.table
    return TravelTable(
        origin=tuple(table.columns["origin"]),
        destination=tuple(table.columns["destination"]),
        minutes=_numbers(table, "minutes"),
    )


def make_bases(judged: Judged) -> Bases:
    """Build the bases, in the order of the file."""
    table = judged.table
    easting_m, northing_m = judged.points()
    return Bases(
        code=tuple(table.columns["code"]),
        name=tuple(table.columns["name"]),
        easting_m=_frozen(easting_m),
        northing_m=_frozen(northing_m),
        status=tuple(table.columns["status"]),
        fixed_cost_gbp=_numbers(table, "fixed_cost_gbp"),
    )


def make_partners(judged: Judged) -> Partners:
    """Build the partners, in the order of the file.

    A blank share, fee or fixed sum is none at all: 0; a blank capacity is NaN,
    no limit.
    """
    table = judged.table
    return Partners(
        code=tuple(table.columns["code"]),
        name=tuple(table.columns["name"]),
        contract=tuple(table.columns["contract"]),
        share=_numbers(table, "share", when_blank=0.0),
        fee_share=_numbers(table, "fee_share", when_blank=0.0),
        fixed_gbp=_numbers(table, "fixed_gbp", when_blank=0.0),
        capacity_gbp=_numbers(table, "capacity_gbp"),
    )


def make_ties(judged: Judged) -> tuple[Tie, ...]:
    """Build the ties, in the order of the file; a blank strength is 1."""
    columns = judged.table.columns
    strength = _numbers(judged.table, "strength", when_blank=1.0)
    rows = zip(columns["a"], columns["b"], columns["kind"], strength, strict=True)
    return tuple(Tie(a, b, cast(TieKind, kind), float(s)) for a, b, kind, s in rows)


def make_current(judged: Judged, codes: tuple[str, ...]) -> tuple[str, ...]:
    """Build the present group of each practice; ``""`` where the table has none."""
    columns = judged.table.columns
    group = dict(zip(columns["code"], columns["federation"], strict=True))
    return tuple(group.get(code, "") for code in codes)


def _numbers(table: TableFile, name: str, when_blank: float = np.nan) -> FloatArray:
    """Return the numbers of a column; `when_blank` where blank or absent."""
    cells = table.columns.get(name, [""] * len(table))
    values = as_number(cells)
    return _frozen(np.where(np.isnan(values), when_blank, values))


def _frozen(values: npt.NDArray[Number]) -> npt.NDArray[Number]:
    values = np.array(values)
    values.setflags(write=False)
    return values
