"""The finish: no better choice among the federations that a cheaper plan could hold.

A plan with a federation of reduced cost r or more costs at least the bound of the
prices + r. So a plan cheaper than that is made of federations below r only; all of
them, enumerated, make a small model whose optimum no such plan undercuts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal

import numpy as np

from federate.problem import Problem
from federate.proof.bearing import bearing_gbp
from federate.proof.cover import Sets, least_cover
from federate.proof.facts import ragged
from federate.proof.prices import (
    Prices,
    alone_groups,
    federation_gbp,
    own_units,
)
from federate.proof.pricing import Led
from federate.proof.units import GRID, pounds_down, units_down
from solvers.contract import MixedIntegerModel, Options, Status
from solvers.registry import backend

__all__ = ["Choice", "choose", "look_through"]

WORK = 5 * 10**9
"""Sets looked at in all, about, before the search is given up."""
TIME_LIMIT_S = 600.0


@dataclass(frozen=True)
class Choice:
    """What is known of the cheapest plan made of some federations.

    Parameters
    ----------
    least_gbp
        No plan made of them costs less; ``inf`` where they make no plan.
    num_federations
        How many (or pairs) there were to choose from.
    solver
        Name and version of the solver that chose; ``None``: found by looking at
        all plans that could be cheaper, in whole numbers.
    of
        What there was to choose from: federations, or pairs of who is led by whom.
    """

    least_gbp: float
    num_federations: int
    solver: str | None
    of: Literal["federations", "pairs"] = "federations"


def look_through(
    problem: Problem,
    prices: Prices,
    federations: Sequence[Led],
    *,
    bound: int,
    claimed: int,
) -> Choice | None:
    """Return what looking at every plan below a claim proves; ``None``: too many.

    Parameters
    ----------
    problem, prices
        What is asked, and at which prices.
    federations
        All of reduced cost below `claimed` − `bound`.
    bound, claimed
        What the prices prove, and the claim beyond; units.
    """
    own = own_units(problem)
    count = _count(problem)
    sets = _sets(problem, prices, federations)
    nodes = WORK // max(1, len(sets.through))
    least = least_cover(sets, bound - own, claimed - own, count, nodes)
    if least is None:
        return None
    return Choice(pounds_down(least + own), len(federations), None)


def _sets(problem: Problem, prices: Prices, federations: Sequence[Led]) -> Sets:
    """Return each set of members once, as rows of the practices not above U."""
    best: dict[tuple[int, ...], tuple[int, int]] = {}
    for led in federations:
        if bearing_gbp(problem, led.members)[0] == inf:
            continue
        cost = units_down(federation_gbp(problem, led.members, led.centre))
        known = best.get(led.members, (cost, led.reduced))
        best[led.members] = min(cost, known[0]), min(led.reduced, known[1])
    found = [(m, cost, rc, 1) for m, (cost, rc) in best.items()]
    for group, cost in alone_groups(problem):
        reduced = cost - int(prices.practice[list(group)].sum())
        found.append((group, cost, reduced, 0))
    found.sort(key=lambda one: one[2])
    rows = np.setdiff1d(np.arange(problem.n), problem.oversize)
    row = {int(i): r for r, i in enumerate(rows)}
    inside = [[row[i] for i in members] for members, *_ in found]
    through: list[list[int]] = [[] for _ in rows]
    for k, members in enumerate(inside):
        for r in members:
            through[r].append(k)
    return Sets(
        *ragged(inside),
        *ragged(through),
        cost=np.array([cost for _, cost, _, _ in found], dtype=np.int64),
        more=np.array([max(0, rc) for _, _, rc, _ in found], dtype=np.int64),
        is_led=np.array([is_led for *_, is_led in found], dtype=np.int64),
    )


def _count(problem: Problem) -> tuple[int, int]:
    """Return the fewest and the most federations but those above U."""
    fewest, most = problem.num_federations
    own = len(problem.oversize)
    return max(0, fewest - own), (problem.n if most is None else most - own)


def choose(problem: Problem, federations: Sequence[Led], solver: str) -> Choice | None:
    """Return what a solver proves of the best choice; ``None`` where it fails.

    min  Σ_S cost_S x_S + Σ alone_i y_i + own
    s.t. Σ_{S∋i} x_S + y_i = 1             every practice i not above U
         fewest ≤ Σ_S x_S + |own| ≤ most
         x, y ∈ {0, 1}
    """
    columns = _columns(problem, federations)
    outcome = backend(solver).solve(
        _model(problem, columns),
        Options(rel_gap=0.0, abs_gap=0.0, time_limit_s=TIME_LIMIT_S),
    )
    said = f"{outcome.backend or solver} {outcome.version}".strip()
    if outcome.status is Status.INFEASIBLE:
        return Choice(inf, len(federations), said)
    if outcome.bound is None:
        return None
    return Choice(outcome.bound, len(federations), said)


Column = tuple[tuple[int, ...], float, bool]
"""Members, cost in £ a year, and whether they are a federation."""


def _columns(problem: Problem, federations: Sequence[Led]) -> list[Column]:
    """Return each set of members once, at its least cost, and standing alone."""
    cheapest: dict[tuple[int, ...], float] = {}
    for led in federations:
        if bearing_gbp(problem, led.members)[0] == inf:
            continue
        cost = float(federation_gbp(problem, led.members, led.centre))
        cheapest[led.members] = min(cost, cheapest.get(led.members, inf))
    out = [(members, cost, True) for members, cost in sorted(cheapest.items())]
    out += [(group, cost / GRID, False) for group, cost in alone_groups(problem)]
    return out


def _model(problem: Problem, columns: Sequence[Column]) -> MixedIntegerModel:
    from scipy.sparse import csc_array

    own = problem.oversize
    practices = np.setdiff1d(np.arange(problem.n), own)
    row = {int(i): r for r, i in enumerate(practices)}
    count = len(practices)
    entries = [
        [*(row[i] for i in members), *([count] if is_federation else [])]
        for members, _, is_federation in columns
    ]
    ptr = np.cumsum([0, *(len(rows) for rows in entries)])
    flat = [r for rows in entries for r in rows]
    shape = (count + 1, len(columns))
    lower, upper = np.ones(count + 1), np.ones(count + 1)
    lower[count], upper[count] = _count(problem)
    return MixedIntegerModel(
        cost=np.array([cost for _, cost, _ in columns]),
        matrix=csc_array((np.ones(len(flat)), flat, ptr), shape=shape),
        row_lower=lower,
        row_upper=upper,
        lower=np.zeros(len(columns)),
        upper=np.ones(len(columns)),
        integral=np.ones(len(columns), dtype=np.bool_),
        offset=sum(problem.cost.cost([i], i) for i in own),
    )
