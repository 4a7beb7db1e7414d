"""Check the cells of a table against its contract, every fault at once."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from federate.errors import Fault, did_you_mean
from federate.practices.instance import FloatArray
from federate.practices.tablefile import TableFile
from federate.practices.tables import Column, Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NUMBER", "as_number", "as_value", "check_cells", "check_headings"]

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_MOST_SUGGESTIONS = 50  # a search among thousands of codes takes milliseconds
_WHEN_TOO_LARGE = {
    "share": "; write 25 % as 0.25",
    "minutes": ", a day; give minutes, not seconds",
}
_NOT_FINITE = {"nan", "inf", "infinity", "+inf", "-inf", "-infinity"}


@dataclass(frozen=True)
class _Rule:
    """A claim about every cell of a column, and what to say where it fails."""

    holds: "Callable[[pd.Series[str]], pd.Series[bool]]"
    message: Callable[[str], str]


def as_number(cells: Sequence[str]) -> FloatArray:
    """Numbers of the cells, shape ``(n,)``; NaN where blank or not a number.

    Examples
    --------
    >>> as_number(["12", "-0.5", "", "12,000"])
    array([12. , -0.5,  nan,  nan])
    """
    values = [float(c) if NUMBER.fullmatch(c) else np.nan for c in cells]
    return np.array(values, dtype=np.float64)


def as_value(cell: str) -> Any:
    """Value of a cell for a message: a number where it is one, else the text.

    Examples
    --------
    >>> as_value("-120"), as_value("4029.25"), as_value("n/a"), as_value("")
    (-120, 4029.25, 'n/a', None)
    """
    if not NUMBER.fullmatch(cell):
        return cell or None
    value = float(cell)
    return int(value) if value.is_integer() else value


def check_headings(table: TableFile, contract: Table) -> list[Fault]:
    """Tell the required columns that are missing, with the nearest heading."""
    spare = [name for name in table.columns if name not in contract.headings]
    return [
        Fault(
            table.file,
            f"this column is missing; add it{did_you_mean(column.name, spare)}",
            1,
            column.name,
        )
        for column in contract.columns
        if column.required and column.name not in table.columns
    ]


def check_cells(
    table: TableFile,
    contract: Table,
    known: Mapping[str, TableFile],
) -> list[Fault]:
    """Tell every cell that breaks the contract, the first reason of each.

    Parameters
    ----------
    table
        Its headings may lack columns of the contract; those are passed over.
    contract
        Kinds, ranges and choices.
    known
        Tables with readable codes, by name; a reference to any other table is
        not judged.
    """
    import pandas as pd
    import pandera.pandas as pa

    present = [c for c in contract.columns if c.name in table.columns]
    rules = {c.name: _rules(c, known) for c in present}
    schema = pa.DataFrameSchema(
        {
            name: pa.Column(checks=[pa.Check(r.holds) for r in column_rules])
            for name, column_rules in rules.items()
        }
    )
    cells = {c.name: table.columns[c.name] for c in present}
    frame = pd.DataFrame(cells, index=table.lines, dtype="str")
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        return _faults(table, rules, errors.failure_cases)
    return []


def _faults(
    table: TableFile, rules: Mapping[str, Sequence[_Rule]], cases: "pd.DataFrame"
) -> list[Fault]:
    """Turn pandera's failure cases into faults, one for each cell."""
    first: dict[tuple[int, str], tuple[int, str]] = {}
    for line, column, number, cell in zip(
        cases["index"],
        cases["column"],
        cases["check_number"],
        cases["failure_case"],
        strict=True,
    ):
        place, reason = (int(line), str(column)), (int(number), str(cell))
        first[place] = min(first.get(place, reason), reason)
    return [
        Fault(
            table.file,
            rules[column][number].message(cell),
            line,
            column,
            as_value(cell),
        )
        for (line, column), (number, cell) in sorted(first.items())
    ]


def _rules(column: Column, known: Mapping[str, TableFile]) -> list[_Rule]:
    rules = []
    if not column.blank:
        rules.append(_Rule(lambda s: s != "", lambda _: _when_blank(column)))
    if column.kind in ("number", "whole"):
        rules += _number_rules(column)
    if column.kind == "choice":
        words = ", ".join(column.choices)
        rules.append(
            _Rule(
                lambda s: s.isin(column.choices) | (s == ""),
                lambda c: f"must be one of {words}{did_you_mean(c, column.choices)}",
            )
        )
    if column.refers_to and all(table in known for table in column.refers_to):
        rules.append(_reference_rule(column, known))
    return rules


def _when_blank(column: Column) -> str:
    unit = f" in {column.unit}" if column.unit else ""
    return f"is blank; every row needs its {column.name}{unit}"


def _number_rules(column: Column) -> list[_Rule]:
    low, high = column.at_least, column.at_most
    rules = [
        _Rule(
            _are_finite,
            lambda _: f"must be a finite number{_way_out(column)}",
        ),
        _Rule(
            lambda s: s.str.fullmatch(NUMBER) | (s == ""),
            lambda cell: f"must be a number{_without_marks(cell) or _way_out(column)}",
        ),
    ]
    if column.kind == "whole":
        message = f"must be a whole number of {column.unit}; round it"
        rules.append(_claim(lambda x: x == np.floor(x), message))
    if low is not None:
        message = f"must be at least {low:,.10g}{_way_out(column)}"
        rules.append(_claim(lambda x: x >= low, message))
    if high is not None:
        hint = _WHEN_TOO_LARGE.get(column.unit, _way_out(column))
        rules.append(_claim(lambda x: x <= high, f"must be at most {high:,.10g}{hint}"))
    return rules


def _are_finite(cells: "pd.Series[str]") -> "pd.Series[bool]":
    import pandas as pd

    texts = cells.tolist()
    words = np.array([text.lower() in _NOT_FINITE for text in texts], dtype=bool)
    return pd.Series(~words & ~np.isinf(as_number(texts)), index=cells.index)


def _claim(holds: Callable[[FloatArray], Any], message: str) -> _Rule:
    """Make a rule about numbers; cells that are not numbers pass it."""

    def test(cells: "pd.Series[str]") -> "pd.Series[bool]":
        import pandas as pd

        values = as_number(cells.tolist())
        return pd.Series(holds(values) | np.isnan(values), index=cells.index)

    return _Rule(test, lambda _: message)


def _way_out(column: Column) -> str:
    if column.blank:
        return "; leave the cell blank where it is unknown"
    return f"; give {column.unit}" if column.unit else ""


def _without_marks(cell: str) -> str:
    """Name the marks that keep a cell from being a number, if that is all.

    Examples
    --------
    >>> _without_marks("£12,000"), _without_marks("many")
    ('; write 12000', '')
    """
    bare = re.sub(r"[£$%,\s]", "", cell)
    return f"; write {bare}" if NUMBER.fullmatch(bare) else ""


def _reference_rule(column: Column, known: Mapping[str, TableFile]) -> _Rule:
    codes = [c for name in column.refers_to for c in known[name].columns["code"]]
    files = " or ".join(known[name].file for name in column.refers_to)
    noun = "practice" if column.refers_to == ("practices",) else "place"
    asked = count()

    def message(cell: str) -> str:
        near = did_you_mean(cell, codes) if next(asked) < _MOST_SUGGESTIONS else ""
        return f"no {noun} {cell} in {files}{near}"

    return _Rule(lambda s: s.isin(codes) | (s == ""), message)
