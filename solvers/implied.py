"""Bounds of variables that a model implies without stating them."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from solvers.contract import MixedIntegerModel

__all__ = ["implied_bounds", "sufficient_bounds"]

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
    if _all_closed(lower, upper):
        return lower, upper
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


def sufficient_bounds(
    model: MixedIntegerModel, lower: FloatArray, upper: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the bounds, open ones closed where a best point needs no more.

    A variable whose cost is not below 0 need not exceed what its rows can ask for,
    whatever the others are: lowered to that it breaks no row and costs no more.
    Likewise upwards where its cost is not above 0.
    """
    for _ in range(PASSES):
        if _all_closed(lower, upper):
            break
        needed = _most_needed(model, lower, upper)
        mirrored = replace(model, cost=-model.cost, matrix=-model.matrix)
        least = -_most_needed(mirrored, -upper, -lower)
        closes_high = np.isinf(upper) & np.isfinite(needed)
        closes_low = np.isinf(lower) & np.isfinite(least)
        if not (closes_low.any() or closes_high.any()):
            break
        upper = np.where(closes_high, np.maximum(needed, lower), upper)
        lower = np.where(closes_low, np.minimum(least, upper), lower)
    return lower, upper


def _all_closed(lower: FloatArray, upper: FloatArray) -> bool:
    return bool(np.isfinite(lower).all() and np.isfinite(upper).all())


def _most_needed(
    model: MixedIntegerModel, lower: FloatArray, upper: FloatArray
) -> FloatArray:
    """Return what each variable needs to reach at most; inf where unknown.

    a x_j ≥ row lower − Σ_{k≠j} min a_k x_k is the most that a row asks for.
    """
    matrix = model.matrix.tocsc().copy()
    matrix.eliminate_zeros()
    matrix = matrix.tocoo()
    row, column, data = matrix.row, matrix.col, matrix.data
    needed = lower.copy()
    for a, low in (
        (data, model.row_lower),
        (-data, -model.row_upper),
    ):
        least = np.where(a > 0, a * lower[column], a * upper[column])
        open_ends = np.bincount(row, np.isinf(least), minlength=model.num_rows)
        closed = np.where(np.isinf(least), 0.0, least)
        total = np.bincount(row, closed, minlength=model.num_rows)
        alone = open_ends[row] - np.isinf(least) == 0
        asks = (a > 0) & np.isfinite(low[row])
        known = asks & alone
        limit = (low[row] - (total[row] - closed))[known] / a[known]
        np.maximum.at(needed, column[known], limit + 1e-9 + 1e-12 * np.abs(limit))
        needed[column[asks & ~alone]] = np.inf
    needed = np.where(model.integral, np.ceil(needed), needed)
    return np.where(model.cost >= 0, needed, np.inf)
