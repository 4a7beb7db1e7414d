"""The slow twin of the price bound: plain Python, no lists, no compiled code."""

from math import inf

import numpy as np

from federate.engine.lagrangian.facts import SLACK
from federate.problem import Problem

__all__ = ["least_under", "slow_bound"]


def may_join(problem: Problem, i: int, centre: int) -> bool:
    """Whether a practice may be led by a centre, as far as the bound looks."""
    pair = (min(i, centre), max(i, centre))
    return (
        i not in problem.oversize
        and centre not in problem.oversize
        and pair not in problem.apart
        and (problem.zone is None or problem.zone[i] == problem.zone[centre])
        and (problem.reachable is None or bool(problem.reachable[i, centre]))
    )


def least_with(
    problem: Problem, prices: np.ndarray, whole: set[int], centre: int, lower: float
) -> float:
    """Return the least reduced cost with some members whole and others in part."""
    cost = problem.cost
    sizes = np.maximum(problem.list_size.astype(float), 1e-6)
    upper = (problem.size_bounds or (0.0, inf))[1] + SLACK

    def reduced(i: int) -> float:
        fee = cost.gbp_per_head * problem.list_size[i] + cost.gbp_per_member
        if cost.pooled is not None:
            fee += cost.pooled.least_gbp[0][i]
        return float(cost.assign_gbp[i, centre] + fee - prices[i])

    others = [
        i for i in range(problem.n) if i not in whole and may_join(problem, i, centre)
    ]
    others.sort(key=lambda i: reduced(i) / sizes[i])
    start = float(sizes[list(whole)].sum())
    if start > upper:
        return inf
    ends = [start]
    for i in others:
        ends.append(ends[-1] + sizes[i])
    paid = np.cumsum([0.0, *(reduced(i) for i in others)])
    corners = {*ends, lower, upper, cost.target_size or 0.0}
    best = inf
    for size in corners:
        if max(start, lower) <= size <= min(upper, ends[-1]):
            value = float(np.interp(size, ends, paid)) + cost.deviation_gbp(size)
            best = min(best, value)
    fixed = cost.fixed_gbp
    if cost.pooled is not None:
        fixed += cost.pooled.least_gbp[1]
    return fixed + sum(reduced(i) for i in whole) + best


def least_under(problem: Problem, prices: np.ndarray, centre: int) -> float:
    """Return the least reduced cost of a federation led by one centre."""
    if centre in problem.oversize:
        return inf
    lower = (problem.size_bounds or (0.0, inf))[0] - SLACK
    lower = 0.0 if centre in problem.waived else lower
    found = [least_with(problem, prices, {centre}, centre, lower)]
    found.extend(
        least_with(problem, prices, {centre, v}, centre, 0.0)
        for v in problem.waived
        if v != centre and may_join(problem, v, centre)
    )
    return min(found)


def slow_bound(problem: Problem, prices: np.ndarray, count_gbp: float) -> float:
    """Return the bound by prices of practices and of the count, as evidence says."""
    fewest, most = problem.num_federations
    own = problem.oversize
    pays = count_gbp * (max(0, fewest - len(own)))
    if count_gbp < 0:
        pays = -inf if most is None else count_gbp * max(0, most - len(own))
    total = sum(problem.cost.cost([i], i) for i in own) + pays
    for i in range(problem.n):
        if i not in own:
            alone = inf if problem.alone_gbp is None else problem.alone_gbp[i]
            total += min(prices[i], alone)
    for centre in range(problem.n):
        total += min(0.0, least_under(problem, prices, centre) - count_gbp)
    return float(total)
