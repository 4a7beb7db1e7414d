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
    "result_of",
    "solve_changes",
    "with_bases",
]


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
) -> "Callable[[Listener | None, Callable[[], bool] | None], Result]":
    """Check all that was given, and return what is left to do: to solve."""
    from federate.engine.solve import solve as engine_solve
    from solvers.errors import BackendError

    problem, outside = problem_of(scenario, instance, changes)
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
) -> "tuple[Problem, frozenset[str]]":
    """Return the problem, and the codes of practices outside its area.

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
    problem = Problem.build(whole, asked)
    outside = frozenset(whole.index) - frozenset(problem.instance.index)
    return problem, outside


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


def result_of(run: "Result | str | Path") -> "Result":
    """Return a result, or the one kept in a run folder with what proved its bound."""
    from federate.result import Result
    from federate.show.run_folder import read_run

    if isinstance(run, Result):
        return run
    return replace(read_run(run), evidence=prices_of(run))


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
