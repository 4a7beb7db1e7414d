"""Number of practices in a federation; federations of one."""

from typing import Any

from federate.problem import Problem

__all__ = ["add_members"]


def add_members(model: Any, problem: Problem) -> None:
    """Keep the number of members between its bounds, oversize practices apart.

    m_lo x_jj ≤ Σ_i x_ij ≤ m_hi x_jj      for every centre j

    with m_lo at least 2 where no federation may have one member.
    """
    import pyomo.environ as pyo

    fewest, most = problem.practices_bounds or (1, problem.n)
    fewest = max(fewest, 1 if problem.allow_singletons else 2)
    assign = model.assign
    bound = [j for j in model.centres if j not in set(problem.oversize)]

    def enough(_: Any, j: int) -> Any:
        total = sum(assign[i, j] for i in model.candidates[j])
        return total >= fewest * assign[j, j]

    def few(_: Any, j: int) -> Any:
        total = sum(assign[i, j] for i in model.candidates[j])
        return total <= most * assign[j, j]

    if fewest > 1:
        model.fewest_members = pyo.Constraint(bound, rule=enough)
    if most < problem.n:
        model.most_members = pyo.Constraint(bound, rule=few)
