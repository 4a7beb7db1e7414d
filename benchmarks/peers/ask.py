"""Ask a peer in its own environment, and keep the best of its plans by our rules."""

import json
import subprocess
import tempfile
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from federate import Instance, Plan, Scenario
    from federate.problem import Problem
    from federate.result import Result

__all__ = ["AbsentError", "ask", "counts"]

WORKER = Path(__file__).with_name("worker.py")
COUNTS = 8
FREE = ("spopt-maxp",)


class AbsentError(Exception):
    """The peers' environment is not there; says how to make it."""


def ask(
    peer: str,
    instance: "Instance",
    scenario: "Scenario",
    *,
    python: str,
    time_limit_s: float,
    seed: int,
) -> "tuple[Plan, dict[str, Any]]":
    """Return the best plan of a peer, and what the row is to say of it.

    A peer wants to be told how many federations to make, so it is told each of up
    to `COUNTS` numbers that the total admits, with an equal share of the time; of
    its plans the one that breaks the fewest of our rules counts, of those the
    cheapest.

    Raises
    ------
    AbsentError
        If there is no such Python.
    RuntimeError
        If the peer makes no plan at all, with what it last said.
    """
    from federate.problem import Problem
    from federate.result import evaluated

    if not Path(python).is_file():
        raise AbsentError(
            f"no {python}; make an environment of peers/requirements.txt, then "
            "name its Python with --peers-python"
        )
    problem = Problem.build(instance, scenario)
    numbers = (0,) if peer in FREE else counts(problem)
    share = time_limit_s / len(numbers)
    best: Result | None = None
    version = said = ""
    for count in numbers:
        plan, said = _one(peer, problem, count, python, share, seed)
        if plan is None:
            continue
        version = said
        found = evaluated(problem, plan)
        if best is None or _order(found) < _order(best):
            best = found
    if best is None or best.plan is None:
        raise RuntimeError(said or f"{peer} made no plan")
    return best.plan, {"engine": peer, "solver": version}


def counts(problem: "Problem") -> tuple[int, ...]:
    """Return numbers of federations that the total admits, evenly spread.

    Practices above the upper bound count as federations of their own; the peers
    are told of them all the same.
    """
    low, high = problem.size_bounds or (1.0, float(problem.list_size.sum()))
    total = float(problem.list_size.sum())
    fewest = max(1, ceil(total / high))
    most = max(fewest, min(problem.n, int(total / low)))
    if most - fewest < COUNTS:
        return tuple(range(fewest, most + 1))
    step = (most - fewest) / (COUNTS - 1)
    return tuple(sorted({round(fewest + k * step) for k in range(COUNTS)}))


def _order(result: "Result") -> tuple[int, float]:
    return len(result.violations), result.objective_gbp or 0.0


def _one(
    peer: str,
    problem: "Problem",
    count: int,
    python: str,
    time_limit_s: float,
    seed: int,
) -> "tuple[Plan | None, str]":
    """Return one plan and the peer's version, or none and the peer's last word."""
    from federate.plan_file import read_plan

    with tempfile.TemporaryDirectory() as folder:
        asked, plan = Path(folder) / "problem.json", Path(folder) / "plan.csv"
        asked.write_text(
            json.dumps(_told(problem, count, time_limit_s, seed)), encoding="utf-8"
        )
        try:
            run = subprocess.run(
                [python, str(WORKER), peer, str(asked), str(plan)],
                capture_output=True,
                text=True,
                timeout=2 * time_limit_s + 15,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None, f"{peer} did not stop in twice its time"
        if run.returncode or not plan.is_file():
            lines = run.stderr.strip().splitlines()
            return None, lines[-1] if lines else ""
        return read_plan(plan, problem), run.stdout.strip().rpartition("\n")[2]


def _told(
    problem: "Problem", count: int, time_limit_s: float, seed: int
) -> dict[str, Any]:
    """Return what the worker reads."""
    practices = problem.instance.practices
    return {
        "code": list(practices.code),
        "x_km": (practices.easting_m / 1000.0).tolist(),
        "y_km": (practices.northing_m / 1000.0).tolist(),
        "list_size": problem.list_size.tolist(),
        "minutes": problem.travel.minutes.tolist(),
        "pairs": problem.graph.pairs.tolist(),
        "size_bounds": problem.size_bounds,
        "count": count,
        "seed": seed,
        "time_limit_s": time_limit_s,
    }
