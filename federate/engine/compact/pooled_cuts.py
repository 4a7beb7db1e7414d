"""Rules and cost of one contract, completed where a point breaks them.

For a set S, a centre j and a contract k, with t = Σ_{i∈S} x_ij − Σ_{i∉S} x_ij − |S|,
which is 0 at S itself and −1 or less at any other set:

    t + y_jk − x_jj ≤ −1                        S breaks a rule under k        (4)
    risk_j ≥ c x_jj + Σ a_i x_ij
             + (cost_k(S) − c − a(S)) (t + 1 + y_jk − x_jj)                    (5)

with c, a the under-estimate that holds for all (Laporte and Louveaux 1993, The integer
L-shaped method, Operations Research Letters 13(3)). Both say nothing of other sets.
What does, by a polymatroid in the order of a point (``criteria.tangent``):

    Σ_i (π_i − κ_k b_i) x_ij ≤ M (x_jj − y_jk)      V + R ≤ κ_k² B²            (6)
    risk_j ≥ c' x_jj + Σ_i a'_i x_ij − M' (x_jj − y_jk)                        (7)
"""

from collections.abc import Iterator, Sequence
from math import inf, sqrt

import numpy as np
import numpy.typing as npt

from federate.criteria.pooled import PooledRisk
from federate.criteria.risk_terms import BUDGET
from federate.criteria.slope import slopes2
from federate.criteria.tangent import own_variance_gbp2, tangent_gbp
from federate.engine.compact.cuts import Cut

__all__ = ["at_point", "by_slope", "by_tangent", "complete"]

FloatArray = npt.NDArray[np.float64]
# A row broken by less is lost in a solver's tolerance.
LEAST_EXCESS = 1e-5


def complete(
    pooled: PooledRisk,
    candidates: Sequence[int],
    centre: int,
    members: Sequence[int],
    unit: float,
) -> Iterator[Cut]:
    """Yield the rows of a set under every contract, for one centre that may lead it."""
    order = _first(members, candidates)
    for k, item in enumerate(pooled.items):
        if not item.fits(members):
            yield from by_slope(pooled, k, order, len(members), centre)
            yield _forbidden(candidates, members, centre, k)
            continue
        yield from by_tangent(pooled, k, order, len(members), centre, unit)
        yield _at_cost(pooled, k, candidates, members, centre, unit)


def at_point(
    pooled: PooledRisk,
    value: dict[int, float],
    contract: FloatArray,
    centre: int,
    unit: float,
) -> Iterator[Cut]:
    """Yield the rows (6) and (7) laid at a fractional point under one centre."""
    order = np.array(
        sorted(value, key=lambda i: (i != centre, -value[i], i)), dtype=np.int64
    )
    first = max(1, sum(x > 0.5 * value[centre] for x in value.values()))
    for k in np.flatnonzero(contract > 0.4 * value[centre]).tolist():
        yield from by_slope(pooled, k, order, first, centre)
        yield from by_tangent(pooled, k, order, first, centre, unit)


def _first(members: Sequence[int], candidates: Sequence[int]) -> npt.NDArray[np.int64]:
    """Return the candidates, members first."""
    rest = sorted(set(candidates) - set(members))
    return np.array([*members, *rest], dtype=np.int64)


def by_slope(
    pooled: PooledRisk,
    item: int,
    order: npt.NDArray[np.int64],
    first: int,
    centre: int,
) -> Iterator[Cut]:
    """Yield (6) in an order, where the first of it break it."""
    slope2 = float(slopes2(pooled.terms)[item])
    budget = pooled.terms.parts[order, BUDGET]
    if not slope2 < inf or not budget.max() > 0:
        return
    # Within the margin of `PooledRisk.fits` the exact figures decide.
    kappa = sqrt(max(slope2, 0.0)) * (1 + 1e-9)
    own = own_variance_gbp2(pooled.terms, item, order)
    roots = np.sqrt(np.concatenate([[0.0], np.cumsum(own)]))
    unit = max(kappa, 1e-6) * float(budget.max())
    figures = (np.diff(roots) - kappa * budget) / unit
    if figures[:first].sum() < LEAST_EXCESS:
        return
    slack = float(np.maximum(figures, 0.0).sum())
    figures[order == centre] -= slack
    terms = zip(order.tolist(), figures.tolist(), strict=True)
    yield Cut("risk", centre, tuple(sorted(terms)), 0.0, contract=((item, slack),))


def by_tangent(
    pooled: PooledRisk,
    item: int,
    order: npt.NDArray[np.int64],
    first: int,
    centre: int,
    unit: float,
) -> Iterator[Cut]:
    """Yield (7) in an order, where it says more than the bound that holds for all."""
    terms, most = pooled.terms, pooled.most_persons
    each, once = tangent_gbp(terms, item, most, order, first)
    every, fixed = pooled.least_gbp
    more = each - every[order]
    if not more[:first].sum() + once - fixed > LEAST_EXCESS * unit:
        return
    slack = (max(0.0, once - fixed) + float(np.maximum(more, 0.0).sum())) / unit
    figures = each / unit
    figures[order == centre] += once / unit - slack
    pairs = zip(order.tolist(), figures.tolist(), strict=True)
    yield Cut(
        "risk",
        centre,
        tuple(sorted(pairs)),
        0.0,
        risk=-1.0,
        contract=((item, slack),),
    )


def _forbidden(
    candidates: Sequence[int], members: Sequence[int], centre: int, item: int
) -> Cut:
    """Return (4)."""
    inside = dict.fromkeys(members, 1.0)
    terms = {i: inside.get(i, -1.0) for i in candidates}
    terms[centre] -= 1.0
    return Cut(
        "risk",
        centre,
        tuple(sorted(terms.items())),
        len(members) - 1.0,
        contract=((item, 1.0),),
    )


def _at_cost(
    pooled: PooledRisk,
    item: int,
    candidates: Sequence[int],
    members: Sequence[int],
    centre: int,
    unit: float,
) -> Cut:
    """Return (5)."""
    every, fixed = pooled.least_gbp
    least = fixed + float(every[list(members)].sum())
    above = max(0.0, pooled.items[item].gbp(members) - least) / unit
    inside = dict.fromkeys(members, 1.0)
    terms = {i: every[i] / unit + above * inside.get(i, -1.0) for i in candidates}
    terms[centre] += fixed / unit - above
    return Cut(
        "risk",
        centre,
        tuple(sorted((i, float(x)) for i, x in terms.items())),
        above * (len(members) - 1.0),
        risk=-1.0,
        contract=((item, above),),
    )
