"""The finish by looking: every choice of federations that could be cheaper, tried.

From the practice that fewest federations can still cover, one federation after the
other is taken, the cheapest at the prices first; those that share a practice with it
fall out. A start S_1 … S_k ends at no less than LB + Σ max(0, rc(S_l)), where LB is
what the prices prove; and where the patients left fit no whole number of federations,
it ends nowhere. With few federations to a plan that takes a moment, where a solver
would branch for minutes: their linear programme is weak, and all choices are few.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from federate.engine.columns.master import Column
from federate.engine.compiled import grown

__all__ = ["Looked", "look_through"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

WORD = 64
BEST, LEFT = 0, 1


@dataclass(frozen=True)
class Looked:
    """What looking found out.

    Parameters
    ----------
    least_gbp
        No choice costs less, if `is_whole`.
    picked
        Places of the cheapest choice below what was asked; empty: there is none.
    is_whole
        Whether every choice that could be cheaper was tried.
    """

    least_gbp: float
    picked: tuple[int, ...]
    is_whole: bool


class _Sets(NamedTuple):
    """Columns by reduced cost: the rows each covers as bits and as a list (CSR).

    `more` is max(0, reduced cost), `patients` how many each has, and `is_led` 1 for
    a federation, 0 for practices that stand alone.
    """

    bits: Words
    ptr: IntArray
    rows: IntArray
    cost: FloatArray
    more: FloatArray
    patients: FloatArray
    is_led: IntArray


class _Path(NamedTuple):
    """What was taken at each depth, and what that leaves.

    `free` lists the columns that still fit, up to `end`; those before `at` were
    tried for `row`, and `taken` is the last. `bound`, `cost`, `patients`, `led` and
    `open` are what the columns taken before come to, and who is left.
    """

    free: IntArray
    end: IntArray
    at: IntArray
    row: IntArray
    taken: IntArray
    bound: FloatArray
    cost: FloatArray
    patients: FloatArray
    led: IntArray
    open: IntArray
    covered: npt.NDArray[np.bool_]
    ways: IntArray


def look_through(
    columns: Sequence[Column],
    reduced: FloatArray,
    practices: Sequence[int],
    patients: FloatArray,
    *,
    start: float,
    below: float,
    tolerance: float,
    count: tuple[int, int],
    work: int,
) -> Looked:
    """Return the cheapest choice of columns that covers each practice once.

    Parameters
    ----------
    columns, reduced
        Federations and practices that stand alone; £ a year at the prices.
    practices, patients
        Whom to cover, and the patients of every practice of the problem.
    start, below
        What the prices prove, and the cost to look below.
    tolerance
        Share by which a choice has to be cheaper than `below`, or than the last.
    count
        Fewest and most federations.
    work
        About how many columns may be looked at in all.
    """
    if not columns:
        return Looked(below, (), is_whole=True)
    order = np.argsort(np.maximum(reduced, 0.0), kind="stable")
    by_cost = [columns[k] for k in order]
    sets = _sets(by_cost, np.maximum(reduced, 0.0)[order], practices, patients)
    deepest = len(practices) // int(np.diff(sets.ptr).min()) + 1
    path = _start(len(columns), len(practices), deepest)
    path.bound[0], path.patients[0] = start, patients[practices].sum()
    picked = np.full(deepest, -1, dtype=np.int64)
    tally = np.array([below - tolerance * abs(below), float(work)])
    _look(sets, path, picked, tally, tolerance, count[0], count[1])
    return Looked(
        least_gbp=float(tally[BEST]),
        picked=tuple(order[picked[picked >= 0]].tolist()),
        is_whole=bool(tally[LEFT] > 0),
    )


def _sets(
    columns: Sequence[Column],
    more: FloatArray,
    practices: Sequence[int],
    patients: FloatArray,
) -> _Sets:
    row = {i: r for r, i in enumerate(practices)}
    rows = [[row[i] for i in column.members] for column in columns]
    ptr = np.cumsum([0, *(len(inside) for inside in rows)], dtype=np.int64)
    flat = np.array([r for inside in rows for r in inside], dtype=np.int64)
    owner = np.repeat(np.arange(len(rows)), np.diff(ptr))
    sizes = patients[practices].astype(np.float64)[flat]
    bits = np.zeros((len(rows), len(practices) // WORD + 1), dtype=np.uint64)
    bit = np.uint64(1) << (flat % WORD).astype(np.uint64)
    np.bitwise_or.at(bits, (owner, flat // WORD), bit)
    return _Sets(
        bits=bits,
        ptr=ptr,
        rows=flat,
        cost=np.array([column.cost for column in columns], dtype=np.float64),
        more=more,
        patients=np.add.reduceat(sizes, ptr[:-1]),
        is_led=np.array([column.centre >= 0 for column in columns], dtype=np.int64),
    )


def _start(num_sets: int, num_rows: int, deepest: int) -> _Path:
    """Return the path that has taken nothing yet."""
    whole, real = np.zeros((8, deepest + 1), dtype=np.int64), np.zeros((3, deepest + 1))
    path = _Path(
        free=np.zeros((deepest + 1, num_sets), dtype=np.int64),
        end=whole[0],
        at=whole[1],
        row=whole[2],
        taken=whole[3],
        bound=real[0],
        cost=real[1],
        patients=real[2],
        led=whole[4],
        open=whole[5],
        covered=np.zeros(num_rows, dtype=np.bool_),
        ways=np.zeros(num_rows, dtype=np.int64),
    )
    path.free[0] = np.arange(num_sets)
    path.end[0], path.open[0] = num_sets, num_rows
    path.taken[:] = -1
    return path


@grown
def _look(
    sets: _Sets,
    path: _Path,
    picked: IntArray,
    tally: FloatArray,
    tolerance: float,
    fewest: int,
    most: int,
) -> None:
    """Try every choice; keep the best in `picked`, and in `tally` its price to beat."""
    lightest, heaviest = sets.patients.min(), sets.patients.max()
    path.row[0] = _hardest(sets, path, 0)
    depth = 0
    while depth >= 0 and tally[LEFT] > 0:
        _give_back(sets, path, depth)
        k = _next(sets, path, depth)
        if k < 0 or path.bound[depth] + sets.more[k] >= tally[BEST]:
            depth -= 1
            continue
        _take(sets, path, depth, k)
        new = depth + 1
        if path.open[new] == 0:
            if fewest <= path.led[new] <= most and path.cost[new] < tally[BEST]:
                tally[BEST] = path.cost[new] - tolerance * abs(path.cost[new])
                picked[:] = -1
                picked[:new] = path.taken[:new]
        elif path.led[new] <= most and _fits(path.patients[new], lightest, heaviest):
            tally[LEFT] -= path.end[depth]
            _keep_apart(sets, path, depth, k, tally[BEST])
            path.row[new] = _hardest(sets, path, new)
            if path.row[new] >= 0:
                depth = new


@grown
def _next(sets: _Sets, path: _Path, depth: int) -> int:
    """Return the next column through the row of this depth, −1 where none is left."""
    row = path.row[depth]
    if row < 0:
        return -1
    word, bit = row // WORD, np.uint64(1) << np.uint64(row % WORD)
    while path.at[depth] < path.end[depth]:
        k = path.free[depth, path.at[depth]]
        path.at[depth] += 1
        if sets.bits[k, word] & bit:
            return int(k)
    return -1


@grown
def _take(sets: _Sets, path: _Path, depth: int, k: int) -> None:
    """Take a column; say what that comes to at the next depth."""
    path.taken[depth] = k
    for e in range(sets.ptr[k], sets.ptr[k + 1]):
        path.covered[sets.rows[e]] = True
    new = depth + 1
    path.at[new] = 0
    path.bound[new] = path.bound[depth] + sets.more[k]
    path.cost[new] = path.cost[depth] + sets.cost[k]
    path.patients[new] = path.patients[depth] - sets.patients[k]
    path.led[new] = path.led[depth] + sets.is_led[k]
    path.open[new] = path.open[depth] - (sets.ptr[k + 1] - sets.ptr[k])


@grown
def _give_back(sets: _Sets, path: _Path, depth: int) -> None:
    """Give back the column that was taken last at this depth, if any."""
    k = path.taken[depth]
    path.taken[depth] = -1
    if k >= 0:
        for e in range(sets.ptr[k], sets.ptr[k + 1]):
            path.covered[sets.rows[e]] = False


@grown
def _keep_apart(sets: _Sets, path: _Path, depth: int, k: int, best: float) -> None:
    """List the columns that share no row with one taken and can still pay."""
    new = depth + 1
    kept = 0
    for a in range(path.end[depth]):
        other = path.free[depth, a]
        if path.bound[new] + sets.more[other] >= best:
            break
        shared = np.uint64(0)
        for w in range(sets.bits.shape[1]):
            shared |= sets.bits[other, w] & sets.bits[k, w]
        if shared == 0:
            path.free[new, kept] = other
            kept += 1
    path.end[new] = kept


@grown
def _fits(left: float, lightest: float, heaviest: float) -> Any:
    """Whether a whole number of columns can hold so many patients."""
    slack = 1e-6 * (1.0 + left)
    return np.ceil((left - slack) / heaviest) <= np.floor((left + slack) / lightest)


@grown
def _hardest(sets: _Sets, path: _Path, depth: int) -> int:
    """Return the row left that fewest columns cover; −1 where one has none."""
    ways = path.ways
    ways[:] = 0
    for a in range(path.end[depth]):
        k = path.free[depth, a]
        for e in range(sets.ptr[k], sets.ptr[k + 1]):
            ways[sets.rows[e]] += 1
    hardest = -1
    for row in range(len(ways)):
        if path.covered[row]:
            continue
        if ways[row] == 0:
            return -1
        if hardest < 0 or ways[row] < ways[hardest]:
            hardest = row
    return hardest
