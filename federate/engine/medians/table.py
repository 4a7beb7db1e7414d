"""A problem without contiguity as one table: who joins whom at what cost."""

from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil, inf

import numpy as np
import numpy.typing as npt

from federate.engine.answer import Grouping
from federate.problem import Problem

__all__ = ["Table", "fits", "table_of"]

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

WHOLE = 1e-7
"""How far from a whole number of pounds a cost may lie, £ a year."""


@dataclass(frozen=True, eq=False)
class Table:
    """The practices not above the upper bound, and every rule on them.

    A set S led by c, c in S, costs Σ_{i∈S} led_ci, and keeps L ≤ Σ persons_i ≤ U.

    Parameters
    ----------
    who
        Shape ``(m,)``: their indices in the problem.
    led
        Shape ``(m, m)``, £ a year, row = centre, column = member: assign + fee, and
        the fixed cost on the diagonal. Infinite: may not.
    persons
        Shape ``(m,)``.
    size, members, count
        L and U; fewest and most members; fewest and most federations.
    waived
        Shape ``(m,)``: with it a federation may lie below L.
    alone
        Shape ``(m,)``, £ a year; infinite where joining is mandatory.
    together, apart
        Sets that share a federation, pairs that do not.
    own, own_gbp
        Those above the upper bound (indices in the problem), each its own
        federation, and what they cost.
    fixed_gbp
        The fixed cost on the diagonal.
    """

    who: IntArray
    led: FloatArray
    persons: FloatArray
    size: tuple[float, float]
    members: tuple[int, int]
    count: tuple[int, int]
    waived: BoolArray
    alone: FloatArray
    together: tuple[tuple[int, ...], ...]
    apart: tuple[tuple[int, int], ...]
    own_gbp: float
    own: tuple[int, ...]
    fixed_gbp: float = 0.0

    @property
    def lower(self) -> float:
        """L, or 0 where somebody is waived: the bound leaves that rule out."""
        return 0.0 if self.waived.any() else self.size[0]

    @property
    def is_plain(self) -> bool:
        """Whether centres decide everything: each joins the cheapest."""
        n = len(self.who)
        bounded = self.size[0] > 0 or self.size[1] < self.persons.sum()
        bounded = bounded or self.members[0] > 1 or self.members[1] < n
        return not (bounded or self.together or self.apart)

    @property
    def is_sized(self) -> bool:
        """Whether sizes are bounded, and nothing else is asked of a federation."""
        n = len(self.who)
        tied = self.together or self.apart or self.waived.any()
        simple = self.members[0] <= 1 and self.members[1] >= n and not tied
        return simple and not self.is_plain and bool(np.isinf(self.alone).all())

    @cached_property
    def joining(self) -> FloatArray:
        """What joining costs, no fixed cost on the diagonal."""
        out = self.led.copy()
        out[np.diag_indices(len(out))] -= self.fixed_gbp
        return out

    def nearest(self, centres: IntArray) -> IntArray:
        """Return the plan in which each joins the cheapest of some centres."""
        led = self.joining[centres]
        label = centres[np.argmin(led, axis=0)]
        label = np.where(self.alone < led.min(axis=0), -1, label)
        label[centres] = centres
        out: IntArray = label
        return out

    def part(self, keep: IntArray, count: tuple[int, int]) -> "Table":
        """Return the table of some practices; sets lie inside or outside whole."""
        place = np.full(len(self.who), -1, dtype=np.int64)
        place[keep] = np.arange(len(keep))
        sets = (tuple(int(place[i]) for i in group) for group in self.together)
        pairs = ((int(place[i]), int(place[k])) for i, k in self.apart)
        return replace(
            self,
            who=self.who[keep],
            led=np.ascontiguousarray(self.led[np.ix_(keep, keep)]),
            persons=self.persons[keep],
            count=count,
            waived=self.waived[keep],
            alone=self.alone[keep],
            together=tuple(group for group in sets if min(group) >= 0),
            apart=tuple(pair for pair in pairs if min(pair) >= 0),
            own_gbp=0.0,
            own=(),
        )

    def cost(self, label: IntArray) -> float:
        """Return the cost of a plan: the centre of each practice, −1 alone."""
        inside = np.flatnonzero(label >= 0)
        led = float(self.led[label[inside], inside].sum())
        return self.own_gbp + led + float(self.alone[label < 0].sum())

    def lift(self, bound_gbp: float) -> float:
        """Return what every plan costs at least, if it is at least `bound_gbp`.

        Where each cost lies within ε of a whole number, a plan of n costs lies
        within nε of one: Σ ≥ b implies Σ ≥ ⌈b − nε⌉ − nε.
        """
        slack = WHOLE * (len(self.who) + 1)
        if not self.is_whole or not np.isfinite(bound_gbp):
            return bound_gbp
        return max(bound_gbp, ceil(bound_gbp - slack) - slack)

    @cached_property
    def is_whole(self) -> bool:
        """Whether every cost is a whole number of pounds, but for rounding."""
        return self.own_gbp == round(self.own_gbp) and bool(
            _is_whole(self.led) and _is_whole(self.alone)
        )

    def grouping(self, label: IntArray) -> Grouping:
        """Return a plan of the table as one of the problem."""
        heads = np.unique(label[label >= 0])
        groups = [tuple(self.who[label == c].tolist()) for c in heads]
        groups += [(i,) for i in self.own]
        return Grouping(tuple(groups), (*self.who[heads].tolist(), *self.own))

    def label(self, grouping: Grouping) -> IntArray:
        """Return a plan of the problem as one of the table."""
        place = {int(i): k for k, i in enumerate(self.who)}
        out = np.full(len(self.who), -1, dtype=np.int64)
        for members, centre in zip(grouping.members, grouping.centres, strict=True):
            if centre in place:
                inside = [place[i] for i in members if i in place]
                out[inside] = place[centre]
        return out


