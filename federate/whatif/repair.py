"""Repair of a plan: keep every rule while as few patients as possible move."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from federate.draft import Draft, Edit
from federate.engine.events import Listener
from federate.plan import Plan
from federate.problem import Problem
from federate.problem.references import apart_from_all, merge_sets, pairs_between
from federate.result import Result
from federate.whatif import moving
from federate.whatif.edit import Edited, redraw
from federate.whatif.fewest import Look
from federate.whatif.named import drafted, scored

if TYPE_CHECKING:
    from pathlib import Path

    from federate.practices.instance import Instance
    from federate.scenario import Scenario

__all__ = ["Repaired", "repair", "repaired"]


@dataclass(frozen=True, eq=False)
class Repaired(Edited):
    """A plan before and after its repair; the log holds the repair as edits.

    Parameters
    ----------
    patients
        Patients who move: whose practice is in another federation than the one
        that carries on theirs.
    least_patients
        Fewest that any plan could move, as far as proven.
    least_patients_led
        Fewest where federations carry on under their old leads, as far as proven.
    """

    patients: int = 0
    least_patients: int = 0
    least_patients_led: int | None = None

    @property
    def is_least(self) -> bool:
        """Whether no plan that keeps the rules moves fewer patients, proven."""
        return self.least_patients >= self.patients

    @property
    def is_least_led(self) -> bool:
        """Whether none whose federations carry on under their old leads does."""
        led = self.least_patients_led
        return self.is_least or (led is not None and led >= self.patients)


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
        return Repaired(draft, result, result)
    limit = time_limit_s or result.problem.scenario.solve.time_limit_s
    problem = _locked(result.problem, draft)
    left = moving.leaving_persons(problem, before, draft)
    look = Look(problem, before, left, limit, listen, cancel)
    least, led = look.bound(), None
    for anchors in look.anchors():
        if look.best is not None and look.patients <= least:
            break
        bound = look.by_anchor(anchors)
        led = bound if led is None else led
    plan = look.cheaper()
    done = redraw(result, draft.do(*_edits(before, _relabelled(problem, plan, before))))
    return Repaired(done.draft, done.before, done.after, look.patients, least, led)


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
        contracts={names[label]: held for label, held in plan.contracts.items()},
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
