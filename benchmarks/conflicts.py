"""Planted conflicts explained: ``python -m benchmarks.conflicts [--data DIR]``.

Each scenario of `benchmarks.planted` has no plan. `federate.explain` is asked why,
under the preset `pcn2019` with what was planted on top, and judged by two questions:
does it name every planted rule, and does the first fix that it proposes give a plan
when the whole scenario is solved with it?
"""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path

import federate
from benchmarks.planted import PLANTED, Planted
from benchmarks.run import BESIDE
from benchmarks.table import table_at
from federate.engine.solve import solve
from federate.prepare import problem_of
from federate.problem import Problem
from federate.whatif.demand import changed
from federate.whatif.infeasible import Explanation, explain_infeasible

__all__ = ["COLUMNS", "explained", "main"]

COLUMNS = (
    "region",
    "practices",
    "scenario",
    "kind",
    "planted",
    "named",
    "all_named",
    "is_smallest",
    "num_fixes",
    "first_fix",
    "fix_has_plan",
    "num_solves",
    "explain_cpu_s",
)


def explained(case: Planted, base: Problem, limit_s: float) -> dict[str, object]:
    """Return one row: what was planted, what was named, whether the fix works.

    Parameters
    ----------
    base
        The area under ``pcn2019``.
    limit_s
        Seconds for the explanation, and for solving with its first fix.
    """
    scenario = base.scenario.with_(**case.change(base))
    problem = Problem.build(case.instance(base), scenario)
    began = time.process_time()
    why = explain_infeasible(problem, total_s=limit_s)
    cpu_s = time.process_time() - began
    named = {d.key for conflict in why.conflicts for d in conflict.demands}
    return {
        "practices": problem.n,
        "scenario": case.name,
        "kind": case.kind,
        "planted": " ".join(sorted(case.rules)),
        "named": " ".join(sorted(named)),
        "all_named": _yes(case.rules <= named),
        "is_smallest": _yes(bool(why.conflicts) and _smallest(why)),
        "num_fixes": len(why.fixes),
        "first_fix": why.fixes[0].words if why.fixes else "",
        "fix_has_plan": _yes(bool(why.fixes) and _works(problem, why, limit_s)),
        "num_solves": why.num_solves,
        "explain_cpu_s": f"{cpu_s:.1f}",
    }


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _smallest(why: Explanation) -> bool:
    return all(conflict.is_smallest for conflict in why.conflicts)


def _works(problem: Problem, why: Explanation, limit_s: float) -> bool:
    """Whether the scenario, solved anew with the first fix, has a plan."""
    fixed = changed(problem, why.fixes[0].changes)
    scenario = fixed.scenario.with_(solve__time_limit_s=limit_s, solve__gap=0.05)
    found = solve(replace(fixed, scenario=scenario))
    return found.plan is not None and not found.violations


def main(argv: list[str] | None = None) -> int:
    """Explain scenario after scenario; a row is written as soon as it is known."""
    args = _arguments(argv)
    cases = [case for case in PLANTED if fnmatch(case.name, args.only)]
    present = list(_present(cases, args.data))
    if not present:
        print(
            f"no scenario matches {args.only!r} and has its area under {args.data}; "
            "name the folder with --data",
            file=sys.stderr,
        )
        return 2
    bases: dict[Path, Problem] = {}
    with table_at(args.out, COLUMNS) as write:
        for case, path in present:
            if path not in bases:
                bases[path] = _base(path, args.threads)
            row = explained(case, bases[path], args.time_limit)
            write({"region": case.region, **row})
            print(
                f"{case.region}, {case.name}: named {row['all_named']}, fix "
                f"{row['fix_has_plan']} ({row['first_fix']})",
                flush=True,
            )
    return 0


def _present(cases: list[Planted], data: Path) -> Iterator[tuple[Planted, Path]]:
    for case in cases:
        path = data / f"regions/{case.region}.csv"
        if path.is_file():
            yield case, path


def _base(path: Path, threads: int) -> Problem:
    asked = federate.Scenario.load(
        "pcn2019",
        instance=str(path),
        cover__enabled=False,
        solve__threads=threads,
    )
    return problem_of(asked, None, {})[0]


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.conflicts")
    parser.add_argument("--data", type=Path, default=BESIDE / "data")
    parser.add_argument("--only", default="*", help="scenarios whose name matches")
    parser.add_argument("--time-limit", type=float, default=120.0, metavar="S")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("conflicts.csv"))
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
