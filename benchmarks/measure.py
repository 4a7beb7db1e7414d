"""Run one case in a process of its own and return one tidy row."""

import multiprocessing
import platform
import resource
import time
from importlib.metadata import version
from itertools import pairwise
from typing import Any

from benchmarks.cases import Case

__all__ = ["COLUMNS", "measure"]

COLUMNS = (
    "suite",
    "case",
    "num_practices",
    "engine",
    "solver",
    "status",
    "stop",
    "objective_gbp",
    "bound_gbp",
    "gap",
    "num_federations",
    "num_violations",
    "patients_min",
    "patients_max",
    "travel_mean_min",
    "travel_max_min",
    "overspend_probability_max",
    "read_s",
    "solve_s",
    "peak_memory_mb",
    "time_limit_s",
    "threads",
    "seed",
    "federate",
    "highspy",
    "python",
    "machine",
    "date",
)


def measure(case: Case, time_limit_s: float, threads: int, seed: int) -> dict[str, Any]:
    """Return the row of one case, run in a fresh process.

    Seconds are wall time; memory is the largest resident set of the process.
    A case that fails has the error in place of its status.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(
        target=_run, args=(theirs, case, time_limit_s, threads, seed)
    )
    child.start()
    theirs.close()
    try:
        row: dict[str, Any] = ours.recv()
    except EOFError:
        row = {"status": "crashed"}
    child.join()
    machine = f"{platform.machine()} {multiprocessing.cpu_count()} cores"
    return {
        "suite": case.suite,
        "case": case.name,
        "time_limit_s": time_limit_s,
        "threads": threads,
        "seed": seed,
        "federate": version("gp-federate"),
        "highspy": version("highspy"),
        "python": platform.python_version(),
        "machine": machine,
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        **row,
    }


def _run(pipe: Any, case: Case, time_limit_s: float, threads: int, seed: int) -> None:
    """Answer the case and send its figures; runs in the child."""
    try:
        row = _answer(case, time_limit_s, threads, seed)
    except Exception as error:
        row = {"status": f"{type(error).__name__}: {error}".splitlines()[0][:200]}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pipe.send({**row, "peak_memory_mb": round(peak)})
    pipe.close()


def _answer(case: Case, time_limit_s: float, threads: int, seed: int) -> dict[str, Any]:
    import federate as fed

    scenario = (
        fed.Scenario.load(case.scenario)
        if isinstance(case.scenario, str)
        else fed.Scenario.model_validate(case.scenario)
    ).with_(
        solve__time_limit_s=time_limit_s,
        solve__seed=seed,
        solve__threads=threads,
        **case.changes,
    )
    clock = [time.perf_counter()]
    instance = fed.read(case.source)
    clock.append(time.perf_counter())
    if case.plan:
        result = fed.evaluate(case.plan, scenario, instance=instance)
    else:
        result = fed.solve(scenario, instance=instance)
    clock.append(time.perf_counter())
    read_s, solve_s = (round(b - a, 2) for a, b in pairwise(clock))
    return {
        "num_practices": result.problem.n,
        "read_s": read_s,
        "solve_s": solve_s,
        **_figures(result),
    }


def _figures(result: Any) -> dict[str, Any]:
    """Return the figures of a result that the table keeps."""
    row: dict[str, Any] = {
        "engine": result.engine,
        "solver": result.solver,
        "status": result.status.value,
        "stop": result.stop.value,
        "bound_gbp": _rounded(result.bound_gbp, 2),
        "gap": _rounded(result.gap, 6),
        "num_violations": len(result.violations),
    }
    card = result.scorecard
    if card is not None:
        rows = card.federations
        patients = sum(f.patients for f in rows)
        minutes = sum(f.travel_mean_min * f.patients for f in rows)
        row |= {
            "objective_gbp": round(card.objective_gbp, 2),
            "num_federations": len(rows),
            "patients_min": min(f.patients for f in rows),
            "patients_max": max(f.patients for f in rows),
            "travel_mean_min": round(minutes / patients, 3),
            "travel_max_min": round(max(f.travel_max_min for f in rows), 1),
            "overspend_probability_max": round(
                max(f.overspend_probability for f in rows), 4
            ),
        }
    return row


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
