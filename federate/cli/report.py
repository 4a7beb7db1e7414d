"""`federate report`: one page for the board, then detail."""

from pathlib import Path
from typing import Annotated

import typer

from federate.cli.options import (
    HERE,
    Names,
    Preset,
    Quiet,
    ScenarioOption,
    Settings,
    StoreOption,
)

__all__ = ["report"]


def report(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN ...",
            help="Runs (folder, name or last); or, with --scenario, plan tables, or "
            "current.",
            show_default=False,
        ),
    ],
    out: Annotated[
        list[Path],
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="File to write, by its ending: .html .pdf .xlsx. May be repeated.",
            show_default=False,
        ),
    ],
    name: Names = None,
    scenario: ScenarioOption = None,
    preset: Preset = None,
    settings: Settings = None,
    store: StoreOption = HERE,
    quiet: Quiet = False,
) -> None:
    """Write a report: map, seven numbers, who changes; then each federation."""
    from federate.cli.asking import result_of, start_of
    from federate.cli.screen import print_written, result_console
    from federate.show.kinds import refuse_unknown
    from federate.show.report import SUFFIXES, write_report
    from federate.whatif.compare import names_of
    from federate.whatif.store import Store

    for path in out:
        refuse_unknown(path, SUFFIXES)
    found = [str(start_of(source, Store(store)) or source) for source in sources]
    names = names_of(found, name)
    results = [
        result_of(source, scenario, preset, settings or (), store) for source in found
    ]
    console = result_console(quiet=quiet)
    for path in out:
        write_report(results, names, path)
        print_written(console, path)
