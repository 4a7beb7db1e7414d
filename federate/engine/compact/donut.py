"""No donut: no federation encloses a practice that is not in it.

With a node "outside" next to every practice on the edge of the area, let R be
members of the federation such that every path from k to the outside passes R.
Then k must be a member too:

    Σ_{v∈R} x_vj − x_kj ≤ |R| − 1                                            (2)

Practices that no path joins to the outside even before are not concerned, nor
are federations of one oversize practice.
"""

from collections.abc import Iterator, Mapping, Sequence

from federate.engine.compact.cuts import Cut
from federate.engine.compact.paths import Neighbours, components
from federate.problem import Problem

__all__ = ["cut_donut"]


def cut_donut(
    problem: Problem,
    neighbours: Neighbours,
    candidates: Mapping[int, Sequence[int]],
    members: Sequence[int],
) -> Iterator[Cut]:
    """Yield the rows (2) that a set of members breaks, for each that may lead it."""
    oversize = len(members) == 1 and members[0] in problem.oversize
    if not problem.no_donut or oversize:
        return
    everybody = set(range(problem.n))
    inside = everybody - _outside(problem, neighbours, everybody)
    left = everybody - set(members)
    lost = left - _outside(problem, neighbours, left) - inside
    for hole in components(neighbours, lost):
        ring = _ring(problem, neighbours, hole, members)
        for j in sorted(members):
            allowed = set(candidates.get(j, ()))
            if not ring <= allowed:
                continue
            for k in sorted(hole):
                terms = dict.fromkeys(ring, 1.0)
                if k in allowed:
                    terms[k] = -1.0
                upper = len(ring) - 1
                yield Cut("no_donut", j, tuple(sorted(terms.items())), upper)


def _outside(problem: Problem, neighbours: Neighbours, left: set[int]) -> set[int]:
    """Return the practices of `left` joined to the outside within it."""
    return {
        i
        for piece in components(neighbours, left)
        if any(problem.graph.on_edge[i] for i in piece)
        for i in piece
    }


def _ring(
    problem: Problem, neighbours: Neighbours, hole: set[int], members: Sequence[int]
) -> frozenset[int]:
    """Return the fewest members around a hole: each of them holds it shut."""
    ring = {k for i in hole for k in neighbours[i]}.intersection(members)
    everybody = set(range(problem.n))
    for v in sorted(ring):
        if not hole & _outside(problem, neighbours, everybody - (ring - {v})):
            ring.discard(v)
    return frozenset(ring)
