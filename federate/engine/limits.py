"""Limits on partners: prices on what they carry, round by round.

A partner's capacity couples federations. With a surcharge ρ ≥ 0 on each £ of budget
that a limited partner carries, and the limits left out, every federation is on its
own again, and

    optimum ≥ optimum surcharged − Σ ρ · most.

Each round solves the surcharged problem, which gives that bound and a plan; the plan
takes the cheapest contracts that its partners can carry (``criteria.capacity``), if
any. The next surcharges are the duals of the limits over all federations found.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import inf

import numpy as np
import numpy.typing as npt

from federate.engine.answer import Answer, Grouping, objective_gbp
from federate.evidence import Evidence
from federate.problem import Problem
from solvers.contract import Status, StopReason

__all__ = ["is_limited", "solve_limited", "surcharged"]

FloatArray = npt.NDArray[np.float64]
ROUNDS = 6
# How often the reach is widened fourfold while no plan keeps the limits.
WIDER = 6
# A surcharge moves by less than this share of budget: further rounds say the same.
SAME = 1e-7
Solve = Callable[[Problem, Grouping | None, int], Answer]
Whole = Callable[[Problem, Evidence, float], tuple[Grouping | None, float] | None]


def is_limited(problem: Problem) -> bool:
    """Whether partners are limited over the whole plan."""
    return problem.cost.pooled is not None and bool(problem.cost.pooled.limits)


def surcharged(problem: Problem, gbp_per_gbp: FloatArray) -> Problem:
    """Return the problem without limits, at surcharges on what they would bind."""
    pooled = problem.cost.pooled
    if pooled is None:
        return problem
    dearer = pooled.surcharged(gbp_per_gbp)
    return replace(problem, cost=replace(problem.cost, pooled=dearer), pooled=dearer)


def solve_limited(
    problem: Problem, solve: Solve, whole: Whole | None, *, gap: float
) -> Answer:
    """Return the best plan that keeps the limits, and a bound, from several rounds.

    Parameters
    ----------
    problem
        With limits.
    solve
        Solves a problem without limits, from a plan to start from; told the round.
    whole
        Chooses among all federations within reach: surcharged problem, evidence and
        reach → plan and least cost of a plan of those. ``None``: nobody can.
    gap
        Enough.
    """
    pooled = problem.cost.pooled
    assert pooled is not None
    most = np.array([limit.most_gbp for limit in pooled.limits])
    price = np.zeros(len(most))
    found: set[tuple[int, ...]] = set()
    best: Answer | None = None
    answer = Answer(Status.NO_SOLUTION, StopReason.TIME_LIMIT)
    bound = -inf
    for number in range(ROUNDS):
        part = surcharged(problem, price)
        answer = solve(part, None if best is None else best.grouping, number)
        if answer.status is Status.INFEASIBLE:
            return answer
        kept = _kept(problem, answer)
        best = _better(best, kept)
        if answer.bound_gbp is not None:
            bound = max(bound, answer.bound_gbp - float(price @ most))
        if _is_closed(best, bound, gap):
            break
        if whole is not None and answer.evidence is not None:
            best, bound = _finished(
                problem, part, answer, price @ most, best, bound, whole
            )
            if _is_closed(best, bound, gap):
                break
        if answer.grouping is None:
            break
        found.update(answer.grouping.members)
        after = _duals(problem, sorted(found))
        if np.abs(after - price).max() < SAME:
            break
        price = after
    return _answer(best, answer, bound, gap)


def _kept(problem: Problem, answer: Answer) -> Answer | None:
    """Return an answer at contracts that the partners can carry, if it has such."""
    if answer.grouping is None or answer.status is Status.NO_SOLUTION:
        return None
    cost = objective_gbp(problem, answer.grouping)
    return replace(answer, objective_gbp=cost) if np.isfinite(cost) else None


def _better(one: Answer | None, other: Answer | None) -> Answer | None:
    """Return the cheaper of two."""
    if one is None or other is None:
        return one or other
    return min(one, other, key=_gbp)


def _gbp(answer: Answer) -> float:
    return inf if answer.objective_gbp is None else answer.objective_gbp


def _is_closed(best: Answer | None, bound: float, gap: float) -> bool:
    if best is None or best.objective_gbp is None:
        return False
    return best.objective_gbp - bound <= max(gap, 1e-7) * abs(best.objective_gbp)


def _finished(
    problem: Problem,
    part: Problem,
    answer: Answer,
    paid: float,
    best: Answer | None,
    bound: float,
    whole: Whole,
) -> tuple[Answer | None, float]:
    """Choose among all that a better plan may hold; return plan and bound."""
    evidence = answer.evidence
    assert evidence is not None
    least = evidence.dual_bound_gbp - paid
    reach = 0.05 * abs(least)
    if best is not None and best.objective_gbp is not None:
        reach = 1.001 * (best.objective_gbp - least) + 1e-6 * abs(least)
    for _ in range(WIDER):
        chosen = whole(part, evidence, reach)
        if chosen is None:
            break
        grouping, cheapest = chosen
        if grouping is not None:
            candidate = replace(answer, grouping=grouping, status=Status.FEASIBLE)
            best = _better(best, _kept(problem, candidate))
        bound = max(bound, min(cheapest, least + reach))
        if best is not None:
            break
        reach *= 4
    return best, bound


def _duals(problem: Problem, found: Sequence[tuple[int, ...]]) -> FloatArray:
    """Return the prices of the limits in the best mix of federations found, (l,).

    min Σ cost y   s.t.   each practice once or alone,  loads − s ≤ most,  y, s ≥ 0,
    s at a price that no choice of contracts is worth.
    """
    from scipy.optimize import linprog

    pooled = problem.cost.pooled
    assert pooled is not None
    costs, cover, loads = [], [], []
    spread = 1e-3
    for members in found:
        centre = problem.cost.best_centre(members)[0]
        carried = pooled.exposed_gbp(members)
        some = []
        for k, item in enumerate(pooled.items):
            if item.fits(members):
                some.append(problem.cost.cost(members, centre, k))
                costs.append(some[-1])
                cover.append(np.isin(np.arange(problem.n), members))
                loads.append(pooled.loads(members, k))
        if some and carried > 0:
            spread = max(spread, (max(some) - min(some)) / carried)
    for i, alone in enumerate(
        problem.alone_gbp if problem.alone_gbp is not None else ()
    ):
        costs.append(float(alone))
        cover.append(np.arange(problem.n) == i)
        loads.append([0.0] * len(pooled.limits))
    over = np.eye(len(pooled.limits))
    answer = linprog(
        [*costs, *np.full(len(over), 2.0 * spread)],
        A_ub=np.vstack([np.array(loads), -over]).T,
        b_ub=[limit.most_gbp for limit in pooled.limits],
        A_eq=np.vstack([np.array(cover, float), np.zeros((len(over), problem.n))]).T,
        b_eq=np.ones(problem.n),
    )
    if answer.x is None:
        return np.full(len(over), spread)
    out: FloatArray = np.maximum(0.0, -answer.ineqlin.marginals)
    return out


def _answer(best: Answer | None, last: Answer, bound: float, gap: float) -> Answer:
    """Return the best plan and bound as one answer; no evidence is of the limits."""
    known = bound if np.isfinite(bound) else None
    if best is None:
        return replace(
            last,
            status=Status.NO_SOLUTION,
            grouping=None,
            objective_gbp=None,
            bound_gbp=known,
            evidence=None,
        )
    closed = _is_closed(best, bound, gap)
    assert best.objective_gbp is not None
    return replace(
        best,
        status=Status.OPTIMAL if closed else Status.FEASIBLE,
        bound_gbp=None if known is None else min(known, best.objective_gbp),
        evidence=None,
    )
