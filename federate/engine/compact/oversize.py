"""Practices above the upper size bound: each a federation of its own."""

from typing import Any

import numpy as np
import numpy.typing as npt

from federate.problem import Problem

__all__ = ["add_oversize", "forbid_oversize"]


def forbid_oversize(problem: Problem) -> npt.NDArray[np.bool_]:
    """Keep an oversize practice o from others: x_io = x_oj = 0 for i, j ≠ o."""
    out = np.zeros((problem.n, problem.n), dtype=bool)
    for o in problem.oversize:
        out[o, :] = out[:, o] = True
        out[o, o] = False
    return out


def add_oversize(model: Any, problem: Problem) -> None:
    """Found the federation of every oversize practice, voluntary or not.

    x_oo = 1      for every oversize practice o
    """
    import pyomo.environ as pyo

    def founded(_: Any, o: int) -> Any:
        return model.assign[o, o] == 1

    model.oversize = pyo.Constraint(problem.oversize, rule=founded)
