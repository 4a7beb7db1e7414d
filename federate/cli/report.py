"""`federate report`: one page for the board, then detail."""

from pathlib import Path
from typing import Annotated

import typer

from federate.cli.options import Names, Preset, Quiet, ScenarioOption, Settings

__all__ = ["report"]


def report(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN ...",
            help="Run folders; or, with --scenario, plan tables, or current.",
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
    quiet: Quiet = False,
) -> None:
    """Write a report: map, seven numbers, who changes; then each federation."""
    from federate.cli.asking import result_of
    from federate.cli.screen import result_console
    from federate.show.kinds import refuse_unknown
    from federate.show.report import SUFFIXES, write_report
    from federate.whatif.compare import names_of

    for path in out:
        refuse_unknown(path, SUFFIXES)
    names = names_of(sources, name)
    results = [
        result_of(source, scenario, preset, settings or ()) for source in sources
    ]
    console = result_console(quiet=quiet)
    for path in out:
        write_report(results, names, path)
        console.print(f"wrote  {path}", markup=False, soft_wrap=True)
