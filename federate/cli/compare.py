"""`federate compare`: any plans under one scenario, side by side."""

from pathlib import Path
from typing import Annotated

import typer

from federate.cli.options import (
    HERE,
    Json,
    Names,
    Preset,
    Quiet,
    ScenarioOption,
    Settings,
    StoreOption,
)

__all__ = ["compare"]


def compare(
    plans: Annotated[
        list[str],
        typer.Argument(
            metavar="PLAN PLAN ...",
            help="Runs (folder, name or last), plan tables, or current: the grouping "
            "the instance has today. The others are held against the first.",
            show_default=False,
        ),
    ],
    scenario: ScenarioOption = None,
    out: Annotated[
        list[Path] | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="File to write, by its ending: .html two maps that move together, "
            ".xlsx every table, .csv who moves and, beside it, every criterion. May "
            "be repeated.",
            show_default=False,
        ),
    ] = None,
    name: Names = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Show every criterion and every move.")
    ] = False,
    preset: Preset = None,
    settings: Settings = None,
    store: StoreOption = HERE,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say what changes between plans: who moves, every criterion, rules broken.

    All are scored and checked under one scenario: that of the first run, or the
    one that is named.
    """
    import federate
    from federate.cli.asking import scenario_of, start_of
    from federate.cli.compared import compared
    from federate.cli.screen import print_json, print_written, result_console
    from federate.show.kinds import refuse_unknown
    from federate.whatif.store import Store
    from federate.whatif.written import SUFFIXES, write

    for path in out or ():
        refuse_unknown(path, SUFFIXES)
    asked = None if scenario is None else scenario_of(scenario, preset, settings or ())
    named = [start_of(plan, Store(store)) or plan for plan in plans]
    found = federate.compare(*named, scenario=asked, names=name)
    console = result_console(quiet=quiet or as_json)
    if as_json:
        print_json(dict(found.summary_data()))
    console.print(compared(found, width=console.width, everything=everything))
    for path in out or ():
        for written in write(found, path):
            print_written(console, written)
