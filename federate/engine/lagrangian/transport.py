"""Members for given centres: one linear programme, then better centres."""

import numpy as np
import numpy.typing as npt

from federate.engine.lagrangian.facts import Facts
from solvers.contract import MixedIntegerModel, Options
from solvers.registry import backend

__all__ = ["settle_around"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

NEAREST = 12
ROUNDS = 4
OUT_OF_BOUNDS = 30.0
"""Times what a person typically costs that one too many or too few is charged."""


def settle_around(
    facts: Facts, centres: IntArray, rounds: int = ROUNDS
) -> tuple[float, IntArray] | None:
    """Return the cost and the centre of each practice, −1 alone, −2 its own.

    Members are chosen for the centres, then the cheapest centre for the members,
    until that changes nothing. Contiguity is left to whoever polishes.
    """
    best: tuple[float, IntArray] | None = None
    for _ in range(rounds):
        found = _members(facts, centres)
        if found is None or (best is not None and found[0] >= best[0]):
            return best
        best = found
        moved = _recentre(facts, found[1])
        if np.array_equal(moved, centres):
            return best
        centres = moved
    return best


def _members(facts: Facts, centres: IntArray) -> tuple[float, IntArray] | None:
    """Return the cheapest members in bounds, each with its largest share.

    min Σ assign_ij x_ij + alone_i a_i + big·Σ (under_j + over_j)
    s.t. Σ_j x_ij + a_i = 1,  L ≤ Σ_i persons_i x_ij + under_j − over_j ≤ U,
    x, a, under, over ≥ 0, over the nearest centres only. It splits no more
    practices than there are centres.
    """
    from scipy import sparse

    rows = np.flatnonzero(~facts.own)
    arc_row, arc_to, cost = _arcs(facts, rows, centres)
    num, k = len(rows), len(centres)
    stay = np.flatnonzero(np.isfinite(facts.alone[rows]))
    persons = facts.persons[rows]
    typical = float(np.median(cost / persons[arc_row])) if len(cost) else 0.0
    big = OUT_OF_BOUNDS * max(typical, 1e-6)
    row = np.concatenate(
        [arc_row, num + arc_to, stay, num + np.arange(k), num + np.arange(k)]
    )
    arcs, alone = len(arc_row), len(stay)
    slack = arcs + alone + np.arange(2 * k)
    column = np.concatenate(
        [np.arange(arcs), np.arange(arcs), arcs + np.arange(alone), slack]
    )
    value = np.concatenate(
        [np.ones(arcs), persons[arc_row], np.ones(alone), np.ones(k), -np.ones(k)]
    )
    columns = arcs + alone + 2 * k
    matrix = sparse.csc_array((value, (row, column)), shape=(num + k, columns))
    ones = np.ones(num)
    model = MixedIntegerModel(
        cost=np.concatenate([cost, facts.alone[rows][stay], np.full(2 * k, big)]),
        matrix=matrix,
        row_lower=np.concatenate([ones, np.full(k, facts.sizes[0])]),
        row_upper=np.concatenate([ones, np.full(k, facts.sizes[1])]),
        lower=np.zeros(columns),
        upper=np.full(columns, np.inf),
        integral=np.zeros(columns, dtype=np.bool_),
    )
    outcome = backend("highs").solve(model, Options())
    if outcome.values is None or outcome.objective is None:
        return None
    label = np.full(len(facts.own), -2, dtype=np.int64)
    who = np.concatenate([arc_row, stay])
    to = np.concatenate([centres[arc_to], np.full(alone, -1)])
    order = np.lexsort((outcome.values[: arcs + alone], who))
    label[rows[who[order]]] = to[order]
    return outcome.objective, label


def _arcs(
    facts: Facts, rows: IntArray, centres: IntArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return who may join whom (position in rows, in centres) at what cost.

    A centre joins itself; the others their nearest centres, those in reach first.
    """
    cost = facts.assign[np.ix_(rows, centres)] + facts.fee[rows][:, None]
    ease = cost.copy()
    if facts.barred.size:
        ease[facts.barred[np.ix_(rows, centres)]] += 1e12
    near = min(NEAREST, len(centres))
    to = np.argpartition(ease, near - 1, axis=1)[:, :near]
    row = np.repeat(np.arange(len(rows)), near)
    to = to.ravel()
    position = np.full(len(facts.own), -1, dtype=np.int64)
    position[centres] = np.arange(len(centres))
    mine = position[rows][row]
    kept = (mine < 0) | (mine == to)
    row, to = row[kept], to[kept].astype(np.int64)
    return row, to, np.minimum(ease, cost + 1e9)[row, to]


def _recentre(facts: Facts, label: IntArray) -> IntArray:
    """Return the cheapest centre of each federation that most members may have."""
    found = []
    for centre in np.unique(label[label >= 0]):
        members = np.flatnonzero(label == centre)
        table = np.ix_(members, members)
        led = facts.assign[table].sum(axis=0)
        if facts.barred.size:
            led = led + 1e12 * facts.barred[table].sum(axis=0)
        found.append(int(members[np.argmin(led)]))
    return np.array(sorted(found), dtype=np.int64)
