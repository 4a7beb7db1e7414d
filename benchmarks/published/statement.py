"""A published question in our words, and its own judge of the answer."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from federate.plan import Plan
from federate.practices.instance import Instance, Practices, TravelTable
from federate.scenario import Scenario

__all__ = [
    "NotStatedError",
    "Row",
    "Statement",
    "Verdict",
    "instance_of",
    "position",
    "read_best_known",
    "scenario_of",
]

WHOLE_NUMBERS_GAP = 1e-7
REAL_NUMBERS_GAP = 1e-6


class NotStatedError(Exception):
    """The question cannot be put with the criteria there are; says what it needs."""


@dataclass(frozen=True)
class Row:
    """One line of a family's ``best_known.csv``.

    `value` is in the family's own unit; `is_optimal` where the source proves it.
    """

    instance: str
    num_practices: int
    num_federations: int
    value: float
    is_optimal: bool


@dataclass(frozen=True)
class Verdict:
    """What the family's own convention says of a plan.

    Parameters
    ----------
    value
        The plan in the family's own unit, as `Row.value`.
    gbp
        What our objective must say of the same plan.
    faults
        Which of the family's rules the plan breaks.
    """

    value: float
    gbp: float
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Statement:
    """A published question as an instance and a scenario.

    Parameters
    ----------
    instance, scenario
        What our engines are asked.
    judge
        Reads a plan by the family's convention, with no code of ours in between.
    maximise
        Whether the family's value is the better the larger.
    """

    instance: Instance
    scenario: Scenario
    judge: Callable[[Plan], Verdict]
    maximise: bool = False


def read_best_known(folder: Path) -> list[Row]:
    """Read the rows of a family, small ones first."""
    with (folder / "best_known.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            Row(
                instance=line["instance"],
                num_practices=int(line["n"]),
                num_federations=int(line["p"]),
                value=float(line["best_known"]),
                is_optimal=line["optimal"] == "yes",
            )
            for line in csv.DictReader(file)
        ]
    return sorted(rows, key=lambda row: row.num_practices)


def position(code: str) -> int:
    """Return which point of the file a practice code stands for, from 0."""
    return int(code[1:])


def instance_of(
    name: str,
    places: npt.NDArray[np.float64],
    sizes: npt.NDArray[np.int64],
    minutes: npt.NDArray[np.float64],
    neighbours: tuple[tuple[int, int], ...] | None = None,
) -> Instance:
    """Return points as practices with stated minutes between all of them.

    A journey costs list size × minutes × the scenario's price.

    Parameters
    ----------
    places
        Shape ``(n, 2)``, any unit; for pictures, and for neighbours unless stated.
    sizes
        Shape ``(n,)``, persons.
    minutes
        Shape ``(n, n)``, row = member, column = centre.
    neighbours
        Pairs of positions; ``None``: from the places.
    """
    n = len(sizes)
    code = tuple(f"N{i:05d}" for i in range(n))
    practices = Practices(
        code=code,
        name=code,
        easting_m=np.ascontiguousarray(places[:, 0]),
        northing_m=np.ascontiguousarray(places[:, 1]),
        list_size=sizes,
        budget_gbp=np.full(n, np.nan),
    )
    table = TravelTable(
        origin=tuple(a for a in code for _ in code),
        destination=code * n,
        minutes=minutes.ravel(),
    )
    pairs = None
    if neighbours is not None:
        pairs = tuple((code[i], code[k]) for i, k in neighbours)
    return Instance(name, name, practices, neighbours=pairs, travel=table)


def scenario_of(
    title: str, *, whole_numbers: bool, rules: Mapping[str, Any], **sections: Any
) -> Scenario:
    """Return a scenario of travel alone under `rules`, to be proven to the unit."""
    gap = WHOLE_NUMBERS_GAP if whole_numbers else REAL_NUMBERS_GAP
    return Scenario.model_validate(
        {
            "schema": 1,
            "title": title,
            "rules": dict(rules),
            "weights": {"travel_gbp_per_patient_min": 1.0},
            "cover": {"enabled": False},
            "solve": {"gap": gap},
            **sections,
        }
    )
