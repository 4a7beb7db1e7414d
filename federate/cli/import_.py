"""`federate import`: published NHS files, or one wide table → an instance folder."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from federate.cli.options import Quiet

if TYPE_CHECKING:
    from federate.practices.instance import Instance

__all__ = ["import_"]


def import_(
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
    table: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="One wide table: a row a practice.", show_default=False
        ),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="OURS=THEIRS",
            help="A heading of the table, where the usual ones do not serve, e.g. "
            "budget_gbp=pay_total_gbp. May be repeated.",
            show_default=False,
        ),
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN=LABEL",
            help="Keep only these practices, e.g. sub_icb_code=02A. May be repeated: "
            "all must hold.",
            show_default=False,
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Name of the instance; that of the folder if left out.",
            show_default=False,
        ),
    ] = None,
    title: Annotated[
        str | None,
        typer.Option(metavar="TITLE", help="Its name for people.", show_default=False),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Join published files into an instance; say what joined and what did not."""
    from federate.cli.faults import UsageError
    from federate.cli.screen import result_console
    from federate.practices.folder import write_folder
    from federate.practices.wide import import_wide

    if table is None:
        raise UsageError("name the files to import, e.g. --table practices.csv")
    instance, report = import_wide(
        table, _mapping(columns or ()), name=name or out.name, title=title
    )
    instance = _only(instance, where or ())
    write_folder(instance, out)
    console = result_console(quiet=quiet)
    console.print(str(report), markup=False, soft_wrap=True)
    console.print(
        f"wrote {instance.num_practices:,} practices to {out}\n"
        f"next  federate solve {out} --preset pcn2019",
        markup=False,
        soft_wrap=True,
    )


def _mapping(texts: Sequence[str]) -> Mapping[str, str]:
    from federate.cli.faults import UsageError

    if wrong := [text for text in texts if "=" not in text]:
        raise UsageError(f"--map {wrong[0]}: must be OURS=THEIRS, e.g. list_size=pop")
    pairs = (text.split("=", 1) for text in texts)
    return {ours.strip(): theirs.strip() for ours, theirs in pairs}


def _only(instance: "Instance", where: Sequence[str]) -> "Instance":
    """Return the practices that hold every label asked for."""
    import numpy as np

    from federate.scenario.template import find_area

    for text in where:
        for column, labels in find_area(instance, text, option="--where").items():
            values = instance.practices.attributes[column].values
            instance = instance.select(np.flatnonzero(np.isin(values, labels)))
    return instance
