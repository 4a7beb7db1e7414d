"""Pooled risk: V_g ≤ κ² B_g² for every federation g, as far as rows can say it.

V_g = Σ v_i and B_g = Σ b_i are linear in x; the square is not, and its side is the
wrong one for a cone. On [p, q] it lies under its secant, B² ≤ (p + q) B − p q, so
replacing it there keeps every plan that keeps the rule. The shorter [p, q], the
less else: with q = ρ p at most the share ((ρ − 1)/(ρ + 1))² of V. What still slips
through is cut off in rounds (``risk_cuts``).
"""

from collections.abc import Iterator, Sequence
from math import inf, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from federate.problem import Problem

__all__ = ["add_risk", "budget_range", "fill_risk", "forbid_risk", "least_budget"]

FloatArray = npt.NDArray[np.float64]

# Secants per centre: more are exacter but each adds a binary variable.
SEGMENTS = 3
# Ranges and κ are widened by this fraction: a federation just within the rule must
# stay within a solver's tolerance of every row.
MARGIN = 1e-6


def forbid_risk(problem: Problem) -> npt.NDArray[np.bool_]:
    """Keep everybody out of every federation where no pool is large enough.

    x_ij = 0      for every centre j that is not oversize, where κ is not above 0
    """
    out = np.zeros((problem.n, problem.n), dtype=bool)
    if problem.kappa is not None and not problem.kappa > 0:
        out[:] = True
        out[list(problem.oversize), list(problem.oversize)] = False
    return out


def add_risk(model: Any, problem: Problem) -> None:
    """Bound the pooled variance of every federation by secants of κ² B².

    For every centre j, with budgets split at p_0 < … < p_K, p_0 the least budget
    that could keep the rule and p_K the most there can be:

    Σ_k δ_jk = x_jj                              the federation is in one segment
    p_{k−1} δ_jk ≤ B_jk ≤ p_k δ_jk,  Σ_k B_jk = Σ_i b_i x_ij
    Σ_i v_i x_ij / κ² ≤ Σ_k (p_{k−1} + p_k) B_jk − p_{k−1} p_k δ_jk

    x_jj = 0 where there is no such budget. Budgets are counted in shares of their
    mean.
    """
    import pyomo.environ as pyo

    kappa = problem.kappa
    if kappa is None or not kappa > 0:
        return
    unit = float(problem.budget_gbp.mean()) or 1.0
    budget = problem.budget_gbp / unit
    variance = problem.variance_gbp2 / (kappa * (1 + MARGIN) * unit) ** 2
    bound = [
        j
        for j, some in model.candidates.items()
        if j not in problem.oversize and problem.budget_gbp[list(some)].any()
    ]
    ranges = {j: budget_range(problem, model.candidates[j], j) for j in bound}
    model.risk_points = {
        j: np.geomspace(*pair, SEGMENTS + 1) / unit
        for j, pair in ranges.items()
        if pair
    }
    points, assign = model.risk_points, model.assign
    led, parts = list(points), range(SEGMENTS)
    model.risk_segment = pyo.Var(led, parts, domain=pyo.Binary)
    model.risk_budget = pyo.Var(led, parts, domain=pyo.NonNegativeReals)
    segment, part = model.risk_segment, model.risk_budget

    def one_segment(_: Any, j: int) -> Any:
        return sum(segment[j, k] for k in parts) == assign[j, j]

    def whole_budget(_: Any, j: int) -> Any:
        total = sum(float(budget[i]) * assign[i, j] for i in model.candidates[j])
        return sum(part[j, k] for k in parts) == total

    def from_below(_: Any, j: int, k: int) -> Any:
        return part[j, k] >= float(points[j][k]) * segment[j, k]

    def from_above(_: Any, j: int, k: int) -> Any:
        return part[j, k] <= float(points[j][k + 1]) * segment[j, k]

    def under_secants(_: Any, j: int) -> Any:
        p, q = points[j][:-1], points[j][1:]
        pooled = sum(float(variance[i]) * assign[i, j] for i in model.candidates[j])
        return pooled <= sum(
            float(p[k] + q[k]) * part[j, k] - float(p[k] * q[k]) * segment[j, k]
            for k in parts
        )

    def impossible(_: Any, j: int) -> Any:
        return assign[j, j] == 0

    model.risk_one_segment = pyo.Constraint(led, rule=one_segment)
    model.risk_whole_budget = pyo.Constraint(led, rule=whole_budget)
    model.risk_from_below = pyo.Constraint(led, parts, rule=from_below)
    model.risk_from_above = pyo.Constraint(led, parts, rule=from_above)
    model.risk = pyo.Constraint(led, rule=under_secants)
    model.risk_impossible = pyo.Constraint(
        [j for j in bound if j not in points], rule=impossible
    )


def fill_risk(
    model: Any, problem: Problem, members: Sequence[int], centre: int
) -> Iterator[tuple[Any, float]]:
    """Yield the values of δ and B for one federation."""
    points = getattr(model, "risk_points", {}).get(centre)
    if points is None:
        return
    unit = float(problem.budget_gbp.mean()) or 1.0
    held = float(problem.budget_gbp[list(members)].sum()) / unit
    k = int(np.clip(np.searchsorted(points, held) - 1, 0, SEGMENTS - 1))
    yield model.risk_segment[centre, k], 1.0
    yield model.risk_budget[centre, k], held


def budget_range(
    problem: Problem, candidates: Sequence[int], centre: int
) -> tuple[float, float] | None:
    """Return the least and most budget a federation of this centre can have, £."""
    least = least_budget(problem, candidates, centre)
    some = list(candidates)
    budget, patients = problem.budget_gbp[some], problem.list_size[some]
    most = float(budget.sum())
    if problem.size_bounds is not None and (patients > 0).all():
        per_head = budget / patients
        lower, upper = problem.size_bounds
        most = min(most, upper * float(per_head.max()))
        if centre not in problem.waived and not set(problem.waived) & set(some):
            least = max(least, lower * float(per_head.min()))
    if least > most * (1 + MARGIN):
        return None
    least = max(least, most * 1e-6)
    return least * (1 - MARGIN), most * (1 + MARGIN)


def least_budget(problem: Problem, candidates: Sequence[int], centre: int) -> float:
    """Return the least budget at which a pool with this centre may keep the rule.

    min B  s.t.  v_j + g(B − b_j) ≤ κ² B²,  B ≥ b_j

    where g is the least variance that so much further budget can bring: the other
    candidates by v_i / b_i, the last one in part (a fractional knapsack). ∞ where
    all candidates together are too few.
    """
    kappa = (problem.kappa or 0.0) * (1 + MARGIN)
    b, v = problem.budget_gbp, problem.variance_gbp2
    others = [i for i in candidates if i != centre and b[i] > 0]
    held, pooled = float(b[centre]), float(v[centre])
    for i in sorted(others, key=lambda i: float(v[i] / b[i])):
        if pooled <= (kappa * held) ** 2:
            return held
        # pooled + rate·t = κ² (held + t)²: its later root ends the shortfall.
        rate = float(v[i] / b[i])
        half = rate / 2 - kappa**2 * held
        under = half**2 - kappa**2 * ((kappa * held) ** 2 - pooled)
        step = (half + sqrt(under)) / kappa**2
        if step <= b[i]:
            return held + step
        held, pooled = held + float(b[i]), pooled + float(v[i])
    return held if pooled <= (kappa * held) ** 2 else inf
