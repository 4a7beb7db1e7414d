"""The figures behind the pictures: performance profiles and gaps over time."""

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from benchmarks.trace import Trace

__all__ = ["gap_steps", "profile", "proven_share", "read_rows", "seconds_to_proof"]

Rows = Sequence[Mapping[str, str]]


def read_rows(path: Path) -> list[dict[str, str]]:
    """Read the rows of a table that `benchmarks.run` wrote."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def seconds_to_proof(rows: Iterable[Mapping[str, str]]) -> dict[str, float]:
    """Return the seconds to a proven optimum of each case; infinite without one.

    Of several runs of a case the median counts.
    """
    runs: dict[str, list[float]] = {}
    for row in rows:
        proven = row["status"] == "optimal" and row["convention"] in ("", "ok")
        seconds = float(row["solve_s"]) if proven else math.inf
        runs.setdefault(row["case"], []).append(seconds)
    return {case: sorted(found)[len(found) // 2] for case, found in runs.items()}


def profile(
    tables: Mapping[str, Mapping[str, float]],
) -> dict[str, list[tuple[float, float]]]:
    """Return the performance profile of each table: steps (ratio, share of cases).

    The ratio is a table's seconds over the least seconds of any; the share counts
    the cases, of those in every table, that it proves within that ratio.

    References
    ----------
    Dolan and Moré (2002), Benchmarking optimization software with performance
    profiles, Mathematical Programming 91.

    Examples
    --------
    >>> profile({"a": {"x": 1.0, "y": 4.0}, "b": {"x": 2.0, "y": math.inf}})
    {'a': [(1.0, 1.0)], 'b': [(2.0, 0.5)]}
    """
    shared = set.intersection(*(set(table) for table in tables.values()))
    least = {case: min(table[case] for table in tables.values()) for case in shared}
    out = {}
    for name, table in tables.items():
        ratios = [
            max(table[case], 1e-2) / max(least[case], 1e-2)
            for case in shared
            if math.isfinite(table[case])
        ]
        out[name] = _steps(ratios, len(shared))
    return out


def proven_share(seconds: Mapping[str, float]) -> list[tuple[float, float]]:
    """Return steps (seconds, share of the cases proven by then)."""
    return _steps([s for s in seconds.values() if math.isfinite(s)], len(seconds))


def gap_steps(trace: Trace) -> list[tuple[float, float]]:
    """Return steps (seconds, proven gap in per cent), once there is a gap."""
    return [
        (seconds, 100 * max(0.0, objective - bound) / max(1e-9, abs(objective)))
        for seconds, objective, bound in trace
        if objective is not None and bound is not None
    ]


def _steps(values: list[float], num_cases: int) -> list[tuple[float, float]]:
    """Return (value, share of the cases at or below it), each value once."""
    rank = {value: k for k, value in enumerate(sorted(values), start=1)}
    return [(value, k / num_cases) for value, k in rank.items()]
