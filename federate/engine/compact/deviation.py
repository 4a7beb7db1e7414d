"""Patients from the target size."""

from collections.abc import Iterator, Sequence
from typing import Any

from federate.problem import Problem

__all__ = ["add_deviation", "fill_deviation"]


def add_deviation(model: Any, problem: Problem) -> None:
    """Measure how far every federation is from the target T.

    Σ_i n_i x_ij − T x_jj = over_j − under_j,   0 ≤ over_j ≤ Σ_i n_i, 0 ≤ under_j ≤ T

    Only one of the two is positive at a least-cost point. A federation that is
    not founded is on target. The upper bounds cut nothing off; some solvers need
    them.
    """
    import pyomo.environ as pyo

    if problem.cost.target_size is None:
        return
    target, assign = problem.cost.target_size, model.assign
    patients = [int(n) for n in problem.list_size]
    model.over = pyo.Var(model.centres, bounds=(0, sum(patients)))
    model.under = pyo.Var(model.centres, bounds=(0, target))

    def measured(_: Any, j: int) -> Any:
        total = sum(patients[i] * assign[i, j] for i in model.candidates[j])
        return total - target * assign[j, j] == model.over[j] - model.under[j]

    model.deviation = pyo.Constraint(model.centres, rule=measured)


def fill_deviation(
    model: Any, problem: Problem, members: Sequence[int], centre: int
) -> Iterator[tuple[Any, float]]:
    """Yield the value of over or under for one federation."""
    target = problem.cost.target_size
    if target is not None:
        off = float(problem.list_size[list(members)].sum()) - target
        yield (model.over if off > 0 else model.under)[centre], abs(off)
