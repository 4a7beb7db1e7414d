"""Models that every backend must answer alike."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from solvers.contract import MixedIntegerModel

__all__ = ["hard", "knapsack", "market_split", "model", "random_mip"]

INF = np.inf


def model(
    cost: Sequence[float],
    rows: Sequence[Sequence[float]],
    row_lower: Sequence[float],
    row_upper: Sequence[float],
    *,
    lower: Sequence[float] | None = None,
    upper: Sequence[float] | None = None,
    integral: bool | Sequence[bool] = True,
    **more: Any,
) -> MixedIntegerModel:
    """Return a small model from lists; variables are binary unless said."""
    count = len(cost)
    whole: npt.NDArray[np.bool_] = np.broadcast_to(np.asarray(integral, bool), count)
    return MixedIntegerModel(
        cost=np.asarray(cost, dtype=np.float64),
        matrix=sparse.csc_matrix(
            np.asarray(rows, dtype=np.float64).reshape(len(row_lower), count)
        ),
        row_lower=np.asarray(row_lower, dtype=np.float64),
        row_upper=np.asarray(row_upper, dtype=np.float64),
        lower=np.zeros(count) if lower is None else np.asarray(lower, np.float64),
        upper=np.ones(count) if upper is None else np.asarray(upper, np.float64),
        integral=np.array(whole),
        **more,
    )


def knapsack(num_items: int = 12, seed: int = 0) -> MixedIntegerModel:
    """Return a binary knapsack as a minimum."""
    rng = np.random.default_rng(seed)
    weight = rng.integers(5, 40, num_items).astype(float)
    worth = rng.integers(5, 40, num_items).astype(float)
    return model((-worth).tolist(), [weight.tolist()], [-INF], [weight.sum() / 2])


def hard(num_items: int = 60, num_rows: int = 30, seed: int = 0) -> MixedIntegerModel:
    """Return a multi-dimensional knapsack that takes far longer than any test."""
    rng = np.random.default_rng(seed)
    weight = rng.integers(1, 100, (num_rows, num_items)).astype(float)
    worth = rng.integers(50, 100, num_items) + 0.5
    return model(
        (-worth).tolist(),
        weight.tolist(),
        [-INF] * num_rows,
        np.floor(weight.sum(axis=1) / 2).tolist(),
    )


def market_split(num_items: int = 40, num_rows: int = 5) -> MixedIntegerModel:
    """Return equalities that every even split must meet: no point lies at hand.

    Cornuéjols and Dawande (1998), A class of hard small 0-1 programs.
    """
    weight = np.random.default_rng(0).integers(0, 100, (num_rows, num_items))
    half = (weight.sum(axis=1) // 2).astype(float).tolist()
    return model([1.0] * num_items, weight.tolist(), half, half)


def random_mip(seed: int) -> MixedIntegerModel:
    """Return a feasible mixed model of up to four integers in {0, 1, 2}."""
    rng = np.random.default_rng(seed)
    whole, free, rows = int(rng.integers(2, 5)), int(rng.integers(0, 4)), 4
    count = whole + free
    matrix = rng.integers(-5, 6, (rows, count)).astype(float)
    inside = np.concatenate([rng.integers(0, 3, whole), rng.uniform(0, 2, free)])
    activity = matrix @ inside
    lower = np.where(rng.random(rows) < 0.5, activity - rng.uniform(0, 4, rows), -INF)
    upper = np.where(rng.random(rows) < 0.7, activity + rng.uniform(0, 4, rows), INF)
    return model(
        rng.integers(-9, 10, count).astype(float).tolist(),
        matrix.tolist(),
        lower.tolist(),
        upper.tolist(),
        upper=[2.0] * count,
        integral=[True] * whole + [False] * free,
        offset=float(rng.integers(-5, 6)),
    )
