"""The cost of a plan, £ a year: what `FederationCost` says, made linear."""

from typing import Any

from federate.engine.compact.cut_edges import cut_edges_gbp
from federate.engine.compact.pooled import pooled_gbp
from federate.problem import Problem

__all__ = ["add_objective"]


def add_objective(model: Any, problem: Problem) -> None:
    """Minimise the federations' cost and that of standing alone.

    Σ_ij (a_ij + f n_i + f_m) x_ij      assigned to a centre; per head, per member
    + F Σ_j x_jj                        per federation
    + p Σ_j (over_j + under_j)          patients from the target size
    + Σ_i s_i (1 − Σ_j x_ij)            standing alone, where joining is voluntary
    + what parting neighbours costs     `cut_edges_gbp`
    + risk, contracts and scale         `pooled_gbp`
    """
    import pyomo.environ as pyo

    cost, assign = problem.cost, model.assign
    a, patients = cost.assign_gbp, problem.list_size
    member = [cost.gbp_per_head * int(n) + cost.gbp_per_member for n in patients]
    total = sum((float(a[i, j]) + member[i]) * assign[i, j] for i, j in model.pairs)
    total += cost.fixed_gbp * sum(assign[j, j] for j in model.centres)
    if cost.target_size is not None:
        off = sum(model.over[j] + model.under[j] for j in model.centres)
        total += cost.deviation_gbp_per_person * off
    if problem.alone_gbp is not None:
        total += sum(
            float(alone) * (1 - sum(assign[i, j] for j in model.leaders[i]))
            for i, alone in enumerate(problem.alone_gbp)
        )
    total += cut_edges_gbp(model, problem)
    total += pooled_gbp(model)
    model.cost = pyo.Objective(expr=total, sense=pyo.minimize)
