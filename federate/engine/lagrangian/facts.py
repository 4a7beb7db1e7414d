"""A problem as the price bound sees it: what a federation costs, who may join."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from federate.problem import Problem

__all__ = ["Facts", "facts_of"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

SLACK = 1e-3
"""Persons by which both size bounds are widened, so that rounding cuts nobody."""


class Facts(NamedTuple):
    """What is kept of a problem; all that is left out only relaxes it.

    A set S led by c, c in S, costs

        F + Σ_{i∈S} (assign_ic + fee_i) + p·|N − T|,   N = Σ_{i∈S} persons_i,

    which is `FederationCost.cost` or less, and N keeps the size bounds. Left out:
    contiguity, donuts, pooled risk, numbers of practices, sets together, pairs
    apart that the centre is not one of, and the price of parting neighbours, which
    is never below 0.

    Parameters
    ----------
    assign
        Shape ``(n, n)``, £ a year, row = member, column = centre.
    barred
        Shape ``(n, n)``: row may not be led by column; ``(0, 0)``: nobody barred.
    persons, fee
        Shape ``(n,)``: list size (a millionth at least), and f·persons + f_m.
    sizes
        Shape ``(4,)``: L, U, T and p.
    fixed
        F, £ a year.
    waived
        Practices with which a federation may lie below L.
    own, own_gbp
        Shape ``(n,)``: above the upper bound, a federation of its own; and what
        all of those cost.
    alone
        Shape ``(n,)``, £ a year; infinite where joining is mandatory.
    federations
        Fewest and most federations besides `own`.
    """

    assign: FloatArray
    barred: BoolArray
    persons: FloatArray
    fee: FloatArray
    sizes: FloatArray
    fixed: float
    waived: IntArray
    own: BoolArray
    own_gbp: float
    alone: FloatArray
    federations: tuple[int, int]


def facts_of(problem: Problem) -> Facts:
    """Return what the bound needs of a problem."""
    n, cost = problem.n, problem.cost
    lower, upper = problem.size_bounds or (0.0, np.inf)
    target = cost.target_size
    off = 0.0 if target is None else cost.deviation_gbp_per_person
    persons = np.maximum(problem.list_size.astype(np.float64), 1e-6)
    own = np.zeros(n, dtype=np.bool_)
    own[list(problem.oversize)] = True
    fee = np.full(n, cost.gbp_per_member) + cost.gbp_per_head * problem.list_size
    fixed = cost.fixed_gbp
    if cost.pooled is not None:
        # What pooled risk costs at least, a sum over members: the bound stays one.
        fee = fee + cost.pooled.least_gbp[0]
        fixed += cost.pooled.least_gbp[1]
    fewest, most = problem.num_federations
    exceptions = len(problem.oversize)
    return Facts(
        assign=np.ascontiguousarray(cost.assign_gbp, dtype=np.float64),
        barred=_barred(problem, own),
        persons=persons,
        fee=fee,
        sizes=np.array([lower - SLACK, upper + SLACK, target or 0.0, off]),
        fixed=fixed,
        waived=np.array(sorted({*problem.waived} - {*problem.oversize}), np.int64),
        own=own,
        own_gbp=float(sum(cost.cost([i], i) for i in problem.oversize)),
        alone=np.full(n, np.inf) if problem.alone_gbp is None else problem.alone_gbp,
        federations=(
            max(0, fewest - exceptions),
            n if most is None else max(0, most - exceptions),
        ),
    )


def _barred(problem: Problem, own: BoolArray) -> BoolArray:
    """Return who may not be led by whom: out of reach, another zone, apart, own."""
    free = problem.reachable is None and problem.zone is None
    if free and not problem.apart and not own.any():
        return np.zeros((0, 0), dtype=np.bool_)
    barred = own[:, None] | own[None, :]
    if problem.reachable is not None:
        barred |= ~problem.reachable
    if problem.zone is not None:
        barred |= problem.zone[:, None] != problem.zone[None, :]
    for i, k in problem.apart:
        barred[i, k] = barred[k, i] = True
    return barred
