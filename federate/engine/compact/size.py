"""Size bounds: patients of a federation between L and U."""

from typing import Any

from federate.problem import Problem

__all__ = ["add_size"]


def add_size(model: Any, problem: Problem) -> None:
    """Keep every federation between the size bounds, those oversize apart.

    Σ_i n_i x_ij                          ≤ U x_jj     for every centre j
    Σ_i n_i x_ij + Σ_w (L − n_w)⁺ x_wj    ≥ L x_jj     for every centre j

    A waived member w alone fills the lower bound: its federation may lie below.
    """
    import pyomo.environ as pyo

    if problem.size_bounds is None:
        return
    lower, upper = problem.size_bounds
    assign, patients = model.assign, [int(n) for n in problem.list_size]
    waived = set(problem.waived)
    towards_lower = [
        max(n, lower) if i in waived else n for i, n in enumerate(patients)
    ]
    bound = [j for j in model.centres if j not in set(problem.oversize)]

    def largest(_: Any, j: int) -> Any:
        total = sum(patients[i] * assign[i, j] for i in model.candidates[j])
        return total <= upper * assign[j, j]

    def smallest(_: Any, j: int) -> Any:
        total = sum(towards_lower[i] * assign[i, j] for i in model.candidates[j])
        return total >= lower * assign[j, j]

    model.largest_size = pyo.Constraint(bound, rule=largest)
    if lower > 0:
        model.smallest_size = pyo.Constraint(bound, rule=smallest)
