"""Sixty scenarios of Oxfordshire: ``python -m benchmarks.sweeps [--arms A,B]``.

Size × count × weight of geography × risk under `pcn2019`, one solver thread a point,
answered five ways, each in a store of its own:

=======  =====================================================================
cold     each point in a process of its own, which starts from nothing
1, 2     ``federate sweep`` on one or two processes, from the nearest neighbour
anew     the same on one process, each point from nothing
dask     two workers of dask.distributed, one of them killed at half the points
=======  =====================================================================

Seconds are wall time, and those of the processor of all processes that ended.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import federate
from benchmarks.measure import cpu_seconds, provenance
from benchmarks.run import BESIDE
from benchmarks.table import table_at
from federate.whatif.child import Child
from federate.whatif.executors import Dask, Executor, Pebble
from federate.whatif.sweep import Progress
from federate.whatif.table import Sweep
from federate.whatif.task import Task, solve_task

__all__ = ["ARMS", "AXES", "COLUMNS", "asked", "main", "row_of"]

ARMS = ("cold", "anew", "1", "2", "dask")
COLD = ("cold", "anew")
AXES: Mapping[str, Sequence[Any]] = {
    "rules__size_bounds": ((30_000, 50_000), (45_000, 75_000)),
    "rules__num_federations": ("free", 16, 17),
    "likeness__geographic_weight": (1.0, 0.75, 0.5, 0.25, 0.0),
    "risk__max_probability": (None, 0.36),
}
COLUMNS = (
    *("region", "arm", "workers", "points", "optimal", "infeasible", "unproven"),
    *("failed", "lost", "workers_killed", "differ_from_first", "wall_s", "cpu_s"),
    *("wall_ratio", "cpu_ratio", "time_limit_s", "federate", "commit", "highspy"),
    *("python", "machine", "date"),
)
SAME_SHARE = 2e-4
"""Two proven costs differ by no more than both gaps."""


@dataclass(frozen=True)
class Answered:
    """What one way of answering took, and what it found."""

    arm: str
    found: Sweep
    wall_s: float
    cpu_s: float
    workers_killed: int = 0


def asked(source: Path, time_limit_s: float) -> federate.Scenario:
    """Return what every point starts from: a hybrid by deprivation."""
    return federate.Scenario.load(
        "pcn2019",
        instance=str(source),
        cover__enabled=False,
        likeness__mode="hybrid",
        likeness__geographic_weight=0.5,
        likeness__features={"imd_2019": {}},
        solve__time_limit_s=time_limit_s,
        solve__threads=1,
    )


def answered(arm: str, scenario: federate.Scenario) -> Answered:
    """Answer every point one way, in a new store."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        if arm == "dask":
            return _on_dask(scenario, Path(folder))
        # The cold way, too, is one after the other: each in a child of one process.
        workers = 2 if arm == "2" else 1
        who = Pebble(workers, solve_alone if arm == "cold" else solve_task)
        return _timed(arm, scenario, Path(folder), who, who.close)


def solve_alone(task: Task) -> str:
    """Solve a task in a process that does nothing before or after."""
    child = Child()
    try:
        return child.solve(task)
    finally:
        child.kill()


def _on_dask(scenario: federate.Scenario, store: Path) -> Answered:
    distributed: Any = import_module("distributed")
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0"
    )
    who = Dask(cluster.scheduler_address)
    killed: list[int] = []

    def kill_one(progress: Progress) -> None:
        if not killed and 2 * progress.num_done >= progress.num_points:
            worker = next(iter(cluster.workers.values()))
            killed.append(worker.process.process.pid)
            os.kill(killed[0], signal.SIGKILL)

    def leave() -> None:
        who.close()
        cluster.close()

    got = _timed("dask", scenario, store, who, leave, kill_one)
    return Answered("dask", got.found, got.wall_s, got.cpu_s, len(killed))


def _timed(
    arm: str,
    scenario: federate.Scenario,
    store: Path,
    who: Executor,
    leave: Callable[[], None],
    tell: Callable[[Progress], None] | None = None,
) -> Answered:
    began, before = time.perf_counter(), cpu_seconds()
    found = federate.sweep(
        scenario, AXES, store=store, executor=who, warm=arm not in COLD, tell=tell
    )
    leave()
    wall_s = time.perf_counter() - began
    found.to_frame()  # reads what lies in the store, which goes
    return Answered(arm, found, wall_s, cpu_seconds() - before)


def row_of(got: Answered, first: Answered, region: str) -> dict[str, Any]:
    """Return the row of one way, its times as shares of the first one's."""
    runs = [point.run for point in got.found.points]
    status = [run.status for run in runs if run is not None]
    failed = sum(bool(point.error) for point in got.found.points)
    return {
        "region": region,
        "arm": got.arm,
        "workers": 1 if got.arm in (*COLD, "1") else 2,
        "points": len(runs),
        "optimal": status.count("optimal"),
        "infeasible": status.count("infeasible"),
        "unproven": len(status) - status.count("optimal") - status.count("infeasible"),
        "failed": failed,
        "lost": len(runs) - len(status) - failed,
        "workers_killed": got.workers_killed,
        "differ_from_first": _num_different(got.found, first.found),
        "wall_s": round(got.wall_s, 1),
        "cpu_s": round(got.cpu_s, 1),
        "wall_ratio": round(got.wall_s / first.wall_s, 3),
        "cpu_ratio": round(got.cpu_s / first.cpu_s, 3),
    }


def main(argv: list[str] | None = None) -> int:
    """Answer the points every way; rows are written as soon as they are known."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sweeps")
    parser.add_argument("--data", type=Path, default=BESIDE / "data")
    parser.add_argument("--region", default="oxfordshire")
    parser.add_argument("--arms", default=",".join(ARMS))
    parser.add_argument("--time-limit", type=float, default=20.0, metavar="S")
    parser.add_argument("--out", type=Path, default=Path("sweeps.csv"))
    args = parser.parse_args(argv)
    source = args.data / f"regions/{args.region}.csv"
    if not source.is_file():
        print(f"no {source}; name its folder with --data", file=sys.stderr)
        return 2
    scenario, first = asked(source, args.time_limit), None
    # Read before anything runs: a checkout may move while a long table is made.
    known = {"time_limit_s": args.time_limit} | provenance(COLUMNS)
    with table_at(args.out, COLUMNS) as write:
        for arm in args.arms.split(","):
            got = answered(arm, scenario)
            first = first or got
            row = row_of(got, first, args.region)
            write(row | known)
            print(row, flush=True)
    return 0


def _num_different(found: Sweep, other: Sweep) -> int:
    """Return at how many points two answers that are both proven differ."""
    count = 0
    for ours, theirs in zip(found.points, other.points, strict=True):
        if ours.run is None or theirs.run is None:
            continue
        both = {ours.run.status, theirs.run.status}
        if both == {"optimal"}:
            a, b = ours.run.objective_gbp or 0.0, theirs.run.objective_gbp or 0.0
            count += abs(a - b) > SAME_SHARE * abs(b)
        else:
            count += both == {"optimal", "infeasible"}
    return count


if __name__ == "__main__":
    sys.exit(main())
