"""`federate export`: a run or a plan as files for other programs."""

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

__all__ = ["export"]


def export(
    source: RunOrPlan,
    out: Annotated[
        list[Path],
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="File to write, by its ending: .csv .xlsx .geojson .gpkg .parquet. "
            "May be repeated.",
            show_default=False,
        ),
    ],
    scenario: ScenarioOption = None,
    preset: Preset = None,
    settings: Settings = None,
    store: StoreOption = HERE,
    quiet: Quiet = False,
) -> None:
    """Write a run or a plan as GeoJSON, GeoPackage, GeoParquet, CSV or XLSX."""
    from federate.cli.asking import result_of
    from federate.cli.screen import print_written, result_console
    from federate.show.export import export as write

    result = result_of(source, scenario, preset, settings or (), store)
    console = result_console(quiet=quiet)
    for path in out:
        write(result, path)
        print_written(console, path)
