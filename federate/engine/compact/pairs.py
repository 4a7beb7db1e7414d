"""Practices that must share a federation, and those that may not."""

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt

from federate.problem import Problem

__all__ = ["add_apart", "add_together", "forbid_apart", "forbid_zone"]

BoolArray = npt.NDArray[np.bool_]


def forbid_zone(problem: Problem) -> BoolArray:
    """Keep practices from centres in another zone.

    x_ij = 0      where i and j differ in zone
    """
    if problem.zone is None:
        return np.zeros((problem.n, problem.n), dtype=bool)
    out: BoolArray = problem.zone[:, None] != problem.zone[None, :]
    return out


def forbid_apart(problem: Problem) -> BoolArray:
    """Keep practices from being led by one they must be apart from.

    x_ik = x_ki = 0      for every pair (i, k) apart
    """
    out = np.zeros((problem.n, problem.n), dtype=bool)
    for i, k in problem.apart:
        out[i, k] = out[k, i] = True
    return out


def add_apart(model: Any, problem: Problem) -> None:
    """Keep two practices out of one federation, whoever leads it.

    x_ij + x_kj ≤ x_jj      for every pair (i, k) apart and centre j
    """
    import pyomo.environ as pyo

    assign = model.assign

    def not_both(_: Any, i: int, k: int, j: int) -> Any:
        return assign[i, j] + assign[k, j] <= assign[j, j]

    shared = [
        (i, k, j)
        for i, k in problem.apart
        for j in model.leaders[i]
        if (k, j) in model.allowed
    ]
    model.apart = pyo.Constraint(shared, rule=not_both)


def add_together(model: Any, problem: Problem) -> None:
    """Keep a set of practices in one federation, or all of them alone.

    x_ij = x_kj      for i, k next to each other in a set, and every centre j
    """
    import pyomo.environ as pyo

    assign = model.assign

    def same(_: Any, i: int, k: int, j: int) -> Any:
        return assign[i, j] == assign[k, j]

    tied = [
        (i, k, j)
        for members in problem.together
        for i, k in itertools.pairwise(members)
        for j in model.leaders[i]
    ]
    model.together = pyo.Constraint(tied, rule=same)
