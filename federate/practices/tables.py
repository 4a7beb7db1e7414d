"""The column contracts of an instance's tables, in one place.

A table is a file named for it, of any kind that `federate.practices.rows` reads.

| table | one row is | columns (in brackets: may be left out) |
| --- | --- | --- |
| practices | a practice | code, name, place, list_size, [budget_gbp], [attributes] |
| neighbours | a pair of neighbours | a, b |
| travel | a journey one way | origin, destination, minutes |
| bases | an out-of-hours base | code, name, place, status, [fixed_cost_gbp] |
| partners | a risk or support partner | code, name, contract, [share], [fee_share], \
[fixed_gbp], [capacity_gbp] |
| ties | a relation of two practices | a, b, kind, [strength] |
| current | a practice in its present group | code, federation, [centre] |

*place* is ``lon`` and ``lat`` (degrees, WGS84) or ``easting_m`` and ``northing_m``
(metres, EPSG:27700; the headings ``easting`` and ``northing`` serve as well).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

__all__ = ["PLACES", "TABLES", "Column", "Table"]

ColumnKind = Literal["code", "text", "number", "whole", "choice"]


@dataclass(frozen=True)
class Column:
    """What one column must hold.

    Parameters
    ----------
    name
        Heading.
    kind
        ``code``, ``text``, ``number``, ``whole`` (number) or ``choice``.
    unit
        Unit of a number, for people; ``""`` for the rest.
    required
        Whether the column must be there.
    blank
        Whether a cell may be blank.
    at_least, at_most
        Inclusive range of a number, or ``None``.
    choices
        Words that a ``choice`` may take.
    refers_to
        Tables in which the code must stand.
    """

    name: str
    kind: ColumnKind
    unit: str = ""
    required: bool = True
    blank: bool = False
    at_least: float | None = None
    at_most: float | None = None
    choices: tuple[str, ...] = ()
    refers_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """What one table must hold.

    Parameters
    ----------
    name
        Stem of the file, e.g. ``practices``.
    columns
        Its columns, in the order they are written.
    key
        Columns that together may not repeat.
    is_pair
        Whether the key is two practices in no order, never the same one twice.
    may_be_empty
        Whether a heading without rows says something (``ties``: there are none).
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    is_pair: bool = False
    may_be_empty: bool = True

    @property
    def headings(self) -> tuple[str, ...]:
        """Names of all columns."""
        return tuple(column.name for column in self.columns)


def _optional(
    name: str, unit: str, low: float | None = 0, high: float | None = None
) -> Column:
    return Column(name, "number", unit, False, True, low, high)


# Ranges of coordinates are judged point by point in `placement`.
PLACES = (
    Column("lon", "number", "degrees", required=False),
    Column("lat", "number", "degrees", required=False),
    Column("easting_m", "number", "metres", required=False),
    Column("northing_m", "number", "metres", required=False),
)
_A = Column("a", "code", refers_to=("practices",))
_B = Column("b", "code", refers_to=("practices",))
_DAY_MIN = 24 * 60
_MOST_PATIENTS = 1_000_000  # the largest English list is near 120,000

TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            Table(
                "practices",
                (
                    Column("code", "code"),
                    Column("name", "text"),
                    *PLACES,
                    Column(
                        "list_size",
                        "whole",
                        "persons",
                        at_least=1,
                        at_most=_MOST_PATIENTS,
                    ),
                    _optional("budget_gbp", "GBP a year"),
                ),
                key=("code",),
                may_be_empty=False,
            ),
            Table("neighbours", (_A, _B), key=("a", "b"), is_pair=True),
            Table(
                "travel",
                (
                    Column("origin", "code", refers_to=("practices",)),
                    Column("destination", "code", refers_to=("practices", "bases")),
                    Column(
                        "minutes", "number", "minutes", at_least=0, at_most=_DAY_MIN
                    ),
                ),
                key=("origin", "destination"),
            ),
            Table(
                "bases",
                (
                    Column("code", "code"),
                    Column("name", "text"),
                    *PLACES,
                    Column("status", "choice", choices=("open", "candidate")),
                    _optional("fixed_cost_gbp", "GBP a year"),
                ),
                key=("code",),
            ),
            Table(
                "partners",
                (
                    Column("code", "code"),
                    Column("name", "text"),
                    Column(
                        "contract",
                        "choice",
                        choices=(
                            "quota_share",
                            "stop_loss",
                            "carve_out",
                            "gain_share",
                            "support",
                        ),
                    ),
                    _optional("share", "share", high=1),
                    _optional("fee_share", "share", high=1),
                    _optional("fixed_gbp", "GBP a year"),
                    _optional("capacity_gbp", "GBP a year"),
                ),
                key=("code",),
            ),
            Table(
                "ties",
                (
                    _A,
                    _B,
                    Column("kind", "choice", choices=("could", "would_not", "allied")),
                    _optional("strength", "share", high=1),
                ),
                key=("a", "b"),
                is_pair=True,
            ),
            Table(
                "current",
                (
                    Column("code", "code", refers_to=("practices",)),
                    Column("federation", "text", blank=True),
                    Column("centre", "code", required=False, blank=True),
                ),
                key=("code",),
            ),
        )
    }
)
