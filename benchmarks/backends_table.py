"""What backends took, as tables for the README: a row a backend, a column a question.

Nothing is written by hand: ``python -m benchmarks.backends --table CSV`` prints them.
"""

from collections.abc import Callable, Iterator, Sequence

__all__ = ["tables"]

Row = dict[str, str]

WORDS = {
    "licence_size": "too large for its licence",
    "no_solution": "nothing",
    "infeasible": "says infeasible",
}


def tables(rows: Sequence[Row]) -> Iterator[str]:
    """Yield a Markdown table for each measure, then who could not run, and why."""
    limit = next((f"{float(r['time_limit_s']):g}" for r in rows), "")
    measures: tuple[tuple[str, Callable[[Row], str]], ...] = (
        (f"Seconds to optimal, or the gap at {limit} s", _to_optimal),
        ("Seconds to 1 %", _to_1pct),
        ("Peak memory, MB", _memory),
    )
    answers = [row for row in rows if row["case"] and row["solver"]]
    for title, cell in measures:
        yield f"{title}:\n\n{_table(answers, cell)}"
    lame = [row for row in rows if not row["case"]]
    if lame:
        listed = (f"- {r['solver']}: {r['message'] or r['status']}" for r in lame)
        yield "Could not run:\n\n" + "\n".join(listed)


def _table(rows: Sequence[Row], cell: Callable[[Row], str]) -> str:
    cases = list(dict.fromkeys(row["case"] for row in rows))
    solvers = list(dict.fromkeys(row["solver"] for row in rows))
    found = {(row["solver"], row["case"]): cell(row) for row in rows}
    lines = [
        ["", *cases],
        ["---", *["---:"] * len(cases)],
        *([s, *(found.get((s, case), "") for case in cases)] for s in solvers),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _to_optimal(row: Row) -> str:
    if row["to_optimal_s"]:
        return f"{float(row['to_optimal_s']):.1f}"
    if row["gap"]:
        return f"{float(row['gap']):.2%}"
    return _word(row)


def _to_1pct(row: Row) -> str:
    return f"{float(row['to_1pct_s']):.1f}" if row["to_1pct_s"] else "–"


def _memory(row: Row) -> str:
    measured = row["peak_memory_mb"] if row["seconds"] else ""
    return measured or "–"


def _word(row: Row) -> str:
    """Say why there is neither an optimum nor a gap."""
    for told in (row["stop"], row["status"]):
        if told in WORDS:
            return WORDS[told]
    return row["status"].replace("_", " ")
