"""`federate sweep`: one scenario at many settings, side by side."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from federate.cli.options import HERE, Json, Preset, Quiet, Source, StoreOption

if TYPE_CHECKING:
    from federate.whatif.sweep import Progress

__all__ = ["sweep"]

FAILED, DONE, INTERRUPTED = 5, 0, 130


def sweep(
    source: Source,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=A,B,...",
            help="Values of one key, apart by commas, or by | where a value is a list. "
            "May be repeated; adds to the scenario's \\[sweep].",
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
        int,
        typer.Option(
            "--points", metavar="N", min=1, help="Of a sample; of a front, at most."
        ),
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
            metavar="A[,B,C]",
            help="travel, risk or both: the front between them and the cost. With "
            "--set: which points are dominated in these, or in any other figures.",
        ),
    ] = None,
    tornado: Annotated[
        str | None,
        typer.Option(
            metavar="FIGURE",
            help="How far each key by itself moves a figure, e.g. cost; design single.",
        ),
    ] = None,
    out: Annotated[
        list[Path] | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="Table .csv .xlsx, page .html, picture .png .svg. May be repeated.",
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
    from federate.cli.swept import as_rows, points_table, tornado_table
    from federate.whatif.goals import figure_of
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
                design="single" if tornado is not None else design,
                num_points=num_points,
                seed=seed,
                pareto=None if pareto is None else pareto.split(","),
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
    front = None if pareto is None else found.pareto()
    bars = None if tornado is None else found.tornado(figure_of(tornado))
    for path in out or ():
        found.save(path)
    if as_json:
        told = {"points": as_rows(found.to_frame() if front is None else front)}
        print_json(told if bars is None else told | {"tornado": as_rows(bars)})
    else:
        screen = result_console(quiet=quiet)
        if bars is None:
            screen.print(points_table(found, front))
        else:
            screen.print(tornado_table(bars, figure_of(tornado or "cost")))
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
