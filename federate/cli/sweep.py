"""`federate sweep`: one scenario at many settings, side by side."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from federate.cli.options import HERE, Json, Preset, Quiet, Source, StoreOption

if TYPE_CHECKING:
    from rich.table import Table

    from federate.whatif.sweep import Progress
    from federate.whatif.table import Sweep

__all__ = ["sweep"]

FAILED, DONE, INTERRUPTED = 5, 0, 130
MOST_ROWS = 60


def sweep(
    source: Source,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=A,B,...",
            help="Values of one key, apart by commas, or by | where a value is a list. "
            "May be repeated; adds to the scenario's [sweep].",
            show_default=False,
        ),
    ] = None,
    design: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="grid: every combination; list: first values together, second "
            "together; single: one key at a time; sample: spread between two values.",
        ),
    ] = "grid",
    num_points: Annotated[
        int, typer.Option("--points", metavar="N", min=1, help="For design sample.")
    ] = 20,
    seed: Annotated[int, typer.Option(metavar="N", help="For design sample.")] = 0,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", metavar="N", min=1, help="Side by side.")
    ] = 2,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="A dask.distributed scheduler, tcp://host:port, to solve on.",
        ),
    ] = None,
    pareto: Annotated[
        str | None,
        typer.Option(
            metavar="A,B[,C]",
            help="Figures of which less is better, e.g. objective_gbp,"
            "travel_max_min; marks the dominated points.",
        ),
    ] = None,
    out: Annotated[
        list[Path] | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="Table to write: .csv .xlsx .html. May be repeated.",
            show_default=False,
        ),
    ] = None,
    retry: Annotated[
        bool, typer.Option("--retry", help="Try again what failed three times.")
    ] = False,
    preset: Preset = None,
    store: StoreOption = HERE,
    as_json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Solve a scenario at many settings, each kept as a run of its own.

    What was solved before is not solved again: after Ctrl+C, or worse, the same
    command goes on. Exit codes: 0 every point was solved, 5 some failed, 130
    interrupted.
    """
    import federate
    from federate.cli.asking import scenario_of
    from federate.cli.screen import print_json, result_console, side_console
    from federate.whatif.points import parse_axes

    scenario = scenario_of(source, preset)
    axes = parse_axes(settings or ())
    console = side_console(quiet=quiet)
    reached: list[Progress] = []
    try:
        with console.status("getting ready") as status:

            def tell(progress: "Progress") -> None:
                reached.append(progress)
                status.update(_said(progress))

            found = federate.sweep(
                scenario,
                axes,
                design=design,
                num_points=num_points,
                seed=seed,
                store=store,
                workers=jobs,
                scheduler=scheduler,
                retry=retry,
                tell=tell,
            )
    except KeyboardInterrupt:
        done = _said(reached[-1]) if reached else "nothing done"
        console.print(f"{done}; the same command goes on from here")
        return INTERRUPTED
    for path in out or ():
        found.save(path)
    if as_json:
        print_json({"points": _rows(found, pareto)})
    else:
        screen = result_console(quiet=quiet)
        screen.print(_table(found, pareto))
        screen.print(f"\n{found!r}"[:-1].replace("<Sweep ", ""), markup=False)
    return FAILED if any(point.error for point in found.points) else DONE


def _said(progress: "Progress") -> str:
    done, every = progress.num_done + progress.num_failed, progress.num_points
    parts = [f"{done:,} of {every:,} points done"]
    if progress.num_found:
        parts.append(f"{progress.num_found:,} of them before")
    if progress.num_failed:
        parts.append(f"{progress.num_failed:,} failed")
    return ", ".join(parts)


def _rows(found: "Sweep", pareto: str | None) -> list[dict[str, Any]]:
    """Return the table as JSON has it."""
    import json

    table = found.to_frame() if pareto is None else found.pareto(*pareto.split(","))
    rows: list[dict[str, Any]] = json.loads(table.to_json(orient="records"))
    return rows


def _table(found: "Sweep", pareto: str | None) -> "Table":
    from rich.table import Table

    figures = ["objective_gbp", "gap", "num_federations"]
    figures += [name.lstrip("-") for name in (pareto or "").split(",") if name]
    marks = ["dominated", "proven"] if pareto else ["status"]
    columns = list(dict.fromkeys(["point", *found.keys, *figures, *marks]))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in columns:
        table.add_column(name, justify="right" if name in figures else "left")
    for row in _rows(found, pareto)[:MOST_ROWS]:
        table.add_row(*(_cell(row.get(name)) for name in columns))
    return table


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    if isinstance(value, list):
        return ":".join(map(_cell, value))
    return str(value)
