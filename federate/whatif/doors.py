"""The doors for what-ifs: sweep, explain, why here, rule prices, alternatives.

Each function loads what it needs when it is called, so that the import stays light.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from federate.practices.instance import Instance
    from federate.result import Result
    from federate.scenario import Scenario
    from federate.whatif.alternatives import Alternatives
    from federate.whatif.executors import Executor
    from federate.whatif.infeasible import Explanation
    from federate.whatif.place import WhyHere
    from federate.whatif.points import Points
    from federate.whatif.prices import RulePrice
    from federate.whatif.robustness import Robustness
    from federate.whatif.store import Store
    from federate.whatif.sweep import Progress
    from federate.whatif.table import Sweep

__all__ = [
    "alternatives",
    "explain",
    "robustness",
    "rule_prices",
    "sweep",
    "why_here",
]


def sweep(
    scenario: "Scenario | str | Path",
    axes: "Mapping[str, Sequence[object]] | None" = None,
    *,
    design: str = "grid",
    num_points: int = 20,
    seed: int = 0,
    pareto: "Sequence[str] | None" = None,
    store: "Store | str | Path" = ".",
    workers: int = 2,
    scheduler: str | None = None,
    executor: "Executor | None" = None,
    warm: bool = True,
    retry: bool = False,
    tell: "Callable[[Progress], None] | None" = None,
) -> "Sweep":
    """Solve a scenario at many settings; each answer is kept, none is made twice.

    Parameters
    ----------
    scenario
        A scenario that names an instance, its file, or an instance with its own.
    axes
        Key, its dot written as two underscores, → values; with those of the
        scenario's ``[sweep]``, whose values of the same key they replace.
    design
        ``grid``: every combination; ``list``: first values together, second values
        together; ``single``: the scenario as it is, then one key at a time, for
        `Sweep.tornado`; ``sample``: a Latin hypercube between two values a key.
    num_points, seed
        Of a sample; a front has about as many points at most.
    pareto
        ``("travel",)``, ``("risk",)`` or both: the front between them and the cost
        (see `federate.whatif.front`), where no axes are given; with axes, what
        `Sweep.pareto` weighs.
    store
        Where answers are looked for and kept.
    workers
        Processes of this computer, one solver thread each; a script then calls
        this below ``if __name__ == "__main__":``.
    scheduler
        Address of a dask.distributed scheduler to solve on instead; the store must
        be a folder that its workers see under the same path.
    executor
        Who solves, in place of both.
    warm
        Whether each point starts from its nearest solved neighbour.
    retry
        Whether points that failed three times on another day are tried again.
    tell
        Called after each point.

    Returns
    -------
    Sweep
        Also where points failed: it says which, and why.

    Raises
    ------
    InputError
        If the scenario or a point is faulty; every fault at once.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from federate import Scenario
    >>> from federate.whatif.executors import Inline
    >>> toy = Scenario.load("toy").with_(rules__respect_vetoes=False)
    >>> counts = {"rules__num_federations": (1, 2)}
    >>> with TemporaryDirectory() as folder:
    ...     found = sweep(toy, counts, store=folder, executor=Inline())
    ...     front = found.pareto("objective_gbp", "travel_mean_min")
    >>> front[["num_federations", "dominated", "proven"]].to_numpy().tolist()
    [[2.0, False, True]]
    """
    from federate.scenario import Scenario
    from federate.whatif.executors import executor_for
    from federate.whatif.front import front
    from federate.whatif.goals import figure_of, goals_of
    from federate.whatif.points import points_of
    from federate.whatif.store import Store
    from federate.whatif.sweep import run_sweep

    asked = scenario if isinstance(scenario, Scenario) else Scenario.load(scenario)
    axes = _with_stated(asked, axes or {})
    goals = goals_of(pareto) if pareto is not None and not axes else None
    points = None if goals else points_of(axes, design, num_points, seed)
    kept = store if isinstance(store, Store) else Store(store)
    who = executor or executor_for(workers, scheduler)

    def solve(points: "Points") -> "Sweep":
        return run_sweep(asked, points, kept, who, warm=warm, retry=retry, tell=tell)

    found = front(goals or (), num_points, solve) if points is None else solve(points)
    if executor is None:
        who.close()
    criteria = tuple(map(figure_of, pareto or ()))
    return found if points is None else replace(found, criteria=criteria)


def _with_stated(
    scenario: "Scenario", axes: "Mapping[str, Sequence[object]]"
) -> "dict[str, Sequence[object]]":
    """Return the axes of the scenario's ``[sweep]``, and those given on top."""
    stated = {key.replace(".", "__"): values for key, values in scenario.sweep.items()}
    return {**stated, **axes}


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

    Examples
    --------
    >>> import federate
    >>> toy = federate.Scenario.load("toy").with_(rules__respect_vetoes=False)
    >>> why_here(federate.solve(toy), "V00002").lines()[0]
    'Brenlow Surgery (V00002) is in F01, which it leads.'
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

    Returns
    -------
    Alternatives
        Its ``plans``, what each moves, and its ``backbone``: the sets of practices
        that are together in every one of them.

    Examples
    --------
    >>> import federate
    >>> toy = federate.Scenario.load("toy").with_(rules__respect_vetoes=False)
    >>> found = alternatives(federate.solve(toy), within=0.5, count=2)
    >>> [plan.objective_gbp for plan in found.plans]
    [756000.0, 918000.0]
    >>> found.backbone
    (('V00001', 'V00005', 'V00006'), ('V00003', 'V00004', 'V00008'))
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

    Examples
    --------
    >>> import federate
    >>> toy = federate.Scenario.load("toy").with_(rules__respect_vetoes=False)
    >>> found = robustness(federate.solve(toy), drift=0.02, draws=10)
    >>> found.any_share, found.federations[0].loss_broken
    (0.0, ('F01 has 25,000 patients, 5,000 below the lower bound of 30,000',))
    """
    from federate.prepare import result_of
    from federate.whatif.robustness import robustness as ask

    return ask(result_of(run), drift=drift, draws=draws, seed=seed)
