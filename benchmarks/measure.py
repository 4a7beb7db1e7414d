"""Run one case in a process of its own and return one tidy row."""

import multiprocessing
import platform
import resource
import subprocess
import time
from collections.abc import Collection
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.answer import Limits, answer, certified
from benchmarks.cases import Case
from benchmarks.trace import Trace

__all__ = [
    "COLUMNS",
    "Measurement",
    "cpu_seconds",
    "measure",
    "measure_traced",
    "provenance",
]

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
    "certified_bound_gbp",
    "certified_gap",
    "certify_s",
    "value",
    "published",
    "published_optimal",
    "gap_to_published",
    "convention",
    "num_federations",
    "num_violations",
    "patients_min",
    "patients_max",
    "travel_mean_min",
    "travel_max_min",
    "overspend_probability_max",
    "read_s",
    "solve_s",
    "first_plan_s",
    "one_percent_s",
    "cpu_s",
    "peak_memory_mb",
    "time_limit_s",
    "threads",
    "seed",
    "federate",
    "commit",
    "highspy",
    "python",
    "machine",
    "date",
)


WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


class Measurement(NamedTuple):
    """The row of a case, and what was known of it when."""

    row: dict[str, Any]
    trace: Trace


def measure(case: Case, time_limit_s: float, threads: int, seed: int) -> dict[str, Any]:
    """Return the row of one case, run in a fresh process."""
    return measure_traced(case, Limits(time_limit_s, threads, seed)).row


def measure_traced(case: Case, limits: Limits) -> Measurement:
    """Return row and trace of one case, run in a fresh process.

    Seconds are wall time but for ``cpu_s``; memory is the largest resident set
    of the process, or of a process that it started where that is larger. A case
    that fails has the error in place of its status.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_run, args=(theirs, case, limits))
    child.start()
    theirs.close()
    row: dict[str, Any] = {"status": "crashed"}
    trace: Trace = ()
    with suppress(EOFError):
        row, trace = ours.recv()
    child.join()
    known = {
        "suite": case.suite,
        "case": case.name,
        "time_limit_s": limits.time_limit_s,
        "threads": limits.threads,
        "seed": limits.seed,
    }
    return Measurement(known | provenance(COLUMNS) | row, trace)


def provenance(columns: Collection[str]) -> dict[str, str]:
    """Return what measures, and where, as far as a table has columns for it."""
    known = {
        "federate": _version("gp-federate"),
        "commit": _commit(),
        "highspy": _version("highspy"),
        "python": platform.python_version(),
        "machine": f"{platform.machine()} {multiprocessing.cpu_count()} cores",
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }
    return {name: said for name, said in known.items() if name in columns}


def cpu_seconds() -> float:
    """Return processor seconds so far, of this process and those that it ended."""
    spent = [resource.getrusage(who) for who in WHO]
    return sum(use.ru_utime + use.ru_stime for use in spent)


def _run(pipe: Any, case: Case, limits: Limits) -> None:
    """Answer the case and send its figures; runs in the child."""
    row: dict[str, Any]
    trace: Trace = ()
    try:
        row, trace, result = answer(case, limits)
        row |= _spent()
        if limits.certify:
            row |= certified(case, limits, result)
    except Exception as error:
        said = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        row = {"status": said, **_spent()}
    pipe.send((row, trace))
    pipe.close()


def _spent() -> dict[str, Any]:
    """Return the processor's seconds and the most memory so far."""
    peak_memory_mb = max(resource.getrusage(who).ru_maxrss for who in WHO) / 1024
    return {"cpu_s": round(cpu_seconds(), 2), "peak_memory_mb": round(peak_memory_mb)}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


@cache
def _commit() -> str:
    """Return the commit of the checkout, with a + where files differ from it."""
    told = subprocess.run(
        ["git", "describe", "--always", "--abbrev=10", "--dirty=+", "--exclude=*"],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.strip()
