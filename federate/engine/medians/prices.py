"""What prices prove, and better prices.

For any prices π every plan costs at least

    own + Σ_i min(π_i, alone_i) + Σ of the k least z_c,

z_c the least reduced cost of a federation led by c (`knapsack`), and k the number of
negative z_c, or the fewest or most federations where that is out of bounds: the
Lagrangian of covering everybody once. It goes back to Cornuejols, Fisher and
Nemhauser (1977, Management Science 23) for medians without sizes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import numpy as np
import numpy.typing as npt

from federate.engine.medians.knapsack import (
    FREE,
    OPEN,
    WHOLE,
    blank_work,
    least,
    look,
    weigh,
)
from federate.engine.medians.table import Table

__all__ = ["Pricer", "Worth", "rise"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

FORMER = 0.3
"""Weight of the step before in each step."""
SHORTER = 0.6
SHORTEST = 2e-4
RISEN = 1e-6
AFIELD = 0.05
"""Fraction above the bound at which steps aim while there is no plan."""


@dataclass(frozen=True, eq=False)
class Worth:
    """What some prices prove.

    Parameters
    ----------
    prices, value_gbp
        The prices, and the bound.
    count_gbp
        Least and largest μ, the price of one federation more, that prove the same:
        to open c costs max(0, z_c − least) more, to close it max(0, largest − z_c).
    z
        Shape ``(m,)``: the least reduced cost under each centre.
    opened
        The centres chosen.
    missing
        Shape ``(m,)``: 1 − times covered, a subgradient.
    """

    prices: FloatArray
    value_gbp: float
    count_gbp: tuple[float, float]
    z: FloatArray
    opened: IntArray
    missing: FloatArray


class Pricer:
    """Weighs prices of one table.

    Parameters
    ----------
    table
        Costs and rules.
    how
        `PARTS`: what practices in part prove, as whoever checks it derives it;
        `WHOLE`: more, of whole practices.
    """

    def __init__(self, table: Table, how: int = WHOLE) -> None:
        self.table = table
        self.how = how
        self.size = (table.lower, table.size[1])
        self._work = blank_work(len(table.who))

    def worth(self, prices: FloatArray, state: IntArray) -> Worth:
        """Return what prices prove where some centres are open or closed."""
        table = self.table
        z = np.empty(len(prices))
        facts = (table.led, table.persons, self.size, prices, state)
        weigh(*facts, table.count, self.how, self._work, z)
        opened, count = self._choose(z, state)
        cover = np.empty(len(prices))
        look(*facts, opened, self.how, self._work, cover)
        stays = table.alone < prices
        if len(opened) < table.count[0]:
            return Worth(prices, inf, count, z, opened, 0.0 * cover)
        value = table.own_gbp + float(np.minimum(prices, table.alone).sum())
        value += float(z[opened].sum())
        return Worth(prices, value, count, z, opened, 1.0 - cover - stays)

    def members(self, prices: FloatArray, c: int) -> IntArray:
        """Return the cheapest federation of whole practices under a centre."""
        table, work = self.table, self._work
        free = np.zeros(len(prices), dtype=np.int64)
        facts = (table.led, table.persons, self.size, prices, free)
        _, held = least(*facts, c, -1, WHOLE, inf, work)
        taken = work.items[:held][work.used[:held] > 0.5]
        out: IntArray = np.sort(np.append(taken, c))
        return out

    def _choose(
        self, z: FloatArray, state: IntArray
    ) -> tuple[IntArray, tuple[float, float]]:
        """Return the centres of the least z, open ones among them, and μ's range."""
        must = np.flatnonzero(state == OPEN)
        free = np.flatnonzero((state == FREE) & (z < inf))
        order = free[np.argsort(z[free], kind="stable")]
        fewest = max(0, self.table.count[0] - len(must))
        most = min(max(0, self.table.count[1] - len(must)), len(order))
        wanted = int(np.count_nonzero(z[order] < 0.0))
        k = min(max(wanted, fewest), most)
        last = float(z[order[k - 1]]) if k else -inf
        after = float(z[order[k]]) if k < len(order) else inf
        low = last if k == most else 0.0
        high = after if k <= fewest else 0.0
        if k <= fewest and k < most:
            low = max(0.0, last)
        if k == most and k > fewest:
            high = min(0.0, after)
        return np.concatenate([must, order[:k]]), (low, high)


def rise(
    pricer: Pricer,
    prices: FloatArray,
    state: IntArray,
    *,
    target: Callable[[], float],
    steps: int,
    length: float = 1.0,
    patience: int = 15,
    heed: Callable[[Worth], bool] | None = None,
) -> Worth:
    """Return the best prices on a walk along subgradients.

    π ← π + s·(target − value) / |d|²·d, d the missing practices, smoothed (Held,
    Wolfe and Crowder 1974, Mathematical Programming 6); s shrinks, back at the
    best, when nothing was gained for some steps.

    Parameters
    ----------
    target
        The least cost of any plan known; infinite for none.
    heed
        Told every worth; whether to go on.
    """
    best = worth = pricer.worth(prices, state)
    former, failed = np.zeros(len(prices)), 0
    for _ in range(steps):
        if heed is not None and not heed(worth):
            break
        step = (1.0 - FORMER) * worth.missing + FORMER * former
        square = float(step @ step)
        if square < 1e-9 or length < SHORTEST or not np.isfinite(worth.value_gbp):
            break
        former = step
        known = target()
        afield = best.value_gbp + AFIELD * abs(best.value_gbp) + 1.0
        aim = min(known + 1e-3 * abs(known), afield)
        short = max(aim - worth.value_gbp, RISEN * abs(aim))
        worth = pricer.worth(worth.prices + length * short / square * step, state)
        risen = worth.value_gbp - best.value_gbp
        if risen > 0.0:
            best = worth
        failed = 0 if risen > RISEN * abs(best.value_gbp) else failed + 1
        if failed >= patience:
            failed, length, worth = 0, length * SHORTER, best
    return best
