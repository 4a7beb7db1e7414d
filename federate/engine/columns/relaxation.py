"""The linear programme over all federations: priced, cut, bounded."""

from dataclasses import replace
from math import inf

import numpy as np
import numpy.typing as npt

from federate.engine.answer import Grouping
from federate.engine.columns.cuts import violated_sets
from federate.engine.columns.facts import Cuts
from federate.engine.columns.finds import Priced
from federate.engine.columns.master import (
    ARTIFICIAL,
    Column,
    Duals,
    Master,
    alone_columns,
    without_blanks,
)
from federate.engine.columns.outlines import PRICING_NODES, short_outlines
from federate.engine.columns.penalties import Penalties
from federate.engine.columns.pool import Pool
from federate.engine.columns.pricing import Pricer
from federate.engine.columns.progress import Progress
from federate.engine.columns.repricing import Repricer
from federate.evidence import Evidence
from federate.problem import Problem
from solvers.contract import Options, Outcome, StopReason

__all__ = ["Relaxation", "columns_of", "grouping_of", "priced_columns"]

FloatArray = npt.NDArray[np.float64]

FIRST_NODES, SMALL_NODES = 300, 3_000
CUTS_PER_PRACTICE = 0.25
WARM_NODES = 50_000
KEPT, KEPT_BY_OUTLINE = 4, 200
"""Federations taken from under each centre; many where a search is long."""
SLOW_NODES = 100_000
"""Where the tree under a centre is larger, a pool is worth much memory."""
MANY_POOLED = 2_000_000
LESS = 0.9
"""A pool that was too large is tried again at this share of its reach."""


