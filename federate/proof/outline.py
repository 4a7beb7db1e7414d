"""The least that a federation's outline leaves it, in whole numbers: a cut.

Where federations cost little but the pairs of neighbours that they part, a filling
says nothing of a reduced cost. With the patients N at a whole price λ in place of
their bounds, and contiguity aside, what is left is a cut between inside and outside:

    rc(S) ≥ base − λ·N* − Σ_j max(0, w_j)
            + min_S { Σ_{j∉S} max(0, w_j) + Σ_{j∈S} max(0, −w_j) + half·parted(S) }
    w_j = profit_j − λ·n_j,  N* = U where λ ≥ 0, else L

The largest flow through a table of what can still pass between any two is as much as
the least cut (Ford and Fulkerson 1956); any flow at all is no more than it. So is any
λ no more than the best one, which halving finds. All sums are exact.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from federate.engine.compiled import grown
from federate.proof.records import Facts, Rules, View

__all__ = ["Table", "follow", "no_table", "shut_out", "table_of", "widest"]

Ints = npt.NDArray[np.int64]

ENDLESS, LARGEST = 2**61, 2**56
"""More than flows can be; and what all patients together may be charged."""
HALVINGS = 64


class Table(NamedTuple):
    """What can still pass, ``room[depth, i, j]``, and what flows, at each depth.

    Row 0 is the centre, rows after it are its candidates in order, the last two are
    source and sink. `row` is the row of each practice. `fixed` holds what is not flow.
    """

    row: Ints
    room: npt.NDArray[np.int64]
    flow: Ints
    fixed: Ints
    before: Ints
    queue: Ints


@grown
def no_table() -> Table:
    """Return a table of nothing, for federations that cost more than their outline."""
    none = np.empty(0, np.int64)
    return Table(none, np.empty((0, 0, 0), np.int64), none, none, none, none)


@grown
def table_of(view: View, facts: Facts, rules: Rules) -> Table:
    """Return the table of a centre alone, at the price of a patient that says most."""
    k = len(view.order) + 1
    row = np.full(len(facts.patients), -1, np.int64)
    row[view.centre] = 0
    for i in range(k - 1):
        row[view.order[i]] = i + 1
    table = Table(
        row,
        np.zeros((k + 1, k + 2, k + 2), np.int64),
        np.zeros(k + 1, np.int64),
        np.zeros(1, np.int64),
        np.empty(k + 2, np.int64),
        np.empty(k + 2, np.int64),
    )
    low = high = best = 0
    for j in np.flatnonzero(row >= 0):
        most = abs(view.profit[j]) + rules.half * facts.ends[j]
        high = max(high, most // max(1, facts.patients[j]) + 1)
    high = min(high, LARGEST // max(1, facts.patients.sum()))
    low = -high
    said, _ = said_at(0, view, facts, rules, table)
    for _ in range(HALVINGS):
        if low > high:
            break
        price = (low + high) // 2
        value, patients = said_at(price, view, facts, rules, table)
        if value > said:
            best, said = price, value
        if patients > (rules.upper if price >= 0 else view.lower):
            low = price + 1
        else:
            high = price - 1
    said_at(best, view, facts, rules, table)
    return table


@grown
def said_at(
    price: int, view: View, facts: Facts, rules: Rules, table: Table
) -> tuple[int, int]:
    """Return what a price of a patient says of the centre alone, and who is inside."""
    room, row = table.room[0], table.row
    source, sink = len(room) - 2, len(room) - 1
    room[:] = 0
    fixed = rules.base - price * (rules.upper if price >= 0 else view.lower)
    for j in np.flatnonzero(row >= 0):
        worth = view.profit[j] - price * facts.patients[j]
        fixed -= max(0, worth)
        room[source, row[j]] = max(0, worth)
        out = facts.ends[j]
        for e in range(facts.near_ptr[j], facts.near_ptr[j + 1]):
            k = row[facts.near[e]]
            if k >= 0:
                room[row[j], k] = rules.half
                out -= 1
        room[row[j], sink] = max(0, -worth) + rules.half * out
    room[source, 0] = ENDLESS
    table.flow[0], table.fixed[0] = 0, fixed
    widest(0, ENDLESS, table)
    patients = 0
    for j in np.flatnonzero(row >= 0):
        if table.before[row[j]] >= 0:
            patients += facts.patients[j]
    return int(table.flow[0] + fixed), int(patients)


@grown
def widest(depth: int, enough: int, table: Table) -> int:
    """Let flow pass at a depth while it can and is not enough; return how much does."""
    room, before, queue = table.room[depth], table.before, table.queue
    source, sink = len(room) - 2, len(room) - 1
    while table.flow[depth] < enough:
        before[:] = -1
        before[source] = source
        queue[0] = source
        head, tail = 0, 1
        while head < tail and before[sink] < 0:
            i = queue[head]
            head += 1
            for k in range(len(room)):
                if before[k] < 0 and room[i, k] > 0:
                    before[k] = i
                    queue[tail] = k
                    tail += 1
        if before[sink] < 0:
            break
        more, k = ENDLESS, sink
        while k != source:
            more = min(more, room[before[k], k])
            k = before[k]
        k = sink
        while k != source:
            room[before[k], k] -= more
            room[k, before[k]] += more
            k = before[k]
        table.flow[depth] += more
    return int(table.flow[depth])


@grown
def follow(j: int, depth: int, table: Table) -> None:
    """Begin the next depth from this one, with a practice inside."""
    table.room[depth + 1] = table.room[depth]
    table.flow[depth + 1] = table.flow[depth]
    table.room[depth + 1, len(table.before) - 2, table.row[j]] = ENDLESS


@grown
def shut_out(j: int, depth: int, table: Table) -> None:
    """Have a practice outside, at this depth."""
    table.room[depth, table.row[j], len(table.before) - 1] = ENDLESS
