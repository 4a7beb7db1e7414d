"""What is left of a table, as one mixed-integer model."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf
from typing import Any

import numpy as np
import numpy.typing as npt

from federate.engine.medians.table import Table
from solvers.contract import MixedIntegerModel, Options, Outcome, Progress
from solvers.registry import backend

__all__ = ["choose"]

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass
class _Rows:
    """Rows as they are stated: (row, column, value) and their sides."""

    row: list[IntArray] = field(default_factory=list)
    column: list[IntArray] = field(default_factory=list)
    value: list[FloatArray] = field(default_factory=list)
    lower: list[FloatArray] = field(default_factory=list)
    upper: list[FloatArray] = field(default_factory=list)
    count: int = 0

    def add(self, row: Any, column: Any, value: Any, sides: tuple[float, float]) -> Any:
        """State rows 0…max(row) with the same sides."""
        num = int(np.max(row)) + 1 if len(row) else 0
        self.row.append(np.asarray(row, dtype=np.int64) + self.count)
        self.column.append(np.asarray(column, dtype=np.int64))
        self.value.append(np.broadcast_to(np.asarray(value, np.float64), len(row)))
        self.lower.append(np.full(num, sides[0]))
        self.upper.append(np.full(num, sides[1]))
        self.count += num


def choose(
    table: Table,
    may: BoolArray,
    *,
    options: Options,
    solver: str,
    cancel: Callable[[], bool] | None = None,
) -> tuple[Outcome, IntArray | None]:
    """Return the cheapest plan of the pairs in `may`, row = centre.

    min Σ led_ci x_ci + Σ alone_i (1 − Σ_c x_ci)
    s.t. Σ_c x_ci = 1, or ≤ 1 where joining is voluntary;  x_ci ≤ x_cc;
         L x_cc ≤ Σ_i persons_i x_ci ≤ U x_cc, a waived one filling up L;
         fewest x_cc ≤ Σ_i x_ci ≤ most x_cc;  fewest ≤ Σ_c x_cc ≤ most;
         pairs apart: x_ca + x_cb ≤ x_cc;  sets together: x_ca = x_cb.
    """
    centre, member = np.nonzero(may & np.isfinite(table.led) & may.diagonal()[:, None])
    heads = np.flatnonzero(centre == member)
    of = np.full(len(table.who), -1, dtype=np.int64)
    of[centre[heads]] = np.arange(len(heads))
    rows, pairs = _Rows(), np.arange(len(centre))
    _cover(table, member, rows)
    others = np.flatnonzero(centre != member)
    count = np.arange(len(others))
    rows.add(
        np.concatenate([count, count]),
        np.concatenate([others, heads[of[centre[others]]]]),
        np.repeat([1.0, -1.0], len(others)),
        (-inf, 0.0),
    )
    _sizes(table, (of[centre], pairs, member), heads, rows)
    rows.add(np.zeros(len(heads)), heads, 1.0, _floats(table.count))
    _ties(table, may, (centre, member), heads[of[centre]], rows)
    stays = np.where(np.isfinite(table.alone), table.alone, 0.0)
    constant = table.own_gbp + float(stays.sum())
    model = _model(table.led[centre, member] - stays[member], rows, constant)

    def heed(_: Progress) -> bool:
        return cancel is not None and cancel()

    outcome = backend(solver).solve(model, options, None, heed)
    if outcome.values is None:
        return outcome, None
    label = np.full(len(table.who), -1, dtype=np.int64)
    taken = outcome.values > 0.5
    label[member[taken]] = centre[taken]
    return outcome, label


def _floats(pair: tuple[int, int]) -> tuple[float, float]:
    return float(pair[0]), float(pair[1])


def _cover(table: Table, member: IntArray, rows: _Rows) -> None:
    """Put every practice in one federation, or none where joining is voluntary.

    A practice with no pair at all keeps its empty row: then there is no plan.
    """
    voluntary = bool(np.isfinite(table.alone).all())
    n = len(table.who)
    start = rows.count
    rows.add(member, np.arange(len(member)), 1.0, (0.0 if voluntary else 1.0, 1.0))
    short = n - (rows.count - start)
    rows.lower.append(np.full(short, 0.0 if voluntary else 1.0))
    rows.upper.append(np.ones(short))
    rows.count += short


def _sizes(
    table: Table,
    held: tuple[IntArray, IntArray, IntArray],
    heads: IntArray,
    rows: _Rows,
) -> None:
    """Bound persons and members of every federation that there is."""
    row, column, member = held
    every = np.arange(len(heads))
    persons = table.persons[member]
    lower, upper = table.size
    filling = np.where(table.waived[member], np.maximum(persons, lower), persons)
    ones = np.ones(len(member))
    bounds = [
        (persons, upper, (-inf, 0.0), upper < table.persons.sum()),
        (filling, lower, (0.0, inf), lower > 0),
        (ones, float(table.members[1]), (-inf, 0.0), table.members[1] < len(ones)),
        (ones, float(table.members[0]), (0.0, inf), table.members[0] > 1),
    ]
    for value, bound, sides, is_asked in bounds:
        if is_asked:
            rows.add(
                np.concatenate([row, every]),
                np.concatenate([column, heads]),
                np.concatenate([value, np.full(len(heads), -bound)]),
                sides,
            )


def _ties(
    table: Table,
    may: BoolArray,
    pairs: tuple[IntArray, IntArray],
    head: IntArray,
    rows: _Rows,
) -> None:
    """Keep pairs apart and sets together, under every centre."""
    centre, member = pairs
    place = np.full(may.shape, -1, dtype=np.int64)
    place[centre, member] = np.arange(len(centre))
    for a, b in table.apart:
        for c in np.flatnonzero((place[:, a] >= 0) & (place[:, b] >= 0)):
            columns = [place[c, a], place[c, b], head[place[c, a]]]
            rows.add([0, 0, 0], columns, [1.0, 1.0, -1.0], (-inf, 0.0))
    for group in table.together:
        for a, b in pairwise(group):
            for c in np.flatnonzero((place[:, a] >= 0) | (place[:, b] >= 0)):
                columns = [k for k in (place[c, a], place[c, b]) if k >= 0]
                signs = [1.0, -1.0][: len(columns)]
                rows.add([0] * len(columns), columns, signs, (0.0, 0.0))


def _model(cost: FloatArray, rows: _Rows, offset: float) -> MixedIntegerModel:
    from scipy import sparse

    held = np.concatenate(rows.row), np.concatenate(rows.column)
    matrix = sparse.csc_array(
        (np.concatenate(rows.value), held), shape=(rows.count, len(cost))
    )
    return MixedIntegerModel(
        cost=cost,
        matrix=matrix,
        row_lower=np.concatenate(rows.lower),
        row_upper=np.concatenate(rows.upper),
        lower=np.zeros(len(cost)),
        upper=np.ones(len(cost)),
        integral=np.ones(len(cost), dtype=np.bool_),
        offset=offset,
    )
