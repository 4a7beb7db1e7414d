"""Number of federations."""

from typing import Any

from federate.problem import Problem

__all__ = ["add_count"]


def add_count(model: Any, problem: Problem) -> None:
    """Keep the number of federations between its bounds.

    k_lo ≤ Σ_j x_jj ≤ k_hi      oversize federations count, practices alone do not
    """
    import pyomo.environ as pyo

    fewest, most = problem.num_federations
    number = sum(model.assign[j, j] for j in model.centres)
    most_possible = len(model.centres)
    if fewest > 0 or (most is not None and most < most_possible):
        model.num_federations = pyo.Constraint(expr=(fewest, number, most))
