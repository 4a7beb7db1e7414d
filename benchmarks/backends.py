"""Backends side by side: ``python -m benchmarks.backends [--data DIR] [--out CSV]``.

Every backend answers every question in a process of its own: the compact model of
small instances, by the compact engine; and the column engine's linear programmes and
choices, cold, by the backend itself. ``--table CSV`` prints what was recorded.
"""

import argparse
import csv
import multiprocessing
import platform
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.backends_answer import answer, probe
from benchmarks.backends_table import tables
from benchmarks.questions import Question, questions, state
from benchmarks.table import table_at

__all__ = ["main"]

COLUMNS = (
    "case",
    "num_rows",
    "num_columns",
    "num_integers",
    "solver",
    "version",
    "status",
    "stop",
    "to_1pct_s",
    "to_optimal_s",
    "seconds",
    "objective",
    "bound",
    "gap",
    "peak_memory_mb",
    "message",
    "time_limit_s",
    "threads",
    "seed",
    "python",
    "machine",
    "date",
)
SOLVERS = ("highs", "scip", "cpsat", "cbc", "glpk", "gurobi", "xpress", "cplex", "copt")
# Seconds past its limit after which a process is ended, and those to state one.
GRACE_S, STATING_S = 60.0, 900.0

Row = dict[str, Any]


def main(argv: list[str] | None = None) -> int:
    """Ask every backend every question; a row is written as soon as it is known."""
    args = _arguments(argv)
    if args.table is not None:
        with args.table.open(encoding="utf-8") as file:
            print("\n\n".join(tables(list(csv.DictReader(file)))))
        return 0
    asked = [q for q in questions(args.data) if fnmatch(q.name, args.only)]
    if not asked:
        print(f"no question matches {args.only!r}", file=sys.stderr)
        return 2
    limits = {
        "time_limit_s": args.time_limit,
        "threads": args.threads,
        "seed": args.seed,
    }
    with (
        TemporaryDirectory(prefix="backends-") as folder,
        table_at(args.out, COLUMNS) as write,
    ):
        for row in _rows(asked, args.solvers.split(","), limits, Path(folder)):
            write(_here() | limits | row)
            print(_line(row), flush=True)
    return 0


def _rows(
    asked: list[Question], solvers: list[str], limits: Row, folder: Path
) -> Iterator[Row]:
    """Yield a row for each backend that cannot run, then one for each answer."""
    running = []
    for name in solvers:
        found = _apart(partial(probe, name), GRACE_S)
        if found.get("status") == "runs":
            running.append(name)
        else:
            yield {"solver": name, **found}
    for number, question in enumerate(asked):
        path = folder / f"{number}.pickle"
        failed = _apart(partial(_stated, question, path), STATING_S)
        if not path.exists():
            yield {"case": question.name, **failed}
            continue
        for name in running:
            told = _apart(
                partial(answer, path, name, limits), limits["time_limit_s"] + GRACE_S
            )
            yield {"case": question.name, "solver": name, **told}
        path.unlink()


def _stated(question: Question, path: Path) -> Row:
    """Leave the question in a file, whole or not at all."""
    part = path.with_suffix(".part")
    state(question, part)
    part.replace(path)
    return {}


def _apart(work: Callable[[], Row], limit_s: float) -> Row:
    """Return what some work answers in a fresh process, or how it failed."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_report, args=(theirs, work))
    child.start()
    theirs.close()
    row: Row = {"status": "crashed"}
    with suppress(EOFError):
        row = ours.recv() if ours.poll(limit_s) else {"status": "overran"}
    if row["status"] == "overran":
        child.kill()
    child.join()
    return row


def _report(pipe: Any, work: Callable[[], Row]) -> None:
    """Send what the work answers; runs in the child."""
    try:
        row = work()
    except Exception as error:
        words = str(error) or type(error).__name__
        row = {"status": "refused", "message": words.splitlines()[0][:200]}
    pipe.send({"status": "", **row, "peak_memory_mb": _peak_mb()})
    pipe.close()


def _peak_mb() -> int:
    """Return the largest resident set of this process or of one it started."""
    import resource

    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return round(max(resource.getrusage(w).ru_maxrss for w in who) / 1024)


def _here() -> Row:
    """Return where and when this is measured."""
    return {
        "python": platform.python_version(),
        "machine": f"{platform.machine()} {multiprocessing.cpu_count()} cores",
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def _line(row: Mapping[str, Any]) -> str:
    near, optimal, gap = (row.get(k) for k in ("to_1pct_s", "to_optimal_s", "gap"))
    return (
        f"{row.get('case', ''):28} {row.get('solver', ''):8}"
        f" {row.get('status', ''):12} {row.get('stop', ''):14}"
        f" 1 %: {'none' if near is None else f'{near:.1f} s':>7}"
        f"  optimal: {'none' if optimal is None else f'{optimal:.1f} s':>7}"
        f"  gap {'none' if gap is None else f'{gap:.3%}':>8}"
        f"  {row.get('peak_memory_mb', '')!s:>5} MB  {row.get('message', '')[:60]}"
    )


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.backends")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--only", default="*", help="questions whose name matches")
    parser.add_argument("--solvers", default=",".join(SOLVERS), metavar="A,B")
    parser.add_argument("--time-limit", type=float, default=60.0, metavar="S")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("backends.csv"))
    parser.add_argument("--table", type=Path, metavar="CSV", help="print and be done")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
