"""What leaving a practice uncovered costs at first."""

import numpy as np
import numpy.typing as npt

from federate.engine.answer import Grouping
from federate.problem import Problem

__all__ = ["first_penalties"]

FloatArray = npt.NDArray[np.float64]


def first_penalties(problem: Problem, like: Grouping | None) -> FloatArray:
    """Return 1.5 × each practice's share of its federation's cost, £ a year.

    Without a plan to learn from, a share is a fifth of what a practice costs as
    a federation of its own. The last entry is for the count of federations.
    """
    share = np.zeros(problem.n + 1)
    if like is None:
        alone = [problem.cost.cost([i], i) for i in range(problem.n)]
        share[:] = np.median(alone) / 5
    else:
        for members, centre in zip(like.members, like.centres, strict=True):
            cost = problem.cost.cost(members, centre)
            share[list(members)] = cost / len(members)
            share[-1] += cost / len(like.members)
    positive = share[share > 0]
    floor = float(np.median(positive)) if len(positive) else 1.0
    penalty: FloatArray = np.maximum(1.5 * share, floor) + 1.0
    return penalty
