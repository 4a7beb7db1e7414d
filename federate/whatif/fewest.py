"""The search for a plan that keeps every rule and moves as few patients as may be.

First the fewest that move by group, which bounds every plan; where that plan splits
groups, the fewest by anchor: from the old leads, from the leads just found, and with
one anchor exchanged after another; last, among plans that move as few, a cheaper one.
`moving` tells who moves.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import ceil
from time import perf_counter

import numpy as np
import numpy.typing as npt

from federate.criteria.federation import FederationCost
from federate.engine.answer import objective_gbp, to_grouping
from federate.engine.events import Listener
from federate.engine.solve import solve as engine_solve
from federate.plan import Plan
from federate.problem import Problem
from federate.result import Result
from federate.whatif import moving

__all__ = ["Look"]

FloatArray = npt.NDArray[np.float64]

# Shares of the time limit: the bound, each look by anchor, the cheaper plan.
BOUND_SHARE, ANCHOR_SHARE, CHEAPER_SHARE = 0.4, 0.2, 0.2
MOST_EXCHANGES = 40
MOVED_GBP = 1_000.0
"""Price of a patient who moves, while looking for the cheapest of those plans."""


@dataclass
class Look:
    """A search for the repair that moves fewest: the best so far, and its patients."""

    problem: Problem
    before: Plan
    left: FloatArray
    limit_s: float
    listen: Listener | None
    cancel: Callable[[], bool] | None
    best: Plan | None = None
    patients: int = 0
    began: float = field(default_factory=perf_counter)
    _first: Plan | None = field(default=None, repr=False)

    def bound(self) -> int:
        """Look for the fewest by group; return the fewest that any plan moves.

        Raises
        ------
        InfeasibleError
            If no plan keeps the rules, or none was found.
        """
        moved = moving.moved_by_group(self.problem, self.before)
        found = self._solve(self._counting(moved, BOUND_SHARE))
        self._first = found.require_plan()
        self._take(found)
        if self.best is None:
            # A plan that breaks rules was the best in time: the others may do.
            self._first = self.before
        by_size = moving.least_by_size(self.problem, self.before)
        return max(by_size, _whole(found.bound_gbp) or 0)

    def anchors(self) -> Iterator[dict[str, str]]:
        """Yield who stands for each group: old leads, new ones, then exchanges."""
        yield dict(self.before.centre)
        if self._first is not None and self._first is not self.before:
            yield self._carried(self._first)
        yield from self._others()

    def _others(self) -> Iterator[dict[str, str]]:
        """Yield the anchors of the best plan, one of them exchanged, while time lasts.

        Groups with most patients who move come first, and in each the largest lists.
        """
        ends = self.began + self.limit_s * (1 - CHEAPER_SHARE)
        seen: set[tuple[str, str]] = set()
        for _ in range(MOST_EXCHANGES):
            if self.best is None or perf_counter() >= ends:
                return
            moved = moving.moved_by_federation(self.problem, self.before, self.best)
            pairs = (
                (group, code)
                for group in sorted(moved, key=lambda group: -moved[group])
                for code in moving.largest_first(
                    self.problem, self.before.members[group]
                )
                if moved[group] and (group, code) not in seen
            )
            pair = next(pairs, None)
            if pair is None:
                return
            seen.add(pair)
            yield self._carried(self.best) | dict([pair])

    def _carried(self, plan: Plan) -> dict[str, str]:
        """Return the leads that carry on each group; the old lead where none does."""
        carried = moving.carriers(self.problem, self.before, plan)
        found = {group: plan.centre[label] for group, label in carried.items()}
        return dict(self.before.centre) | found

    def by_anchor(self, anchors: Mapping[str, str]) -> int | None:
        """Look for the fewest by anchor; return the fewest proven, led from these."""
        moved = moving.moved_by_anchor(self.problem, self.before, anchors)
        found = self._solve(self._counting(moved, ANCHOR_SHARE))
        self._take(found)
        return _whole(found.bound_gbp)

    def cheaper(self) -> Plan:
        """Return the cheapest plan found that moves no more than the best."""
        if self.best is None:
            # Only what breaks rules was found: said by whoever scores it.
            return self._first or self.before
        self.best = moving.well_led(self.problem, self.before, self.best)
        by_group = moving.moved_by_group(self.problem, self.before)
        self._take(self._solve(self._pricing(by_group)))
        anchors = self._carried(self.best)
        by_anchor = moving.moved_by_anchor(self.problem, self.before, anchors)
        self._take(self._solve(self._pricing(by_anchor)))
        return self.best

    def _take(self, found: Result) -> None:
        """Keep a plan that keeps the rules and moves fewer, or as few for less."""
        if found.plan is None or found.violations:
            return
        patients = moving.patients_moved(self.problem, self.before, found.plan)
        worth = patients, self._cost_gbp(found.plan)
        if self.best is None or worth < (self.patients, self._cost_gbp(self.best)):
            self.best, self.patients = found.plan, patients

    def _cost_gbp(self, plan: Plan) -> float:
        return objective_gbp(self.problem, to_grouping(self.problem, plan))

    def _solve(self, problem: Problem) -> Result:
        start = self.best or self.before
        return engine_solve(
            problem, warm_start=start, listen=self.listen, cancel=self.cancel
        )

    def _counting(self, moved: FloatArray, share: float) -> Problem:
        """Return the problem whose cost is the patients that move, nothing else."""
        problem = self.problem
        total = max(float(problem.list_size.sum()), 1.0)
        cost = FederationCost(None, None, moved, moved, problem.list_size)
        alone = None if problem.alone_gbp is None else self.left
        # Half a patient is as good as proven.
        counting = replace(problem, cost=cost, alone_gbp=alone)
        return _asked(counting, self.limit_s * share, 0.5 / total)

    def _pricing(self, moved: FloatArray) -> Problem:
        """Return the problem with its own cost and a high price of moving."""
        cost, alone = self.problem.cost, self.problem.alone_gbp
        leaving = MOVED_GBP * moved
        extra = leaving
        if cost.disruption_gbp is not None:
            extra = cost.disruption_gbp + leaving
        priced = replace(
            cost, disruption_gbp=extra, assign_gbp=cost.assign_gbp + leaving
        )
        if alone is not None:
            alone = alone + MOVED_GBP * self.left
        pricing = replace(self.problem, cost=priced, alone_gbp=alone)
        return _asked(pricing, self.limit_s * CHEAPER_SHARE / 2, 1e-6)


def _whole(bound: float | None) -> int | None:
    """Return the least whole number of patients that a bound leaves."""
    return None if bound is None else max(0, ceil(bound - 1e-6 * (1 + abs(bound))))


def _asked(problem: Problem, limit_s: float, gap: float) -> Problem:
    """Return the problem with this limit and gap; bases are not looked for."""
    asked = problem.scenario.with_(
        solve__time_limit_s=limit_s, solve__gap=gap, cover__enabled=False
    )
    return replace(problem, scenario=asked)
