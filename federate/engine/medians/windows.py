"""Windows: federations around one of them, chosen anew as well as can be."""

from collections.abc import Callable
from time import perf_counter

import numpy as np
import numpy.typing as npt

from federate.engine.medians.prices import Pricer, Worth, rise
from federate.engine.medians.rest import Goal, settle
from federate.engine.medians.table import Table
from solvers.contract import Options

__all__ = ["improve"]

IntArray = npt.NDArray[np.int64]

SIZES = (40, 70, 110)
"""Practices in a window, from round to round."""
WINDOW_S = (1.0, 4.0, 15.0)
STEPS = 400
TOLD_EVERY_S = 2.0
WORTH = 1e-7


def improve(
    table: Table,
    label: IntArray,
    goal: Goal,
    *,
    keep_on: Callable[[], bool],
    options: Options,
    solver: str,
) -> None:
    """Better a plan window by window, larger ones once small ones gain nothing."""
    rng, told = np.random.default_rng(options.seed), perf_counter()
    for practices, seconds in zip(SIZES, WINDOW_S, strict=True):
        stale = set(np.unique(label[label >= 0]).tolist())
        while stale and keep_on():
            first = int(rng.choice(sorted(stale)))
            window = _around(table, label, first, practices)
            found = _better(table, label, window, keep_on, (seconds, options, solver))
            stale.discard(first)
            if found is None:
                continue
            stale -= set(window.tolist())
            label = found
            if perf_counter() - told > TOLD_EVERY_S:
                goal.offer(label)
                told = perf_counter()
            inside = np.isin(label, window) | np.isin(np.arange(len(label)), window)
            stale |= set(np.unique(label[inside & (label >= 0)]).tolist())
    goal.offer(label)


def _around(table: Table, label: IntArray, first: int, practices: int) -> IntArray:
    """Return the centres nearest to one, until they lead enough practices."""
    heads = np.unique(label[label >= 0])
    led = table.led[heads, first] / max(table.persons[first], 1e-6)
    led = led + table.led[first, heads] / np.maximum(table.persons[heads], 1e-6)
    led[heads == first] = -np.inf
    order = heads[np.argsort(led, kind="stable")]
    size = np.cumsum([int((label == c).sum()) for c in order[: practices + 1]])
    most = int(np.searchsorted(size, practices)) + 1
    return order[: max(2, min(most, len(order)))]


def _better(
    table: Table,
    label: IntArray,
    window: IntArray,
    keep_on: Callable[[], bool],
    limits: tuple[float, Options, str],
) -> IntArray | None:
    """Return a cheaper plan that differs inside a window only, if there is one."""
    seconds, options, solver = limits
    keep = np.flatnonzero(np.isin(label, window))
    num = len(np.unique(label[label >= 0]))
    fewest = max(0, table.count[0] - num + len(window))
    small = table.part(keep, (fewest, table.count[1] - num + len(window)))
    place = {int(i): k for k, i in enumerate(keep)}
    present = small.cost(np.array([place[int(c)] for c in label[keep]]))
    best, found = present, None
    ends = perf_counter() + seconds

    def below() -> float:
        return best - max(WORTH * abs(best), 0.5 if small.is_whole else 1e-6)

    def offer(trial: IntArray) -> None:
        nonlocal best, found
        if small.cost(trial) < best:
            best, found = small.cost(trial), trial

    def stopped() -> bool:
        return perf_counter() >= ends or not keep_on()

    mine = Goal(
        below, offer, lambda _: None, lambda: max(0.0, ends - perf_counter()), stopped
    )
    worth = _priced(small, mine)
    if small.lift(worth.value_gbp) < below():
        pricer = Pricer(small)
        settle(pricer, worth, mine, options=options, solver=solver, few=1500)
    if found is None:
        return None
    out = label.copy()
    out[keep] = np.where(found >= 0, keep[found], -1)
    return out


def _priced(small: Table, goal: Goal) -> Worth:
    """Return good prices of a window."""
    near = np.sort(small.led, axis=0)
    among = max(1, len(near) // max(small.count[0], 1) // 2)
    start = np.where(np.isfinite(near[among]), near[among], near[0])
    start = np.where(np.isfinite(start), start, 0.0)
    return rise(
        Pricer(small),
        start,
        np.zeros(len(near), dtype=np.int64),
        target=goal.below,
        steps=STEPS,
        patience=10,
        heed=lambda worth: (
            small.lift(worth.value_gbp) < goal.below() and not goal.stopped()
        ),
    )
