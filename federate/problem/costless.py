"""A problem in which every plan costs nothing: what is left are its rules."""

from dataclasses import replace

import numpy as np

from federate.criteria.federation import FederationCost
from federate.problem.arrays import Problem

__all__ = ["costless"]


def costless(problem: Problem) -> Problem:
    """Return the same rules over the same practices, every plan at £0 a year.

    A bound above 0 on the cost of a plan of that problem proves that there is
    none, there and here.

    Examples
    --------
    >>> from federate.practices.source import read
    >>> from federate.scenario import Scenario
    >>> toy = Problem.build(read("toy"), Scenario.load("pcn2019"))
    >>> costless(toy).cost.cost([0, 1, 2], 0)
    0.0
    """
    n = problem.n
    alone = problem.alone_gbp
    return replace(
        problem,
        cost=FederationCost(
            travel_gbp=None,
            unlikeness_gbp=None,
            disruption_gbp=None,
            assign_gbp=np.zeros((n, n)),
            list_size=problem.list_size,
        ),
        alone_gbp=None if alone is None else np.zeros(n),
    )
