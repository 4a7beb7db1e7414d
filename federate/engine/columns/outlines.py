"""Federations of short outline: few enough to list where only cut edges are priced.

The outline of a federation is the neighbour pairs that it parts. On a map, the
sets whose outline has at most so many pairs are few, however many practices they
hold: a hundred practices in four federations have too many connected sets to look
at, but some thousands of the sizes allowed with an outline as short as those of a
good plan. With all of those at hand the linear programme begins at nearly right
prices, and at such prices the tree is left as soon as an outline grows long.
"""

import numpy as np

from federate.engine.answer import Grouping
from federate.engine.columns.facts import is_led_alike
from federate.engine.columns.finds import Priced, as_priced
from federate.engine.columns.pricing import NO_CUTS, Pricer
from federate.problem import Problem

__all__ = ["by_outlines", "short_outlines"]

MOST_PRACTICES = 120
LISTED = 30_000
LISTING_NODES, PRICING_NODES = 20_000_000, 1_000_000_000
"""Of the tree under one centre, while listing and at prices."""
TRIES = 4


def by_outlines(problem: Problem) -> bool:
    """Whether federations cost their outline alone, and practices are few."""
    cost = problem.cost
    return (
        cost.cut_edges is not None
        and problem.max_pieces == 1
        and problem.n <= MOST_PRACTICES
        and not cost.assign_gbp.any()
        and is_led_alike(problem)
    )


def short_outlines(problem: Problem, pricer: Pricer, plan: Grouping) -> Priced | None:
    """Return every federation that costs no more than the dearest of a plan.

    Where those are too many, as many as can be listed, the cheapest; ``None``
    where federations do not cost their outline alone.
    """
    if not by_outlines(problem):
        return None
    groups = zip(plan.members, plan.centres, strict=True)
    limit = max(problem.cost.cost(*group) for group in groups) * (1 + 1e-9)
    free = np.zeros(problem.n)
    for _ in range(TRIES):
        found = pricer.find(
            free, 0.0, NO_CUTS, limit=limit, most=LISTED, node_limit=LISTING_NODES
        )
        if found.complete:
            return as_priced(found)
        limit *= 0.85
    return None
