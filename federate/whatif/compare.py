"""`compare`: any plans under one scenario; the first is the base."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from federate.errors import Fault, PlanError
from federate.prepare import plan_of, problem_of, with_bases
from federate.proof.digest import problem_digest
from federate.result import Result, evaluated
from federate.whatif.comparison import Comparison
from federate.whatif.named import kept_result

if TYPE_CHECKING:
    from federate.plan import Plan
    from federate.practices.instance import Instance
    from federate.problem import Problem
    from federate.scenario import Scenario

__all__ = ["compare", "names_of"]


def compare(
    *plans: "Plan | Result | str | Path",
    scenario: "Scenario | str | Path | None" = None,
    instance: "Instance | str | Path | None" = None,
    names: Sequence[str] | None = None,
) -> Comparison:
    """Hold plans against one another under one scenario; the first is the base.

    Parameters
    ----------
    plans
        Two or more: plans, results, run folders, plan tables, or ``"current"``.
    scenario, instance
        What to score all of them under, as `solve` takes them; by default what
        the first run or result among them was asked.
    names
        What to call the plans; by default, after their files.

    Returns
    -------
    Comparison
        Its ``summary`` says in plain words what changes; ``moves``, ``criteria``,
        ``federations`` and ``violations`` are tables; ``to_html``, ``to_excel`` and
        ``to_csv`` write it.

    Raises
    ------
    InputError
        If a plan or the scenario is faulty, or nothing says what to score under.

    Examples
    --------
    >>> import federate
    >>> found = compare("current", federate.solve("toy"), names=("today", "best"))
    >>> found.summaries[0][:22]
    'From today to best: 2 '
    """
    if len(plans) < 2:
        message = "a comparison needs two plans or more; name another"
        raise PlanError("the plans", [Fault("the plans", message)])
    kept = [kept_result(plan) for plan in plans]
    problem, outside = _problem(scenario, instance, kept)
    asked = problem_digest(problem)
    results = []
    for plan, result in zip(plans, kept, strict=True):
        named = plan if result is None else result
        found = plan_of(named, problem, outside)
        fresh = evaluated(problem, with_bases(problem, found))
        if result is not None and problem_digest(result.problem) == asked:
            # The same question: what was proven of the answer holds here too.
            fresh = replace(
                fresh, status=result.status, bound_gbp=result.bound_gbp, gap=result.gap
            )
        results.append(fresh)
    return Comparison(names_of(plans, names), tuple(results))


def _problem(
    scenario: "Scenario | str | Path | None",
    instance: "Instance | str | Path | None",
    kept: Sequence[Result | None],
) -> "tuple[Problem, frozenset[str]]":
    """Return what to score under: as given, or what the first run was asked."""
    if scenario is not None:
        return problem_of(scenario, instance, {})
    first = next((result for result in kept if result is not None), None)
    if first is None:
        message = (
            "none of the plans is a run, so nothing says what to score them under; "
            "name a scenario"
        )
        raise PlanError("the plans", [Fault("the plans", message)])
    return first.problem, frozenset()


def names_of(
    plans: "Sequence[Plan | Result | str | Path]", names: Sequence[str] | None
) -> tuple[str, ...]:
    """Return a short name for each plan, none twice."""
    if names is not None:
        if len(names) != len(plans) or len(set(names)) < len(names):
            message = f"{len(plans)} plans need as many names, each another"
            raise PlanError("the names", [Fault("the names", message)])
        return tuple(names)
    from federate.show.run_name import said_name

    folders = [
        Path(plan).name
        for plan in plans
        if isinstance(plan, str | Path) and Path(plan).is_dir()
    ]
    out: list[str] = []
    for number, plan in enumerate(plans, start=1):
        name = f"plan {number}"
        if isinstance(plan, str | Path):
            path = Path(plan)
            name = said_name(path.name, folders) if path.is_dir() else path.stem
        again, free = 1, name
        while free in out:
            again += 1
            free = f"{name} ({again})"
        out.append(free)
    return tuple(out)
