"""Medians, from the first plan to the proof."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from math import inf

import numpy as np
import numpy.typing as npt

from federate.engine.answer import Answer, Grouping
from federate.engine.events import Listener
from federate.engine.lagrangian.progress import Progress
from federate.engine.medians.anneal import Costs
from federate.engine.medians.cooling import cool, costs_of
from federate.engine.medians.interchange import better_medians, greedy_medians
from federate.engine.medians.knapsack import PARTS
from federate.engine.medians.members import settled
from federate.engine.medians.prices import Pricer, Worth, rise
from federate.engine.medians.rest import Goal, settle
from federate.engine.medians.table import Table, table_of
from federate.engine.medians.tree import branch
from federate.engine.medians.windows import improve
from federate.engine.search.natural import natural_size
from federate.problem import Problem
from solvers.contract import Options, Status, StopReason

__all__ = ["solve_medians"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

NO_PLAN = "no federations of the sizes and the number asked for keep all the rules"
STEPS = 3_000
LOOK_EVERY, RARELY = 10, 100
"""Steps from plan to plan; a plan takes as long as some thirty where it is large."""
LARGE = 700
"""Practices above which windows come before the rest is settled."""
NEAR = 1.05
"""Times the best cost within which centres are worth exchanging."""
PRICES_SHARE, FIRST_SHARE = 0.3, 0.1
"""Of the time left, for prices; and for those by parts, before a plan is cooled."""
COOLING_SHARE = 0.85
COOLING_S_A_PRACTICE = 0.004
"""Time to cool a small plan: the rest is settled anyhow."""
WINDOWS_SHARE = 0.9
LONG_S = 300.0
"""Time to cool a large plan where there is no limit."""


def solve_medians(
    problem: Problem,
    *,
    options: Options,
    solver: str = "highs",
    warm_start: Grouping | None = None,
    listen: Listener | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Answer:
    """Return the best plan and the bound proven within the limits.

    Parameters
    ----------
    problem
        One that `fits`.
    warm_start
        A plan to better; it may break rules.
    """
    progress = Progress(problem, options, listen, cancel)
    if warm_start is not None:
        progress.offer(warm_start)
    table = table_of(problem)
    if not len(table.who):
        progress.offer(table.grouping(np.zeros(0, dtype=np.int64)))
        progress.claim(table.own_gbp)
        return progress.answer(StopReason.FINISHED)
    return _Run(progress, table, solver).solve()


class _Run:
    """One solve: what is known, and whom to tell."""

    def __init__(self, progress: Progress, table: Table, solver: str) -> None:
        self.progress, self.table, self.solver = progress, table, solver
        self.options = progress.options
        self.goal = Goal(
            below=self._below,
            offer=self._offer,
            prove=self._prove,
            seconds_left=lambda: progress.seconds_left,
            stopped=lambda: progress.stop() is not None,
        )
        self._is_large = len(table.who) > LARGE
        self._steps = 0
        self._tried: set[bytes] = set()

    def solve(self) -> Answer:
        """Plan, price, and settle what that leaves open."""
        progress, table = self.progress, self.table
        size = natural_size(progress.problem)
        wanted = round(float(table.persons.sum()) / max(size, 1e-6))
        count = min(max(wanted, table.count[0], 1), table.count[1], len(table.who))
        if not (self._is_large and table.is_sized):
            self._try(better_medians(table, greedy_medians(table, count)))
        done = self._settle(self._price(count))
        if done and progress.grouping is None:
            return Answer(Status.INFEASIBLE, StopReason.FINISHED, reasons=(NO_PLAN,))
        if not done and progress.stop() is None:
            self._improve(1.0)
        return _sealed(progress.answer(progress.stop() or StopReason.FINISHED))

    def _settle(self, worth: Worth) -> bool:
        """Settle what prices leave open; whether all of it is."""
        if self.progress.stop() is not None:
            return False
        if worth.value_gbp == inf:
            return True
        if self.table.is_plain:
            return branch(
                self.pricer, worth, self.goal, self.table.lift, show=self._try
            )
        if self._is_large:
            self._improve(WINDOWS_SHARE)
        return settle(
            self.pricer, worth, self.goal, options=self.options, solver=self.solver
        )

    def _price(self, count: int) -> Worth:
        """Raise the prices by parts, then of wholes, while a plan is cooled."""
        table = self.table
        near = np.sort(table.led, axis=0)
        among = min(len(near) - 1, max(1, len(near) // count // 2))
        start = near[among]
        start = np.where(np.isfinite(start), start, near[0])
        start = np.where(np.isfinite(start), start, 0.0)
        sized = table.is_sized
        share = FIRST_SHARE if sized and self._is_large else PRICES_SHARE
        self.pricer = Pricer(table, PARTS)
        worth = self._walk(start, self.progress.seconds_left * share)
        if sized and worth.value_gbp < inf and len(worth.opened):
            return self._cool_beside(worth)
        return self._price_wholes(worth)

    def _price_wholes(self, worth: Worth) -> Worth:
        if self.table.size[1] < inf and worth.value_gbp < inf:
            self.pricer = Pricer(self.table)
            limit = PRICES_SHARE * self.progress.seconds_left
            worth = self._walk(worth.prices, limit)
        return worth

    def _walk(self, prices: FloatArray, seconds: float) -> Worth:
        """Raise prices for some seconds, and keep what proves them."""
        limit = self.progress.seconds + seconds

        def heed(worth: Worth) -> bool:
            self._steps += 1
            if self._steps % (RARELY if self._is_large else LOOK_EVERY) == 0:
                if not (self._is_large and self.table.is_sized):
                    self._try(worth.opened)
                self._certify(worth)
            goes_on = self.progress.seconds < limit and not self.goal.stopped()
            return goes_on and self.table.lift(worth.value_gbp) < self._below()

        worth = rise(
            self.pricer,
            prices,
            np.zeros(len(prices), dtype=np.int64),
            target=lambda: self.progress.best,
            steps=STEPS,
            heed=heed,
        )
        self._certify(worth)
        self._prove(worth.value_gbp)
        return worth

    def _cool_beside(self, worth: Worth) -> Worth:
        """Cool a plan with the centres that prices chose, beside further prices."""
        table, left = self.table, self.progress.seconds_left
        label = settled(table, worth.opened)
        self._offer(label)
        ends = self.progress.seconds + COOLING_SHARE * self.progress.seconds_left
        if not self._is_large:
            seconds = min(COOLING_S_A_PRACTICE * len(table.who), 0.1 * left)
            self._cool(label, seconds, 0)
            return self._price_wholes(worth)
        if not np.isfinite(ends):
            ends = self.progress.seconds + LONG_S
        with ThreadPoolExecutor(max_workers=1) as pool:
            first = None
            if self.options.threads > 1:
                seconds = ends - self.progress.seconds
                first = pool.submit(self._cool, label, seconds, 0)
            worth = self._price_wholes(worth)
            self._cool(label, ends - self.progress.seconds, 1)
            if first is not None:
                first.result()
        return worth

    def _cool(self, label: IntArray, seconds: float, number: int) -> None:
        cool(
            self.table,
            self._costs,
            label,
            seconds=seconds,
            seed=self.options.seed * 2 + number,
            show=self._offer,
            keep_on=lambda: not self.goal.stopped(),
        )

    @cached_property
    def _costs(self) -> Costs:
        return costs_of(self.table)

    def _certify(self, worth: Worth) -> None:
        """Keep prices as evidence: what they prove can be derived again."""
        prices = np.zeros(self.progress.problem.n)
        prices[self.table.who] = worth.prices
        low, high = worth.count_gbp
        count = low if np.isfinite(low) else high if np.isfinite(high) else 0.0
        if np.isfinite(worth.value_gbp):
            self.progress.prove(worth.value_gbp, prices, count, "whole")

    def _below(self) -> float:
        """Return the cost below which a plan would still be news."""
        best = self.progress.best
        if best == inf:
            return inf
        if self.table.is_whole:
            return best - 0.5
        return best - 0.5 * self.options.rel_gap * abs(best)

    def _offer(self, label: IntArray) -> None:
        self.progress.offer(self.table.grouping(label))

    def _prove(self, bound_gbp: float) -> None:
        if bound_gbp < inf:
            self.progress.claim(self.table.lift(bound_gbp))

    def _try(self, centres: IntArray) -> None:
        """Look for a plan with these centres, or better ones, once."""
        key = np.sort(centres).tobytes()
        if key in self._tried or not len(centres):
            return
        self._tried.add(key)
        label = self._around(centres)
        if self.table.cost(label) < self.progress.best:
            self._offer(label)

    def _around(self, centres: IntArray) -> IntArray:
        """Return a plan with these centres, or with better ones."""
        table = self.table
        if not table.is_plain:
            return settled(table, centres)
        label = table.nearest(centres)
        if table.cost(label) > NEAR * self.progress.best:
            return label
        other = table.nearest(better_medians(table, centres))
        return min(label, other, key=table.cost)

    def _improve(self, share: float) -> None:
        """Better the plan window by window, for a share of the time left."""
        until = self.progress.seconds + share * self.progress.seconds_left
        grouping = self.progress.grouping
        if grouping is not None:
            improve(
                self.table,
                self.table.label(grouping),
                self.goal,
                keep_on=lambda: (
                    not self.goal.stopped() and self.progress.seconds < until
                ),
                options=self.options,
                solver=self.solver,
            )


def _sealed(answer: Answer) -> Answer:
    """Return an answer whose evidence claims all that the answer does."""
    evidence, bound = answer.evidence, answer.bound_gbp
    if evidence is None or bound is None:
        return answer
    return replace(answer, evidence=replace(evidence, bound_gbp=bound))
