"""Pooled risk as second-order cones, for backends that take them.

At a 0/1 point x² = x, so the rule V ≤ κ² B² of the federation that j leads reads

    ‖(√v_i x_ij)_i‖ ≤ κ Σ_i b_i x_ij                                          (8)

exactly, without secants or rows that are stated when broken. Under contract k of a
menu it binds where the contract is taken; what neighbours share of a regional shock
is at least that of each with itself, w_i = v_i + τ_c² b_i²:

    ‖(√w_i x_ij)_i‖ ≤ κ_k Σ_i b_i x_ij + M (x_jj − y_jk),   M = √Σ_i w_i       (9)

A fractional point is held less tightly than by polymatroid rows (``risk_cuts``).
"""

from collections.abc import Iterator, Sequence
from math import inf, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from federate.criteria.risk_terms import BUDGET
from federate.criteria.slope import slopes2
from federate.criteria.tangent import own_variance_gbp2
from federate.engine.compact.risk import MARGIN
from federate.problem import Problem

__all__ = ["add_risk_cones", "fill_risk_cones"]

FloatArray = npt.NDArray[np.float64]
RULE = -1
"""Stands for the rule without a menu among the contracts."""


def add_risk_cones(model: Any, problem: Problem) -> None:
    """Add (8), and (9) for each contract, to every centre that is not oversize.

    h_jk = κ_k Σ_i b_i x_ij (+ M (x_jj − y_jk)),  t_ijk = √w_ik x_ij,
    Σ_i t_ijk² ≤ h_jk²,  h ≥ 0

    in shares of the mean κ_k b_i.
    """
    import pyomo.environ as pyo

    slopes = _slopes(problem)
    centres = [j for j in model.centres if j not in problem.oversize]
    pairs = [(j, k) for j in centres for k in slopes]
    triples = [(i, j, k) for j, k in pairs for i in model.candidates[j]]
    budget = _budget(problem)
    mean = float(budget.mean()) or 1.0
    unit = {k: max(slopes[k], MARGIN) * mean for k in slopes}
    root = {k: np.sqrt(_variance(problem, k)) / unit[k] for k in slopes}
    share = {k: slopes[k] * (1 + MARGIN) * budget / unit[k] for k in slopes}
    model.cone_root, model.cone_share = root, share
    model.cone_head = pyo.Var(pairs, domain=pyo.NonNegativeReals)
    model.cone_tail = pyo.Var(triples, domain=pyo.NonNegativeReals)
    assign = model.assign

    def head(_: Any, j: int, k: int) -> Any:
        some = model.candidates[j]
        room = sum(float(share[k][i]) * assign[i, j] for i in some)
        if k != RULE:
            most = sqrt(float((root[k][list(some)] ** 2).sum()))
            room = room + most * (assign[j, j] - model.contract[j, k])
        return model.cone_head[j, k] == room

    def tail(_: Any, i: int, j: int, k: int) -> Any:
        return model.cone_tail[i, j, k] == float(root[k][i]) * assign[i, j]

    def within(_: Any, j: int, k: int) -> Any:
        squares = sum(model.cone_tail[i, j, k] ** 2 for i in model.candidates[j])
        return squares <= model.cone_head[j, k] ** 2

    model.risk_cone_head = pyo.Constraint(pairs, rule=head)
    model.risk_cone_tail = pyo.Constraint(triples, rule=tail)
    model.risk_cone = pyo.Constraint(pairs, rule=within)


def fill_risk_cones(
    model: Any, problem: Problem, members: Sequence[int], centre: int, item: int
) -> Iterator[tuple[Any, float]]:
    """Yield the values of h and t for one federation under a row of the menu."""
    for k in getattr(model, "cone_root", {}):
        if (centre, k) not in model.cone_head:
            continue
        inside, some = list(members), list(model.candidates[centre])
        room = float(model.cone_share[k][inside].sum())
        if k not in (RULE, item):
            room += sqrt(float((model.cone_root[k][some] ** 2).sum()))
        yield model.cone_head[centre, k], room
        for i in inside:
            yield model.cone_tail[i, centre, k], float(model.cone_root[k][i])


def _slopes(problem: Problem) -> dict[int, float]:
    """Return κ_k of each contract that bounds the spread; of the bare rule as −1."""
    if problem.kappa is not None:
        return {RULE: problem.kappa} if problem.kappa > 0 else {}
    pooled = problem.cost.pooled
    if pooled is None:
        return {}
    found = enumerate(slopes2(pooled.terms).tolist())
    return {k: sqrt(max(0.0, slope2)) for k, slope2 in found if slope2 < inf}


def _budget(problem: Problem) -> FloatArray:
    pooled = problem.cost.pooled
    budget: FloatArray = problem.budget_gbp
    if problem.kappa is None and pooled is not None:
        budget = pooled.terms.parts[:, BUDGET]
    return budget


def _variance(problem: Problem, item: int) -> FloatArray:
    """Return v, or w under a row of the menu, £²."""
    pooled = problem.cost.pooled
    if item == RULE or pooled is None:
        return problem.variance_gbp2
    return own_variance_gbp2(pooled.terms, item, np.arange(problem.n))
