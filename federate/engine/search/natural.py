"""How large a federation wants to be, and what a person costs in it, locally."""

import numpy as np
import numpy.typing as npt

from federate.problem import Problem

__all__ = ["local_price_gbp", "natural_size"]

FloatArray = npt.NDArray[np.float64]
_SAMPLE = 200  # centres from which the natural size is estimated
_GRID = 16  # sizes tried
_CHUNK = 256  # centres at a time: bounds the memory


def natural_size(problem: Problem) -> float:
    """Return the size (persons) at which a person costs least.

    Per person, a federation of s persons costs (F + p·|s − T|)/s and the mean
    over centres of what its s cheapest persons cost led from there. Fixed cost, and
    the price of parting neighbours, pulls s up, travel pulls it down; the bounds on
    size and count limit it.
    """
    sizes = problem.list_size
    total = float(max(sizes.sum(), 1))
    low, high = problem.size_bounds or (0.0, total)
    fewest, most = problem.num_federations
    low = max(low, float(sizes.mean()), total / most if most else 0.0, 1.0)
    high = min(high, total, total / max(fewest, 1))
    if high <= low:
        return low if high <= 0 else max(1.0, min(low, total))
    grid = np.geomspace(low, high, _GRID)
    step = max(1, problem.n // _SAMPLE)
    travel = np.array(
        [
            _catchment_gbp(problem, np.arange(0, problem.n, step), size).mean()
            for size in grid
        ]
    )
    cost = problem.cost
    target = cost.target_size
    off = 0.0 if target is None else cost.deviation_gbp_per_person * abs(grid - target)
    fixed = cost.fixed_gbp + off
    per_person = (fixed + _rim_gbp(problem, grid)) / grid + travel
    return float(grid[int(np.argmin(per_person))])


def local_price_gbp(
    problem: Problem, unit_of: npt.NDArray[np.int32], size: float
) -> FloatArray:
    """Return what a person costs in the natural federation around each practice."""
    out = np.zeros(problem.n)
    inside = np.flatnonzero(unit_of >= 0)
    for start in range(0, len(inside), _CHUNK):
        some = inside[start : start + _CHUNK]
        out[some] = _catchment_gbp(problem, some, size)
    rim = _rim_gbp(problem, np.array([size])) / size
    return out + float(rim[0])


def _rim_gbp(problem: Problem, size: FloatArray) -> FloatArray:
    """Return about what federations of `size` persons pay for neighbours parted.

    p/2 · 2√(12 m): the pairs around m cells of a honeycomb in a round heap.
    """
    priced = problem.cost.cut_edges
    if priced is None:
        return np.zeros(len(size))
    members = size / max(float(problem.list_size.mean()), 1.0)
    out: FloatArray = priced.gbp_per_pair * np.sqrt(12.0 * members)
    return out


def _catchment_gbp(
    problem: Problem, centres: npt.NDArray[np.int64], size: float
) -> FloatArray:
    """Return the cost per person of the `size` cheapest persons led from a centre."""
    persons = np.maximum(problem.list_size, 1).astype(np.float64)
    led = np.ascontiguousarray(problem.cost.assign_gbp[:, centres].T)
    each = led / persons
    num = min(problem.n, int(np.ceil(4.0 * size / persons.mean())) + 8)
    order = np.argpartition(each, num - 1, axis=1)[:, :num]
    order = np.take_along_axis(
        order, np.argsort(np.take_along_axis(each, order, 1), axis=1), axis=1
    )
    held = np.cumsum(persons[order], axis=1)
    spent = np.cumsum(np.take_along_axis(led, order, 1), axis=1)
    last = np.minimum((held < size).sum(axis=1), num - 1)
    rows = np.arange(len(centres))
    out: FloatArray = spent[rows, last] / held[rows, last]
    return out
