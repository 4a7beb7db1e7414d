"""Repair of a plan: keep every rule while as few patients as possible move.

First the fewest that move by group, which bounds every plan; where that plan splits
groups, the fewest by anchor, from the old leads and from the leads just found; last,
among plans that move as few, a cheaper one. `moving` tells who moves.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from federate.criteria.federation import FederationCost
from federate.draft import Draft, Edit
from federate.engine.events import Listener
from federate.engine.solve import solve as engine_solve
from federate.plan import Plan
from federate.problem import Problem
from federate.problem.references import apart_from_all, merge_sets, pairs_between
from federate.result import Result
from federate.whatif import moving
from federate.whatif.edit import Edited, redraw
from federate.whatif.named import drafted, scored

if TYPE_CHECKING:
    from pathlib import Path

    from federate.practices.instance import Instance
    from federate.scenario import Scenario

__all__ = ["Repaired", "repair", "repaired"]

FloatArray = npt.NDArray[np.float64]
# Shares of the time limit: the bound, each of two looks by anchor, the cheaper plan.
BOUND_SHARE, ANCHOR_SHARE, CHEAPER_SHARE = 0.4, 0.2, 0.2
MOVED_GBP = 1_000.0
"""Price of a patient who moves, while looking for the cheapest of those plans."""


@dataclass(frozen=True, eq=False)
class Repaired(Edited):
    """A plan before and after its repair; the log holds the repair as edits.

    Parameters
    ----------
    patients
        Patients who move: whose practice is in another federation than the one
        that carries on theirs.
    least_patients
        Fewest that any plan could move, as far as proven; ``None`` where nothing is.
    """

    patients: int = 0
    least_patients: int | None = None

    @property
    def is_least(self) -> bool:
        """Whether no plan that keeps the rules moves fewer patients, proven."""
        return self.least_patients is not None and self.least_patients >= self.patients


def repair(
    plan: "Plan | Result | str | Path",
    scenario: "Scenario | str | Path | None" = None,
    *,
    instance: "Instance | str | Path | None" = None,
    time_limit_s: float | None = None,
) -> Repaired:
    """Fix what a plan breaks, moving as few patients as possible.

    A federation carries on the one that its lead comes from; patients of practices
    that are elsewhere then have moved. What the plan's log froze or set to grow is
    kept. Practices that stood alone join for nothing.

    Parameters
    ----------
    plan, scenario, instance
        As `edit` takes them.
    time_limit_s
        By default the scenario's.

    Returns
    -------
    Repaired
        With ``after``, how many ``patients`` move, and whether it ``is_least``.

    Raises
    ------
    InfeasibleError
        If no plan keeps the rules, or none was found in time.
    InputError
        If a plan or the scenario is faulty.
    """
    result = scored(plan, scenario, instance)
    return repaired(result, drafted(plan, result), time_limit_s=time_limit_s)


def repaired(
    result: Result,
    draft: Draft,
    *,
    time_limit_s: float | None = None,
    listen: Listener | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Repaired:
    """Return what `repair` does, for a scored plan and its log.

    A plan that keeps every rule is returned as it is.
    """
    before = result.require_plan()
    if not result.violations:
        return Repaired(draft, result, result, 0, 0)
    limit = time_limit_s or result.problem.scenario.solve.time_limit_s
    problem = _locked(result.problem, draft)
    left = moving.leaving_persons(problem, before, draft)
    look = _Look(problem, before, left, limit, listen, cancel)
    least = look.bound()
    for anchors in look.anchors():
        if least is not None and look.patients <= least:
            break
        look.by_anchor(anchors)
    plan = look.cheaper()
    done = redraw(result, draft.do(*_edits(before, _relabelled(problem, plan, before))))
    return Repaired(done.draft, done.before, done.after, look.patients, least)


@dataclass
class _Look:
    """A search for the repair that moves fewest: the best so far, and its patients."""

    problem: Problem
    before: Plan
    left: FloatArray
    limit_s: float
    listen: Listener | None
    cancel: Callable[[], bool] | None
    best: Plan | None = None
    patients: int = 0
    _first: Plan | None = field(default=None, repr=False)

    def bound(self) -> int | None:
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
        bound = found.bound_gbp
        # Patients are whole: a bound holds for the next whole number.
        return None if bound is None else max(0, ceil(bound - 1e-6 * (1 + abs(bound))))

    def anchors(self) -> Iterator[dict[str, str]]:
        """Yield who stands for each group: the leads just found, the old leads."""
        old, first = dict(self.before.centre), self._first
        if first is not None and first is not self.before:
            carried = moving.carriers(self.problem, self.before, first)
            yield old | {group: first.centre[label] for group, label in carried.items()}
        yield old

    def by_anchor(self, anchors: Mapping[str, str]) -> None:
        """Look for the fewest by anchor."""
        moved = moving.moved_by_anchor(self.problem, self.before, anchors)
        self._take(self._solve(self._counting(moved, ANCHOR_SHARE)))

    def cheaper(self) -> Plan:
        """Return the cheapest plan found that moves no more than the best."""
        if self.best is None:
            # Only what breaks rules was found: said by whoever scores it.
            return self._first or self.before
        carried = moving.carriers(self.problem, self.before, self.best)
        anchors = {g: self.best.centre[label] for g, label in carried.items()}
        moved = moving.moved_by_anchor(self.problem, self.before, anchors)
        self._take(self._solve(self._pricing(moved)), ties=True)
        return self.best

    def _take(self, found: Result, *, ties: bool = False) -> None:
        """Keep a plan that keeps the rules and moves fewer, or as few where tied."""
        if found.plan is None or found.violations:
            return
        patients = moving.patients_moved(self.problem, self.before, found.plan)
        fewer = self.best is None or patients < self.patients
        if fewer or (ties and patients == self.patients):
            self.best, self.patients = found.plan, patients

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
        return _asked(pricing, self.limit_s * CHEAPER_SHARE, 1e-6)


def _locked(problem: Problem, draft: Draft) -> Problem:
    """Return the problem with what the log froze or set to grow as rules."""
    federation, index = draft.now.federation, problem.instance.index
    frozen, grown = (
        [
            tuple(index[code] for code, home in federation.items() if home == label)
            for label in labels
        ]
        for labels in (draft.now.frozen, draft.now.grown)
    )
    return replace(
        problem,
        together=merge_sets([*problem.together, *frozen, *grown]),
        apart=tuple(sorted({*problem.apart, *pairs_between(grown)})),
        zone=apart_from_all(problem.zone, frozen, problem.n),
    )


def _asked(problem: Problem, limit_s: float, gap: float) -> Problem:
    """Return the problem with this limit and gap; bases are not looked for."""
    asked = problem.scenario.with_(
        solve__time_limit_s=limit_s, solve__gap=gap, cover__enabled=False
    )
    return replace(problem, scenario=asked)


def _relabelled(problem: Problem, plan: Plan, before: Plan) -> Plan:
    """Return a plan under the labels of the federations that it carries on."""
    carried = moving.carriers(problem, before, plan)
    names = {"": ""} | {label: group for group, label in carried.items()}
    taken = set(before.members)
    for label in plan.members:
        number = len(taken)
        while label not in names:
            number += 1
            if (fresh := f"F{number:02d}") not in taken:
                names[label] = fresh
                taken.add(fresh)
    return Plan(
        {code: names[label] for code, label in plan.federation.items()},
        {names[label]: lead for label, lead in plan.centre.items()},
    )


def _edits(before: Plan, after: Plan) -> Sequence[Edit]:
    """Return the edits that lead from one plan to another: moves, then leads."""
    moves = [
        Edit("move", code, label)
        for code, label in sorted(after.federation.items())
        if before.federation[code] != label
    ]
    leads = [
        Edit("lead", label, lead)
        for label, lead in sorted(after.centre.items())
        if before.centre.get(label) != lead
    ]
    return [*moves, *leads]
