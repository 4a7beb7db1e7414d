"""Random small problems with several rules at once, for the oracle.

`verify` holds a plan to the scenario and to the problem's arrays alike, so a
variant only ever tightens the arrays or changes what the scenario leaves open.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from federate.problem import Problem
from tests.strategies import small_problem

__all__ = ["variant"]

BASES = (
    "plain",
    "bounds",
    "loose pieces",
    "anywhere",
    "waived",
    "oversize",
    "voluntary",
    "target",
    "hybrid",
    "disruption",
    "inside",
    "together",
    "apart",
    "keep",
)


def variant(seed: int) -> Problem:
    """Return a random problem of 5 to 7 practices under a random set of rules."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(5, 8))
    problem = small_problem(seed, str(rng.choice(BASES)), n)
    held: dict[str, Any] = {}
    if problem.max_pieces is None and rng.random() < 0.7:
        held["max_pieces"] = int(rng.integers(1, 4))
    if rng.random() < 0.5:
        held["no_donut"] = True
        held["graph"] = replace(problem.graph, on_edge=rng.random(n) < 0.4)
    if rng.random() < 0.5:
        held |= _risk(problem, rng)
    if rng.random() < 0.2:
        held["cost"] = replace(problem.cost, assign_gbp=np.zeros((n, n)))
    return replace(problem, **held, **_membership(problem, rng))


def _membership(problem: Problem, rng: np.random.Generator) -> dict[str, Any]:
    """Return random rules on who may share a federation, and how many do."""
    n = problem.n
    held: dict[str, Any] = {"allow_singletons": bool(rng.random() < 0.7)}
    if problem.alone_gbp is None and rng.random() < 0.3:
        held["alone_gbp"] = problem.list_size * float(rng.uniform(1, 12))
    if rng.random() < 0.3:
        pairs = {
            tuple(sorted(rng.choice(n, 2, replace=False).tolist())) for _ in range(3)
        }
        held["apart"] = tuple(sorted(pairs | set(problem.apart)))
    if rng.random() < 0.3:
        limit = np.quantile(problem.travel.minutes, 0.7)
        held["reachable"] = problem.travel.minutes <= limit
    if rng.random() < 0.3:
        fewest, most = int(rng.integers(1, 3)), int(rng.integers(3, 5))
        held["practices_bounds"] = (fewest, most)
    if rng.random() < 0.3:
        fewest = int(rng.integers(0, 3))
        held["num_federations"] = (fewest, [None, 3, 4][int(rng.integers(3))])
    return held


def _risk(problem: Problem, rng: np.random.Generator) -> dict[str, Any]:
    """Return variances of their own and a κ that some sets keep and some break."""
    variance = problem.variance_gbp2 * rng.uniform(0.2, 3, problem.n)
    some = [rng.random(problem.n) < rng.uniform(0.2, 0.8) for _ in range(40)]
    slopes = [
        np.sqrt(variance[s].sum()) / problem.budget_gbp[s].sum()
        for s in some
        if s.any()
    ]
    kappa = float(np.quantile(slopes, rng.uniform(0.05, 0.9)))
    return {"variance_gbp2": variance, "kappa": kappa}
