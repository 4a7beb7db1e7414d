"""`federate runs`: what is kept, the newest first."""

from typing import TYPE_CHECKING, Annotated

import typer

from federate.cli.options import HERE, Json, Quiet, StoreOption

if TYPE_CHECKING:
    from rich.table import Table

    from federate.whatif.record import RunRecord

__all__ = ["runs"]

ASKED = "asked"
HEADINGS = ("run", ASKED, "federations", "£ a year", "gap", "status")
FIGURES = frozenset({"federations", "£ a year", "gap"})


def runs(
    match: Annotated[
        str | None,
        typer.Argument(
            metavar="TEXT",
            help="Only runs with this in their name, title or practices.",
            show_default=False,
        ),
    ] = None,
    status: Annotated[
        str | None,
        typer.Option(
            metavar="STATUS", help="Only these: optimal, feasible, infeasible, ..."
        ),
    ] = None,
    newest: Annotated[
        int | None, typer.Option("-n", metavar="N", min=1, help="No more than these.")
    ] = None,
    rebuild: Annotated[
        bool,
        typer.Option("--rebuild", help="Make the index again from the run folders."),
    ] = False,
    store: StoreOption = HERE,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """List the runs that are kept, the newest first.

    Every other command takes a run by its folder, its name, the beginning of its
    name, or as `last`.
    """
    from federate.cli.screen import print_json, result_console, side_console
    from federate.whatif.store import Store

    kept = Store(store)
    if rebuild:
        count = kept.rebuild()
        side_console(quiet=quiet).print(f"{count:,} runs indexed anew")
    records = kept.records()
    wanted = [r for r in records if _fits(r, match, status)][:newest]
    unfinished = kept.unfinished()
    if as_json:
        found = [record.as_data() for record in wanted]
        print_json({"runs": found, "unfinished": list(unfinished)})
        return
    if wanted:
        console = result_console(quiet=quiet)
        console.print(_table(wanted, records, console.width))
    elif not records:
        side_console(quiet=quiet).print(f"no runs are kept in {kept.runs}")
    for name in unfinished:
        said = f"{kept.runs / name} is no finished run"
        side_console(quiet=quiet).print(said, markup=False, soft_wrap=True)


def _fits(record: "RunRecord", match: str | None, status: str | None) -> bool:
    text = f"{record.name} {record.title} {record.instance}".lower()
    return (match is None or match.lower() in text) and status in (None, record.status)


def _table(
    wanted: "list[RunRecord]", records: "tuple[RunRecord, ...]", width: int
) -> "Table":
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    names = [record.name for record in records]
    rows = [_row(record, names) for record in wanted]
    columns = [
        [heading, *(row[k] for row in rows)] for k, heading in enumerate(HEADINGS)
    ]
    widest = {column[0]: max(map(len, column)) for column in columns}
    # Only what was asked gives way on a narrow screen.
    rest = width - sum(w + 2 for name, w in widest.items() if name != ASKED)
    for heading in HEADINGS:
        table.add_column(
            heading,
            justify="right" if heading in FIGURES else "left",
            no_wrap=True,
            max_width=max(rest - 2, 8) if heading == ASKED else None,
        )
    for row in rows:
        table.add_row(*map(escape, row))
    return table


def _gap(gap: float) -> str:
    """Return a gap in per cent; what is left of rounding counts as none.

    Examples
    --------
    >>> _gap(1.8e-16), _gap(0.00834)
    ('0 %', '0.83 %')
    """
    return f"{100 * gap:.2g} %" if abs(gap) > 5e-6 else "0 %"


def _row(r: "RunRecord", names: list[str]) -> tuple[str, ...]:
    from federate.show.run_name import short_name

    broken = f"{r.num_violations} broken"
    return (
        short_name(r.name, names),
        f"{r.title} · {r.instance}" if r.title else r.instance,
        "" if r.num_federations is None else f"{r.num_federations:,}",
        "" if r.objective_gbp is None else f"{r.objective_gbp:,.0f}",
        "" if r.gap is None else _gap(r.gap),
        broken if r.num_violations else r.status,
    )
