"""Centres out of shares: a whole number of federations, as dense as the bound's.

The averaged answer of the ascent leads a part of a federation from many centres.
Going once through the country along a curve that stays local, and opening a
centre each time another whole federation has added up, keeps their density right
everywhere; where the count starts makes the sample.
"""

import numpy as np
import numpy.typing as npt

from federate.problem import Problem

__all__ = ["along_a_curve", "sample"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

ORDER = 16


def sample(share: FloatArray, order: IntArray, count: int, offset: float) -> IntArray:
    """Return `count` centres or fewer, `offset` in [0, 1) deciding which.

    Examples
    --------
    >>> sample(np.array([0.5, 0.5, 0.9, 0.1]), np.arange(4), 2, 0.6).tolist()
    [1, 2]
    """
    held = np.cumsum(share[order])
    held *= count / held[-1]
    at = np.searchsorted(held, np.arange(count) + offset, side="left")
    return np.unique(order[np.minimum(at, len(order) - 1)]).astype(np.int64)


def along_a_curve(problem: Problem) -> IntArray:
    """Return the practices in order along a Hilbert curve over the area."""
    practices = problem.instance.practices
    place = np.column_stack([practices.easting_m, practices.northing_m])
    extent = max(float(np.ptp(place, axis=0).max()), 1.0)
    side = 1 << ORDER
    cell = ((place - place.min(axis=0)) / extent * (side - 1)).astype(np.int64)
    x, y = cell[:, 0], cell[:, 1]
    along = np.zeros(len(x), dtype=np.int64)
    step = side >> 1
    while step:
        east, north = (x & step) > 0, (y & step) > 0
        along += step * step * ((3 * east) ^ north)
        turned = ~north & east
        x, y = np.where(turned, side - 1 - x, x), np.where(turned, side - 1 - y, y)
        x, y = np.where(north, x, y), np.where(north, y, x)
        step >>= 1
    return np.argsort(along, kind="stable")
