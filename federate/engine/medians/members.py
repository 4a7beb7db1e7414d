"""Members for given medians where sizes are bounded (compiled).

Practices join in order of what they would lose by coming later, then move and
change places while that pays.
"""

from math import inf
from typing import Any

import numpy as np
import numpy.typing as npt

from federate.engine.compiled import grown
from federate.engine.medians.table import Table

__all__ = ["recentred", "settled"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

OUT_OF_BOUNDS = 1e3
"""Times what a practice's person costs that one too many or too few is charged."""
ROUNDS = 50
PASSES = 60


def settled(table: Table, medians: IntArray) -> IntArray:
    """Return members for some medians, then better medians, while that pays.

    Only size bounds, and who may join whom, are kept in mind.
    """
    n, best, cheapest = len(table.who), None, inf
    lower, upper = table.lower, table.size[1]
    label = np.zeros(n, dtype=np.int64)
    if not len(medians):
        return label - 1
    dear = np.where(np.isfinite(table.led), table.led, 0.0).max()
    price = OUT_OF_BOUNDS * max(dear, 1e-6) / max(table.persons.max(), 1e-6)
    chosen = medians
    for _ in range(ROUNDS):
        _by_regret(table.led, table.persons, upper, chosen, label)
        cost = _change_places(table.led, table.persons, lower, upper, price, label)
        if cost >= cheapest - 1e-9:
            break
        best, cheapest = label.copy(), cost
        label = recentred(table, label)
        chosen = np.unique(label)
    out = label if best is None else best
    alone = table.alone < table.led[out, np.arange(n)]
    alone[out] = False
    return np.where(alone, -1, out)


def recentred(table: Table, label: IntArray) -> IntArray:
    """Return the same federations, each led by its cheapest member."""
    out = label.copy()
    for c in np.unique(label[label >= 0]):
        members = np.flatnonzero(label == c)
        led = table.led[np.ix_(members, members)].sum(axis=1)
        if np.isfinite(led).any():
            out[members] = members[int(np.argmin(led))]
    return out


@grown
def _by_regret(
    led: FloatArray, persons: FloatArray, upper: float, chosen: IntArray, label: Any
) -> None:
    """Let those join first who would lose most, where there is room.

    The loss is the cost of the second cheapest median less the cheapest; who
    finds no room joins where there is most.
    """
    n = len(persons)
    room = np.full(n, -np.inf)
    label[:] = -1
    for c in chosen:
        room[c] = upper - persons[c]
        label[c] = c
    regret = np.zeros(n)
    _write_regret(led, chosen, regret)
    for i in np.argsort(regret):
        if label[i] >= 0:
            continue
        best, cheapest, widest = -1, np.inf, chosen[0]
        for c in chosen:
            if room[c] >= persons[i] and led[c, i] < cheapest:
                best, cheapest = c, led[c, i]
            if room[c] > room[widest] and led[c, i] < np.inf:
                widest = c
        label[i] = best if best >= 0 else widest
        room[label[i]] -= persons[i]


@grown
def _write_regret(led: FloatArray, chosen: IntArray, regret: FloatArray) -> None:
    """Write the cost of the cheapest median less that of the second."""
    for i in range(len(regret)):
        one, two = 1e12, 1e12
        for c in chosen:
            d = led[c, i]
            if d < one:
                one, two = d, one
            elif d < two:
                two = d
        regret[i] = one - two


@grown
def _off(size: float, lower: float, upper: float) -> float:
    return max(0.0, size - upper) + max(0.0, lower - size)


@grown
def _change_places(
    led: FloatArray,
    persons: FloatArray,
    lower: float,
    upper: float,
    price: float,
    label: Any,
) -> float:
    """Move practices and exchange pairs while that pays; return the cost.

    A person too many or too few costs `price`.
    """
    n = len(persons)
    size = np.zeros(n)
    for i in range(n):
        size[label[i]] += persons[i]
    for _ in range(PASSES):
        moved = 0
        for i in range(n):
            a = label[i]
            if a == i:
                continue
            moved += _move(led, persons, lower, upper, price, label, size, i)
            moved += _swap(led, persons, lower, upper, price, label, size, i)
        if moved == 0:
            break
    cost = 0.0
    for i in range(n):
        cost += min(led[label[i], i], 1e12)
        if label[i] == i:
            cost += price * _off(size[i], lower, upper)
    return cost


@grown
def _move(
    led: FloatArray,
    persons: FloatArray,
    lower: float,
    upper: float,
    price: float,
    label: Any,
    size: FloatArray,
    i: int,
) -> int:
    """Move a practice to the best other federation, if that pays."""
    a, w = label[i], persons[i]
    here = min(led[a, i], 1e12)
    here += price * (_off(size[a], lower, upper) - _off(size[a] - w, lower, upper))
    best, to = -1e-7, -1
    for c in range(len(persons)):
        if label[c] != c or c == a or led[c, i] - here >= best:
            continue
        there = _off(size[c] + w, lower, upper) - _off(size[c], lower, upper)
        if led[c, i] + price * there - here < best:
            best, to = led[c, i] + price * there - here, c
    if to < 0:
        return 0
    label[i] = to
    size[a] -= w
    size[to] += w
    return 1


@grown
def _swap(
    led: FloatArray,
    persons: FloatArray,
    lower: float,
    upper: float,
    price: float,
    label: Any,
    size: FloatArray,
    i: int,
) -> int:
    """Exchange a practice with the best of another federation, if that pays."""
    a = label[i]
    here = min(led[a, i], 1e12)
    best, other = -1e-7, -1
    off_a = _off(size[a], lower, upper)
    for k in range(len(persons)):
        b = label[k]
        if b in (a, k):
            continue
        change = led[b, i] - here + led[a, k] - min(led[b, k], 1e12)
        limit = best + price * (off_a + _off(size[b], lower, upper))
        if change >= limit:
            continue
        grows = persons[k] - persons[i]
        change += price * (_off(size[a] + grows, lower, upper) - off_a)
        change += price * (
            _off(size[b] - grows, lower, upper) - _off(size[b], lower, upper)
        )
        if change < best:
            best, other = change, k
    if other < 0:
        return 0
    b, grows = label[other], persons[other] - persons[i]
    label[i], label[other] = b, a
    size[a] += grows
    size[b] -= grows
    return 1
