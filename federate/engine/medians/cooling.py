"""Plans cooled down: annealing over the time there is, told as it gets better."""

from collections.abc import Callable
from time import perf_counter

import numpy as np
import numpy.typing as npt

from federate.engine.medians.anneal import Costs, Groups, anneal, groups_of
from federate.engine.medians.table import Table

__all__ = ["cool", "costs_of"]

IntArray = npt.NDArray[np.int64]

NEAR = 12
"""Practices that one may follow into their federation."""
HOT, HOTTEST, HOT_IF_MANY = 0.1, 1.0, 0.5
"""First temperature, in costs of an average practice: for each member of an average
federation, but at most; and where they are `MANY`, who move one by one anyhow."""
COLDER = 20.0
"""How many times colder the end is."""
MANY = 30
ROUND = 50
"""Moves tried a practice between two looks at the clock."""
OUT_OF_BOUNDS = 10.0
"""What a person within the bounds again is worth, in costs of an average practice."""
BARRED = 1e3
"""What a barred pair costs, in the largest costs of those allowed."""
TOLD_EVERY_S = 3.0


def costs_of(table: Table) -> Costs:
    """Return what annealing reads of a table.

    Single precision halves the room, and what is found is judged by the table.
    """
    finite = np.where(np.isfinite(table.led), table.led, 0.0).max()
    led = np.minimum(table.led, BARRED * max(float(finite), 1e-6)).astype(np.float32)
    joins = np.ascontiguousarray(led.T)
    return Costs(led, joins, table.persons, *_bounds(table), _nearest(table))


def _bounds(table: Table) -> tuple[float, float]:
    return table.lower, min(table.size[1], float(table.persons.sum()))


def _nearest(table: Table) -> IntArray:
    """Return who is cheapest to be led by or to lead, for each practice.

    By the cost of a person: somebody large is not far away for that.
    """
    n = len(table.who)
    num = max(1, min(NEAR, n - 1))
    persons = np.maximum(table.persons, 1e-6)
    out = np.empty((n, num), dtype=np.int64)
    for i in range(n):
        away = table.led[i] / persons + table.led[:, i] / persons[i]
        away[i] = np.inf
        some = np.argpartition(away, num - 1)[:num]
        out[i] = some[np.argsort(away[some], kind="stable")]
    return out


def cool(
    table: Table,
    costs: Costs,
    label: IntArray,
    *,
    seconds: float,
    seed: int,
    show: Callable[[IntArray], None],
    keep_on: Callable[[], bool],
) -> None:
    """Anneal a plan for some seconds, and show what is better than all before.

    Parameters
    ----------
    label
        The centre of each practice; nobody stands alone.
    show
        Shown plans within the bounds, the centre of each practice.
    keep_on
        Asked between rounds.
    """
    groups = groups_of(costs, label)
    n, started = len(label), perf_counter()
    usual = _usual(table, label)
    hot = _hot(len(label) / len(groups.num))
    cold = hot / COLDER
    best, told, shown = np.inf, 0.0, np.inf
    kept = label
    chance = np.random.default_rng(seed)
    while keep_on():
        elapsed = perf_counter() - started
        heat = usual * hot * (cold / hot) ** min(1.0, elapsed / max(seconds, 1e-9))
        anneal(costs, groups, heat, OUT_OF_BOUNDS * usual, ROUND * n, chance)
        cost, off, _ = groups.tally.tolist()
        if off <= 0.0 and cost < best:
            best, kept = cost, _label(groups)
        if elapsed >= seconds:
            break
        if best < shown and elapsed - told > TOLD_EVERY_S:
            show(kept)
            shown, told = best, perf_counter() - started
    if best < shown:
        show(kept)


def _hot(members: float) -> float:
    """Return the first temperature for federations of so many on average."""
    return HOT_IF_MANY if members > MANY else min(HOTTEST, HOT * members)


def _usual(table: Table, label: IntArray) -> float:
    """Return what an average practice costs that is led by another."""
    led = table.led[label, np.arange(len(label))]
    joined = led[(label != np.arange(len(label))) & np.isfinite(led)]
    return max(float(joined.mean()) if len(joined) else 0.0, 1e-6)


def _label(groups: Groups) -> IntArray:
    """Return the centre of each practice, the cheapest member of its federation."""
    num = len(groups.num)
    order = np.lexsort((groups.total, groups.of))
    first = np.searchsorted(groups.of[order], np.arange(num))
    out: IntArray = order[first][groups.of]
    return out
