"""`federate map`: one HTML file that opens offline."""

from pathlib import Path
from typing import Annotated

import typer

from federate.cli.options import (
    HERE,
    Preset,
    Quiet,
    RunOrPlan,
    ScenarioOption,
    Settings,
    StoreOption,
)

__all__ = ["map_"]


def map_(
    source: RunOrPlan,
    scenario: ScenarioOption = None,
    preset: Preset = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE.html",
            help="File to write.",
            show_default="named for the run or plan",
        ),
    ] = None,
    settings: Settings = None,
    store: StoreOption = HERE,
    quiet: Quiet = False,
) -> None:
    """Draw the map of a run or a plan: one HTML file that opens offline."""
    from federate.cli.asking import file_for, result_of
    from federate.cli.screen import result_console
    from federate.show.map import write_map

    result = result_of(source, scenario, preset, settings or (), store)
    path = out or file_for(source, ".html")
    write_map(result, path)
    result_console(quiet=quiet).print(f"map  {path}", markup=False, soft_wrap=True)
