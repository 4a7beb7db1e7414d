"""What leaving a practice uncovered costs at first, and what any plan can cost."""

import numpy as np
import numpy.typing as npt

from federate.criteria.least import most_gbp
from federate.engine.answer import Grouping
from federate.problem import Problem

__all__ = ["dearest_gbp", "first_penalties"]

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


def dearest_gbp(problem: Problem) -> float:
    """Return more than any plan can cost, £ a year.

    Each practice with its dearest centre or alone, each a federation, all off
    the target by as much as can be:
    Σ_i max(max_j assign_ij, alone_i) + n·(F + f_m + p·T) + (f + p)·Σ n_i, and the
    most that risk can cost.
    """
    cost, n = problem.cost, problem.n
    each = cost.assign_gbp.max(axis=1)
    if problem.alone_gbp is not None:
        each = np.maximum(each, problem.alone_gbp)
    patients = float(problem.list_size.sum())
    off = 0.0 if cost.target_size is None else cost.deviation_gbp_per_person
    risk = 0.0 if cost.pooled is None else most_gbp(cost.pooled.terms)
    target = cost.target_size or 0.0
    return float(
        each.sum()
        + n * (cost.fixed_gbp + cost.gbp_per_member + off * target)
        + (cost.gbp_per_head + off) * patients
        + risk
        + 1.0
    )
