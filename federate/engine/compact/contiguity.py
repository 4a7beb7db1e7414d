"""Contiguity: a federation's practices in at most c connected pieces.

A set C *separates* some practices in the graph of those j may lead if, with C
taken away, no path of at most U patients joins two of them. Two members of one
piece are joined by a path of members, whose patients are at most U; so if C
separates c + 1 members, and no member lies in C, there are at least c + 1 pieces.
With the centre j as one of the c + 1 and r_1 … r_c the others,

    Σ_k x_{r_k j} − Σ_{u∈C} x_uj ≤ c − 1                                    (1)

holds for every contiguous federation: were all r_k members without a member in
C, the centre, a member too, would make the (c+1)th piece. For c = 1 this is the
a,b-separator inequality x_aj ≤ Σ_{u∈C} x_uj, with C length-bounded by U.

References
----------
Carvajal, Constantino, Goycoolea, Vielma and Weintraub (2013), Imposing
connectivity constraints in forest planning models, Operations Research 61(4).
Fischetti et al. (2017), Thinning out Steiner trees, Mathematical Programming
Computation 9(2), for minimal separators.
Validi, Buchanan and Lykhovyd (2022), Imposing contiguity constraints in political
districting models, Operations Research 70(2), for length-U separators.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import inf
from typing import Any

from federate.engine.compact.cuts import Cut
from federate.engine.compact.paths import Neighbours, components, lightest
from federate.problem import Problem

__all__ = ["add_contiguity", "cut_contiguity", "minimal_separator"]


def add_contiguity(model: Any, problem: Problem) -> None:
    """Give every practice a neighbour in its federation, on the way to its centre.

    x_ij ≤ Σ_{k∈N(i), d_j(k) + n_i ≤ U} x_kj      for i, j not neighbours, i ≠ j

    where d_j(k) is the fewest patients on a path from j to k. That is (1) for
    c = 1 with C = N(i), less what no path of at most U patients from j passes.
    Where more pieces are allowed there is no such row.
    """
    import pyomo.environ as pyo

    if problem.max_pieces != 1:
        return
    assign = model.assign
    upper = inf if problem.size_bounds is None else problem.size_bounds[1]
    patients = problem.list_size.tolist()
    near = {
        j: lightest(model.neighbours, patients, j, set(model.candidates[j]))
        for j in model.centres
    }

    def linked(_: Any, i: int, j: int) -> Any:
        on_the_way = [
            k
            for k in model.neighbours[i]
            if k in near[j] and near[j][k] + patients[i] <= upper
        ]
        return assign[i, j] <= sum(assign[k, j] for k in on_the_way)

    distant = [
        (i, j) for i, j in model.pairs if i != j and j not in model.neighbours[i]
    ]
    model.contiguity = pyo.Constraint(distant, rule=linked)


def cut_contiguity(
    problem: Problem,
    neighbours: Neighbours,
    candidates: Mapping[int, Sequence[int]],
    members: Sequence[int],
) -> Iterator[Cut]:
    """Yield the rows (1) that a set of members in more than c pieces breaks.

    Every member is tried as the centre, for the set may come back led by
    another; and every choice of c further pieces, each stood for by the member
    that costs the centre most.
    """
    c = problem.max_pieces
    if c is None:
        return
    pieces = components(neighbours, members)
    if len(pieces) <= c:
        return
    cost = problem.cost.assign_gbp
    for number, piece in enumerate(pieces):
        others = pieces[:number] + pieces[number + 1 :]
        for j in sorted(piece):
            allowed = candidates.get(j)
            if allowed is None or not set(members) <= set(allowed):
                continue
            for chosen in combinations(others, c):
                for reps in _representatives(chosen, cost[:, j]):
                    yield from _separate(
                        problem, neighbours, set(allowed), j, reps, [piece, *chosen]
                    )


def _representatives(
    pieces: Sequence[set[int]], cost: Any
) -> Iterator[tuple[int, ...]]:
    """Yield who stands for the pieces: every member of a single one, else one each."""
    if len(pieces) == 1:
        for a in sorted(pieces[0]):
            yield (a,)
    else:
        yield tuple(max(sorted(p), key=lambda i: float(cost[i])) for p in pieces)


def _separate(
    problem: Problem,
    neighbours: Neighbours,
    allowed: set[int],
    centre: int,
    reps: tuple[int, ...],
    pieces: Sequence[set[int]],
) -> Iterator[Cut]:
    """Yield (1) with the separators next to the centre's piece and to the others'."""
    borders = [
        {k for i in piece for k in neighbours[i]} & allowed - piece for piece in pieces
    ]
    upper = inf if problem.size_bounds is None else problem.size_bounds[1]
    starts = [set().union(*borders[:-1]), set().union(*borders[1:])]
    seen = []
    for start in starts:
        separator = minimal_separator(
            neighbours,
            problem.list_size.tolist(),
            allowed,
            (centre, *reps),
            sorted(start, key=lambda u: (problem.cost.assign_gbp[u, centre], u)),
            upper,
        )
        if separator not in seen:
            seen.append(separator)
            terms = dict.fromkeys(reps, 1.0) | dict.fromkeys(separator, -1.0)
            yield Cut("contiguity", centre, tuple(sorted(terms.items())), len(reps) - 1)


def minimal_separator(
    neighbours: Neighbours,
    patients: Sequence[float],
    allowed: set[int],
    reps: Sequence[int],
    start: Sequence[int],
    upper: float,
) -> frozenset[int]:
    """Drop from a separator, in order, whatever it does without.

    What is dropped first is cheap to the centre and likely to be a member; what
    stays makes the row hard to satisfy.
    """
    separator = set(start)
    for u in start:
        separator.discard(u)
        if not _separates(neighbours, patients, allowed - separator, reps, upper):
            separator.add(u)
    return frozenset(separator)


def _separates(
    neighbours: Neighbours,
    patients: Sequence[float],
    left: set[int],
    reps: Sequence[int],
    upper: float,
) -> bool:
    """Whether no path of at most `upper` patients in `left` joins two of `reps`."""
    for number, source in enumerate(reps[:-1]):
        reached = lightest(neighbours, patients, source, left, upper)
        if any(rep in reached for rep in reps[number + 1 :]):
            return False
    return True
