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
    from federate.whatif.alternatives import Alternatives
    from federate.whatif.infeasible import Explanation
    from federate.whatif.place import WhyHere
    from federate.whatif.prices import RulePrice
    from federate.whatif.robustness import Robustness

__all__ = [
    "alternatives",
    "evaluate",
    "explain",
    "generate",
    "read",
    "robustness",
    "rule_prices",
    "solve",
    "start",
    "why_here",
]


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
    from federate.prepare import prepare, solve_changes

    changes = solve_changes(time_limit_s, gap, solver, threads, seed)
    return prepare(scenario, instance, changes, warm_start)(listen, None)


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
    from federate.prepare import prepare, solve_changes
    from federate.run import Run

    changes = solve_changes(time_limit_s, gap, solver, threads, seed)
    return Run(prepare(scenario, instance, changes, warm_start))


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


def explain(
    asked: "Scenario | Result | str | Path",
    *,
    instance: "Instance | str | Path | None" = None,
    time_limit_s: float = 240.0,
) -> "Explanation":
    """Say why no plan exists: which rules clash, and which checked change helps.

    Parameters
    ----------
    asked
        A scenario, as `solve` takes it; a result; or a run folder.
    time_limit_s
        For all that is solved to find out.

    Raises
    ------
    InputError
        If the scenario, instance or run is faulty; every fault at once.

    Examples
    --------
    >>> asked = "toy"
    >>> explain(asked).is_infeasible
    False
    """
    from federate.prepare import problem_of, result_of
    from federate.result import Result
    from federate.whatif.infeasible import explain_infeasible

    if isinstance(asked, Result):
        problem = asked.problem
    elif isinstance(asked, str | Path) and (Path(asked) / "metrics.json").is_file():
        problem = result_of(asked).problem
    else:
        problem, _ = problem_of(asked, instance, {})
    return explain_infeasible(problem, total_s=time_limit_s)


def why_here(
    run: "Result | str | Path",
    practice: str,
    there: str | None = None,
    *,
    time_limit_s: float = 20.0,
) -> "WhyHere":
    """Say why a practice is in its federation, and what it would cost elsewhere.

    Parameters
    ----------
    run
        A result with a plan, or its run folder.
    practice, there
        Code of the practice; label of another federation, by default the three
        to which it moves most cheaply.
    time_limit_s
        For each solve.
    """
    from federate.prepare import result_of
    from federate.whatif.place import why_here as ask

    return ask(result_of(run), practice, there, each_s=time_limit_s)


def rule_prices(
    run: "Result | str | Path", *, time_limit_s: float = 20.0
) -> "tuple[RulePrice, ...]":
    """Return what each rule costs, £ a year, the dearest first.

    Parameters
    ----------
    run
        A result with a plan, or its run folder.
    time_limit_s
        For each rule.
    """
    from federate.prepare import result_of
    from federate.whatif.prices import rule_prices as ask

    return ask(result_of(run), each_s=time_limit_s)


def alternatives(
    run: "Result | str | Path",
    *,
    within: float = 0.01,
    count: int = 5,
    time_limit_s: float = 10.0,
) -> "Alternatives":
    """Return plans that cost almost as little as a plan and differ from it.

    Parameters
    ----------
    run
        A result with a plan, or its run folder.
    within
        Share by which they may cost more; 0.01 is 1 %.
    count
        Plans wanted, the first included.
    time_limit_s
        For each solve.
    """
    from federate.prepare import result_of
    from federate.whatif.alternatives import alternatives as ask

    return ask(result_of(run), within=within, count=count, each_s=time_limit_s)


def robustness(
    run: "Result | str | Path", *, drift: float = 0.05, draws: int = 200, seed: int = 0
) -> "Robustness":
    """Test a plan against drifting lists, closures and lost large members.

    Parameters
    ----------
    run
        A result with a plan, or its run folder.
    drift, draws, seed
        Share by which lists move, how often, from which seed.
    """
    from federate.prepare import result_of
    from federate.whatif.robustness import robustness as ask

    return ask(result_of(run), drift=drift, draws=draws, seed=seed)
