"""Pooled risk: V_g ≤ κ² B_g² for every federation g.

For a set of members the rule reads √(Σ v_i x_i) ≤ κ Σ b_i x_i. Its left side is
submodular, so in any order of the candidates, with S_i the variance up to and
with i and π_i = √S_i − √S_{i−1}, Σ π_i x_i ≤ √(Σ v_i x_i) at every 0/1 point; hence

    Σ_i (π_i − κ b_i) x_ij ≤ 0      for every centre j and every order        (3)

with equality of the two left sides where the members come first in the order.

References
----------
Atamtürk and Narayanan (2008), Polymatroids and mean-risk minimization in
discrete optimization, Operations Research Letters 36(5).
"""

from collections.abc import Iterator, Mapping, Sequence
from math import isnan, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from federate.engine.compact.cuts import Cut
from federate.problem import Problem

__all__ = ["add_risk", "breaks_risk", "cut_risk", "forbid_risk", "polymatroid_cut"]

# A member set breaks the rule where V > κ²B² by more than this fraction.
TOLERANCE = 1e-9
# A row (3) broken by less than this, in shares of the largest κ b_i, is lost in
# a solver's own tolerance.
LEAST_EXCESS = 1e-5


def forbid_risk(problem: Problem) -> npt.NDArray[np.bool_]:
    """Keep everybody out of every federation where no pool is large enough.

    x_ij = 0      for every centre j that is not oversize, where κ² ≤ 0
    """
    out = np.zeros((problem.n, problem.n), dtype=bool)
    if problem.kappa is not None and isnan(problem.kappa):
        out[:] = True
        out[list(problem.oversize), list(problem.oversize)] = False
    return out


def add_risk(model: Any, problem: Problem) -> None:
    """Ask every federation for the least budget that could ever keep the rule.

    Σ_i b_i x_ij ≥ B_j x_jj      for every centre j

    With ρ the least v_i / b_i of the candidates of j, V_g ≥ v_j + ρ (B_g − b_j),
    so κ² B_g² − ρ B_g − (v_j − ρ b_j) ≥ 0: B_g is at least the larger root B_j.
    Exact where all v_i / b_i are equal. Budgets are counted in shares of their
    mean.
    """
    import pyomo.environ as pyo

    kappa = problem.kappa
    if kappa is None or isnan(kappa):
        return
    budget, variance = problem.budget_gbp, problem.variance_gbp2
    unit = float(budget.mean()) or 1.0

    def enough(_: Any, j: int) -> Any:
        some = [i for i in model.candidates[j] if budget[i] > 0]
        if not some:
            return pyo.Constraint.Skip
        rate = min(variance[i] / budget[i] for i in some)
        rest = variance[j] - rate * budget[j]
        least = (rate + sqrt(rate**2 + 4 * kappa**2 * rest)) / (2 * kappa**2)
        total = sum(float(budget[i] / unit) * model.assign[i, j] for i in some)
        return total >= float(least / unit) * (1 - TOLERANCE) * model.assign[j, j]

    bound = [j for j in model.centres if j not in set(problem.oversize)]
    model.least_budget = pyo.Constraint(bound, rule=enough)


def breaks_risk(problem: Problem, members: Sequence[int]) -> bool:
    """Whether V_g > κ² B_g², oversize practices apart."""
    kappa = problem.kappa
    if kappa is None or (len(members) == 1 and members[0] in problem.oversize):
        return False
    some = list(members)
    pooled = float(problem.variance_gbp2[some].sum())
    allowed = (kappa * float(problem.budget_gbp[some].sum())) ** 2
    return not pooled <= allowed * (1 + TOLERANCE)


def cut_risk(
    problem: Problem,
    candidates: Mapping[int, Sequence[int]],
    members: Sequence[int],
) -> Iterator[Cut]:
    """Yield (3), members first, for each member that may lead the set.

    Where (3) is broken by too little to be felt, the set itself is forbidden:
    Σ_{i∈S} x_ij − Σ_{i∉S} x_ij ≤ |S| − 1.
    """
    if not breaks_risk(problem, members):
        return
    inside = dict.fromkeys(members, 1.0)
    for j in members:
        if not set(members) <= set(candidates.get(j, ())):
            continue
        cut = polymatroid_cut(problem, candidates[j], j, inside)
        if cut.excess(inside) < LEAST_EXCESS:
            terms = {i: inside.get(i, -1.0) for i in candidates[j]}
            upper = len(inside) - 1
            cut = Cut("risk", j, tuple(sorted(terms.items())), upper)
        yield cut


def polymatroid_cut(
    problem: Problem, candidates: Sequence[int], centre: int, value: dict[int, float]
) -> Cut:
    """Return (3) in the order of a point, dearest to the centre last.

    In shares of the largest κ b_i, so that its figures are about 1.
    """
    kappa = problem.kappa or 0.0
    cost = problem.cost.assign_gbp
    order = sorted(
        candidates,
        key=lambda i: (i != centre, -value.get(i, 0.0), float(cost[i, centre]), i),
    )
    variance = problem.variance_gbp2[order]
    roots = np.sqrt(np.concatenate([[0.0], np.cumsum(variance)]))
    figures = np.diff(roots) - kappa * problem.budget_gbp[order]
    unit = kappa * float(problem.budget_gbp[order].max()) or 1.0
    terms = zip(order, (figures / unit).tolist(), strict=True)
    return Cut("risk", centre, tuple(sorted(terms)), 0.0)
