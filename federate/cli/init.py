"""`federate init`: a scenario file to start from."""

from pathlib import Path
from typing import Annotated

import typer

from federate.cli.options import Quiet

__all__ = ["init"]


def init(
    file: Annotated[
        Path, typer.Argument(metavar="FILE.toml", help="Scenario file to write.")
    ],
    instance: Annotated[
        str,
        typer.Option(
            metavar="INSTANCE",
            help="Folder, table or shipped name of the practices.",
            show_default=False,
        ),
    ],
    preset: Annotated[
        str, typer.Option(metavar="NAME", help="Rules to start from.")
    ] = "pcn2019",
    area: Annotated[
        str | None,
        typer.Option(
            metavar="LABEL|COLUMN=LABEL",
            help='Keep only these practices, e.g. "Trafford" or sub_icb_code=02A.',
            show_default=False,
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the file if it is there.")
    ] = False,
    quiet: Quiet = False,
) -> int:
    """Write a scenario with comments that teach, ready to solve and to change."""
    from federate.api import read
    from federate.cli.screen import result_console
    from federate.scenario.template import find_area, write_scenario_template

    practices = read(instance)
    chosen = find_area(practices, area) if area else {}
    place = next(iter(chosen.values()))[0] if chosen else practices.title
    write_scenario_template(
        file,
        instance=instance,
        preset=preset,
        area=chosen,
        title=f"{place}, {preset}",
        overwrite=force,
    )
    console = result_console(quiet=quiet)
    console.print(f"wrote {file}\nnext  federate solve {file}", soft_wrap=True)
    return 0
