"""Pooled risk beyond one slope, contracts, tiers and scale, as far as rows can say.

risk_j is what the federation of centre j adds to the cost (premium, price of the
risk kept, less what scale saves), y_jk = 1 where it takes contract k. Neither cost
nor rule of a contract is linear in x; from below both are held by rows that hold for
every federation, and what slips through is cut off when a point shows it
(``pooled_cuts``), with the cost and the rules of the members at hand, exactly. So no
bound is above the truth, and a plan is optimal only where its own cost is reached.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from federate.criteria.least import most_gbp
from federate.criteria.pooled import PooledRisk
from federate.criteria.risk_terms import (
    BUDGET,
    FULL,
    MANAGEMENT,
    PERSONS,
    SUPPORT,
    WHOLE,
)
from federate.problem import Problem

__all__ = ["add_pooled", "fill_pooled", "pooled_gbp"]

# Linear rules are loosened by this share: the exact figures decide within it.
MARGIN = 1e-7


def add_pooled(model: Any, problem: Problem) -> None:
    """Add risk and contract of every federation, and the rows known beforehand.

    For every centre j, with a_i and c the proven under-estimate
    (``federate.criteria.least``), all of £ in the unit of the model:

    Σ_k y_jk = x_jj
    risk_j ≥ c x_jj + Σ_i a_i x_ij
    φ Σ_i b_i x_ij ≤ Σ_{i full} b_i x_ij
    F x_jj + Σ_i (f n_i + f_m + ι b_i) x_ij ≤ A Σ_i n_i x_ij
    m Σ_i n_i x_ij ≤ Σ_i held_i x_ij + Σ_k support_k y_jk

    and, over all centres, what partners can carry: with u_jk ≥ B_j − M (x_jj − y_jk),
    Σ_j Σ_{k of the partner} u_jk ≤ most.
    """
    import pyomo.environ as pyo

    pooled = problem.cost.pooled
    if pooled is None:
        return
    each, once = pooled.least_gbp
    unit = max(1.0, float(np.mean([abs(pooled.gbp([i])) for i in range(problem.n)])))
    model.pooled_unit = unit
    own = {j: pooled.gbp([j]) / unit for j in problem.oversize}
    items = range(len(pooled.names))
    most = max(1.0, most_gbp(pooled.terms) / unit)
    model.risk_gbp = pyo.Var(model.centres, bounds=(-most, most))
    model.contract = pyo.Var(model.centres, items, domain=pyo.Binary)
    assign, contract = model.assign, model.contract

    def one_contract(_: Any, j: int) -> Any:
        return sum(contract[j, k] for k in items) == assign[j, j]

    def at_least(_: Any, j: int) -> Any:
        if j in own:
            return model.risk_gbp[j] >= own[j] * assign[j, j]
        shares = sum(float(each[i]) / unit * assign[i, j] for i in model.candidates[j])
        return model.risk_gbp[j] >= once / unit * assign[j, j] + shares

    model.one_contract = pyo.Constraint(model.centres, rule=one_contract)
    model.least_risk = pyo.Constraint(model.centres, rule=at_least)
    _add_rules(model, problem, pooled)
    _add_limits(model, pooled)


def _add_rules(model: Any, problem: Problem, pooled: PooledRisk) -> None:
    """Add the rules that are linear: full-tier share, allowance, management."""
    import pyomo.environ as pyo

    terms, assign = pooled.terms, model.assign
    parts = terms.parts
    bound = [j for j in model.centres if j not in problem.oversize]
    budget = float(parts[:, WHOLE].mean()) or 1.0
    persons = float(parts[:, PERSONS].mean()) or 1.0

    def total(j: int, figures: Any) -> Any:
        return sum(float(figures[i]) * assign[i, j] for i in model.candidates[j])

    def full_enough(_: Any, j: int) -> Any:
        asked = terms.full_share * (1 - MARGIN)
        row = (asked * parts[:, WHOLE] - parts[:, FULL]) / budget
        return total(j, row) <= 0.0

    def within_allowance(_: Any, j: int) -> Any:
        allowed = terms.allowance * (1 + MARGIN)
        row = (terms.head_gbp - allowed) * parts[:, PERSONS] + terms.member_gbp
        row = (row + terms.innovation * parts[:, WHOLE]) / persons
        return total(j, row) + terms.fixed_gbp / persons * assign[j, j] <= 0.0

    def managed(_: Any, j: int) -> Any:
        asked = terms.management_head * (1 - MARGIN)
        row = (asked * parts[:, PERSONS] - parts[:, MANAGEMENT]) / (asked * persons)
        supplied = sum(
            float(terms.menu[k, SUPPORT]) / (asked * persons) * model.contract[j, k]
            for k in range(len(terms.menu))
        )
        return total(j, row) <= supplied

    rules = (
        ("full_share", terms.full_share > 0, full_enough),
        ("allowance", terms.allowance >= 0, within_allowance),
        ("management", terms.management_head > 0, managed),
    )
    for name, is_asked, rule in rules:
        if is_asked:
            setattr(model, name, pyo.Constraint(bound, rule=rule))


def _add_limits(model: Any, pooled: PooledRisk) -> None:
    """Add what each partner can carry over all federations."""
    import pyomo.environ as pyo

    if not pooled.limits:
        return
    budget = pooled.terms.parts[:, BUDGET]
    unit = float(budget.mean()) or 1.0
    carried = sorted({k for limit in pooled.limits for k in limit.rows})
    model.carried = pyo.Var(model.centres, carried, domain=pyo.NonNegativeReals)
    assign, contract = model.assign, model.contract

    def carries(_: Any, j: int, k: int) -> Any:
        some = model.candidates[j]
        held = sum(float(budget[i]) / unit * assign[i, j] for i in some)
        most = float(budget[list(some)].sum()) / unit
        return model.carried[j, k] >= held - most * (assign[j, j] - contract[j, k])

    def within(_: Any, number: int) -> Any:
        limit = pooled.limits[number]
        total = sum(model.carried[j, k] for j in model.centres for k in limit.rows)
        return total <= limit.most_gbp / unit

    model.carries = pyo.Constraint(model.centres, carried, rule=carries)
    model.partner_limit = pyo.Constraint(range(len(pooled.limits)), rule=within)


def fill_pooled(
    model: Any, problem: Problem, members: Sequence[int], centre: int, item: int
) -> Iterator[tuple[Any, float]]:
    """Yield the values of risk, contract and budget carried for one federation."""
    pooled = problem.cost.pooled
    if pooled is None:
        return
    yield model.contract[centre, item], 1.0
    yield model.risk_gbp[centre], pooled.items[item].gbp(members) / model.pooled_unit
    if any(item in limit.rows for limit in pooled.limits):
        budget = pooled.terms.parts[:, BUDGET]
        unit = float(budget.mean()) or 1.0
        yield model.carried[centre, item], pooled.exposed_gbp(members) / unit


def pooled_gbp(model: Any) -> Any:
    """Return what risk, contracts and scale cost over all federations, £ a year."""
    if not hasattr(model, "risk_gbp"):
        return 0.0
    return model.pooled_unit * sum(model.risk_gbp[j] for j in model.centres)
