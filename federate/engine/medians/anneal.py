"""Federations bettered by chance, with sizes bounded (compiled).

Simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983, Science 220) over who is
with whom; each federation is always led by its cheapest member. A practice joins the
federation of one near it; where that leaves no room, somebody there goes elsewhere.
The number of federations stays.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from federate.engine.compiled import grown

__all__ = ["Costs", "Groups", "anneal", "groups_of"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

COST, OFF, MOVED = range(3)


class Costs(NamedTuple):
    """What joining costs, and who is near.

    Parameters
    ----------
    led
        Shape ``(n, n)``, £ a year, row = centre; finite throughout.
    joins
        The same, row = member: what one practice costs lies side by side.
    persons, lower, upper
        Sizes, and the bounds on a federation's.
    near
        Shape ``(n, k)``: those nearest to each practice.
    """

    led: Any
    joins: Any
    persons: FloatArray
    lower: float
    upper: float
    near: IntArray


class Groups(NamedTuple):
    """Federations as they change.

    Parameters
    ----------
    of, place
        Shape ``(n,)``: which federation each practice is in, and where in its row.
    members, num, size
        Shape ``(p, width)``, ``(p,)`` and ``(p,)``: who is in each, how many,
        how many persons.
    total
        Shape ``(n,)``: what each practice's federation would cost led by it.
    cost
        Shape ``(p,)``: the least of these.
    tally
        Cost of all, persons out of bounds, moves made.
    """

    of: IntArray
    place: IntArray
    members: IntArray
    num: IntArray
    size: FloatArray
    total: FloatArray
    cost: FloatArray
    tally: FloatArray


def groups_of(costs: Costs, label: IntArray) -> Groups:
    """Return a plan, the centre of each practice, as federations that change."""
    n = len(label)
    heads, of = np.unique(label, return_inverse=True)
    width = n if len(heads) < 2 else min(n, _most(costs, np.bincount(of)))
    out = Groups(
        of.astype(np.int64),
        np.zeros(n, dtype=np.int64),
        np.zeros((len(heads), width), dtype=np.int64),
        np.zeros(len(heads), dtype=np.int64),
        np.zeros(len(heads)),
        np.zeros(n),
        np.zeros(len(heads)),
        np.zeros(3),
    )
    _set_up(costs, out)
    return out


def _most(costs: Costs, count: IntArray) -> int:
    """Return more than any federation within the bounds can hold."""
    fit = np.searchsorted(np.cumsum(np.sort(costs.persons)), costs.upper, "right")
    return int(max(fit, count.max())) + 1


@grown
def _set_up(costs: Costs, groups: Groups) -> None:
    """Fill in all but `of` from it."""
    groups.num[:] = 0
    groups.size[:] = 0.0
    for i in range(len(groups.of)):
        k = groups.of[i]
        groups.place[i] = groups.num[k]
        groups.members[k, groups.num[k]] = i
        groups.num[k] += 1
        groups.size[k] += costs.persons[i]
    groups.tally[0] = groups.tally[1] = 0.0
    for k in range(len(groups.num)):
        inside = groups.members[k, : groups.num[k]]
        least = np.inf
        for c in inside:
            total = 0.0
            for i in inside:
                total += costs.led[c, i]
            groups.total[c] = total
            least = min(least, total)
        groups.cost[k] = least
        groups.tally[0] += least
        groups.tally[1] += _off(costs, groups.size[k])


@grown
def anneal(
    costs: Costs, groups: Groups, heat: float, price: float, steps: int, chance: Any
) -> None:
    """Try so many moves at one temperature, £ a year.

    A person out of bounds more is never taken, one fewer is worth `price`.
    """
    n = len(groups.of)
    for _ in range(steps):
        i = chance.integers(0, n)
        a, k = groups.of[i], costs.near[i, chance.integers(0, costs.near.shape[1])]
        b = groups.of[k]
        if a == b:
            continue
        limit = -heat * np.log(1.0 - chance.random())
        if groups.num[a] == 1:
            _refound(costs, groups, price, limit, i, b, chance)
            continue
        fits = groups.size[b] + costs.persons[i] <= costs.upper
        if fits and chance.random() < 0.5:
            _shift(costs, groups, price, limit, i, b)
        else:
            if chance.random() < 0.5:
                k = groups.members[b, chance.integers(0, groups.num[b])]
            c = a
            if chance.random() < 0.5:
                c = groups.of[costs.near[k, chance.integers(0, costs.near.shape[1])]]
            if c == b:
                c = a
            _chain(costs, groups, price, limit, i, k, c)


@grown
def _off(costs: Costs, size: float) -> float:
    return max(0.0, size - costs.upper) + max(0.0, costs.lower - size)


@grown
def _change(costs: Costs, groups: Groups, k: int, persons: float) -> float:
    """Return how many persons more are out of bounds where k grows by some."""
    size = groups.size[k]
    return float(_off(costs, size + persons) - _off(costs, size))


@grown
def _without(costs: Costs, groups: Groups, i: int) -> float:
    """Return what the federation of i costs without i."""
    k, best = groups.of[i], np.inf
    row = costs.joins[i]
    for e in range(groups.num[k]):
        c = groups.members[k, e]
        if c != i:
            best = min(best, groups.total[c] - row[c])
    return float(best)


@grown
def _with(costs: Costs, groups: Groups, k: int, i: int) -> float:
    """Return what federation k costs with i."""
    best, own = np.inf, 0.0 + costs.led[i, i]
    joins, led = costs.joins[i], costs.led[i]
    for e in range(groups.num[k]):
        c = groups.members[k, e]
        best = min(best, groups.total[c] + joins[c])
        own += led[c]
    return float(min(best, own))


@grown
def _instead(costs: Costs, groups: Groups, i: int, out: int) -> float:
    """Return what the federation of `out` costs with i in its place."""
    k, best = groups.of[out], np.inf
    own = 0.0 + costs.led[i, i] - costs.led[i, out]
    joins, led, leaves = costs.joins[i], costs.led[i], costs.joins[out]
    for e in range(groups.num[k]):
        c = groups.members[k, e]
        own += led[c]
        if c != out:
            best = min(best, groups.total[c] + joins[c] - leaves[c])
    return float(min(best, own))


@grown
def _shift(
    costs: Costs, groups: Groups, price: float, limit: float, i: int, b: int
) -> None:
    """Put i into b if that costs at most `limit` more."""
    a, w = groups.of[i], costs.persons[i]
    off = _change(costs, groups, a, -w) + _change(costs, groups, b, w)
    if off > 0.0 or groups.num[b] + 1 >= groups.members.shape[1]:
        return
    left = _without(costs, groups, i)
    joined = _with(costs, groups, b, i)
    more = left + joined - groups.cost[a] - groups.cost[b] + price * off
    if more <= limit:
        _take(costs, groups, i, b)
        _note(groups, a, left)
        _note(groups, b, joined)
        groups.tally[1] += off


@grown
def _chain(
    costs: Costs, groups: Groups, price: float, limit: float, i: int, k: int, c: int
) -> None:
    """Put i in k's place and k into c, i's own or another, if that pays."""
    a, b = groups.of[i], groups.of[k]
    grows = costs.persons[i] - costs.persons[k]
    off = _change(costs, groups, b, grows)
    if c == a:
        off += _change(costs, groups, a, -grows)
    else:
        off += _change(costs, groups, a, -costs.persons[i])
        off += _change(costs, groups, c, costs.persons[k])
    width = groups.members.shape[1]
    if off > 0.0 or groups.num[c] + 1 >= width or groups.num[b] + 1 >= width:
        return
    before = groups.cost[a] + groups.cost[b] - price * off + limit
    there = _instead(costs, groups, i, k)
    if c == a:
        here, beyond = _instead(costs, groups, k, i), 0.0
    else:
        before += groups.cost[c]
        if there > before:
            return
        here, beyond = _without(costs, groups, i), _with(costs, groups, c, k)
    if there + here + beyond > before:
        return
    _take(costs, groups, i, b)
    _take(costs, groups, k, c)
    _note(groups, a, here)
    _note(groups, b, there)
    if c != a:
        _note(groups, c, beyond)
    groups.tally[1] += off


@grown
def _refound(
    costs: Costs,
    groups: Groups,
    price: float,
    limit: float,
    i: int,
    b: int,
    chance: Any,
) -> None:
    """Put i, alone in its federation, into b; somebody else founds one, if it pays."""
    a, k = groups.of[i], chance.integers(0, len(groups.of))
    c, w = groups.of[k], costs.persons[k]
    if c in (a, b) or groups.num[c] == 1:
        return
    off = _change(costs, groups, b, costs.persons[i])
    off += _change(costs, groups, c, -w) + _change(costs, groups, a, w - groups.size[a])
    if off > 0.0 or groups.num[b] + 1 >= groups.members.shape[1]:
        return
    joined, left = _with(costs, groups, b, i), _without(costs, groups, k)
    own = float(costs.led[k, k])
    before = groups.cost[a] + groups.cost[b] + groups.cost[c]
    if joined + left + own - before + price * off <= limit:
        _take(costs, groups, k, a)
        _take(costs, groups, i, b)
        _note(groups, a, own)
        _note(groups, b, joined)
        _note(groups, c, left)
        groups.tally[1] += off


@grown
def _note(groups: Groups, k: int, cost: float) -> None:
    """Write down what a federation costs now."""
    groups.tally[0] += cost - groups.cost[k]
    groups.cost[k] = cost
    groups.tally[2] += 1.0


@grown
def _take(costs: Costs, groups: Groups, i: int, b: int) -> None:
    """Move i into b."""
    a = groups.of[i]
    row, led = costs.joins[i], costs.led[i]
    groups.num[a] -= 1
    last = groups.members[a, groups.num[a]]
    groups.members[a, groups.place[i]] = last
    groups.place[last] = groups.place[i]
    for e in range(groups.num[a]):
        c = groups.members[a, e]
        groups.total[c] -= row[c]
    own = 0.0 + costs.led[i, i]  # in double precision
    for e in range(groups.num[b]):
        c = groups.members[b, e]
        groups.total[c] += row[c]
        own += led[c]
    groups.total[i] = own
    groups.of[i] = b
    groups.place[i] = groups.num[b]
    groups.members[b, groups.num[b]] = i
    groups.num[b] += 1
    groups.size[a] -= costs.persons[i]
    groups.size[b] += costs.persons[i]
