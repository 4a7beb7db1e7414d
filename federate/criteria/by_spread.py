"""What pooled risk costs at least, by how spread the members of a federation are.

The cost hangs on σ, a root of Σ w_i, and an under-estimate that is a sum lies on a
secant of that root: between a federation of many small practices and one of few large
ones it is far below. So federations are parted into classes by what they hold of

    Σ r_i,    r_i = w_i − n_i min_k w_k/n_k ≥ 0,

and each class has an under-estimate of its own (``criteria.by_size``), on a short
secant. A search over one class at a time leaves branches much sooner, and together
the classes hold every federation. Σ r only grows as practices join.
"""

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from federate.criteria.by_size import hangs_on_spread
from federate.criteria.least import least_sum, most_sum
from federate.criteria.lower_bound import Least, lower_bound_within
from federate.criteria.risk_terms import BUDGET, PERSONS, VARIANCE, RiskTerms
from federate.criteria.spread_sums import Within, own_spread

__all__ = ["SpreadClass", "classes_by_spread"]

FloatArray = npt.NDArray[np.float64]

RATIO, MOST_CLASSES = 1.2, 6
"""Of the largest σ of a class to its least, about; each class is a search more."""
SLACK = 1e-8
"""Classes overlap by this share of the most that Σ r can be, for sums that round."""


class SpreadClass(NamedTuple):
    """Federations of low ≤ Σ r ≤ high, £², and what their risk costs at least."""

    low: float
    high: float
    least: Least


def classes_by_spread(
    terms: RiskTerms, most_persons: float, fewest_persons: float, every: Least
) -> tuple[FloatArray, tuple[SpreadClass, ...]]:
    """Return r, shape ``(n,)``, and classes that hold every federation.

    One class where nothing is known of what spread costs.

    Parameters
    ----------
    terms
        The model and its menu.
    most_persons, fewest_persons
        U and L; no federation has more, or fewer.
    every
        What the risk of any federation costs at least.
    """
    spread = own_spread(terms)
    edges = _edges(terms, spread, most_persons, fewest_persons)
    if not edges:
        return spread, (SpreadClass(-math.inf, math.inf, every),)
    slack = SLACK * edges[-1]
    classes = []
    for low, high in pairwise(edges):
        within = Within(max(0.0, low - 2 * slack), high + 2 * slack)
        least = lower_bound_within(terms, most_persons, fewest_persons, within)
        classes.append(SpreadClass(low - slack, high + slack, least))
    return spread, tuple(classes)


def _edges(
    terms: RiskTerms, spread: FloatArray, most: float, fewest: float
) -> list[float]:
    """Return where classes begin and the last ends, £²: even in log σ at mid size.

    None where one class will do.
    """
    persons, budget = terms.parts[:, PERSONS], terms.parts[:, BUDGET]
    total = float(persons.sum())
    if not hangs_on_spread(terms) or total <= 0 or not most < math.inf:
        return []
    low = least_sum(spread, persons, fewest)
    high = most_sum(spread, persons, most)
    share = 0.5 * (fewest + most) / total
    even = float((terms.parts[:, VARIANCE] - spread).sum()) * share
    even += (terms.tau_shock * float(budget.sum()) * share) ** 2
    even = max(even, SLACK * max(high, 1.0))
    ratio = math.sqrt((even + high) / (even + low))
    count = min(MOST_CLASSES, math.ceil(math.log(ratio) / math.log(RATIO)))
    if count < 2:
        return []
    edges: list[float] = np.geomspace(even + low, even + high, count + 1).tolist()
    inside = [edge - even for edge in edges[1:-1]]
    return [low, *inside, high]
