"""What prices of the practices prove: the Lagrangian of covering everybody once.

For any prices π every plan costs at least

    own + Σ_i π_i + Σ_i min(0, alone_i − π_i) + Σ of the k least z_c,

z_c the least reduced cost of a federation led by c (`knapsack`), i over the
practices not above the upper bound, and k the number of negative z_c, or the
fewest or most federations where that is out of bounds. It is what

    own + Σ_i π_i + Σ_i min(0, alone_i − π_i) + μ·(fewest, or most where μ < 0)
        + Σ_c min(0, z_c − μ)

says for the best price μ of the count: the k-th least z_c where k is pinned at
a bound, else 0 (`federate.evidence` has the same words). Whoever checks it needs
nothing but π and μ: z_c by greed over all practices, with c in the federation as
a whole, no weights rounded and no price clipped; a practice above the upper bound
neither leads nor joins, and its own cost is in `own`. Any larger z_c that is
proved for the same sets, by whole practices or by connected ones, only helps.
"""

from dataclasses import dataclass
from math import inf

import numpy as np
import numpy.typing as npt

from federate.engine.lagrangian.facts import Facts, facts_of
from federate.engine.lagrangian.knapsack import (
    add_up,
    blank_lists,
    list_anew,
    price,
    screen,
)
from federate.engine.search.natural import local_price_gbp, natural_size
from federate.engine.search.prepare import group_units
from federate.problem import Problem

__all__ = ["Pricer", "Worth"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

TRIES = 3
LEAST_WIDTH, MOST_WIDTH = 64, 2_000
SPARE = 5
"""Times the mean number of members of the largest federation that a list holds."""


@dataclass(frozen=True, eq=False)
class Worth:
    """What some prices are worth.

    Parameters
    ----------
    value_gbp
        The bound they prove, if `proved`; else that of the practices listed.
    count_gbp
        μ, £ a year for each federation.
    opened
        The centres of the k least z.
    missing
        Shape ``(n,)``: 1 − times covered, a subgradient.
    proved
        Whether nobody left out of the lists could make it less.
    """

    value_gbp: float
    count_gbp: float
    opened: IntArray
    missing: FloatArray
    proved: bool


class Pricer:
    """Prices practices, with lists that follow the prices."""

    def __init__(self, problem: Problem, width: int | None = None) -> None:
        """Set up; `width` is the length of the lists where it is not to be guessed."""
        self.facts: Facts = facts_of(problem)
        n, persons = problem.n, self.facts.persons
        self.size = natural_size(problem)
        of = group_units(problem).of
        self.local_gbp = local_price_gbp(problem, of, self.size)
        self.local_gbp += self.facts.fixed / self.size
        if width is None:
            upper = min(float(self.facts.sizes[1]), 6.0 * self.size)
            wanted = int(SPARE * upper / persons.mean())
            width = min(n, max(LEAST_WIDTH, min(MOST_WIDTH, wanted)))
        reach = np.full(n, inf) if width >= n else 2.0 * self.local_gbp
        self.lists = blank_lists(n, width, reach)
        self._all = np.arange(n, dtype=np.int64)
        self._cover = np.zeros(n)

    def start(self) -> FloatArray:
        """Return prices near what each practice's persons cost where it lives."""
        facts = self.facts
        shape = facts.persons * self.local_gbp
        trials = [np.where(facts.own, 0.0, facts.fee + a * shape) for a in _SCALES]
        worths = [self.prove(trial).value_gbp for trial in trials]
        return trials[int(np.argmax(worths))]

    def look(self, prices: FloatArray) -> Worth:
        """Return what prices are worth by the lists as they are: no proof."""
        price(self.facts, prices, self.lists, self._all)
        return self._worth(prices, proved=False)

    def prove(self, prices: FloatArray) -> Worth:
        """Return what prices are worth, everybody considered under every centre."""
        facts, lists = self.facts, self.lists
        screen(facts, prices, lists)
        price(facts, prices, lists, self._all)
        for _ in range(TRIES):
            open_to_doubt = np.flatnonzero(~lists.proved)
            if not len(open_to_doubt):
                break
            for c in open_to_doubt:
                list_anew(facts, prices, lists, c)
            price(facts, prices, lists, open_to_doubt)
        worth = self._worth(prices, proved=bool(lists.proved.all()))
        self._follow()
        return worth

    def _follow(self) -> None:
        """Let each list reach somewhat further than what was taken from it.

        Far enough that prices may move for some steps, locally: half of what a
        person costs there. A list that may hold everybody always does.
        """
        lists = self.lists
        if lists.items.shape[1] >= len(self._all):
            return
        aim = np.maximum(lists.last, 0.0) + 0.5 * self.local_gbp
        known = np.isfinite(lists.reach)
        moved = 0.5 * (np.where(known, lists.reach, aim) + aim)
        lists.reach[:] = np.where(lists.held < lists.items.shape[1], moved, aim)

    def _worth(self, prices: FloatArray, *, proved: bool) -> Worth:
        facts, least = self.facts, self.lists.least
        fewest, most = facts.federations
        wanted = int(np.count_nonzero(least < 0.0))
        k = min(max(wanted, fewest), most)
        order = np.argsort(least, kind="stable")
        opened = order[:k]
        count = 0.0 if k == wanted or k == 0 else float(least[opened[-1]])
        if k < wanted:
            count = float(least[opened[-1]]) if k else float(least[order[0]])
        stays = facts.alone < prices
        value = facts.own_gbp + float(np.minimum(prices, facts.alone).sum())
        value += float(least[opened].sum()) if k else 0.0
        add_up(self.lists, opened, self._cover)
        missing = np.where(facts.own, 0.0, 1.0 - self._cover - stays)
        if not np.isfinite(value):
            value = inf if proved else -inf
        return Worth(value, count, opened, missing, proved)


_SCALES = (0.4, 0.6, 0.8, 1.0, 1.4, 2.0)
