"""Bounds of variables that the rows of a model imply."""

import numpy as np
import numpy.typing as npt

from solvers.contract import MixedIntegerModel

__all__ = ["implied_bounds"]

FloatArray = npt.NDArray[np.float64]

# Passes over the rows; each may carry bounds one row further.
PASSES = 20


def implied_bounds(model: MixedIntegerModel) -> tuple[FloatArray, FloatArray]:
    """Return the bounds, the open ones closed where the rows imply one.

    a_j x_j ≤ row upper − Σ_{k≠j} min a_k x_k, and likewise from below; moved out
    by a trifle for what the arithmetic can be wrong. Closed bounds stay as they
    are; those that no row implies stay open.
    """
    lower, upper = model.lower.copy(), model.upper.copy()
    matrix = model.matrix.tocsc().copy()
    matrix.eliminate_zeros()
    matrix = matrix.tocoo()
    for _ in range(PASSES):
        found_lower, found_upper = _one_pass(model, matrix, lower, upper)
        closes_low = np.isinf(lower) & np.isfinite(found_lower)
        closes_high = np.isinf(upper) & np.isfinite(found_upper)
        if not (closes_low.any() or closes_high.any()):
            break
        lower = np.where(closes_low, found_lower, lower)
        upper = np.where(closes_high, found_upper, upper)
    return lower, upper


def _one_pass(
    model: MixedIntegerModel, matrix: object, lower: FloatArray, upper: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return what the rows imply for every variable, from the present bounds."""
    above, below = np.full(len(lower), np.inf), np.full(len(lower), -np.inf)
    row, column, data = matrix.row, matrix.col, matrix.data  # type: ignore[attr-defined]
    for a, side in ((data, model.row_upper), (-data, -model.row_lower)):
        least = np.where(a > 0, a * lower[column], a * upper[column])
        open_ends = np.bincount(row, np.isinf(least), minlength=model.num_rows)
        closed = np.where(np.isinf(least), 0.0, least)
        total = np.bincount(row, closed, minlength=model.num_rows)
        alone = open_ends[row] - np.isinf(least) == 0
        used = alone & np.isfinite(side[row])
        room = (side[row] - (total[row] - closed))[used]
        limit = room / a[used]
        limit += np.sign(a[used]) * (1e-9 + 1e-12 * np.abs(limit))
        at, positive = column[used], a[used] > 0
        np.minimum.at(above, at[positive], limit[positive])
        np.maximum.at(below, at[~positive], limit[~positive])
    return below, above
