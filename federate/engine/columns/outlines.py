"""Federations of short outline: few enough to list where only cut edges are priced.

The outline of a federation is the neighbour pairs that it parts. On a map, the
sets whose outline has at most so many pairs are few, however many practices they
hold: a hundred practices in four federations have too many connected sets to look
at, but some thousands of the sizes allowed with an outline as short as those of a
good plan, and a minimum cut (``parting``) finds them soon. With all of those at hand
the linear programme begins at nearly right prices, and at such prices the tree is
left as soon as an outline grows long.
"""

import numpy as np

from federate.engine.answer import Grouping
from federate.engine.columns.facts import by_outlines
from federate.engine.columns.finds import Priced, as_priced
from federate.engine.columns.pricing import NO_CUTS, Pricer
from federate.problem import Problem

__all__ = ["short_outlines"]

LISTED, ENOUGH = 30_000, 5_000
LISTING_NODES, PRICING_NODES = 20_000_000, 1_000_000_000
"""Of the tree under one centre, while listing and at prices."""
SHORTEST, LONGER, TRIES = 0.6, 1.15, 5
"""Outlines listed first, by those of the dearest federation of a plan; what follows."""


def short_outlines(problem: Problem, pricer: Pricer, plan: Grouping) -> Priced | None:
    """Return the federations of shortest outline: some thousands, or as a plan has.

    Every one up to some cost is among them. ``None`` where federations do not cost
    their outline alone, or the shortest are too many to list.
    """
    if not by_outlines(problem):
        return None
    groups = zip(plan.members, plan.centres, strict=True)
    dearest = max(problem.cost.cost(*group) for group in groups) * (1 + 1e-9)
    free, listed = np.zeros(problem.n), None
    # Shortest first: a list that is too long takes long to be found so.
    for share in (SHORTEST * LONGER**step for step in range(TRIES)):
        found = pricer.find(
            free,
            0.0,
            NO_CUTS,
            limit=min(1.0, share) * dearest,
            most=LISTED,
            node_limit=LISTING_NODES,
        )
        if not found.complete:
            break
        listed = found
        if share >= 1.0 or len(found.centre) >= ENOUGH:
            break
    return None if listed is None else as_priced(listed)
