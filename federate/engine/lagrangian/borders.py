"""Borders redrawn: who joins which centre, and which centres, in one window.

Annealing leaves federations a few patients short of a better swap; where bounds
bind almost everywhere that is half a percent of the cost. A window is a dozen
federations side by side. Its practices join, exactly and whole, the open ones of
some centres:

    min  Σ (assign_ij + fee_i) x_ij
    s.t. Σ_j x_ij = 1,   x_ij ≤ x_jj,   Σ_j x_jj = number of federations,
         L·x_jj ≤ Σ_i persons_i x_ij ≤ U·x_jj,
         x_ij ≤ Σ_{k beside i, nearer to j} x_kj     (contiguous),  x binary.

*Nearer* is by steps[j]: a walk inside the present federation where i is led by j
now, so that the present plan is one of those allowed. Every member then has a
member beside it that is nearer, and so on to the centre.
"""

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import inf
from typing import Any

import numpy as np
import numpy.typing as npt

from federate.engine.lagrangian.facts import SLACK, Facts
from federate.problem import Problem
from solvers.contract import MixedIntegerModel, Options
from solvers.registry import backend

__all__ = ["Window", "can_redraw", "redraw"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

REACH = 3
"""A practice may join any centre no dearer than its third cheapest present one."""


@dataclass(frozen=True, eq=False)
class Window:
    """Some federations side by side, and the centres they may have.

    Parameters
    ----------
    practices
        Their members, in order.
    leader
        Shape like `practices`: the present centre of each.
    centres
        The present centres and others among the practices, in order.
    """

    practices: IntArray
    leader: IntArray
    centres: IntArray


def can_redraw(problem: Problem) -> bool:
    """Whether the model above holds all the rules and terms of a problem."""
    cost = problem.cost
    lower = problem.size_bounds[0] if problem.size_bounds else 0.0
    kept = np.delete(problem.list_size, list(problem.oversize))
    may_be_single = bool((kept >= lower).any())
    return not (
        problem.together
        or (may_be_single and not problem.allow_singletons)
        or problem.apart
        or problem.waived
        or problem.no_donut
        or problem.kappa is not None
        or cost.pooled is not None
        or cost.cut_edges is not None
        or problem.alone_gbp is not None
        or problem.practices_bounds is not None
        or problem.max_pieces not in (None, 1)
        or (cost.target_size is not None and cost.deviation_gbp_per_person > 0)
    )


def redraw(
    problem: Problem, facts: Facts, window: Window, options: Options
) -> IntArray | None:
    """Return a cheaper leader for each practice of a window, if one is found."""
    model, row, to, present = _model(problem, facts, window)
    outcome = backend("highs").solve(model, options, present)
    if outcome.values is None or outcome.objective is None:
        return None
    if outcome.objective >= float(model.cost @ present) * (1 - 1e-9) - 1e-6:
        return None
    leader = np.full(len(window.practices), -1, dtype=np.int64)
    chosen = outcome.values > 0.5
    leader[row[chosen]] = window.centres[to[chosen]]
    return leader


def _model(
    problem: Problem, facts: Facts, window: Window
) -> tuple[MixedIntegerModel, IntArray, IntArray, FloatArray]:
    """Return the model, who each column is, whom it joins, and the present point."""
    practices, centres = window.practices, window.centres
    num, k = len(practices), len(centres)
    table = np.ix_(practices, centres)
    mine = np.searchsorted(centres, window.leader)
    may = _may_join(facts, table, mine)
    place = {int(i): at for at, i in enumerate(practices)}
    own = np.array([place[int(c)] for c in centres])
    may[own, np.arange(k)] = True
    row, to = (part.astype(np.int64) for part in np.nonzero(may))
    column = np.full((num, k), -1, dtype=np.int64)
    column[row, to] = np.arange(len(row))
    heads = column[own, np.arange(k)]
    persons = facts.persons[practices][row]
    build = _Rows(len(row))
    build.add(row, np.arange(len(row)), np.ones(len(row)), num, 1.0, 1.0)
    joined = np.flatnonzero(np.arange(len(row)) != heads[to])
    pairs = np.arange(len(joined))
    build.add(
        np.concatenate([pairs, pairs]),
        np.concatenate([joined, heads[to[joined]]]),
        np.repeat([1.0, -1.0], len(joined)),
        len(joined),
        -inf,
        0.0,
    )
    count = float(len(np.unique(window.leader)))
    build.add(np.zeros(k, np.int64), heads, np.ones(k), 1, count, count)
    for bound, low, high in zip(
        (facts.sizes[0] + SLACK, facts.sizes[1] - SLACK),
        (0.0, -inf),
        (inf, 0.0),
        strict=True,
    ):
        if np.isfinite(bound):
            at = np.concatenate([to, np.arange(k)])
            where = np.concatenate([np.arange(len(row)), heads])
            build.add(
                at, where, np.concatenate([persons, np.full(k, -bound)]), k, low, high
            )
    if problem.max_pieces == 1:
        _add_contiguity(problem, window, place, column, build)
    present = np.zeros(len(row))
    present[column[np.arange(num), mine]] = 1.0
    model = MixedIntegerModel(
        cost=(facts.assign[table] + facts.fee[practices][:, None])[row, to],
        matrix=build.matrix(),
        row_lower=np.concatenate(build.lower),
        row_upper=np.concatenate(build.upper),
        lower=np.zeros(len(row)),
        upper=np.ones(len(row)),
        integral=np.ones(len(row), dtype=np.bool_),
    )
    return model, row, to, present


def _may_join(facts: Facts, table: Any, mine: IntArray) -> npt.NDArray[np.bool_]:
    """Return who may join which centre: its own, and those cheap enough."""
    cost = facts.assign[table]
    if facts.barred.size:
        cost = np.where(facts.barred[table], inf, cost)
    now = cost[:, np.unique(mine)]
    near = min(REACH, now.shape[1]) - 1
    limit = np.partition(now, near, axis=1)[:, near]
    may: npt.NDArray[np.bool_] = (cost <= limit[:, None]) & np.isfinite(cost)
    may[np.arange(len(mine)), mine] = True
    return may


class _Rows:
    """The rows of a model, a family at a time."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.lower: list[FloatArray] = []
        self.upper: list[FloatArray] = []
        self._parts: list[Any] = []

    def add(
        self,
        row: IntArray,
        column: IntArray,
        value: FloatArray,
        rows: int,
        low: float,
        high: float,
    ) -> None:
        """Append some rows that have the same two sides."""
        from scipy import sparse

        shape = (rows, self.columns)
        self._parts.append(sparse.csr_array((value, (row, column)), shape=shape))
        self.lower.append(np.full(rows, low))
        self.upper.append(np.full(rows, high))

    def matrix(self) -> Any:
        """Return all rows as one matrix, by columns."""
        from scipy import sparse

        return sparse.vstack(self._parts, format="csc")


def _add_contiguity(
    problem: Problem,
    window: Window,
    place: dict[int, int],
    column: IntArray,
    build: _Rows,
) -> None:
    """Let nobody join a centre without a neighbour that is nearer to it."""
    rows, columns, values, number = [], [], [], 0
    for at, centre in enumerate(window.centres):
        steps = _steps(problem, window, place, int(centre))
        for who in np.flatnonzero(column[:, at] >= 0):
            if window.practices[who] == centre:
                continue
            beside = [place[k] for k in _beside(problem, window, place, int(who))]
            nearer = [b for b in beside if steps[b] < steps[who] and column[b, at] >= 0]
            rows += [number] * (1 + len(nearer))
            columns += [int(column[who, at]), *(int(column[b, at]) for b in nearer)]
            values += [1.0, *([-1.0] * len(nearer))]
            number += 1
    build.add(
        np.array(rows, dtype=np.int64),
        np.array(columns, dtype=np.int64),
        np.array(values),
        number,
        -inf,
        0.0,
    )


def _beside(
    problem: Problem, window: Window, place: dict[int, int], who: int
) -> list[int]:
    """Return the neighbours of a practice that are in the window."""
    near = problem.graph.of(int(window.practices[who])).tolist()
    return [k for k in near if k in place]


def _steps(
    problem: Problem, window: Window, place: dict[int, int], centre: int
) -> list[float]:
    """Return how far each practice is from a centre, along neighbours.

    First within the centre's present federation, then from there on; minutes,
    and one for every step, so that places at one site are a step apart.
    """
    steps = [inf] * len(place)
    steps[place[centre]] = 0.0
    inside = window.leader == centre
    for members_only in (True, False):
        queue = [(far, at) for at, far in enumerate(steps) if far < inf]
        heapify(queue)
        while queue:
            far, at = heappop(queue)
            if far > steps[at]:
                continue
            for k in _beside(problem, window, place, at):
                other = place[k]
                fixed = inside[other] if not members_only else not inside[other]
                step = problem.travel.minutes[k, window.practices[at]]
                if not fixed and far + 1.0 + step < steps[other]:
                    steps[other] = far + 1.0 + float(step)
                    heappush(queue, (steps[other], other))
    return steps
