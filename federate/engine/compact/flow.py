"""Contiguity by a flow: the whole rule in one model, without rounds.

References
----------
Shirabe (2009), Districting modeling with exact contiguity constraints,
Environment and Planning B 36(6).
"""

from collections.abc import Iterator, Sequence
from typing import Any

from federate.engine.compact.paths import components
from federate.problem import Problem

__all__ = ["add_flow", "fill_flow"]


def add_flow(model: Any, problem: Problem) -> None:
    """Let every member consume one unit that comes through members only.

    For every centre j, arcs (u, v) between neighbours it may lead:

    Σ_u f_uij − Σ_v f_ivj ≥ x_ij − M s_ij    every member i ≠ j consumes one unit
    Σ_u f_uij ≤ M x_ij                       only members pass any on
    s_ij ≤ x_ij,  Σ_i s_ij ≤ (c − 1) x_jj    c − 1 further practices are sources

    M is one less than the most members there can be. The centre is a source
    without limit; s, the sources of further pieces, exist only for c > 1.
    """
    import pyomo.environ as pyo

    if problem.max_pieces is None:
        return
    further = problem.max_pieces - 1
    centres = [j for j in model.centres if j not in set(problem.oversize)]
    members = [(i, j) for i, j in model.pairs if i != j]
    arcs = [
        (u, v, j)
        for j in centres
        for u in model.candidates[j]
        for v in model.neighbours[u]
        if v != j and (v, j) in model.allowed
    ]
    model.flow = pyo.Var(arcs, domain=pyo.NonNegativeReals)
    model.source = pyo.Var(members if further else [], domain=pyo.Binary)
    assign, flow = model.assign, model.flow
    into: dict[tuple[int, int], list[Any]] = {pair: [] for pair in members}
    out_of: dict[tuple[int, int], list[Any]] = {pair: [] for pair in members}
    for u, v, j in arcs:
        into[v, j].append(flow[u, v, j])
        if u != j:
            out_of[u, j].append(flow[u, v, j])
    most = {j: _most_members(problem, model.candidates[j]) - 1 for j in centres}

    def consumes(_: Any, i: int, j: int) -> Any:
        own = most[j] * model.source[i, j] if further else 0
        return sum(into[i, j]) - sum(out_of[i, j]) >= assign[i, j] - own

    def passes(_: Any, i: int, j: int) -> Any:
        return sum(into[i, j]) <= most[j] * assign[i, j]

    def member(_: Any, i: int, j: int) -> Any:
        return model.source[i, j] <= assign[i, j]

    def few(_: Any, j: int) -> Any:
        total = sum(model.source[i, j] for i in model.candidates[j] if i != j)
        return total <= further * assign[j, j]

    model.consumes = pyo.Constraint(members, rule=consumes)
    model.passes = pyo.Constraint([p for p in members if into[p]], rule=passes)
    if further:
        model.source_inside = pyo.Constraint(members, rule=member)
        led = [j for j in centres if len(model.candidates[j]) > 1]
        model.few_sources = pyo.Constraint(led, rule=few)


def fill_flow(
    model: Any, problem: Problem, members: Sequence[int], centre: int
) -> Iterator[tuple[Any, float]]:
    """Yield a flow for one federation: down a tree from the centre.

    A piece without the centre hangs from its least member, which is its source.
    """
    if model.component("flow") is None:
        return
    for piece in components(model.neighbours, members):
        root = centre if centre in piece else min(piece)
        if root != centre and (root, centre) in model.source:
            yield model.source[root, centre], 1.0
        parent, order = {root: root}, [root]
        for u in order:
            fresh = [v for v in model.neighbours[u] if v in piece and v not in parent]
            parent.update(dict.fromkeys(fresh, u))
            order.extend(fresh)
        below = dict.fromkeys(piece, 1.0)
        for v in reversed(order[1:]):
            below[parent[v]] += below[v]
            yield model.flow[parent[v], v, centre], below[v]


def _most_members(problem: Problem, candidates: tuple[int, ...]) -> int:
    """Return the most members that the upper bounds leave to a federation."""
    most = len(candidates)
    if problem.practices_bounds is not None:
        most = min(most, problem.practices_bounds[1])
    if problem.size_bounds is not None:
        room, held = problem.size_bounds[1], 0
        for patients in sorted(problem.list_size[list(candidates)].tolist()):
            room -= patients
            if room < 0:
                break
            held += 1
        most = min(most, held)
    return max(most, 1)
