"""Centres that are as good as each other: the first one leads."""

import numpy as np
import numpy.typing as npt

from federate.problem import Problem

__all__ = ["forbid_symmetry"]


def forbid_symmetry(problem: Problem) -> npt.NDArray[np.bool_]:
    """Let only the first of several equal centres lead them all.

    x_ik = 0      for i < k that cost and reach everybody alike

    Where columns i and k of cost and reach are equal, a federation that holds
    both may be led by either at the same cost; any optimum has a twin led by the
    first. Practices at one site are such twins; without any cost of distance all
    are, and a federation is then led by its first member.
    """
    columns = [problem.cost.assign_gbp]
    if problem.reachable is not None:
        columns.append(problem.reachable.astype(np.float64))
    _, kind = np.unique(np.vstack(columns), axis=1, return_inverse=True)
    kind = kind.reshape(-1)
    return np.triu(kind[:, None] == kind[None, :], k=1)
