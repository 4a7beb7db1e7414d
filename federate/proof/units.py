"""Money in whole units of 2⁻²⁰ £, so that sums are exact.

Scaling a float by a power of two loses nothing, and neither do sums of whole
numbers. A cost is rounded down to a unit, about a millionth of a pound; prices may
be rounded either way, for a bound holds at any prices. What comes out is a bound
that no rounding can have made too high.
"""

from fractions import Fraction
from math import floor, inf, nextafter

import numpy as np
import numpy.typing as npt

__all__ = ["GRID", "down", "nearest", "pounds_down", "pounds_up", "units_down"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

GRID = 2**20
"""Units in a pound."""


def down(gbp: FloatArray) -> IntArray:
    """Return pounds as whole units, rounded down.

    Examples
    --------
    >>> down(np.array([1.5, -(2.0**-30)]))
    array([1572864,      -1])
    """
    out: IntArray = np.floor(gbp * GRID).astype(np.int64)
    return out


def nearest(gbp: FloatArray) -> IntArray:
    """Return prices in pounds as whole units, rounded to the nearest."""
    out: IntArray = np.rint(gbp * GRID).astype(np.int64)
    return out


def units_down(gbp: Fraction) -> int:
    """Return exact pounds as whole units, rounded down."""
    return floor(gbp * GRID)


def pounds_down(units: int) -> float:
    """Return units in pounds, never more than they are.

    Examples
    --------
    >>> pounds_down(3 * GRID)
    3.0
    """
    pounds = units / GRID
    return pounds if Fraction(pounds) * GRID <= units else nextafter(pounds, -inf)


def pounds_up(gbp: Fraction) -> float:
    """Return exact pounds as a float that is no less."""
    pounds = float(gbp)
    return pounds if Fraction(pounds) >= gbp else nextafter(pounds, inf)
