"""Pooled risk, completed in rounds: the rows a set or a fractional point breaks.

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

import numpy as np

from federate.engine.compact.cuts import Cut
from federate.problem import Problem

__all__ = ["breaks_risk", "cut_risk", "polymatroid_cut"]

# A member set breaks the rule where V > κ²B² by more than this fraction.
TOLERANCE = 1e-9
# A row (3) broken by less than this, in shares of the largest κ b_i, is lost in
# a solver's own tolerance.
LEAST_EXCESS = 1e-5


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
