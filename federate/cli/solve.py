"""`federate solve`: a scenario in, a verified plan and its map out."""

from pathlib import Path
from typing import Annotated

import typer

from federate.cli.options import (
    Apart,
    Freeze,
    Grow,
    Json,
    Keep,
    Preset,
    Quiet,
    Settings,
    Source,
    Together,
)

__all__ = ["solve"]


def solve(
    source: Source,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="RUN_DIR",
            help="Folder to write; must be new or empty.",
            show_default="a new one under runs/",
        ),
    ] = None,
    preset: Preset = None,
    time_limit: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", help="Stop then, with the best plan so far."),
    ] = None,
    gap: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            help="Stop when proven this close to the best possible; 0.01 is 1 %.",
        ),
    ] = None,
    solver: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="One of those `federate solvers` lists."),
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="auto, compact, columns, medians, lagrangian or search.",
        ),
    ] = None,
    threads: Annotated[
        int | None, typer.Option(metavar="N", help="Threads to use.")
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(metavar="N", help="Same seed and one thread: same plan."),
    ] = None,
    warm_start: Annotated[
        str | None,
        typer.Option(
            metavar="RUN_DIR|PLAN|current",
            help="Start from the plan of a run, a plan table or the present grouping.",
        ),
    ] = None,
    near: Annotated[
        str | None,
        typer.Option(
            metavar="RUN_DIR|PLAN|current",
            help="Leave this plan as little as may be: a price on every patient who "
            "leaves its federations (weights.disruption_gbp_per_patient, or £100).",
        ),
    ] = None,
    keep: Keep = None,
    together: Together = None,
    apart: Apart = None,
    freeze: Freeze = None,
    grow: Grow = None,
    certificate: Annotated[
        bool,
        typer.Option(
            "--certificate", help="Write what proves the bound, for federate certify."
        ),
    ] = False,
    settings: Settings = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Find the best plan, prove how good it is, verify it and draw its map.

    Ctrl+C stops with the best plan so far. Exit codes: 0 optimal within the
    gap, 4 proven infeasible, 5 or 6 stopped without a proof, with or without
    a plan. With --near, present groups are the federations of that plan.
    """
    from federate.api import start
    from federate.cli.answer import answer, exit_code
    from federate.cli.asking import scenario_of, wished
    from federate.cli.progress import watch
    from federate.cli.screen import print_json, result_console, side_console
    from federate.cli.summary import found
    from federate.show.certificate import NO_EVIDENCE
    from federate.show.run_folder import refuse_full

    scenario = scenario_of(
        source,
        preset,
        settings or (),
        solve__time_limit_s=time_limit,
        solve__gap=gap,
        solve__solver=solver,
        solve__engine=engine,
        solve__threads=threads,
        solve__seed=seed,
    )
    scenario = wished(scenario, keep, together, apart, freeze, grow)
    if out is not None:
        refuse_full(out)  # now, not when the solve is done
    console = side_console(quiet=quiet)
    result, interrupted = watch(
        lambda: start(scenario, warm_start=warm_start, near=near), console
    )
    certify = certificate and result.evidence is not None
    run = result.save(out, certificate=certify)
    if certificate and not certify:
        console.print(NO_EVIDENCE, markup=False)
    if as_json:
        print_json(answer(result, run))
    else:
        console = result_console(quiet=quiet)
        console.print(found(result, width=console.width))
        page = "" if result.plan is None else f"\nmap  {run / 'map.html'}"
        console.print(f"\nrun  {run}{page}", markup=False, soft_wrap=True)
    return exit_code(result, interrupted=interrupted)
