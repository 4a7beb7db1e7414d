"""`federate rm`: kept runs removed."""

from typing import Annotated

import typer

from federate.cli.options import HERE, Quiet, StoreOption

__all__ = ["rm"]


def rm(
    runs: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN...",
            help="Runs by name, by the beginning of a name, or last.",
            show_default=False,
        ),
    ],
    store: StoreOption = HERE,
    quiet: Quiet = False,
) -> None:
    """Remove kept runs for good; if one of them is not there, none is removed."""
    from federate.cli.screen import result_console
    from federate.whatif.store import Store

    console = result_console(quiet=quiet)
    for record in Store(store).remove(runs):
        console.print(f"removed  {record.name}", markup=False, soft_wrap=True)
