"""`federate import`: published NHS files, or one wide table → an instance folder."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from federate.cli.options import Quiet

__all__ = ["import_", "pairs"]


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
    epraccur: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="ODS epraccur.csv: which practices there are.",
            show_default=False,
        ),
    ] = None,
    codepoint: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="OS Code-Point Open, a CSV or its folder: where they are.",
            show_default=False,
        ),
    ] = None,
    patients: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="gp-reg-pat-prac-all.csv: registered patients.",
            show_default=False,
        ),
    ] = None,
    patients_map: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="gp-reg-pat-prac-map.csv: networks, where there is no ePCN.",
            show_default=False,
        ),
    ] = None,
    epcn: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="ePCN.xlsx: primary care networks, the present grouping.",
            show_default=False,
        ),
    ] = None,
    payments: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="NHS Payments to General Practice: list sizes and payments.",
            show_default=False,
        ),
    ] = None,
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
        typer.Option(
            metavar="TITLE",
            help="Its name for people; that of the folder if left out.",
            show_default=False,
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Make an instance of published files, or of one wide table.

    Either --epraccur, --codepoint and --patients or --payments, with --epcn
    for the present grouping; or --table. Says what joined and what did not.
    """
    from federate.cli.faults import UsageError
    from federate.cli.published import Published, join_published
    from federate.cli.screen import result_console
    from federate.practices.folder import write_folder
    from federate.practices.wide import import_wide

    files = Published(epraccur, codepoint, patients, patients_map, epcn, payments)
    if (table is None) != files.any_given:
        raise UsageError(
            "name what to import: either --table FILE, or published files: "
            "--epraccur, --codepoint, --patients ..."
        )
    asked: dict[str, Any] = {
        "where": _labels(where or ()),
        "name": name or out.name,
        "title": title or _title(out.name),
    }
    report: object
    if table is None:
        instance, report = join_published(files, **asked)
    else:
        mapping = dict(pairs("--map", columns or ()))
        instance, report = import_wide(table, mapping, **asked)
    write_folder(instance, out)
    console = result_console(quiet=quiet)
    console.print(str(report), markup=False, soft_wrap=True)
    console.print(
        f"wrote {instance.num_practices:,} practices to {out}\n"
        f"next  federate solve {out} --preset pcn2019",
        markup=False,
        soft_wrap=True,
    )


def _title(folder: str) -> str:
    """Return a folder's name as people write one.

    Examples
    --------
    >>> _title("outer_ne-london"), _title("Kent and Medway")
    ('Outer ne london', 'Kent and Medway')
    """
    words = re.sub(r"[_-]+", " ", folder).strip()
    return words[:1].upper() + words[1:]


def pairs(option: str, texts: Sequence[str]) -> list[tuple[str, str]]:
    """Return texts ``A=B`` as pairs.

    Raises
    ------
    UsageError
        If one has no ``=``.
    """
    from federate.cli.faults import UsageError

    if wrong := [text for text in texts if "=" not in text]:
        raise UsageError(f"{option} {wrong[0]}: must be written A=B")
    parted = (text.split("=", 1) for text in texts)
    return [(left.strip(), right.strip()) for left, right in parted]


def _labels(texts: Sequence[str]) -> dict[str, list[str]]:
    """Return the labels asked for by column: of one column any will do."""
    labels: dict[str, list[str]] = {}
    for column, label in pairs("--where", texts):
        labels.setdefault(column, []).append(label)
    return labels
