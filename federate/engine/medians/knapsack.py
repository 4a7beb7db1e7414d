"""The cheapest federation under each centre, of whole practices (compiled).

Given prices π, a set S led by c has the reduced cost Σ_{i∈S} r_i, r_i = led_ci − π_i.
Its least value over the sets with c in them and L ≤ Σ persons ≤ U is a knapsack.
Practices taken in part, in order of r/persons while that pays or L is not reached,
bound it from below; a depth-first search in the same order (Horowitz and Sahni 1974,
Journal of the ACM 21) settles it for whole ones. Where the search is too long, the
bound of its root stands in.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from federate.engine.compiled import grown

__all__ = [
    "CLOSED",
    "FITTING",
    "FREE",
    "OPEN",
    "PARTS",
    "WHOLE",
    "Work",
    "blank_work",
    "least",
    "look",
    "weigh",
]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

FREE, OPEN, CLOSED = 0, 1, -1
PARTS, FITTING, WHOLE = 0, 1, 2
"""Who joins: anybody in part; in part, who would fit as a whole; wholes only."""
NODES = 20_000
"""Steps of one search at most."""
TINY = 1e-9


class Work(NamedTuple):
    """Room for one knapsack, and what was taken in the last."""

    items: IntArray
    gain: FloatArray
    size: FloatArray
    key: FloatArray
    used: FloatArray
    taken: npt.NDArray[np.bool_]


def blank_work(n: int) -> Work:
    """Return room for `n` practices."""
    return Work(
        np.zeros(n, dtype=np.int64),
        np.zeros(n),
        np.zeros(n),
        np.zeros(n),
        np.zeros(n),
        np.zeros(n, dtype=np.bool_),
    )


@grown
def least(
    led: FloatArray,
    persons: FloatArray,
    size: Any,
    prices: FloatArray,
    state: IntArray,
    c: int,
    also: int,
    how: int,
    limit: float,
    work: Work,
) -> Any:
    """Return the least reduced cost under centre c, and how many items `work` holds.

    Practice `also` (−1: nobody) is in the federation besides. Open centres join no
    other. What is more than `limit` may be said to be `limit`. The sum holds c and
    `also`, the items do not.
    """
    lower, upper = size[0], size[1]
    at, base = persons[c], led[c, c] - prices[c]
    if also >= 0:
        at += persons[also]
        base += led[c, also] - prices[also]
    if at > upper or base == np.inf:
        return np.inf, 0
    room = np.inf if how == PARTS else upper - at
    held = _collect(led, persons, prices, state, c, also, at < lower, room, work)
    low, high = lower - at, upper - at
    if high == np.inf and low <= 0.0:
        worth = 0.0
        for e in range(held):
            worth += work.gain[e]
            work.used[e] = 1.0
        return base + worth, held
    _arrange(persons, held, work)
    worth = _fill(work, 0, held, 0.0, low, high, True)
    if how != WHOLE or base + worth >= limit:
        return base + worth, held
    found = _search(work, held, low, high, min(limit - base, np.inf), worth)
    return base + found, held


@grown
def _collect(
    led: FloatArray,
    persons: FloatArray,
    prices: FloatArray,
    state: IntArray,
    c: int,
    also: int,
    everybody: bool,
    room: float,
    work: Work,
) -> int:
    """List who may join at a gain, or everybody where L is not reached."""
    held = 0
    row = led[c]
    for i in range(len(prices)):
        gain = row[i] - prices[i]
        if gain >= 0.0 and (not everybody or gain == np.inf):
            continue
        if i in (c, also) or state[i] == 1 or persons[i] > room:
            continue
        work.items[held] = i
        work.gain[held] = gain
        held += 1
    return held


@grown
def _arrange(persons: FloatArray, held: int, work: Work) -> None:
    """Put the items in order of gain per person."""
    for e in range(held):
        work.key[e] = work.gain[e] / max(persons[work.items[e]], 1e-6)
    order = np.argsort(work.key[:held])
    items, gain = work.items[:held].copy(), work.gain[:held].copy()
    for e in range(held):
        work.items[e] = items[order[e]]
        work.gain[e] = gain[order[e]]
        work.size[e] = persons[work.items[e]]


@grown
def _fill(
    work: Work, first: int, held: int, at: float, low: float, high: float, note: bool
) -> float:
    """Return what items from `first` on add at least, the last one in part."""
    worth = 0.0
    if note:
        work.used[:held] = 0.0
    for e in range(first, held):
        if work.gain[e] >= 0.0 and at >= low:
            return worth
        size = work.size[e]
        end = high if work.gain[e] < 0.0 else low
        share = 1.0 if at + size <= end else (end - at) / size
        worth += share * work.gain[e]
        at += share * size
        if note:
            work.used[e] = share
        if share < 1.0:
            return worth
    return worth if at >= low - TINY else np.inf


@grown
def _search(
    work: Work, held: int, low: float, high: float, best: float, root: float
) -> float:
    """Return the least sum of whole items, at most `best`; note who is taken."""
    e, at, value, nodes = 0, 0.0, 0.0, 0
    while True:
        nodes += 1
        if nodes > NODES:
            return root
        if value + _fill(work, e, held, at, low, high, False) < best - TINY:
            done = e == held or (work.gain[e] >= 0.0 and at >= low)
            if not done:
                work.taken[e] = at + work.size[e] <= high
                if work.taken[e]:
                    at += work.size[e]
                    value += work.gain[e]
                e += 1
                continue
            best = value
            for k in range(held):
                work.used[k] = 1.0 if k < e and work.taken[k] else 0.0
        e -= 1
        while e >= 0 and not work.taken[e]:
            e -= 1
        if e < 0:
            return best
        work.taken[e] = False
        at -= work.size[e]
        value -= work.gain[e]
        e += 1


@grown
def weigh(
    led: FloatArray,
    persons: FloatArray,
    size: Any,
    prices: FloatArray,
    state: IntArray,
    count: Any,
    how: int,
    work: Work,
    z: FloatArray,
) -> None:
    """Write the least reduced cost under every centre; infinite where closed.

    Of whole practices where that may matter for the choice of the least: first
    under open centres, then from the least by parts on, until nobody left can be
    among those chosen.
    """
    n = len(prices)
    num_open = 0
    for c in range(n):
        z[c] = np.inf
        if state[c] != -1:
            first = how if how == PARTS or state[c] == 1 else FITTING
            z[c], _ = least(
                led, persons, size, prices, state, c, -1, first, np.inf, work
            )
        num_open += state[c] == 1
    if how != WHOLE:
        return
    few, most = max(0, count[0] - num_open), max(0, count[1] - num_open)
    kept = np.full(most + 1, np.inf)
    for c in np.argsort(z):
        if z[c] == np.inf:
            break
        if state[c] == 1:
            continue
        if most == 0 or z[c] >= kept[most - 1]:
            break
        if z[c] >= 0.0 and (few == 0 or kept[few - 1] <= z[c]):
            break
        z[c], _ = least(led, persons, size, prices, state, c, -1, WHOLE, np.inf, work)
        at = most
        while at > 0 and kept[at - 1] > z[c]:
            kept[at] = kept[at - 1]
            at -= 1
        kept[at] = z[c]


@grown
def look(
    led: FloatArray,
    persons: FloatArray,
    size: Any,
    prices: FloatArray,
    state: IntArray,
    opened: IntArray,
    how: int,
    work: Work,
    cover: FloatArray,
) -> None:
    """Write how often the cheapest federations of some centres hold each practice."""
    cover[:] = 0.0
    for c in opened:
        _, held = least(led, persons, size, prices, state, c, -1, how, np.inf, work)
        cover[c] += 1.0
        for e in range(held):
            cover[work.items[e]] += work.used[e]
