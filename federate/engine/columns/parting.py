"""What a federation costs at least where parting neighbours has a price: a minimum cut.

Leave contiguity aside, and price patients at λ instead of bounding their number N.
Then what remains of the reduced cost under one centre (``tree``) is a cut between
those inside and those outside, which the largest flow finds:

    rc(S) ≥ F + min_{L≤N≤U} (p·|N − T| − λN) − Σ_j w_j⁺
              + min_S { Σ_{j∉S} w_j⁺ + Σ_{j∈S} w_j⁻ + p_e/2 · parted(S) }
    w_j = profit_j − λ·n_j

It holds at every λ; the one that says most at the root serves the whole tree. To
include or exclude a practice only widens one arc, so the flow of a branch goes on
from that of its stem, mostly with no path or one. A filling knows nothing of the
neighbours who are parted among the open; this bound does. It is for federations that
cost their outline alone: there it leaves the tree ten to a hundred times sooner, while
beside travel it takes longer than it saves.

Maximum flow by shortest augmenting paths: Edmonds and Karp 1972; the cut at prices:
Picard and Ratliff 1975. Compiled by numba.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from federate.engine.columns.records import Facts, Limits
from federate.engine.compiled import grown

__all__ = [
    "Net",
    "exclude",
    "include",
    "lay",
    "restore",
    "stow",
    "tune",
    "widen",
]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FLOW, FIXED, TINY = range(3)
ENDLESS = 1e30
TUNINGS = 40
"""Prices of a patient that are tried; the search for the best mostly ends by itself."""


class Net(NamedTuple):
    """The practices of a tree as nodes, the centre first, source and sink last.

    Arcs are in pairs, a and a ^ 1 opposite: those between neighbours, then for each
    node one from the source, then for each one to the sink. `at` is the node of each
    practice of the whole area, −1 for others; ``arcs[ptr[i]:ptr[i + 1]]`` leave node
    i. `room` is what arcs can still carry, `kept` and `flows` what it and the flow
    were at each depth. `tally` holds the flow, what is fixed at λ, and what counts as
    nothing.
    """

    at: Ints
    ptr: Ints
    arcs: Ints
    head: Ints
    room: Floats
    kept: npt.NDArray[np.float64]
    flows: Floats
    came: Ints
    queue: Ints
    tally: Floats


@grown
def lay(centre: int, order: Ints, facts: Facts) -> Net:
    """Return the net of one centre and its candidates, without any room yet."""
    n, k = len(facts.patients), len(order) + 1
    at = np.full(n, -1, np.int64)
    at[centre] = 0
    for i in range(k - 1):
        at[order[i]] = i + 1
    pairs = pairs_among(at, facts)
    a = 2 * len(pairs)
    tail = np.empty(a + 4 * k, np.int64)
    head = np.empty(a + 4 * k, np.int64)
    tail[:a:2], head[:a:2] = pairs[:, 0], pairs[:, 1]
    for i in range(k):
        tail[a + 2 * i], head[a + 2 * i] = k, i
        tail[a + 2 * k + 2 * i], head[a + 2 * k + 2 * i] = i, k + 1
    tail[1::2], head[1::2] = head[::2], tail[::2]
    ptr = np.zeros(k + 3, np.int64)
    for a in range(len(tail)):
        ptr[tail[a] + 1] += 1
    ptr = np.cumsum(ptr)
    return Net(
        at,
        ptr,
        np.argsort(tail, kind="mergesort"),
        head,
        np.empty(len(tail)),
        np.empty((k + 1, len(tail))),
        np.empty(k + 1),
        np.empty(k + 2, np.int64),
        np.empty(k + 2, np.int64),
        np.zeros(3),
    )


@grown
def pairs_among(at: Ints, facts: Facts) -> npt.NDArray[np.int64]:
    """Return the neighbours among the practices of a tree as pairs of nodes."""
    out = np.empty((len(facts.graph), 2), np.int64)
    count = 0
    for j in np.flatnonzero(at >= 0):
        for e in range(facts.graph_ptr[j], facts.graph_ptr[j + 1]):
            k = facts.graph[e]
            if k > j and at[k] >= 0:
                out[count, 0], out[count, 1] = at[j], at[k]
                count += 1
    return out[:count]


@grown
def tune(
    centre: int,
    order: Ints,
    profit: Floats,
    facts: Facts,
    limits: Limits,
    lower: float,
    net: Net,
) -> float:
    """Find the price of a patient that says most at the root; return what it says.

    What is said is concave in λ, in straight pieces: at a price so low that all join
    and at one so high that none does its slope is known, and each next price is where
    the lines on both sides meet. The net is left at the best.
    """
    low = high = 0.0
    for i in range(-1, len(order)):
        j = centre if i < 0 else order[i]
        parted = limits.half_cut * facts.ends[j]
        people = max(1.0, facts.patients[j])
        low = min(low, (profit[j] - parted) / people)
        high = max(high, (profit[j] + parted) / people)
    low -= limits.per_person + 1e-9 * (high - low)
    high += limits.per_person + 1e-9 * (high - low)
    at_low, rise = said_at(low, centre, order, profit, facts, limits, lower, net)
    at_high, fall = said_at(high, centre, order, profit, facts, limits, lower, net)
    price, best = low, at_low
    if at_high > at_low:
        price, best = high, at_high
    for _ in range(TUNINGS):
        if rise <= 0.0 or fall >= 0.0 or rise - fall <= 0.0:
            break
        middle = (at_high - at_low + rise * low - fall * high) / (rise - fall)
        hoped = at_low + rise * (middle - low)
        if not low < middle < high or hoped <= best + net.tally[TINY]:
            break
        said, slope = said_at(middle, centre, order, profit, facts, limits, lower, net)
        if said > best:
            price, best = middle, said
        if slope > 0.0:
            low, at_low, rise = middle, said, slope
        else:
            high, at_high, fall = middle, said, slope
    said_at(price, centre, order, profit, facts, limits, lower, net)
    return float(best)


@grown
def said_at(
    price: float,
    centre: int,
    order: Ints,
    profit: Floats,
    facts: Facts,
    limits: Limits,
    lower: float,
    net: Net,
) -> tuple[float, float]:
    """Return what the root says at a price of a patient, and how that rises with it."""
    k = len(order) + 1
    between = len(net.room) - 4 * k
    net.room[:between] = limits.half_cut
    net.room[between:] = 0.0
    people, least = least_size(price, limits, lower)
    fixed, most = limits.base + least, 0.0
    for i in range(k):
        j = centre if i == 0 else order[i - 1]
        worth = profit[j] - price * facts.patients[j]
        into, out = between + 2 * i, between + 2 * k + 2 * i
        inner = net.ptr[i + 1] - net.ptr[i] - 2
        net.room[into] = max(0.0, worth)
        net.room[out] = max(0.0, -worth)
        net.room[out] += limits.half_cut * (facts.ends[j] - inner)
        fixed -= max(0.0, worth)
        most = max(most, abs(worth))
    net.room[between] = ENDLESS
    net.tally[FLOW], net.tally[FIXED] = 0.0, fixed
    net.tally[TINY] = 1e-12 * max(most, limits.half_cut)
    widen(ENDLESS, net)
    inside = 0.0
    for i in range(k):
        if net.came[i] >= 0:
            inside += facts.patients[centre if i == 0 else order[i - 1]]
    return net.tally[FLOW] + fixed, inside - people


@grown
def least_size(price: float, limits: Limits, lower: float) -> tuple[float, float]:
    """Return the size where p·|N − T| − λN is least, and how little that is."""
    target = min(limits.upper, max(lower, limits.target))
    size, least = target, np.inf
    for people in (lower, target, limits.upper):
        gbp = limits.per_person * abs(people - limits.target) - price * people
        if gbp < least:
            size, least = people, gbp
    return size, least


@grown
def widen(need: float, net: Net) -> float:
    """Send more flow, up to `need` of it; return how much there is."""
    room, came, queue, tally = net.room, net.came, net.queue, net.tally
    source, sink = len(net.ptr) - 3, len(net.ptr) - 2
    while tally[FLOW] < need:
        came[:] = -1
        came[source] = len(room)
        queue[0] = source
        first, last = 0, 1
        while first < last and came[sink] < 0:
            i = queue[first]
            first += 1
            for e in range(net.ptr[i], net.ptr[i + 1]):
                a = net.arcs[e]
                k = net.head[a]
                if came[k] < 0 and room[a] > tally[TINY]:
                    came[k] = a
                    queue[last] = k
                    last += 1
                    if k == sink:
                        break
        if came[sink] < 0:
            break
        push, i = ENDLESS, sink
        while i != source:
            push = min(push, room[came[i]])
            i = net.head[came[i] ^ 1]
        i = sink
        while i != source:
            room[came[i]] -= push
            room[came[i] ^ 1] += push
            i = net.head[came[i] ^ 1]
        tally[FLOW] += push
    return float(tally[FLOW])


@grown
def include(j: int, net: Net) -> None:
    """Tie a practice to the source."""
    k = len(net.ptr) - 3
    net.room[len(net.room) - 4 * k + 2 * net.at[j]] = ENDLESS


@grown
def exclude(j: int, net: Net) -> None:
    """Tie a practice to the sink."""
    k = len(net.ptr) - 3
    net.room[len(net.room) - 2 * k + 2 * net.at[j]] = ENDLESS


@grown
def stow(depth: int, net: Net) -> None:
    """Keep the flow before a branch."""
    net.kept[depth] = net.room
    net.flows[depth] = net.tally[FLOW]


@grown
def restore(depth: int, net: Net) -> None:
    """Take up the flow again from before a branch."""
    net.room[:] = net.kept[depth]
    net.tally[FLOW] = net.flows[depth]
