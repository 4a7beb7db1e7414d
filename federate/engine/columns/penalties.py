"""What leaving a practice uncovered costs, so that the master has an answer early on.

Penalties cap the prices, and high prices make every federation look cheap and pricing
slow. Caps near the truth keep prices from swinging where few federations share an
area; but each that is met costs pricings to raise it. Low ones, doubled as long as
nothing cheap has a practice, find the scale of every part of a large map at once.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from federate.engine.answer import Grouping
from federate.engine.columns.finds import Priced
from federate.engine.columns.master import ARTIFICIAL, Column, Duals, Master
from federate.evidence import Evidence
from federate.problem import Problem
from solvers.contract import Outcome

__all__ = ["Penalties"]

FloatArray = npt.NDArray[np.float64]

LOW = 1 / 32
DOUBLINGS = 24
ROOM = 3.0
"""Once the price of a practice is known, its penalty is at least so many times it."""
CLEARLY = 1e-4
"""A federation is clearly cheap by this share of the median penalty."""


class Penalties:
    """The artificial columns of a master, each at the penalty of what it leaves out.

    Parameters
    ----------
    master
        Where practices may stay uncovered; the number ``n`` stands for the count.
    like
        A plan to learn the scale of costs from.
    prices
        Prices to begin from: penalties are above them.
    near
        Start near each practice's share and raise a penalty only where one is met
        at the end of pricing; otherwise low, and early.
    """

    def __init__(
        self,
        master: Master,
        like: Grouping | None,
        prices: Evidence | None,
        *,
        near: bool,
    ) -> None:
        problem = master.problem
        self._master, self._n, self._near = master, problem.n, near
        self.gbp = (_shares if near else _low)(problem, like)
        self._highest = self.gbp.max() * 2.0**DOUBLINGS
        if prices is not None:
            self.gbp[:-1] = np.maximum(self.gbp[:-1], 1.1 * prices.practice_gbp)
        self._column: dict[int, int] = {}
        self._renew([*master.practices, self._n])

    def uncovered(self, outcome: Outcome) -> set[int]:
        """Return the practices that the programme leaves out, ``n`` for the count."""
        values = outcome.values
        if values is None:
            return set()
        return {i for i, k in self._column.items() if values[k] > 1e-6}

    def double(self, uncovered: Iterable[int], least_gbp: float = 0.0) -> bool:
        """Double what the uncovered cost, to `least_gbp` or more; whether any were."""
        short = sorted(i for i in uncovered if self.gbp[i] < self._highest)
        if short:
            self.gbp[short] = np.maximum(2.0 * self.gbp[short], least_gbp)
            self._renew(short)
        return bool(short)

    def double_late(self, outcome: Outcome, duals: Duals) -> bool:
        """Double what the uncovered cost at the end of pricing; whether any were.

        Low ones rise to a mean price at once: among some few of whom one is always
        left out, each would be doubled in turn until all are there.
        """
        mean = 0.0 if self._near else float(duals.practice.mean())
        return self.double(self.uncovered(outcome), mean)

    def double_early(self, outcome: Outcome, priced: Priced) -> None:
        """Double what the uncovered cost that no clearly cheap federation has."""
        if self._near:
            return
        cheap = np.flatnonzero(priced.reduced < -CLEARLY * np.median(self.gbp))
        offered = {i for k in cheap for i in priced.members[k]}
        if offered:
            offered.add(self._n)
        self.double(self.uncovered(outcome) - offered)

    def leave_room(self, duals: Duals) -> None:
        """Raise the penalties that prices will soon meet, before cuts raise prices."""
        if self._near:
            return
        least = ROOM * np.maximum(duals.practice, duals.practice.mean())
        low = [i for i in self._master.practices if self.gbp[i] < least[i]]
        self.gbp[low] = least[low]
        self._renew(low)

    def _renew(self, practices: list[int]) -> None:
        """Let practices be left out at their present penalty."""
        if not self._master.has_count:
            practices = [i for i in practices if i != self._n]
        self._master.retire([self._column[i] for i in practices if i in self._column])
        first = len(self._master.columns)
        fresh = [
            Column((i,) if i < self._n else (), ARTIFICIAL, float(self.gbp[i]))
            for i in practices
        ]
        self._master.add(fresh, anew=True)
        self._column.update((i, first + k) for k, i in enumerate(practices))


def _shares(problem: Problem, like: Grouping | None) -> FloatArray:
    """Return 1.5 × each practice's share of its federation's cost, £ a year.

    Without a plan to learn from, a share is a fifth of what a practice costs as
    a federation of its own. The last entry is for the count of federations.
    """
    share = np.zeros(problem.n + 1)
    if like is None:
        share[:] = _alone(problem) / 5
    else:
        for members, centre in zip(like.members, like.centres, strict=True):
            cost = problem.cost.cost(members, centre)
            share[list(members)] = cost / len(members)
            share[-1] += cost / len(like.members)
    positive = share[share > 0]
    floor = float(np.median(positive)) if len(positive) else 1.0
    penalty: FloatArray = np.maximum(1.5 * share, floor) + 1.0
    return penalty


def _low(problem: Problem, like: Grouping | None) -> FloatArray:
    """Return a small part of what a practice costs in the mean, £ a year.

    The last entry, for the count of federations, is half as much again as one costs.
    """
    each = federation = _alone(problem)
    if like is not None:
        groups = zip(like.members, like.centres, strict=True)
        total = sum(problem.cost.cost(*group) for group in groups)
        each, federation = total / problem.n, total / len(like.members)
    penalty: FloatArray = np.full(problem.n + 1, max(0.0, LOW * each) + 1.0)
    penalty[-1] += max(0.0, 1.5 * federation)
    return penalty


def _alone(problem: Problem) -> float:
    """Return what the median practice costs as a federation of its own."""
    return float(np.median([problem.cost.cost([i], i) for i in range(problem.n)]))
