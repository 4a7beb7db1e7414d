"""Cut edges: which neighbours share a federation, and what parting them costs."""

from collections.abc import Iterator, Sequence
from typing import Any

from federate.problem import Problem

__all__ = ["add_cut_edges", "cut_edges_gbp", "fill_cut_edges"]


def add_cut_edges(model: Any, problem: Problem) -> None:
    """Say of each pair of neighbours whether centre j leads both.

    both_ikj ≤ x_ij,  both_ikj ≤ x_kj      for neighbours i < k and every centre j

    A cost that falls with both_ikj makes it the lesser of the two, so
    Σ_j both_ikj is 1 where i and k share a federation and 0 where they do not.
    This is the extended objective of Validi and Buchanan (2022), Political
    districting to minimize cut edges, Mathematical Programming Computation 14:
    Σ_j min(x_ij, x_kj) cannot be bettered pair by pair.
    """
    import pyomo.environ as pyo

    if problem.cost.cut_edges is None:
        return
    assign = model.assign
    shared = [
        (i, k, j)
        for i in range(problem.n)
        for k in model.neighbours[i]
        if i < k
        for j in model.leaders[i]
        if (k, j) in model.allowed
    ]
    model.both = pyo.Var(shared, bounds=(0, 1))

    def first(_: Any, i: int, k: int, j: int) -> Any:
        return model.both[i, k, j] <= assign[i, j]

    def second(_: Any, i: int, k: int, j: int) -> Any:
        return model.both[i, k, j] <= assign[k, j]

    model.both_first = pyo.Constraint(shared, rule=first)
    model.both_second = pyo.Constraint(shared, rule=second)


def cut_edges_gbp(model: Any, problem: Problem) -> Any:
    """Return the price of parting neighbours as an expression.

    p/2 · Σ_ij deg_i x_ij − p · Σ_ikj both_ikj

    What a practice alone pays, p·deg_i/2, is in its price of standing alone.
    """
    priced = problem.cost.cut_edges
    if priced is None:
        return 0
    ends = [float(gbp) for gbp in priced.alone_gbp]
    halves = sum(ends[i] * model.assign[i, j] for i, j in model.pairs)
    return halves - priced.gbp_per_pair * sum(model.both.values())


def fill_cut_edges(
    model: Any, problem: Problem, members: Sequence[int], centre: int
) -> Iterator[tuple[Any, float]]:
    """Yield which pairs of neighbours a federation holds."""
    if problem.cost.cut_edges is None:
        return
    inside = set(members)
    for i in members:
        for k in model.neighbours[i]:
            if i < k and k in inside:
                yield model.both[i, k, centre], 1.0
