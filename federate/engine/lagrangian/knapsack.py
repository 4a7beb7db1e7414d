"""The cheapest federation under each centre, by fractional knapsack (compiled).

Given prices π, a federation S led by c has the reduced cost

    F + g(N) + Σ_{i∈S} r_ic,   r_ic = assign_ic + fee_i − π_i,   g(N) = p·|N − T|.

Its least value over sets with c in them and L ≤ N ≤ U is not dearer when
members other than c may join in part. Then it is found by greed: in order of
r/persons, take while the slope, r/persons + g'(N), is negative or N is below L,
and stop at U. The order is right because g is convex.

Each centre keeps a list of its cheapest practices. That the others are left out is
proved harmless where the greed stopped before it came to any of them; see
`Lists.reach`.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from federate.engine.compiled import grown
from federate.engine.lagrangian.facts import Facts

__all__ = ["Lists", "add_up", "blank_lists", "list_anew", "price", "screen"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class Lists(NamedTuple):
    """The practices that may be worth having under each centre.

    Parameters
    ----------
    items, led, used
        Shape ``(n, k)``: practice, assign + fee, and share of it in the cheapest
        federation; in order of r/persons.
    held
        Shape ``(n,)``: how many are listed; above k: some did not fit.
    reach
        Shape ``(n,)``, £ a person: every practice whose r/persons was at most this
        when it was last screened is listed.
    last
        Shape ``(n,)``, £ a person: r/persons of the last one taken.
    least
        Shape ``(n,)``, £ a year: the least reduced cost; infinite for none.
    proved
        Shape ``(n,)``: nobody unlisted can make it less. It holds at the prices of
        the last screening only.
    """

    items: npt.NDArray[np.int32]
    led: FloatArray
    used: FloatArray
    held: IntArray
    reach: FloatArray
    last: FloatArray
    least: FloatArray
    proved: npt.NDArray[np.bool_]


def blank_lists(n: int, width: int, reach: FloatArray) -> Lists:
    """Return empty lists of some width, to be screened up to some reach."""
    return Lists(
        items=np.zeros((n, width), dtype=np.int32),
        led=np.zeros((n, width)),
        used=np.zeros((n, width)),
        held=np.zeros(n, dtype=np.int64),
        reach=reach.astype(np.float64),
        last=np.zeros(n),
        least=np.zeros(n),
        proved=np.zeros(n, dtype=np.bool_),
    )


@grown
def screen(facts: Facts, prices: FloatArray, lists: Lists) -> None:
    """List, under every centre, all practices within its reach."""
    n, width = lists.items.shape
    lists.held[:] = 0
    for i in range(n):
        if facts.own[i]:
            continue
        gain = facts.fee[i] - prices[i]
        for c in range(n):
            if facts.assign[i, c] + gain > lists.reach[c] * facts.persons[i]:
                continue
            if c == i or (facts.barred.size > 0 and facts.barred[i, c]):
                continue
            at = lists.held[c]
            if at < width:
                lists.items[c, at] = i
                lists.led[c, at] = facts.assign[i, c] + facts.fee[i]
            lists.held[c] = at + 1
    for c in range(n):
        _arrange(facts, prices, lists, c)


@grown
def _arrange(facts: Facts, prices: FloatArray, lists: Lists, c: int) -> None:
    """Put a list in order of r/persons."""
    held = min(lists.held[c], lists.items.shape[1])
    items, led = lists.items[c, :held].copy(), lists.led[c, :held].copy()
    order = np.argsort((led - prices[items]) / facts.persons[items])
    lists.items[c, :held] = items[order]
    lists.led[c, :held] = led[order]


@grown
def list_anew(facts: Facts, prices: FloatArray, lists: Lists, c: int) -> None:
    """List exactly the cheapest practices of one centre, as many as fit."""
    n, width = lists.items.shape
    key = np.full(n, np.inf)
    for i in range(n):
        out = facts.own[i] or (facts.barred.size > 0 and facts.barred[i, c])
        if i != c and not out:
            due = facts.assign[i, c] + facts.fee[i] - prices[i]
            key[i] = due / facts.persons[i]
    order = np.argsort(key)
    held = 0
    while held < min(n, width) and key[order[held]] < np.inf:
        i = order[held]
        lists.items[c, held] = i
        lists.led[c, held] = facts.assign[i, c] + facts.fee[i]
        held += 1
    lists.held[c] = held
    lists.reach[c] = key[order[held - 1]] if 0 < held == width else np.inf
    if held < n and key[order[held]] == np.inf:
        lists.reach[c] = np.inf


@grown
def _fill(
    facts: Facts,
    items: Any,
    key: FloatArray,
    used: FloatArray,
    skip: int,
    size: float,
    lower: float,
    reach: float,
) -> Any:
    """Take by greed on top of `size` persons.

    Returns what is gained (£ a year, g included), r/persons of the last one
    taken, whether at least `lower` persons are held, and whether nobody of
    r/persons at `reach` or more would be taken next.
    """
    upper, target, off = facts.sizes[1], facts.sizes[2], facts.sizes[3]
    worth, last = off * abs(size - target), -np.inf
    used[:] = 0.0
    for at in range(len(items)):
        if items[at] == skip:
            continue
        persons = facts.persons[items[at]]
        free = persons
        while free > 0.0 and size < upper:
            below = size < target
            slope = key[at] + (-off if below else off)
            if slope >= 0.0 and size >= lower:
                return worth, last, True, True
            end = min(upper, target) if below else upper
            if slope >= 0.0:
                end = min(end, lower)
            take = min(free, end - size)
            worth += take * slope
            free = 0.0 if take == free else free - take
            size = end if take == end - size else size + take
            last = key[at]
            used[at] = 1.0 - free / persons
        if size >= upper:
            return worth, last, True, True
    next_slope = reach + (-off if size < target else off)
    return worth, last, size >= lower, size >= lower and next_slope >= 0.0


@grown
def price(facts: Facts, prices: FloatArray, lists: Lists, centres: IntArray) -> None:
    """Find the cheapest federation under some centres, among those listed.

    Where a waived practice v may join, a federation may lie below L: that is
    priced once for every v, with v in it.
    """
    width = lists.items.shape[1]
    keys, trial = np.zeros(width), np.zeros(width)
    for c in centres:
        held = min(lists.held[c], width)
        items, led, used = lists.items[c, :held], lists.led[c, :held], lists.used[c]
        key = keys[:held]
        _sort(facts, prices, items, led, key)
        size, own = facts.persons[c], facts.own[c]
        lists.least[c], lists.last[c] = np.inf, -np.inf
        lists.proved[c] = True
        if own or size > facts.sizes[1]:
            continue
        first = facts.fixed + facts.assign[c, c] + facts.fee[c] - prices[c]
        lower = facts.sizes[0]
        for v in facts.waived:
            lower = 0.0 if v == c else lower
        reach = lists.reach[c]
        worth, last, enough, done = _fill(
            facts, items, key, used[:held], -1, size, lower, reach
        )
        all_in = reach == np.inf
        lists.last[c] = last
        lists.least[c] = first + worth if enough or not all_in else np.inf
        lists.proved[c] = lists.held[c] <= width and (all_in or done)
        if lower == 0.0:
            continue
        for v in facts.waived:
            both = size + facts.persons[v]
            if both > facts.sizes[1]:
                continue
            if facts.barred.size > 0 and facts.barred[v, c]:
                continue
            joined = facts.assign[v, c] + facts.fee[v] - prices[v]
            worth, last, _, done = _fill(
                facts, items, key, trial[:held], v, both, 0.0, reach
            )
            lists.proved[c] &= all_in or done
            if first + joined + worth < lists.least[c]:
                lists.least[c] = first + joined + worth
                lists.last[c] = max(lists.last[c], last)
                used[:held] = trial[:held]
                _mark(items, used, v)


@grown
def _sort(
    facts: Facts, prices: FloatArray, items: Any, led: FloatArray, key: FloatArray
) -> None:
    """Write r/persons of a list and restore its order, nearly right already."""
    for at in range(len(items)):
        i, cost = items[at], led[at]
        value = (cost - prices[i]) / facts.persons[i]
        back = at - 1
        while back >= 0 and key[back] > value:
            key[back + 1] = key[back]
            items[back + 1] = items[back]
            led[back + 1] = led[back]
            back -= 1
        key[back + 1], items[back + 1], led[back + 1] = value, i, cost


@grown
def _mark(items: Any, used: FloatArray, v: int) -> None:
    """Note that a practice is taken in whole, if it is listed."""
    for at in range(len(items)):
        if items[at] == v:
            used[at] = 1.0


@grown
def add_up(lists: Lists, centres: IntArray, cover: FloatArray) -> None:
    """Write how often the cheapest federations of some centres hold each practice."""
    cover[:] = 0.0
    width = lists.items.shape[1]
    for c in centres:
        cover[c] += 1.0
        for at in range(min(lists.held[c], width)):
            cover[lists.items[c, at]] += lists.used[c, at]
