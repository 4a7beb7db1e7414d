"""The law of an overspend under a contract, by bisection and quadrature, compiled.

What a contract leaves is a function of a standard normal score that rises. Where it
passes a figure is found by bisection, and its means by Gauss–Legendre quadrature
between its kinks; nothing of the engine's closed forms is used.
"""

import math

import numpy as np
import numpy.typing as npt

from federate.criteria.risk_terms import ATTACH, LAYER, LIMIT, QUOTA, RiskTerms
from federate.criteria.tails import LOGNORMAL, NORMAL_POWER
from federate.engine.compiled import grown

__all__ = ["law_of", "mean_above", "passes"]

Floats = npt.NDArray[np.float64]

FAR, PANELS = 12.0, 8
NODES, WEIGHTS = np.polynomial.legendre.leggauss(20)
# What a mean is taken of: the layer's part and its square, what is kept beyond a
# level, what is kept, the overspend beyond a level before the layer, and whole.
TAKEN, SQUARE, BEYOND, KEPT, OVER, BARE = range(6)
# Rows of a law: tail, mean and spread that the quota leaves, skew, shift and log
# spread of the lognormal, lowest score, layer (from, to, share) and its price.
TAIL, MEAN, SPREAD, SKEW, SHIFT, LOG_SD, LOWEST, FROM, UPTO, SHARE, PRICE = range(11)


@grown
def over(law: Floats, z: float) -> float:
    """Return the overspend that the quota leaves at a score, a share of budget."""
    x = max(z, law[LOWEST])
    y = x
    if law[TAIL] == NORMAL_POWER:
        y = x + law[SKEW] / 6.0 * (x * x - 1.0)
    elif law[SHIFT] > 0.0:
        y = (math.exp(law[LOG_SD] * (x - 0.5 * law[LOG_SD])) - 1.0) / law[SHIFT]
    return float(law[MEAN] + law[SPREAD] * y)


@grown
def figure(what: int, law: Floats, z: float, level: float) -> float:
    """Return one of the figures that means are taken of."""
    out = over(law, z)
    if what == BARE:
        return float(out)
    if what == OVER:
        return float(max(out - level, 0.0))
    part = 0.0
    if out > law[FROM]:
        part = law[SHARE] * (min(out, law[UPTO]) - law[FROM])
    if what == TAKEN:
        return float(part)
    if what == SQUARE:
        return float(part * part)
    kept = out - part + law[PRICE]
    return float(max(kept - level, 0.0) if what == BEYOND else kept)


@grown
def passes(what: int, law: Floats, most: float) -> float:
    """Return the score where a rising figure passes `most`; ±inf: always or never."""
    low, high = law[LOWEST], 40.0
    if figure(what, law, low, 0.0) > most:
        return -math.inf
    if not figure(what, law, high, 0.0) > most:
        return math.inf
    for _ in range(100):
        middle = 0.5 * (low + high)
        if figure(what, law, middle, 0.0) > most:
            high = middle
        else:
            low = middle
    return float(high)


@grown
def mean_above(what: int, law: Floats, start: float, level: float) -> float:
    """Return ∫ figure · φ above a score; below the lowest score lies one value."""
    low = max(start, law[LOWEST], -FAR)
    total = 0.0
    if start < law[LOWEST]:
        below = 0.5 * math.erfc(-law[LOWEST] / math.sqrt(2.0))
        total = below * figure(what, law, law[LOWEST], level)
    stops = np.empty(5)
    stops[0], stops[4] = low, FAR
    stops[1] = passes(BARE, law, law[FROM]) if law[FROM] < math.inf else FAR
    stops[2] = passes(BARE, law, law[UPTO]) if law[UPTO] < math.inf else FAR
    stops[3] = passes(KEPT if what == BEYOND else BARE, law, level)
    for k in range(1, 4):
        stops[k] = min(max(stops[k], low), FAR)
    stops.sort()
    for k in range(4):
        width = (stops[k + 1] - stops[k]) / PANELS
        if width <= 0.0:
            continue
        for p in range(PANELS):
            middle = stops[k] + (p + 0.5) * width
            for m in range(len(NODES)):
                z = middle + 0.5 * width * NODES[m]
                weight = 0.5 * width * WEIGHTS[m] * math.exp(-0.5 * z * z)
                total += weight * figure(what, law, z, level) / math.sqrt(2 * math.pi)
    return total


@grown
def law_of(terms: RiskTerms, item: int, sigma: float, skew: float) -> Floats:
    """Return the law of what a contract's quota leaves, and its layer, priced."""
    law = np.zeros(11)
    row = terms.menu[item]
    left, gamma = 1.0 - row[QUOTA], max(skew, 0.0)
    law[TAIL], law[SKEW] = terms.tail, gamma
    law[MEAN], law[SPREAD] = left * terms.mean, left * sigma
    law[LOWEST] = -40.0
    if terms.tail == NORMAL_POWER and gamma > 0.0:
        law[LOWEST] = max(-40.0, -3.0 / gamma)
    if terms.tail == LOGNORMAL and gamma > 1e-9:
        low, high = 0.0, 1.0 + gamma
        for _ in range(200):
            t = 0.5 * (low + high)
            if t**3 + 3.0 * t < gamma:
                low = t
            else:
                high = t
        law[SHIFT], law[LOG_SD] = low, math.sqrt(math.log1p(low * low))
    law[FROM], law[UPTO], law[SHARE] = math.inf, math.inf, 0.0
    if row[LAYER] > 0.0 and row[ATTACH] < math.inf:
        law[FROM], law[UPTO], law[SHARE] = row[ATTACH], row[LIMIT], row[LAYER]
        law[PRICE] = mean_above(TAKEN, law, -math.inf, 0.0)
    return law