def _is_whole(gbp: FloatArray) -> bool:
    known = gbp[np.isfinite(gbp)]
    return bool((np.abs(known - np.rint(known)) <= WHOLE).all())


def fits(problem: Problem) -> bool:
    """Whether a federation costs what its members cost, and keeps no map's rules."""
    by_map = problem.max_pieces is not None or problem.no_donut
    cost = problem.cost
    is_linear = cost.target_size is None or cost.deviation_gbp_per_person == 0.0
    is_linear = is_linear and cost.cut_edges is None and cost.pooled is None
    return not by_map and is_linear and problem.kappa is None


def table_of(problem: Problem) -> Table:
    """Return the table of a problem that fits."""
    n, cost = problem.n, problem.cost
    free = np.ones(n, dtype=np.bool_)
    free[list(problem.oversize)] = False
    who = np.flatnonzero(free)
    place = np.full(n, -1, dtype=np.int64)
    place[who] = np.arange(len(who))
    fee = cost.gbp_per_member + cost.gbp_per_head * problem.list_size[who]
    led = cost.assign_gbp[np.ix_(who, who)].T + fee[None, :]
    led[np.diag_indices(len(who))] += cost.fixed_gbp
    led[_barred(problem, who).T] = inf
    lower, upper = problem.size_bounds or (0.0, inf)
    few, many = problem.practices_bounds or (1, n)
    fewest, most = problem.num_federations
    own = tuple(int(i) for i in problem.oversize)
    alone = np.full(n, inf) if problem.alone_gbp is None else problem.alone_gbp
    waived = np.zeros(n, dtype=np.bool_)
    waived[list(problem.waived)] = True
    return Table(
        who=who,
        led=np.ascontiguousarray(led, dtype=np.float64),
        persons=problem.list_size[who].astype(np.float64),
        size=(lower, upper),
        members=(max(few, 1 if problem.allow_singletons else 2), many),
        count=(max(0, fewest - len(own)), _most(most, len(own), len(who))),
        waived=waived[who],
        alone=alone[who],
        together=tuple(
            tuple(int(place[i]) for i in group)
            for group in problem.together
            if (place[list(group)] >= 0).all()
        ),
        apart=tuple(
            (int(place[i]), int(place[k]))
            for i, k in problem.apart
            if place[i] >= 0 and place[k] >= 0
        ),
        own_gbp=float(sum(cost.cost([i], i) for i in problem.oversize)),
        own=own,
        fixed_gbp=cost.fixed_gbp,
    )


def _most(most: int | None, num_own: int, num_free: int) -> int:
    return num_free if most is None else max(0, min(num_free, most - num_own))


def _barred(problem: Problem, who: IntArray) -> BoolArray:
    """Return who may not be led by whom, row = member: out of reach, zone, apart."""
    barred = np.zeros((problem.n, problem.n), dtype=np.bool_)
    if problem.reachable is not None:
        barred |= ~problem.reachable
    if problem.zone is not None:
        barred |= problem.zone[:, None] != problem.zone[None, :]
    for i, k in problem.apart:
        barred[i, k] = barred[k, i] = True
    out: BoolArray = barred[np.ix_(who, who)]
    return out
