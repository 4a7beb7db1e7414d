"""What a bound proves where every cost is all but a whole number of pounds."""

from fractions import Fraction
from math import ceil, floor

import numpy as np

from federate.problem import Problem
from federate.proof.prices import federation_gbp
from federate.proof.units import GRID

__all__ = ["lifted"]

LARGEST_AWAY = 1e-6
"""Further from a whole number than this, £ a year, a cost is none."""


def lifted(problem: Problem, bound: int) -> int:
    """Return what every plan costs at least, units, if it is at least `bound`.

    A plan adds up one cost a practice, and whole fees. Where each cost lies within ε
    of a whole number, it lies within n·ε of one, so that

        Σ ≥ b  implies  Σ ≥ ⌈b − n·ε⌉ − n·ε.
    """
    cost = problem.cost
    fees = (cost.fixed_gbp, cost.gbp_per_head, cost.gbp_per_member)
    own = [federation_gbp(problem, [i], i) for i in problem.oversize]
    whole = all(float(fee).is_integer() for fee in fees)
    whole = whole and all(gbp.denominator == 1 for gbp in own)
    if not whole or cost.target_size is not None:
        return bound
    away = 0.0
    for gbp in (cost.assign_gbp, problem.alone_gbp):
        if gbp is not None:
            known = gbp[np.isfinite(gbp)]
            # The difference of a float and its nearest whole number is exact.
            away = max(away, float(np.abs(known - np.rint(known)).max(initial=0.0)))
    if away > LARGEST_AWAY:
        return bound
    slack = problem.n * Fraction(away) * GRID
    pounds = ceil((bound - slack) / GRID)
    return max(bound, floor(pounds * GRID - slack))
