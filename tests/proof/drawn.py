"""Prices out of the air, and the certificate that they make."""

import numpy as np
from hypothesis import strategies as st

from federate.evidence import Evidence
from federate.problem import Problem
from federate.proof.certificate import Certificate

__all__ = ["certificate_of", "evidence_for", "prices"]

NUM_TRIPLES = 3


def evidence_for(
    problem: Problem,
    practice: list[float],
    count: float = 0.0,
    cuts: list[float] | None = None,
    *,
    claimed: float = 0.0,
    pricing: str = "connected",
) -> Evidence:
    """Return evidence with these prices; cuts on the first triples of practices."""
    cuts = cuts or []
    triples = [(k, k + 1, k + 2) for k in range(len(cuts))]
    return Evidence(
        codes=tuple(problem.instance.practices.code),
        practice_gbp=np.array(practice[: problem.n]),
        count_gbp=count,
        triples=np.array(triples, dtype=np.int64).reshape(-1, 3),
        cut_gbp=np.array(cuts, dtype=np.float64),
        dual_bound_gbp=0.0,
        bound_gbp=claimed,
        pricing="connected" if pricing == "connected" else "knapsack",
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
        st.lists(st.floats(0, 40_000), min_size=NUM_TRIPLES, max_size=NUM_TRIPLES),
    )
