"""A problem over some of the practices: what the rest leaves them."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from federate.criteria.federation import FederationCost
from federate.geography.neighbours import NeighbourGraph
from federate.geography.travel import Travel
from federate.problem.arrays import Problem

__all__ = ["restrict"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def restrict(
    problem: Problem, keep: IntArray, num_federations: tuple[int, int | None]
) -> Problem:
    """Return the problem of the practices `keep`, all the others left as they are.

    A practice beside one that is left out counts as on the edge: what encloses
    it there is not this problem's to judge. Together-sets must lie inside or
    outside as a whole.

    Parameters
    ----------
    problem
        The whole.
    keep
        Indices, in order.
    num_federations
        What the rules leave of the count.
    """
    place = np.full(problem.n, -1, dtype=np.int64)
    place[keep] = np.arange(len(keep))
    across = np.ix_(keep, keep)
    travel = problem.travel
    return replace(
        problem,
        instance=problem.instance.select(keep),
        graph=_graph(problem.graph, keep, place),
        travel=Travel(
            travel.minutes[across],
            travel.source[across],
            travel.base_minutes[keep],
            travel.base_source[keep],
        ),
        cost=_cost(problem.cost, keep),
        list_size=problem.list_size[keep],
        budget_gbp=problem.budget_gbp[keep],
        variance_gbp2=problem.variance_gbp2[keep],
        likeness=None if problem.likeness is None else problem.likeness[across],
        num_federations=num_federations,
        together=tuple(
            tuple(int(place[i]) for i in group)
            for group in problem.together
            if place[group[0]] >= 0
        ),
        apart=tuple(
            (int(place[i]), int(place[k]))
            for i, k in problem.apart
            if place[i] >= 0 and place[k] >= 0
        ),
        zone=None if problem.zone is None else problem.zone[keep],
        reachable=None if problem.reachable is None else problem.reachable[across],
        oversize=tuple(int(place[i]) for i in problem.oversize if place[i] >= 0),
        waived=tuple(int(place[i]) for i in problem.waived if place[i] >= 0),
        alone_gbp=None if problem.alone_gbp is None else problem.alone_gbp[keep],
        tier=None if problem.tier is None else problem.tier[keep],
        pooled=None if problem.pooled is None else problem.pooled.select(keep),
    )


def _graph(graph: NeighbourGraph, keep: IntArray, place: IntArray) -> NeighbourGraph:
    """Return the pairs within `keep`; a pair that is lost puts its end on the edge."""
    ends = place[graph.pairs]
    inside = (ends >= 0).all(axis=1)
    on_edge = graph.on_edge[keep].copy()
    lost = ends[~inside]
    on_edge[lost[lost >= 0]] = True
    pairs = ends[inside].astype(np.int32)
    both = np.vstack([pairs, pairs[:, ::-1]])
    both = both[np.lexsort((both[:, 1], both[:, 0]))]
    degree = np.bincount(both[:, 0], minlength=len(keep))
    return replace(
        graph,
        pairs=pairs,
        kind=graph.kind[inside],
        km=graph.km[inside],
        indptr=np.concatenate([[0], np.cumsum(degree)]).astype(np.int32),
        indices=both[:, 1].astype(np.int32),
        on_edge=on_edge,
        islands=tuple(int(place[i]) for i in graph.islands if place[i] >= 0),
    )


def _cost(cost: FederationCost, keep: IntArray) -> FederationCost:
    across = np.ix_(keep, keep)

    def part(array: FloatArray | None) -> FloatArray | None:
        return None if array is None else array[across]

    return replace(
        cost,
        travel_gbp=part(cost.travel_gbp),
        unlikeness_gbp=part(cost.unlikeness_gbp),
        disruption_gbp=part(cost.disruption_gbp),
        assign_gbp=cost.assign_gbp[across],
        list_size=cost.list_size[keep],
        pooled=None if cost.pooled is None else cost.pooled.select(keep),
        cut_edges=None if cost.cut_edges is None else cost.cut_edges.among(keep),
    )
