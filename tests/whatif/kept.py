"""Results to keep, made without an engine."""

from dataclasses import replace

from federate.plan_file import with_centres
from federate.problem import Problem
from federate.result import Result, evaluated
from federate.scenario import Scenario
from solvers.contract import Status, StopReason
from tests.strategies import small_instance

__all__ = ["found", "none_found"]


def found(
    title: str = "Small",
    *,
    stop: StopReason = StopReason.GAP_REACHED,
    time_limit_s: float = 60.0,
    threads: int = 2,
    seed: int = 1,
    engine: str = "search+columns",
) -> Result:
    """Return two halves of six practices, as an engine would leave them."""
    problem = _problem(title, time_limit_s, threads, seed)
    codes = problem.instance.practices.code
    halves = {code: "F1" if k < 3 else "F2" for k, code in enumerate(codes)}
    result = evaluated(problem, with_centres(problem, halves))
    proven = stop is StopReason.GAP_REACHED
    return replace(
        result,
        status=Status.OPTIMAL if proven else Status.FEASIBLE,
        stop=stop,
        bound_gbp=result.objective_gbp if proven else None,
        gap=0.0 if proven else None,
        engine=engine,
        solver="highs",
        seconds=1.5,
    )


def none_found(title: str = "Small", *, seed: int = 1) -> Result:
    """Return the proof that there is no plan; quick to write."""
    return Result(
        _problem(title, 60.0, 2, seed),
        None,
        Status.INFEASIBLE,
        StopReason.FINISHED,
        reasons=("too few patients",),
    )


def _problem(title: str, time_limit_s: float, threads: int, seed: int) -> Problem:
    scenario = Scenario.model_validate(
        {
            "schema": 1,
            "title": title,
            "rules": {"num_federations": "free", "contiguity": "none"},
            "solve": {"time_limit_s": time_limit_s, "threads": threads},
        }
    )
    return Problem.build(small_instance(seed, 6), scenario)
