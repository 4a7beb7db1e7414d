"""The door for callers: read or generate, solve or start, evaluate.

Everything the command line does, a Python caller does in the same words. Each
function loads what it needs when it is called, so that the import stays light.
"""

from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from federate.engine.events import Listener
    from federate.plan import Plan
    from federate.practices.instance import Instance
    from federate.result import Result
    from federate.run import Run
    from federate.scenario import Scenario
    from federate.whatif.store import Store

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
    near: "Plan | Result | str | Path | None" = None,
    listen: "Listener | None" = None,
    store: "Store | str | Path | None" = None,
    fresh: bool = False,
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
    near
        A plan, named as `warm_start`, to leave as little as may be: it stands for
        the present grouping, whose leaving has a price for each patient (the
        scenario's ``weights.disruption_gbp_per_patient``, £100 a year where that is
        0). It is also what the solve starts from.
    listen
        Called with each event while solving.
    store
        Where runs are kept: a question that was answered there is not solved again,
        and a new answer is kept, with its certificate where there is one.
    fresh
        Whether to solve even so.

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
    from federate.prepare import prepare, problem_of, solve_changes

    changes = solve_changes(time_limit_s, gap, solver, threads, seed)
    if store is None:
        return prepare(scenario, instance, changes, warm_start, near)(listen, None)
    from federate.whatif.ask import ask

    problem, outside = problem_of(scenario, instance, changes, near)
    return ask(store, problem, outside, warm_start, near, listen=listen, fresh=fresh)


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
    near: "Plan | Result | str | Path | None" = None,
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
    from federate.prepare import prepare, solve_changes
    from federate.run import Run

    changes = solve_changes(time_limit_s, gap, solver, threads, seed)
    return Run(prepare(scenario, instance, changes, warm_start, near))


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
    from federate.prepare import plan_of, problem_of, with_bases
    from federate.result import evaluated

    began = perf_counter()
    problem, outside = problem_of(scenario, instance, {})
    result = evaluated(problem, with_bases(problem, plan_of(plan, problem, outside)))
    return replace(result, seconds=perf_counter() - began)
