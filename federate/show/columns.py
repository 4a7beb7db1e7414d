"""The figures shown of each federation: one list for page, sheets and files."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from federate.result import Result
from federate.score import FederationScore

__all__ = ["COLUMNS", "Column", "Figure", "Unit", "columns_shown", "num_broken"]

Unit = Literal["count", "minutes", "share", "gbp", "number"]
Figure = float | int | None


@dataclass(frozen=True)
class Column:
    """One figure of a federation: its key, heading, unit and where it is found.

    `key` is the name in files and ends in its unit; `hint` says how the figure
    is worked out; `in_table` whether it is worth a column of the page's table
    as well as a line among the details.
    """

    key: str
    title: str
    unit: Unit
    hint: str
    of: Callable[[FederationScore], Figure]
    in_table: bool = True


COLUMNS = (
    Column(
        "practices",
        "Practices",
        "count",
        "Number of member practices",
        lambda f: f.num_practices,
    ),
    Column(
        "patients",
        "Patients",
        "count",
        "Registered patients of all members",
        lambda f: f.patients,
    ),
    Column(
        "travel_mean_min",
        "Mean travel, min",
        "minutes",
        "Minutes from practice to lead practice, averaged over patients",
        lambda f: f.travel_mean_min,
    ),
    Column(
        "travel_max_min",
        "Worst travel, min",
        "minutes",
        "Minutes from the furthest member to the lead practice",
        lambda f: f.travel_max_min,
    ),
    Column(
        "overspend_probability",
        "Overspend risk",
        "share",
        "Chance in a year of spending over budget by more than the tolerance",
        lambda f: f.overspend_probability,
    ),
    Column(
        "n_min_persons",
        "Safe size",
        "count",
        "Fewest patients at which a federation like this keeps the risk rule",
        lambda f: f.n_min_persons,
    ),
    Column(
        "running_gbp_per_head",
        "Cost a head",
        "gbp",
        "Running cost of the federation a year, per patient",
        lambda f: f.running_gbp_per_head or None,
    ),
    Column(
        "likeness_mean",
        "Likeness",
        "number",
        "How alike members and lead practice are: 0 not at all, 1 wholly",
        lambda f: f.likeness_mean,
    ),
    Column(
        "pieces",
        "Pieces",
        "count",
        "Separate parts in the neighbour graph; 1 is contiguous",
        lambda f: f.pieces,
        in_table=False,
    ),
    Column(
        "budget_gbp",
        "Budget, £ a year",
        "gbp",
        "Expected spend of all members",
        lambda f: f.budget_gbp,
        in_table=False,
    ),
)


def columns_shown(rows: tuple[FederationScore, ...]) -> tuple[Column, ...]:
    """Return the columns that say something: a figure in at least one row."""
    return tuple(c for c in COLUMNS if any(c.of(row) is not None for row in rows))


def num_broken(result: Result) -> Counter[str]:
    """Return how many rules each federation breaks; absent where none."""
    return Counter(v.federation for v in result.violations if v.federation)
