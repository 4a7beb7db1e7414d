"""The doors for pooled risk: simulated years, fair split, parameters from a panel.

Each function loads what it needs when it is called, so that the import stays light.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from federate.plan import Plan
    from federate.practices.instance import Instance
    from federate.result import Result
    from federate.scenario import Scenario
    from federate.whatif.fitted import RiskFit
    from federate.whatif.shares import Split
    from federate.whatif.simulation import Simulation

__all__ = ["fit_risk", "simulate", "split"]


def simulate(
    run: "Result | Plan | str | Path",
    scenario: "Scenario | str | Path | None" = None,
    *,
    years: int = 50_000,
    seed: int = 0,
    practice_law: Literal["normal", "heavy"] = "normal",
    pool_above: float | None = None,
) -> "Simulation":
    """Draw years of a plan's spend, and hold the closed forms against them.

    Every year draws patients with heavy-tailed costs, errors of practices' budgets,
    regional shocks that neighbours share, and a national shock, all as the scenario's
    ``[risk]`` states them (``federate.criteria.years``).

    Parameters
    ----------
    run
        A result with a plan, or its run folder; or, with a scenario, a plan, a plan
        table or ``"current"``.
    scenario
        What to weigh a plan under; a run has its own.
    years, seed
        How many, 20,000 or more; the same seed gives the same answer.
    practice_law
        ``heavy``: practices' errors by Student's t with 4 degrees of freedom, of the
        same variance; no closed form knows that.
    pool_above
        Share of budget above which a second pool over all federations pays what they
        keep of an overspend; by default the scenario's tolerance.

    Returns
    -------
    Simulation
        `Simulation.to_frame` is a row for each federation and contract.

    Raises
    ------
    InputError
        If the run, plan or scenario is faulty, or the years are too few.
    InfeasibleError
        If there is no plan.
    """
    from federate.whatif.simulate import simulate as ask

    return ask(
        _result(run, scenario),
        years=years,
        seed=seed,
        practice_law=practice_law,
        pool_above=pool_above,
    )


def split(
    run: "Result | Plan | str | Path",
    scenario: "Scenario | str | Path | None" = None,
    *,
    federation: str | None = None,
    methods: Sequence[str] = ("euler",),
    capital: Literal["cvar", "sd"] = "cvar",
    orders: int = 2_000,
    seed: int = 0,
) -> "Split":
    """Split each federation's risk capital among its member practices.

    The capital is what the federation keeps in the mean of its worst years (CVaR), or
    its standard deviation, under the contract it takes.

    Parameters
    ----------
    run, scenario
        As `simulate` takes them.
    federation
        One federation's label; by default all.
    methods
        Of ``proportional, euler, covariance, shapley, nucleolus``.
    capital
        ``cvar`` or ``sd``.
    orders, seed
        Of the sampled Shapley value.

    Raises
    ------
    InputError
        If a federation or a method is not known, or a nucleolus is asked of more than
        15 members; every fault at once.
    """
    from federate.whatif.split import split as ask

    return ask(
        _result(run, scenario),
        federation=federation,
        methods=tuple(methods),
        capital=capital,
        orders=orders,
        seed=seed,
    )


def fit_risk(
    panel: "str | Path",
    instance: "Instance | str | Path | None" = None,
    *,
    columns: dict[str, str] | None = None,
    less: Sequence[str] = (),
    budget: Literal["history", "formula"] = "history",
    most_jump: float = 0.5,
    seed: int = 0,
) -> "RiskFit":
    """Estimate the parameters of ``[risk]`` from spend per practice and year.

    Parameters
    ----------
    panel
        A table with a row a practice and year: code, year, patients, spend and, where
        known, weighted patients and the date of closing.
    instance
        Where the practices are; without it no regional shock is estimated. Its
        practices alone are then used.
    columns
        Ours → the table's heading, where the usual ones do not serve.
    less
        Columns to take off spend.
    budget
        ``history``: budgets follow each practice's own level, so only what changes
        from year to year is an error; ``formula``: one rate for all, so that lasting
        differences between practices are errors too.
    most_jump
        Practices with a year further than this from their own level (in logarithms)
        are left out: a merger or a lump sum, no chance of a year.
    seed
        Which practices are drawn for distances, where there are many.

    Raises
    ------
    InputError
        If the panel or instance is faulty, every fault at once, or too small.
    """
    from federate.practices.source import read
    from federate.whatif.risk_fit import fit

    known = read(instance) if isinstance(instance, str | Path) else instance
    return fit(
        Path(panel),
        known,
        columns=columns or {},
        less=tuple(less),
        budget=budget,
        most_jump=most_jump,
        seed=seed,
    )


def _result(
    run: "Result | Plan | str | Path", scenario: "Scenario | str | Path | None"
) -> "Result":
    """Return a result; a plan is scored under the scenario."""
    from federate.errors import Fault, InputError
    from federate.plan import Plan
    from federate.prepare import plan_of, problem_of, result_of
    from federate.result import evaluated

    if scenario is not None:
        problem, outside = problem_of(scenario, None, {})
        return evaluated(problem, plan_of(run, problem, outside))
    if isinstance(run, Plan):
        message = "a plan by itself says nothing on risk; pass its scenario too"
        raise InputError("the plan", [Fault("scenario", message)])
    return result_of(run)
