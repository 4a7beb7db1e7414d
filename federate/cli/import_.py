"""`federate import`: published NHS files, or one wide table → an instance folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from federate.cli.options import Quiet

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
            help="Read only these rows, e.g. sub_icb_code=02A. May be repeated: a row "
            "must hold one of the labels of every column named.",
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
        table,
        dict(_pairs("--map", columns or ())),
        name=name or out.name,
        title=title,
        where=_labels(where or ()),
    )
    write_folder(instance, out)
    console = result_console(quiet=quiet)
    console.print(str(report), markup=False, soft_wrap=True)
    console.print(
        f"wrote {instance.num_practices:,} practices to {out}\n"
        f"next  federate solve {out} --preset pcn2019",
        markup=False,
        soft_wrap=True,
    )


def _pairs(option: str, texts: Sequence[str]) -> list[tuple[str, str]]:
    from federate.cli.faults import UsageError

    if wrong := [text for text in texts if "=" not in text]:
        raise UsageError(f"{option} {wrong[0]}: must be written A=B")
    pairs = (text.split("=", 1) for text in texts)
    return [(left.strip(), right.strip()) for left, right in pairs]


def _labels(texts: Sequence[str]) -> dict[str, list[str]]:
    """Return the labels asked for by column: of one column any will do."""
    labels: dict[str, list[str]] = {}
    for column, label in _pairs("--where", texts):
        labels.setdefault(column, []).append(label)
    return labels
