"""Repair of a plan: keep every rule while as few patients as possible move.

A federation carries on where its lead leads; whoever is led from elsewhere
moves. So the patients that move are linear given the centre, and every engine
can count them: price of i led from c is n_i where c is not the lead of i's
federation, and nothing where it is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
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
from federate.whatif.edit import Edited, redraw
from federate.whatif.named import drafted, scored

if TYPE_CHECKING:
    from pathlib import Path

    from federate.practices.instance import Instance
    from federate.scenario import Scenario

__all__ = ["Repaired", "repair", "repaired"]

FloatArray = npt.NDArray[np.float64]
SECOND_SHARE = 0.25
"""Share of the time for the cheapest among the plans that move so few."""
MOVED_GBP = 1_000.0
"""Price of a patient who moves, while looking for the cheapest of those plans."""


@dataclass(frozen=True, eq=False)
class Repaired(Edited):
    """A plan before and after its repair; the log holds the repair as edits.

    Parameters
    ----------
    patients
        Patients who move: whose practice is no longer led by its lead of before.
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

    A federation carries on where its lead leads; the patients of every practice
    that is led from elsewhere count as moved. What the plan's log froze or set to
    grow is kept.

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
    moved = _moved_persons(problem, before)
    left = _left_persons(problem, before, draft)
    fewest = _counting(problem, moved, left, limit * (1 - SECOND_SHARE))
    found = engine_solve(fewest, warm_start=before, listen=listen, cancel=cancel)
    plan = found.require_plan()
    patients = _patients(problem, moved, plan)
    bound = found.bound_gbp
    least = None if bound is None else max(0, ceil(bound - 1e-6 * (1 + abs(bound))))
    cheaper = _pricing(problem, moved, left, limit * SECOND_SHARE)
    again = engine_solve(cheaper, warm_start=plan, listen=listen, cancel=cancel).plan
    if again is not None and _patients(problem, moved, again) <= patients:
        plan = again
    done = redraw(result, draft.do(*_edits(before, _relabelled(plan, before))))
    return Repaired(done.draft, done.before, done.after, patients, least)


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


def _moved_persons(problem: Problem, before: Plan) -> FloatArray:
    """Return the patients that move if i is led from c, shape ``(n, n)``, persons."""
    codes, index = problem.instance.practices.code, problem.instance.index
    patients = problem.list_size.astype(np.float64)
    out = np.repeat(patients[:, None], problem.n, axis=1)
    for i, code in enumerate(codes):
        label = before.federation[code]
        if label:
            out[i, index[before.centre[label]]] = 0.0
        else:
            out[i] = 0.0
    return out


def _left_persons(problem: Problem, before: Plan, draft: Draft) -> FloatArray:
    """Return the patients that move if i stands alone, shape ``(n,)``, persons.

    None where it stood alone before; more than all where it is locked.
    """
    locked = {*draft.now.frozen, *draft.now.grown}
    out = problem.list_size.astype(np.float64)
    for i, code in enumerate(problem.instance.practices.code):
        label = before.federation[code]
        if not label:
            out[i] = 0.0
        elif label in locked:
            out[i] += 1.0 + float(problem.list_size.sum())
    return out


def _counting(
    problem: Problem, moved: FloatArray, left: FloatArray, limit_s: float
) -> Problem:
    """Return the problem whose cost is the patients that move, nothing else."""
    total = max(float(problem.list_size.sum()), 1.0)
    cost = FederationCost(None, None, moved, moved, problem.list_size)
    alone = None if problem.alone_gbp is None else left
    # Patients are whole: half a one is as good as proven.
    return _asked(replace(problem, cost=cost, alone_gbp=alone), limit_s, 0.5 / total)


def _pricing(
    problem: Problem, moved: FloatArray, left: FloatArray, limit_s: float
) -> Problem:
    """Return the problem with its own cost and a high price of moving."""
    cost, leaving, alone = problem.cost, MOVED_GBP * moved, problem.alone_gbp
    extra = leaving if cost.disruption_gbp is None else cost.disruption_gbp + leaving
    priced = replace(cost, disruption_gbp=extra, assign_gbp=cost.assign_gbp + leaving)
    if alone is not None:
        alone = alone + MOVED_GBP * left
    return _asked(replace(problem, cost=priced, alone_gbp=alone), limit_s, 1e-6)


def _asked(problem: Problem, limit_s: float, gap: float) -> Problem:
    """Return the problem with this limit and gap; bases are not looked for."""
    asked = problem.scenario.with_(
        solve__time_limit_s=limit_s, solve__gap=gap, cover__enabled=False
    )
    return replace(problem, scenario=asked)


def _patients(problem: Problem, moved: FloatArray, plan: Plan) -> int:
    """Return the patients that move to reach a plan."""
    index = problem.instance.index
    total = 0.0
    for code, label in plan.federation.items():
        i = index[code]
        # Alone: all of them, unless they were alone before, whose row is empty.
        total += moved[i, index[plan.centre[label]]] if label else moved[i].max()
    return round(total)


def _relabelled(plan: Plan, before: Plan) -> Plan:
    """Return a plan under the labels of the federations whose leads lead on."""
    old = {lead: label for label, lead in before.centre.items()}
    taken = set(before.centre)
    names: dict[str, str] = {"": ""}
    for label, lead in plan.centre.items():
        name = old.get(lead, "")
        number = len(taken)
        while not name:
            number += 1
            name = f"F{number:02d}" if f"F{number:02d}" not in taken else ""
        taken.add(name)
        names[label] = name
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
    # A federation that is founded anew is led by whoever moves there first.
    leads = [
        Edit("lead", label, lead)
        for label, lead in sorted(after.centre.items())
        if _leads(before, moves).get(label) != lead
    ]
    return [*moves, *leads]


def _leads(before: Plan, moves: Sequence[Edit]) -> Mapping[str, str]:
    """Return who leads each federation once the moves are made."""
    moved = {edit.what for edit in moves}
    return {label: lead for label, lead in before.centre.items() if lead not in moved}
