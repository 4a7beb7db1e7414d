"""A digest of what is asked: the same for the same problem, wherever it is read.

It covers the numbers that the cost and the rules of a plan follow from, not the
files they stood in: practices by code, neighbours, terms of the cost, rules. A
float counts with eight digits, and a table of n × n by the sums of its rows and
columns, so that the last bit of a square root on another machine changes nothing.
A change too small for that is harmless: a bound is derived from the numbers as
they are.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import numpy as np

from federate.problem import Problem

__all__ = ["problem_digest"]


def problem_digest(problem: Problem) -> str:
    """Return the SHA-256 of a problem, as hexadecimal digits.

    Practices count in the order of their codes. Titles, file names and how hard to
    look (the scenario's ``[solve]``) do not count, out-of-hours cover neither: it is
    planned apart, for the plan that is found.
    """
    digest = sha256()
    for name, value in _parts(problem):
        digest.update(f"{name}={_text(value)}\n".encode())
    return digest.hexdigest()


def _parts(problem: Problem) -> Iterator[tuple[str, Any]]:
    """Yield everything that counts, by name."""
    cost, reach = problem.cost, problem.reachable
    yield "codes", problem.instance.practices.code
    yield "list_size", problem.list_size
    yield "neighbours", problem.graph.pairs
    yield "on_edge", np.flatnonzero(problem.graph.on_edge)
    yield "assign_gbp", (cost.assign_gbp.sum(axis=0), cost.assign_gbp.sum(axis=1))
    yield "scale", (cost.fixed_gbp, cost.gbp_per_head, cost.gbp_per_member)
    yield "target", (cost.target_size, cost.deviation_gbp_per_person)
    yield "alone_gbp", problem.alone_gbp
    if cost.cut_edges is not None:
        yield "cut_edges", (cost.cut_edges.gbp_per_pair, cost.cut_edges.num_neighbours)
    yield "size_bounds", problem.size_bounds
    yield "practices_bounds", problem.practices_bounds
    yield "num_federations", problem.num_federations
    yield "max_pieces", problem.max_pieces
    yield "no_donut", problem.no_donut
    yield "together", sorted(sorted(group) for group in problem.together)
    yield "apart", sorted(problem.apart)
    yield "zone", problem.zone
    yield "reachable", None if reach is None else (reach.sum(axis=0), reach.sum(axis=1))
    yield "oversize", sorted(problem.oversize)
    yield "waived", sorted(problem.waived)
    yield "allow_singletons", problem.allow_singletons
    if cost.pooled is not None:
        terms = cost.pooled.terms._asdict()
        yield "pooled", [terms[name] for name in sorted(terms)]
    yield "kappa", problem.kappa
    if problem.kappa is not None:
        yield "budget_gbp", problem.budget_gbp
        yield "variance_gbp2", problem.variance_gbp2


def _text(value: Any) -> str:
    """Return a value in the one way it is written here.

    Examples
    --------
    >>> _text((1.0, np.array([2, 3]), None, "A81001"))
    '[1.0000000e+00,[2,3],null,A81001]'
    """
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if value is None:
        return "null"
    if isinstance(value, list | tuple):
        return f"[{','.join(_text(item) for item in value)}]"
    return f"{value:.7e}" if isinstance(value, float) else str(value)
