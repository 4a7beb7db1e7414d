"""Membership: every practice once, and only in a federation that exists."""

from typing import Any

from federate.problem import Problem

__all__ = ["add_membership"]


def add_membership(model: Any, problem: Problem) -> None:
    """Put every practice in one federation, led by one of its members.

    Σ_j x_ij = 1      for every practice i; ≤ 1 where joining is voluntary
    x_ij ≤ x_jj       for every i and centre j: who leads others leads itself
    """
    import pyomo.environ as pyo

    assign, voluntary = model.assign, problem.alone_gbp is not None

    def once(_: Any, i: int) -> Any:
        total = sum(assign[i, j] for j in model.leaders[i])
        return total <= 1 if voluntary else total == 1

    def leads(_: Any, i: int, j: int) -> Any:
        return assign[i, j] <= assign[j, j]

    somewhere = [i for i in range(problem.n) if model.leaders[i]]
    model.once = pyo.Constraint(somewhere, rule=once)
    model.leads = pyo.Constraint([p for p in model.pairs if p[0] != p[1]], rule=leads)
