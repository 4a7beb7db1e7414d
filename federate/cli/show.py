"""`federate show`: a kept run, told again."""

from typing import Annotated

import typer

from federate.cli.options import HERE, Json, Quiet, StoreOption

__all__ = ["Run", "show"]

Run = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help="A run: its folder, its name or the beginning of it, or last.",
        show_default=False,
    ),
]


def show(
    run: Run, store: StoreOption = HERE, as_json: Json = False, quiet: Quiet = False
) -> None:
    """Show a kept run as when it was solved; its plan is scored and verified anew."""
    from federate.cli.answer import answer
    from federate.cli.screen import print_json, result_console
    from federate.cli.summary import found
    from federate.show.run_folder import read_run
    from federate.whatif.store import Store

    record = Store(store).find(run)
    result = read_run(record.folder)
    if as_json:
        print_json(answer(result, record.folder))
        return
    console = result_console(quiet=quiet)
    scored = record.engine == "evaluate"
    console.print(found(result, width=console.width, evaluated=scored))
    page = record.folder / "map.html"
    drawn = f"\nmap  {page}" if page.is_file() else ""
    said = f"\nrun  {record.folder}, made {record.made:%d %B %Y, %H:%M} UTC{drawn}"
    console.print(said, markup=False, soft_wrap=True)
