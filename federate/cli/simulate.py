"""`federate simulate`: a plan's years drawn, beside what the formulas say."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from federate.cli.options import (
    HERE,
    Json,
    Preset,
    Quiet,
    RunOrPlan,
    ScenarioOption,
    Settings,
    StoreOption,
)

__all__ = ["simulate"]


class PracticeLaw(StrEnum):
    """How errors of practices' budgets are spread."""

    normal = "normal"
    heavy = "heavy"


def simulate(
    source: RunOrPlan,
    scenario: ScenarioOption = None,
    preset: Preset = None,
    settings: Settings = None,
    years: Annotated[
        int, typer.Option(metavar="N", help="Years to draw, 20,000 or more.")
    ] = 50_000,
    seed: Annotated[
        int, typer.Option(min=0, metavar="N", help="Same seed, same years.")
    ] = 0,
    practice_errors: Annotated[
        PracticeLaw,
        typer.Option(
            help="Errors of practices' budgets: normal, or heavy-tailed with the same "
            "variance, which no formula knows."
        ),
    ] = PracticeLaw.normal,
    pool_above: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            help="A second pool over all federations pays what they keep of an "
            "overspend above this share of budget; 0.02: 2 %.",
            show_default="risk.tolerance",
        ),
    ] = None,
    out: Annotated[
        list[Path] | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="File to write, by its ending: .csv a row a federation and contract, "
            ".xlsx every table. May be repeated.",
            show_default=False,
        ),
    ] = None,
    store: StoreOption = HERE,
    as_json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Draw years of a plan's spend: overspends, who bears them, formulas checked.

    A run is weighed under its own scenario, changed by --set; or under another,
    with --scenario. Contracts are those of its menu.
    """
    import federate
    from federate.cli.asking import rescored
    from federate.cli.screen import print_json, print_written, result_console
    from federate.cli.simulated import simulated
    from federate.show.kinds import refuse_unknown
    from federate.whatif.simulation import SUFFIXES

    for path in out or ():
        refuse_unknown(path, SUFFIXES)
    result = rescored(source, scenario, preset, settings or (), store)
    found = federate.simulate(
        result,
        years=years,
        seed=seed,
        practice_law=practice_errors.value,
        pool_above=pool_above,
    )
    for path in out or ():
        found.save(path)
    if as_json:
        print_json(found.as_data())
        return 0
    console = result_console(quiet=quiet)
    console.print(simulated(found, result.problem.instance.title))
    for path in out or ():
        print_written(console, path)
    return 0
