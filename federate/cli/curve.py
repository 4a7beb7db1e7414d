"""`federate curve`: risk against population, as a picture."""

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

__all__ = ["curve"]

ENDINGS = (".png", ".svg", ".pdf")
DOTS_AN_INCH = 120


def curve(
    source: RunOrPlan,
    scenario: ScenarioOption = None,
    preset: Preset = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="File to write, by its ending: .png .svg .pdf.",
            show_default="named for the run or plan",
        ),
    ] = None,
    settings: Settings = None,
    store: StoreOption = HERE,
    quiet: Quiet = False,
) -> None:
    """Draw the chance of an overspend against population, each federation marked."""
    from federate.cli.asking import file_for, result_of
    from federate.cli.screen import result_console
    from federate.show.kinds import refuse_unknown
    from federate.show.risk_curve import risk_curve

    path = out or file_for(source, "-risk.png")
    refuse_unknown(path, ENDINGS)
    result = result_of(source, scenario, preset, settings or (), store)
    result.plot_risk().savefig(path, dpi=DOTS_AN_INCH)
    console, found = result_console(quiet=quiet), risk_curve(result)
    if found is not None:
        console.print(found.in_words, markup=False)
    console.print(f"curve  {path}", markup=False, soft_wrap=True)
