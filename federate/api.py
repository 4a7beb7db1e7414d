"""The door for callers: read or generate, solve or start, evaluate.

Everything the command line does, a Python caller does in the same words. Each
function loads what it needs when it is called, so that the import stays light.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from federate.errors import Fault, ScenarioError, SolverError

if TYPE_CHECKING:
    from federate.engine.events import Listener
    from federate.evidence import Evidence
    from federate.plan import Plan
    from federate.practices.instance import Instance
    from federate.problem import Problem
    from federate.result import Result
    from federate.run import Run
    from federate.scenario import Scenario

__all__ = ["evaluate", "generate", "read", "solve", "start"]


def read(source: str | Path) -> "Instance":
    """Read an instance: a shipped name, a folder, or one wide table.

    Raises
    ------
    InstanceError
        With every fault of every file at once.

    Examples
    --------
    >>> read("toy").num_practices
    8
    """
    from federate.practices.source import read as read_source

    return read_source(source)


def generate(name: str = "vale", **settings: Any) -> "Instance":
    """Make a synthetic region; the same settings always give the same one.

    Parameters
    ----------
    name
        Short name, used for files.
    settings
        As `federate.practices.generate.generate` takes them, e.g.
        ``num_practices`` and ``seed``.

    Examples
    --------
    >>> generate("dale", num_practices=20, seed=1).num_practices
    20
    """
    from federate.practices.generate import generate as make

    return make(name, **settings)


def solve(
    scenario: "Scenario | str | Path",
    *,
    instance: "Instance | str | Path | None" = None,
    time_limit_s: float | None = None,
    gap: float | None = None,
    solver: str | None = None,
    threads: int | None = None,
    seed: int | None = None,
    warm_start: "Plan | Result | str | Path | None" = None,
    listen: "Listener | None" = None,
) -> "Result":
    """Find a plan for a scenario, with its proof, scorecard and broken rules.

    Parameters
    ----------
    scenario
        A scenario, its file, a preset, or an instance with one of its own.
    instance
        Practices to solve for, in place of those the scenario names.
    time_limit_s, gap, solver, threads, seed
        In place of the scenario's ``[solve]``; `gap` is a fraction.
    warm_start
        What to start from: a plan, a result, a run folder, a plan table or
        ``"current"``. A result, or a run with its certificate, also says what the
        practices were worth there: where little has changed, the proof then
        takes a fraction of the time.
    listen
        Called with each event while solving.

    Returns
    -------
    Result
        Also where the time limit came first, or no plan exists; then
        `Result.require_plan` raises and says why.

    Raises
    ------
    InputError
        If a scenario, instance or plan is faulty; every fault at once.

    Examples
    --------
    >>> solve("toy").violations
    ()
    """
    changes = _solve_changes(time_limit_s, gap, solver, threads, seed)
    return _prepare(scenario, instance, changes, warm_start)(listen, None)


def start(
    scenario: "Scenario | str | Path",
    *,
    instance: "Instance | str | Path | None" = None,
    time_limit_s: float | None = None,
    gap: float | None = None,
    solver: str | None = None,
    threads: int | None = None,
    seed: int | None = None,
    warm_start: "Plan | Result | str | Path | None" = None,
) -> "Run":
    """Begin to solve and return at once; takes what `solve` takes.

    Returns
    -------
    Run
        Iterate its events, ``cancel()`` it, take its ``result()``.

    Raises
    ------
    InputError
        As `solve`; faults are told here and now, not by the run.

    Examples
    --------
    >>> run = start("toy")
    >>> kinds = [event.kind for event in run]
    >>> run.result().status.value
    'optimal'
    """
    from federate.run import Run

    changes = _solve_changes(time_limit_s, gap, solver, threads, seed)
    return Run(_prepare(scenario, instance, changes, warm_start))


def evaluate(
    plan: "Plan | Result | str | Path",
    scenario: "Scenario | str | Path",
    *,
    instance: "Instance | str | Path | None" = None,
) -> "Result":
    """Score and verify a plan, whoever made it.

    Where the plan says nothing on out-of-hours bases and the scenario asks for
    cover, the cheapest bases are chosen for it, as `solve` does.

    Parameters
    ----------
    plan
        A plan, a result, a plan table (CSV, XLSX, Parquet), or ``"current"``
        for the present grouping of the instance. Rows of practices outside
        the scenario's area are passed over.
    scenario, instance
        As `solve` takes them.

    Returns
    -------
    Result
        ``FEASIBLE`` where the plan keeps every rule, otherwise
        ``NO_SOLUTION`` with the broken rules. No bound is proven.

    Raises
    ------
    InputError
        If a scenario, instance or plan is faulty; every fault at once.
    """
    from federate.result import evaluated

    began = perf_counter()
    problem, outside = _problem(scenario, instance, {})
    result = evaluated(problem, _covered(problem, _plan(plan, problem, outside)))
    return replace(result, seconds=perf_counter() - began)


def _solve_changes(
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


def _prepare(
    scenario: "Scenario | str | Path",
    instance: "Instance | str | Path | None",
    changes: dict[str, object],
    warm_start: "Plan | Result | str | Path | None",
) -> "Callable[[Listener | None, Callable[[], bool] | None], Result]":
    """Check all that was given, and return what is left to do: to solve."""
    from federate.engine.solve import solve as engine_solve
    from solvers.errors import BackendError

    problem, outside = _problem(scenario, instance, changes)
    begin = None if warm_start is None else _plan(warm_start, problem, outside)
    prices = _prices(warm_start)

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


def _problem(
    scenario: "Scenario | str | Path",
    instance: "Instance | str | Path | None",
    changes: dict[str, object],
) -> "tuple[Problem, frozenset[str]]":
    """Return the problem, and the codes of practices outside its area.

    The scenario of the problem names the source of its instance, or none where
    the instance was handed over in memory.
    """
    from federate.practices.instance import Instance
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


def _plan(
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


def _prices(warm_start: "Plan | Result | str | Path | None") -> "Evidence | None":
    """Return what proved the bound of the result or run to start from, if kept."""
    from federate.result import Result

    if isinstance(warm_start, Result):
        return warm_start.evidence
    if isinstance(warm_start, str | Path) and Path(warm_start).is_dir():
        from federate.proof.certificate import CERTIFICATE, Certificate

        file = Path(warm_start) / CERTIFICATE
        return Certificate.read(file).evidence if file.is_file() else None
    return None


def _covered(problem: "Problem", plan: "Plan") -> "Plan":
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
