"""Draw and tabulate runs: ``python -m benchmarks.report CSV... --out DIR``.

For each table ``<name>.csv``: ``<name>.md``, a row a case; and, where its trace lies
beside it, ``<name>-gap.png``, the gaps over time. Over all of them ``profile.png``,
each by the name of its file: where they share cases, their performance profile;
else the share of the cases of each that is proven by when.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.profile import (
    gap_steps,
    profile,
    proven_share,
    read_rows,
    seconds_to_proof,
)
from benchmarks.trace import Trace, read_traces, trace_path

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

__all__ = ["draw_gaps", "draw_profile", "main", "markdown"]

Steps = Sequence[tuple[float, float]]

LEAST_GAP_PERCENT = 1e-3
MOST_LINES = 12
HEADINGS = (
    ("case", "case"),
    ("n", "num_practices"),
    ("federations", "num_federations"),
    ("status", "status"),
    ("cost", "objective_gbp"),
    ("gap", "gap"),
    ("published", "published"),
    ("above published", "gap_to_published"),
    ("broken rules", "num_violations"),
    ("seconds", "solve_s"),
    ("first plan, s", "first_plan_s"),
    ("to 1 %, s", "one_percent_s"),
    ("MB", "peak_memory_mb"),
)
SHARES = ("gap", "gap_to_published")
WORDS = ("case", "status")


def main(argv: list[str] | None = None) -> int:
    """Write the tables and pictures of one or several runs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report")
    parser.add_argument("tables", nargs="+", type=Path, metavar="CSV")
    parser.add_argument("--out", type=Path, default=Path())
    args = parser.parse_args(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    tables = {path.stem: read_rows(path) for path in args.tables}
    for path in args.tables:
        text = args.out / f"{path.stem}.md"
        text.write_text(markdown(tables[path.stem]), encoding="utf-8")
        print(text)
        if trace_path(path).is_file():
            picture = args.out / f"{path.stem}-gap.png"
            draw_gaps(dict(read_traces(trace_path(path))), picture)
            print(picture)
    picture = args.out / "profile.png"
    draw_profile({name: seconds_to_proof(t) for name, t in tables.items()}, picture)
    print(picture)
    return 0


def markdown(rows: Sequence[Mapping[str, str]]) -> str:
    """Return rows as a Markdown table, without the columns that are empty."""
    kept = [(title, key) for title, key in HEADINGS if any(r.get(key) for r in rows)]
    lines = [[title for title, _ in kept]]
    lines.append(["---" if key in WORDS else "---:" for _, key in kept])
    lines += [[_cell(key, row.get(key) or "") for _, key in kept] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(key: str, text: str) -> str:
    if not text or key in WORDS:
        return text.split(":")[0]
    number = float(text)
    if key in SHARES:
        return f"{100 * number:.3f} %"
    whole = number == int(number) or abs(number) >= 10_000
    return f"{number:,.0f}" if whole else f"{number:,.2f}"


def draw_gaps(traces: Mapping[tuple[str, str], Trace], path: Path) -> None:
    """Draw the gap of each run over its seconds, both logarithmic.

    Of many runs only those that took the longest to close have a colour.
    """
    steps = {run: gap_steps(trace) for run, trace in traces.items()}
    steps = {run: line for run, line in steps.items() if line}
    seeds = {seed for _, seed in steps}
    slowest = sorted(steps, key=lambda run: (steps[run][-1][1], steps[run][-1][0]))
    named = set(slowest[-MOST_LINES:])
    figure, axes = _axes("seconds", "proven gap, %")
    for run in slowest:
        seconds, gap = zip(*steps[run], strict=True)
        case, seed = run
        name = case if len(seeds) == 1 else f"{case}, seed {seed}"
        style = {"label": name} if run in named else {"color": "0.8", "zorder": 1}
        axes.step(
            [max(s, 0.01) for s in seconds],
            [max(g, LEAST_GAP_PERCENT) for g in gap],
            where="post",
            marker=".",
            markevery=[-1],
            linewidth=1.2,
            **style,
        )
    axes.set_xscale("log")
    _plain_numbers(axes.xaxis, (1.0, 2.0, 5.0))
    axes.set_yscale("log")
    _plain_numbers(axes.yaxis, (1.0,))
    axes.set_ylim(LEAST_GAP_PERCENT * 0.8, 120)
    _save(figure, axes, path)


def draw_profile(tables: Mapping[str, Mapping[str, float]], path: Path) -> None:
    """Draw the share of cases proven, by seconds or by ratio to the fastest."""
    lines: Mapping[str, Steps]
    if len(tables) > 1 and set.intersection(*map(set, tables.values())):
        lines = profile(tables)
        figure, axes = _axes(
            "seconds ÷ seconds of the fastest", "cases proven optimal, %"
        )
    else:
        lines = {name: proven_share(table) for name, table in tables.items()}
        figure, axes = _axes("seconds", "cases proven optimal, %")
    ends = max((line[-1][0] for line in lines.values() if line), default=1.0) * 1.5
    starts = min((line[0][0] for line in lines.values() if line), default=1.0)
    for name, line in lines.items():
        last = line[-1][1] if line else 0.0
        values = [starts, *(value for value, _ in line), ends]
        shares = [0.0, *(100 * share for _, share in line), 100 * last]
        axes.step(values, shares, where="post", label=name)
    axes.set_xscale("log")
    _plain_numbers(axes.xaxis, (1.0, 2.0, 5.0))
    axes.set_ylim(0, 103)
    _save(figure, axes, path)


def _axes(across: str, up: str) -> "tuple[Figure, Axes]":
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 5), layout="constrained")
    axes = figure.add_subplot()
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.grid(color="0.92")
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _plain_numbers(axis: "Axis", digits: Sequence[float]) -> None:
    """Write the numbers of a logarithmic axis out in full."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    axis.set_major_locator(LogLocator(subs=digits))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def _save(figure: "Figure", axes: "Axes", path: Path) -> None:
    """Write the picture, with a legend beside it where there are lines to name."""
    handles, names = axes.get_legend_handles_labels()
    if handles:
        axes.legend(
            handles[::-1],
            names[::-1],
            loc="center left",
            bbox_to_anchor=(1.0, 0.5),
            frameon=False,
            fontsize="small",
        )
    figure.savefig(path, dpi=90)


if __name__ == "__main__":
    sys.exit(main())
