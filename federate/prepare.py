"""What a caller names → a problem, a plan, prices, and the work that is left to do."""

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from federate.errors import Fault, ScenarioError, SolverError

if TYPE_CHECKING:
    from federate.engine.events import Listener
    from federate.evidence import Evidence
    from federate.plan import Plan
    from federate.practices.instance import Instance
    from federate.problem import Problem
    from federate.result import Result
    from federate.scenario import Scenario

__all__ = [
    "plan_of",
    "prepare",
    "prices_of",
    "problem_of",
    "solve_changes",
    "with_bases",
]


NEAR_GBP_PER_PATIENT = 100.0
"""Price of leaving the plan to stay near to, where the scenario states none: a
practice moves where a rule asks for it, or where it saves more than this."""


def solve_changes(
    time_limit_s: float | None,
    gap: float | None,
    solver: str | None,
    threads: int | None,
    seed: int | None,
) -> dict[str, object]:
    """Return the settings that were given, as changes to a scenario."""
    given = {
        "time_limit_s": time_limit_s,
        "gap": gap,
        "solver": solver,
        "threads": threads,
        "seed": seed,
    }
    return {f"solve__{name}": v for name, v in given.items() if v is not None}


def prepare(
    scenario: "Scenario | str | Path",
    instance: "Instance | str | Path | None",
    changes: dict[str, object],
    warm_start: "Plan | Result | str | Path | None",
    near: "Plan | Result | str | Path | None" = None,
) -> "Callable[[Listener | None, Callable[[], bool] | None], Result]":
    """Check all that was given, and return what is left to do: to solve."""
    from federate.engine.solve import solve as engine_solve
    from solvers.errors import BackendError

    problem, outside = problem_of(scenario, instance, changes, near)
    if near is not None and warm_start is None:
        warm_start = near
    begin = None if warm_start is None else plan_of(warm_start, problem, outside)
    prices = prices_of(warm_start)

    def work(
        listen: "Listener | None", cancel: "Callable[[], bool] | None"
    ) -> "Result":
        try:
            return engine_solve(
                problem, warm_start=begin, prices=prices, listen=listen, cancel=cancel
            )
        except BackendError as error:
            raise SolverError(str(error)) from error

    return work


def problem_of(
    scenario: "Scenario | str | Path",
    instance: "Instance | str | Path | None",
    changes: dict[str, object],
    near: "Plan | Result | str | Path | None" = None,
) -> "tuple[Problem, frozenset[str]]":
    """Return the problem, and the codes of practices outside its area.

    With a plan to stay near to, that plan is the present grouping.

    The scenario of the problem names the source of its instance, or none where
    the instance was handed over in memory.
    """
    from federate.practices.instance import Instance
    from federate.practices.source import read
    from federate.problem import Problem
    from federate.scenario import Scenario

    if instance is not None:
        in_memory = isinstance(instance, Instance)
        changes = changes | {"instance": None if in_memory else str(instance)}
    if isinstance(scenario, Scenario):
        asked = scenario.with_(**changes) if changes else scenario
    else:
        asked = Scenario.load(scenario, **changes)
    if isinstance(instance, Instance):
        whole = instance
    elif asked.instance is None:
        message = "names no instance; state one, e.g. a folder, or pass instance="
        raise ScenarioError("scenario", [Fault("scenario", message, None, "instance")])
    else:
        whole = read(asked.instance)
    inside = whole
    if near is not None:
        inside, asked = _near(whole, asked, near)
    problem = Problem.build(inside, asked)
    outside = frozenset(whole.index) - frozenset(problem.instance.index)
    return problem, outside


def _near(
    whole: "Instance", asked: "Scenario", near: "Plan | Result | str | Path"
) -> "tuple[Instance, Scenario]":
    """Return practices and scenario with a plan for the present grouping.

    Leaving it has a price: the scenario's, or `NEAR_GBP_PER_PATIENT` where that is
    nothing. What the plan's log of edits froze or set to grow is a rule.
    """
    from federate.draft_file import read_draft
    from federate.problem import Problem
    from federate.verify import verify

    free = asked.with_(
        rules__keep=(),
        rules__freeze=(),
        rules__grow=(),
        weights__disruption_gbp_per_patient=0.0,
    )
    bare = Problem.build(whole, free)
    outside = frozenset(whole.index) - frozenset(bare.instance.index)
    plan = plan_of(near, bare, outside)
    codes = bare.instance.practices.code
    verify(bare, plan)  # refuses a plan of other practices
    current = tuple(plan.federation[code] for code in codes)
    changes: dict[str, object] = {}
    if asked.weights.disruption_gbp_per_patient == 0:
        changes["weights__disruption_gbp_per_patient"] = NEAR_GBP_PER_PATIENT
    is_table = isinstance(near, str | Path) and Path(near).is_file()
    draft = read_draft(str(near), plan.federation) if is_table else None
    if draft is not None:
        rules, now = asked.rules, draft.now
        changes["rules__freeze"] = tuple(dict.fromkeys((*rules.freeze, *now.frozen)))
        changes["rules__grow"] = tuple(dict.fromkeys((*rules.grow, *now.grown)))
    # Not what its files say any more: the run keeps a copy.
    inside = replace(bare.instance, current=current, digest="")
    return inside, asked.with_(**changes) if changes else asked


def plan_of(
    plan: "Plan | Result | str | Path", problem: "Problem", outside: Collection[str]
) -> "Plan":
    """Return the plan that was meant, over exactly the practices of the problem."""
    from federate.plan import Plan
    from federate.plan_file import current_plan, read_plan, within
    from federate.result import Result

    if isinstance(plan, Result):
        return within(problem, plan.require_plan(), outside)
    if isinstance(plan, Plan):
        return within(problem, plan, outside)
    if plan == "current":
        return current_plan(problem)
    if Path(plan).is_dir():
        plan = Path(plan) / "plan.csv"
    return read_plan(plan, problem, outside=outside)


def prices_of(warm_start: "Plan | Result | str | Path | None") -> "Evidence | None":
    """Return what proved the bound of the result or run to start from, if kept."""
    from federate.result import Result

    if isinstance(warm_start, Result):
        return warm_start.evidence
    if isinstance(warm_start, str | Path) and Path(warm_start).is_dir():
        from federate.proof.certificate import CERTIFICATE, Certificate

        file = Path(warm_start) / CERTIFICATE
        return Certificate.read(file).evidence if file.is_file() else None
    return None


def with_bases(problem: "Problem", plan: "Plan") -> "Plan":
    """Return the plan with out-of-hours bases, where they are asked for."""
    asked = problem.scenario
    if problem.instance.bases is None or not asked.cover.enabled or plan.open_bases:
        return plan
    from federate.engine.cover import open_bases
    from solvers.contract import Options
    from solvers.errors import BackendError

    options = Options(
        time_limit_s=asked.solve.time_limit_s,
        rel_gap=asked.solve.gap,
        threads=asked.solve.threads,
        seed=asked.solve.seed,
    )
    try:
        return open_bases(problem, plan, options=options, solver=asked.solve.solver)
    except BackendError as error:
        raise SolverError(str(error)) from error
