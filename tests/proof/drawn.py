"""Prices out of the air or near the best, and the certificate that they make."""

from itertools import combinations
from typing import Literal

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linprog

from federate.evidence import Evidence
from federate.problem import Problem
from federate.proof.certificate import Certificate
from federate.verify import verify
from tests.oracle import plan_of

__all__ = [
    "SETS",
    "certificate_of",
    "dues",
    "evidence_for",
    "led",
    "near_best",
    "prices",
]

SETS = ((0, 1, 2, -1, -1), (0, 1, 2, 3, 4), (2, 3, 4, -1, -1))


def evidence_for(
    problem: Problem,
    practice: list[float],
    count: float = 0.0,
    cuts: list[float] | None = None,
    *,
    claimed: float = 0.0,
    pricing: Literal["connected", "knapsack", "whole"] = "connected",
) -> Evidence:
    """Return evidence with these prices; cuts on sets of three and of five."""
    cuts = cuts or []
    sets = [SETS[k % len(SETS)] for k in range(len(cuts))]
    return Evidence(
        codes=tuple(problem.instance.practices.code),
        practice_gbp=np.array(practice[: problem.n]),
        count_gbp=count,
        sets=np.array(sets, dtype=np.int64).reshape(-1, 5),
        cut_gbp=np.array(cuts, dtype=np.float64),
        dual_bound_gbp=0.0,
        bound_gbp=claimed,
        pricing=pricing,
    )


def certificate_of(problem: Problem, evidence: Evidence) -> Certificate:
    """Return the certificate of some evidence, with no plan beside it."""
    return Certificate.of(
        problem, evidence, status="feasible", objective_gbp=None, made_with={}
    )


def prices() -> st.SearchStrategy[tuple[list[float], float, list[float]]]:
    """Return any π, μ and σ, most of them of the size that plans cost."""
    usual = st.floats(0, 150_000)
    anything = st.floats(-1e7, 1e7)
    return st.tuples(
        st.lists(usual | anything, min_size=8, max_size=8),
        st.floats(-60_000, 60_000),
        st.lists(st.floats(0, 40_000), min_size=3, max_size=3),
    )


def led(problem: Problem) -> list[tuple[tuple[int, ...], int]]:
    """Return every federation that keeps the rules, with every centre it may have."""
    free = sorted(set(range(problem.n)) - set(problem.oversize))
    return [
        (members, centre)
        for size in range(1, len(free) + 1)
        for members in combinations(free, size)
        if all(len({*members} & {*g}) in (0, len(g)) for g in problem.together)
        for centre in members
        if not any(
            broken.federation
            for broken in verify(problem, plan_of(problem, (members,), (centre,)))
        )
    ]


def dues(members: tuple[int, ...], cuts: list[float]) -> float:
    """Return Σ_T σ_T·⌊|S ∩ T| / 2⌋."""
    pairs = (len(set(members) & set(some)) // 2 for some in SETS)
    return sum(cut * k for cut, k in zip(cuts, pairs, strict=True))


def near_best(problem: Problem, cuts: list[float]) -> tuple[list[float], float] | None:
    """Return the π and μ that prove most beside these σ, by linear programming.

    ``None`` where even fractions of federations cover nobody.
    """
    columns = [(m, problem.cost.cost(m, c) + dues(m, cuts), 1) for m, c in led(problem)]
    if problem.alone_gbp is not None:
        tied = {i for group in problem.together for i in group}
        groups = [*problem.together, *((i,) for i in range(problem.n) if i not in tied)]
        alone = problem.alone_gbp
        columns += [(g, float(alone[list(g)].sum()), 0) for g in groups]
    own = set(problem.oversize)
    columns = [column for column in columns if own.isdisjoint(column[0])]
    rows = [i for i in range(problem.n) if i not in own]
    if not columns or not rows:
        return None
    cover = np.array([[float(i in m) for m, _, _ in columns] for i in rows])
    count = np.array([float(is_led) for _, _, is_led in columns])
    fewest, most = problem.num_federations
    sides = np.array([len(own) - fewest, (most or problem.n) - len(own)], dtype=float)
    answer = linprog(
        [cost for _, cost, _ in columns],
        A_ub=np.array([-count, count]),
        b_ub=sides,
        A_eq=cover,
        b_eq=np.ones(len(rows)),
    )
    if not answer.success:
        return None
    practice = np.zeros(8)
    practice[rows] = answer.eqlin.marginals
    few, many = answer.ineqlin.marginals
    return practice.tolist(), float(many - few)
