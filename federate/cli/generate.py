"""`federate generate`: a synthetic region to try things on."""

from pathlib import Path
from typing import Annotated

import typer

from federate.cli.options import Quiet

__all__ = ["generate"]


def generate(
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            metavar="DIR",
            help="Instance folder to write.",
            show_default=False,
        ),
    ],
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            help="A shipped instance to make again (toy, vale); with --practices, "
            "what to call the new region.",
            show_default=False,
        ),
    ] = None,
    practices: Annotated[
        int | None, typer.Option(metavar="N", help="Make a region of this many.")
    ] = None,
    seed: Annotated[
        int, typer.Option(metavar="S", help="Same number and seed: same region.")
    ] = 0,
    quiet: Quiet = False,
) -> None:
    """Make a region that does not exist, drawn from published statistics.

    Towns, villages, a coast, shared premises, out-of-hours bases, ties
    between practices and a present grouping: to try every option on.
    """
    from federate.cli.faults import UsageError
    from federate.cli.screen import result_console
    from federate.practices.folder import write_folder
    from federate.practices.generate import RECIPES, generate_recipe
    from federate.practices.generate import generate as make

    if practices is not None:
        instance = make(name or out.name, num_practices=practices, seed=seed)
    elif name is not None:
        instance = generate_recipe(name)
    else:
        raise UsageError(
            f"say what to make: a shipped instance by name ({', '.join(RECIPES)}), or "
            f"a new region by its number of practices:\n"
            f"  federate generate --practices 120 --seed 1 --out {out}"
        )
    write_folder(instance, out)
    result_console(quiet=quiet).print(
        f"wrote {instance.num_practices:,} practices to {out}\n"
        f"next  federate solve {out} --preset pcn2019",
        soft_wrap=True,
    )
