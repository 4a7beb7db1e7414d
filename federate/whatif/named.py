"""What a caller names → a scored plan, and the log of its edits."""

from pathlib import Path
from typing import TYPE_CHECKING

from federate.draft import Draft, Grouped
from federate.draft_file import read_draft
from federate.errors import Fault, PlanError
from federate.prepare import plan_of, problem_of, with_bases
from federate.result import Result, evaluated

if TYPE_CHECKING:
    from federate.plan import Plan
    from federate.practices.instance import Instance
    from federate.scenario import Scenario

__all__ = ["drafted", "kept_result", "scored"]


def scored(
    plan: "Plan | Result | str | Path",
    scenario: "Scenario | str | Path | None",
    instance: "Instance | str | Path | None" = None,
) -> Result:
    """Return a plan scored: as it is kept, or under the scenario that is named.

    Raises
    ------
    InputError
        If plan or scenario is faulty, or neither says what to score under.
    """
    kept = kept_result(plan)
    if scenario is None:
        if kept is None:
            message = (
                "is no run, so nothing says what to score it under; name a scenario"
            )
            raise PlanError("the plan", [Fault(str(plan)[:60], message)])
        return kept
    problem, outside = problem_of(scenario, instance, {})
    found = plan_of(plan if kept is None else kept, problem, outside)
    return evaluated(problem, with_bases(problem, found))


def kept_result(plan: "Plan | Result | str | Path") -> Result | None:
    """Return the result that was handed over or lies in a run folder, if one does."""
    if isinstance(plan, Result):
        return plan
    if isinstance(plan, str | Path) and Path(plan).is_dir():
        from federate.show.run_folder import read_run

        return read_run(plan)
    return None


def drafted(plan: "Plan | Result | str | Path", result: Result) -> Draft:
    """Return the draft of a scored plan: the log beside its table, or a new one."""
    found = result.require_plan()
    if isinstance(plan, str | Path) and Path(plan).is_file():
        draft = read_draft(plan, found.federation)
        if draft is not None:
            return draft
    return Draft(Grouped(found.federation, found.centre))
