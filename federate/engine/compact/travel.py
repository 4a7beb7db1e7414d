"""Largest travel to the centre."""

import numpy as np
import numpy.typing as npt

from federate.problem import Problem

__all__ = ["forbid_travel"]


def forbid_travel(problem: Problem) -> npt.NDArray[np.bool_]:
    """Keep practices from centres beyond the travel limit.

    x_ij = 0      where minutes from i to j exceed the limit
    """
    if problem.reachable is None:
        return np.zeros((problem.n, problem.n), dtype=bool)
    return ~problem.reachable
