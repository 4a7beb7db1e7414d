"""A mixed-integer model as an all-integer one that loses no point of it.

CP-SAT knows integers only. So each continuous variable moves on a grid, and each
row and the cost are multiplied by a scale and rounded. What that can move, at
most, is added to the sides: every point of the model, its continuous variables
moved to the nearest grid point, is then a point of the integer model, at a cost
that differs by at most `cost_error`. A bound of the integer model, less that
error, is a bound of the model; a point of it is checked by ``claim.py``.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.contract import MixedIntegerModel

__all__ = ["IntegerModel", "integer_model"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# A continuous variable has up to so many grid steps (a power of two).
GRID_STEPS = 2.0**27
# Largest value a scaled row may reach: doubles still count it one by one.
LARGEST_ACTIVITY = 2.0**50
# Decimal places of coefficients that are kept as they are, if the row allows.
DECIMALS = 6
# A scaled coefficient this near to an integer, relatively, is one.
EXACT = 1e-12


@dataclass(frozen=True, eq=False)
class IntegerModel:
    """min (cost·g) / cost_scale + cost_constant  s.t.  sides of matrix·g.

    Parameters
    ----------
    lower, upper
        Of the grid variables g, shape ``(n,)``.
    origin, unit
        x = origin + unit·g, shape ``(n,)``.
    matrix
        CSR with int64 entries, shape ``(m, n)``.
    row_lower, row_upper
        Whole numbers or ±inf, shape ``(m,)``.
    cost, cost_scale, cost_constant, cost_error
        The cost, how it was scaled, and by how much it may be wrong, in the
        model's own unit.
    """

    lower: IntArray
    upper: IntArray
    origin: FloatArray
    unit: FloatArray
    matrix: Any
    row_lower: FloatArray
    row_upper: FloatArray
    cost: IntArray
    cost_scale: float
    cost_constant: float
    cost_error: float

    def values(self, grid: FloatArray) -> FloatArray:
        """Return the model's variables at a grid point."""
        return self.origin + self.unit * grid

    def nearest(self, values: FloatArray) -> IntArray:
        """Return the grid point nearest to values of the model's variables."""
        grid = np.round((values - self.origin) / self.unit).astype(np.int64)
        return np.clip(grid, self.lower, self.upper)


def integer_model(
    model: MixedIntegerModel, lower: FloatArray, upper: FloatArray
) -> IntegerModel:
    """Return the integer model within these bounds, finite and not crossed."""
    from scipy import sparse

    origin, unit, low, high = _grid(model, lower, upper)
    largest = np.maximum(np.abs(low), np.abs(high)).astype(np.float64)
    matrix = model.matrix.tocsr().copy()
    matrix.sum_duplicates()
    grid_error = _grid_error(abs(matrix), unit, model)
    constant = matrix @ origin
    matrix.data = matrix.data * unit[matrix.indices]
    scale, error = _scales(matrix, largest, unit)
    row_of = np.repeat(np.arange(model.num_rows), np.diff(matrix.indptr))
    whole = np.round(matrix.data * scale[row_of]).astype(np.int64)
    cost = sparse.csr_matrix((model.cost * unit)[None, :])
    (cost_scale,), (cost_error,) = _scales(cost, largest, unit)
    moved = float(_grid_error(abs(model.cost[None, :]), unit, model)[0])
    slack = error + grid_error
    return IntegerModel(
        lower=low,
        upper=high,
        origin=origin,
        unit=unit,
        matrix=sparse.csr_matrix(
            (whole, matrix.indices, matrix.indptr), shape=matrix.shape
        ),
        row_lower=np.ceil(_outward((model.row_lower - constant - slack) * scale, -1)),
        row_upper=np.floor(_outward((model.row_upper - constant + slack) * scale, 1)),
        cost=np.round(model.cost * unit * cost_scale).astype(np.int64),
        cost_scale=float(cost_scale),
        cost_constant=float(model.cost @ origin) + model.offset,
        cost_error=float(cost_error) + moved,
    )


def _grid(
    model: MixedIntegerModel, lower: FloatArray, upper: FloatArray
) -> tuple[FloatArray, FloatArray, IntArray, IntArray]:
    """Return origin, unit and bounds of the grid variables."""
    whole = np.asarray(model.integral, dtype=bool)
    width = np.where(whole, 1.0, np.maximum(upper - lower, 1.0 / GRID_STEPS))
    unit = np.where(whole, 1.0, 2.0 ** np.ceil(np.log2(width / GRID_STEPS)))
    origin = np.where(whole, 0.0, lower)
    low = np.where(whole, np.ceil(lower - 1e-9), 0.0)
    high = np.where(whole, np.floor(upper + 1e-9), np.ceil((upper - lower) / unit))
    return origin, unit, low.astype(np.int64), high.astype(np.int64)


def _grid_error(sizes: Any, unit: FloatArray, model: MixedIntegerModel) -> FloatArray:
    """Return how much each row may change when points move to the grid."""
    half = np.where(model.integral, 0.0, unit / 2)
    error: FloatArray = np.asarray(sizes @ half).reshape(-1)
    return error


def _scales(
    matrix: Any, largest: FloatArray, unit: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return each row's scale, and what rounding can change in it.

    The smallest decimal scale that makes its coefficients whole, where one does
    within `LARGEST_ACTIVITY`; elsewhere the largest power of two.
    """
    rows = matrix.shape[0]
    row_of = np.repeat(np.arange(rows), np.diff(matrix.indptr))
    data, reach = matrix.data, largest[matrix.indices]
    total = np.bincount(row_of, np.abs(data) * reach, minlength=rows)
    finest = np.ones(rows)
    np.maximum.at(finest, row_of, 1.0 / unit[matrix.indices])
    scale = 2.0 ** np.floor(np.log2(LARGEST_ACTIVITY / np.maximum(total, 1e-9)))
    for places in reversed(range(DECIMALS + 1)):
        decimal = finest * 10.0**places
        scaled = data * decimal[row_of]
        off = np.abs(scaled - np.round(scaled)) > EXACT * np.abs(scaled)
        exact = np.bincount(row_of, off, minlength=rows) == 0
        fits = total * decimal <= LARGEST_ACTIVITY
        scale = np.where(exact & fits, decimal, scale)
    rounding = np.abs(data - np.round(data * scale[row_of]) / scale[row_of])
    error = np.bincount(row_of, rounding * reach, minlength=rows)
    return scale, error.astype(np.float64)


def _outward(sides: FloatArray, sign: int) -> FloatArray:
    """Return sides moved out by what their arithmetic can be wrong."""
    return sides + sign * (1e-9 + 4e-16 * np.abs(sides))