class Relaxation:
    """A master, a pricer, and what leaving a practice uncovered costs so far."""

    def __init__(
        self,
        progress: Progress,
        like: Grouping | None = None,
        prices: Evidence | None = None,
        *,
        may_pool: bool = False,
    ) -> None:
        """Set up; learn the scale of costs from a plan, or begin from prices.

        With `may_pool`, a tree that grows slow gives way to a pool.
        """
        self._may_pool = may_pool
        self._too_far = inf
        self.progress = progress
        problem = progress.problem
        self.master = Master(problem, progress.solver)
        self.pricer: Pricer | Pool = Pricer(problem)
        self._again: Repricer | Pool = Repricer(self.pricer)
        # Where each centre has several searches, short ones first.
        is_quick = may_pool and self.pricer.num_classes == 1
        self._nodes = SMALL_NODES if is_quick else FIRST_NODES
        self._keep = KEPT
        self._dearest = problem.cost.dearest_gbp(problem.alone_gbp)
        self.master.add(alone_columns(problem))
        if progress.grouping is not None:
            self.master.add(columns_of(problem, progress.grouping))
        # A pool needs a bound close to the plan, so prices that do not swing.
        self._penalties = Penalties(
            self.master, progress.grouping or like, prices, near=may_pool
        )
        if prices is not None:
            self._begin(prices)
        elif progress.grouping is not None and may_pool:
            few = short_outlines(problem, self.pricer, progress.grouping)
            if few is not None:
                self.master.add(priced_columns(problem, few))
                self._nodes = PRICING_NODES
                self._keep = KEPT_BY_OUTLINE

    def _begin(self, prices: Evidence) -> None:
        """Take up the prices of another scenario: their cuts, bound and columns.

        At nearly right prices the federations that matter are nearly free, so
        the cheapest under each centre are what the programme wants.
        """
        progress, master = self.progress, self.master
        active = prices.cut_gbp > 0
        master.cut(prices.sets[active])
        sigma = np.zeros(len(master.sets))
        place = {members: k for k, members in enumerate(master.sets)}
        for blank, gbp in zip(
            prices.sets[active].tolist(), prices.cut_gbp[active], strict=True
        ):
            sigma[place[without_blanks(blank)]] = gbp
        duals = Duals(
            prices.practice_gbp, prices.count_gbp, Cuts(master.cut_sets, sigma)
        )
        if not master.has_count:
            duals = replace(duals, count=0.0)
        priced = self.pricer.price(
            duals.practice,
            duals.count,
            duals.cuts,
            limit=0.2 * float(np.median(self._penalties.gbp)),
            node_limit=WARM_NODES,
            stop=progress.is_over,
        )
        if priced.complete:
            progress.price_proved(master.bound(duals, priced), duals)
        master.add(priced_columns(progress.problem, priced))
        self._nodes = WARM_NODES

    def converge(self, tolerance: float) -> tuple[Outcome, StopReason | None]:
        """Price until the programme is within `tolerance` of its bound.

        Returns the last outcome, and a reason to stop if one was met.
        """
        progress = self.progress
        while True:
            left = progress.seconds_left
            outcome, duals = self.master.solve(Options(time_limit_s=left))
            if duals is None:
                return outcome, progress.stop() or StopReason.NUMERIC
            priced = self._again.price(
                duals.practice,
                duals.count,
                duals.cuts,
                keep=self._keep,
                node_limit=self._nodes,
                stop=progress.is_over,
            )
            bound = self.master.bound(duals, priced)
            if priced.complete:
                progress.price_proved(bound, duals)
            if (stop := progress.stop() or self._impossible(outcome)) is not None:
                if progress.duals is None and bound > -inf:
                    # Searches cut short prove little, and that is better than nothing.
                    progress.price_proved(bound, duals)
                return outcome, stop
            added = self.master.add(priced_columns(progress.problem, priced))
            value = (outcome.objective or 0.0) + self.master.constant
            is_close = not added or value - bound <= tolerance * abs(value)
            if priced.complete and is_close:
                if not self._penalties.double_late(outcome, duals):
                    self._penalties.leave_room(duals)
                    return outcome, None
                continue
            self._penalties.double_early(outcome, priced)
            if not priced.complete and added < len(self.master.practices) // 20 + 1:
                self._search_deeper()

    def _search_deeper(self) -> None:
        """Let searches be longer; once they are slow, let a pool take their place."""
        self._nodes *= 4
        if self._may_pool and self._nodes > SLOW_NODES:
            self.fill_pool(MANY_POOLED)

    def fill_pool(self, most: int) -> None:
        """Price only the federations of a better plan from now on, if `most` hold them.

        All of those are of a reduced cost below best plan − bound; see `Pool`.
        """
        progress, duals = self.progress, self.progress.duals
        if not isinstance(self.pricer, Pricer) or progress.grouping is None:
            return
        reach = progress.reach
        if duals is None or reach > LESS * self._too_far:
            return
        found = self.pricer.find(
            duals.practice,
            duals.count,
            duals.cuts,
            limit=reach,
            most=most,
            stop=progress.is_over,
        )
        if found.complete:
            pool = Pool.of(found, duals.practice, duals.count, duals.cuts)
            self.pricer = self._again = pool
            progress.pooled(reach)
        elif most == MANY_POOLED:
            self._too_far = reach

    def _impossible(self, outcome: Outcome) -> StopReason | None:
        """Stop where the bound passes what the dearest plan could cost.

        Then there is none, and those still uncovered show where it fails.
        """
        progress = self.progress
        if progress.bound <= self._dearest or outcome.values is None:
            return None
        left_out = self._penalties.uncovered(outcome) - {progress.problem.n}
        progress.uncovered = tuple(sorted(left_out))
        progress.is_impossible = True
        return StopReason.FINISHED

    def cut(self, outcome: Outcome) -> int:
        """Add the most violated cuts; return how many."""
        if outcome.values is None:
            return 0
        columns = self.master.columns[: len(outcome.values)]
        led = [k for k, c in enumerate(columns) if c.centre >= 0]
        sets = violated_sets(
            self.progress.problem.n,
            [columns[k].members for k in led],
            outcome.values[led],
            most=60 + int(CUTS_PER_PRACTICE * len(self.master.practices)),
        )
        return self.master.cut(sets)

    def offer_whole(self, outcome: Outcome) -> None:
        """Offer the plan that the programme's answer is, if it is one."""
        values = outcome.values
        if values is None or (np.abs(values - np.round(values)) > 1e-6).any():
            return
        columns = self.master.columns[: len(values)]
        chosen = [c for c, x in zip(columns, values, strict=True) if x > 0.5]
        if not any(c.centre == ARTIFICIAL for c in chosen):
            self.progress.offer(grouping_of(self.progress.problem, chosen))


def columns_of(problem: Problem, grouping: Grouping) -> list[Column]:
    """Return the columns of a plan, but for those that the master leaves out."""
    own = set(problem.oversize)
    return [
        Column(tuple(sorted(m)), c, problem.cost.cost(m, c))
        for m, c in zip(grouping.members, grouping.centres, strict=True)
        if c not in own
    ]


def priced_columns(problem: Problem, priced: Priced) -> list[Column]:
    """Return the finds of a pricing with their true costs."""
    return [
        Column(m, c, problem.cost.cost(m, c))
        for m, c in zip(priced.members, priced.centres, strict=True)
    ]


def grouping_of(problem: Problem, chosen: list[Column]) -> Grouping:
    """Return the plan of chosen columns, with those that the master leaves out."""
    groups = [(c.members, c.centre) for c in chosen if c.centre >= 0]
    groups += [((i,), i) for i in problem.oversize]
    groups.sort()
    return Grouping(tuple(m for m, _ in groups), tuple(c for _, c in groups))
