"""What the bound becomes where a practice is put under a centre (compiled).

With the bound L at prices π and μ (`prices`), any plan in which c leads and holds i
costs at least

    L + (z_c(i) − μ) − min(0, z_c − μ) + max(0, π_i − alone_i),

z_c(i) the least reduced cost of the federations led by c that hold i: all other
centres may do as before. Whoever looks for plans that cost less than t leaves out
the pairs for which that is t or more (Beasley 1985, European Journal of Operational
Research 21, for medians).
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from federate.engine.compiled import grown
from federate.engine.medians.knapsack import Work, blank_work, least
from federate.engine.medians.prices import Pricer, Worth

__all__ = ["rises"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def rises(
    pricer: Pricer,
    worth: Worth,
    state: IntArray,
    slack_gbp: float,
    stopped: Callable[[], bool] | None = None,
) -> FloatArray | None:
    """Return how far the bound rises for every pair, row = centre.

    Infinite where it is more than `slack_gbp`; ``None`` where told to stop before all
    pairs were seen: with many practices in each federation they take long.
    """
    table = pricer.table
    n = len(table.who)
    out = np.full((n, n), np.inf)
    prices = worth.prices
    stays = np.maximum(0.0, prices - table.alone)
    low = worth.count_gbp[0]
    work = blank_work(n)
    for centre in range(n):
        if stopped is not None and stopped():
            return None
        _rises(
            centre,
            table.led,
            table.persons,
            pricer.size,
            prices,
            state,
            worth.z,
            low,
            stays,
            slack_gbp,
            pricer.how,
            work,
            out,
        )
    return out


@grown
def _rises(
    c: int,
    led: FloatArray,
    persons: FloatArray,
    size: tuple[float, float],
    prices: FloatArray,
    state: IntArray,
    z: FloatArray,
    low: float,
    stays: FloatArray,
    slack: float,
    how: int,
    work: Work,
    out: FloatArray,
) -> None:
    """Fill in the row of one centre."""
    if z[c] == np.inf:
        return
    free = size[0] <= 0.0 and size[1] == np.inf
    base = z[c] if state[c] == 1 else min(z[c], low)
    opening = z[c] - base + stays[c]
    if opening > slack:
        return
    out[c, c] = opening
    for i in range(len(prices)):
        gain = led[c, i] - prices[i]
        if i == c or gain == np.inf or state[i] == 1:
            continue
        if free:
            rise = opening + max(0.0, gain) + stays[i]
        else:
            limit = slack + base - stays[i] + 1.0
            worth, _ = least(led, persons, size, prices, state, c, i, how, limit, work)
            rise = max(opening, worth - base + stays[i])
        if rise <= slack:
            out[c, i] = rise
