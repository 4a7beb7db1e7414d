"""Where a plan can still be bettered, told by the prices that prove its bound.

The gap of a plan is the sum of what its federations cost above their prices and
of what the cuts' prices would allow; so each part of the map has its own share.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from federate.engine.columns.master import Duals
from federate.problem import Problem

__all__ = ["excess_gbp", "most_to_gain_gbp"]

IntArray = npt.NDArray[np.int64]
Group = tuple[tuple[int, ...], int]


def excess_gbp(problem: Problem, group: Group, duals: Duals) -> float:
    """Return what a federation costs above the prices of its practices, £ a year.

    cost(S, c) − Σ_{i∈S} π_i − μ; none where it is above the upper size by itself.
    """
    members, centre = group
    if centre in problem.oversize:
        return 0.0
    paid = float(duals.practice[list(members)].sum()) + duals.count
    return problem.cost.cost(members, centre) - paid


def most_to_gain_gbp(problem: Problem, groups: Sequence[Group], duals: Duals) -> float:
    """Return at least what these federations' practices could cost less, £ a year.

    At converged prices no federation has a negative reduced cost, so any others
    in their place, as many of them, cost Σπ + kμ − Σ_T |σ_T|·⌊|T ∩ W| / 2⌋ or
    more, where W are the practices.
    """
    inside = np.zeros(problem.n + 1, dtype=np.bool_)
    for members, _ in groups:
        inside[list(members)] = True
    sets = duals.cuts.sets
    hits = inside[sets].sum(axis=1) // 2
    allowed = float(duals.cuts.sigma @ np.minimum(hits, duals.cuts.most))
    return allowed + sum(excess_gbp(problem, group, duals) for group in groups)
