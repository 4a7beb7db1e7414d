"""`federate risk fit`: parameters of risk from a panel of spend per practice."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from federate.cli.options import Json, Quiet

if TYPE_CHECKING:
    from rich.table import Table

    from federate.whatif.fitted import RiskFit

__all__ = ["risk"]

risk = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


class Budget(StrEnum):
    """What a practice's budget is taken to follow."""

    history = "history"
    formula = "formula"


@risk.callback()
def about() -> None:
    """Parameters of pooled risk, from data."""


@risk.command("fit")
def fit(
    panel: Annotated[
        Path,
        typer.Argument(
            metavar="PANEL.csv",
            help="A table with a row a practice and year: code, year, patients, "
            "spend; .csv, .csv.gz, .xlsx or .parquet.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="RISK.toml",
            help="File to write, for a scenario to extend.",
            show_default=False,
        ),
    ] = None,
    instance: Annotated[
        str | None,
        typer.Option(
            "--instance",
            "-i",
            metavar="INSTANCE",
            help="Where practices are, for shocks that neighbours share; only its "
            "practices are then used.",
            show_default=False,
        ),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="OURS=THEIRS",
            help="A heading of the panel, where the usual ones do not serve: code, "
            "year, patients, weighted, spend or closed. May be repeated.",
            show_default=False,
        ),
    ] = None,
    less: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN",
            help="A column to take off spend, e.g. drug_reimbursement_gbp. May be "
            "repeated.",
            show_default=False,
        ),
    ] = None,
    budget: Annotated[
        Budget,
        typer.Option(
            help="Budgets follow each practice's own level (history), or one rate for "
            "all (formula), so that lasting differences are errors too."
        ),
    ] = Budget.history,
    most_jump: Annotated[
        float,
        typer.Option(
            metavar="X",
            help="Leave out practices with a year further from their level than this, "
            "in logarithms; 0.5: 65 % more or 39 % less.",
        ),
    ] = 0.5,
    extends: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="What the file itself extends: a preset or a scenario file.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int,
        typer.Option(
            min=0,
            metavar="N",
            help="Draws 1,000 practices for distances, where there are more.",
        ),
    ] = 0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Estimate a scenario's parameters of risk from spend per practice and year.

    Says what the panel tells and what it does not, with standard errors.
    """
    import federate
    from federate.cli.import_ import pairs
    from federate.cli.screen import print_json, result_console
    from federate.show.kinds import refuse_unknown

    if out is not None:
        refuse_unknown(out, (".toml",))
    found = federate.fit_risk(
        panel,
        instance,
        columns=dict(pairs("--map", columns or ())),
        less=tuple(less or ()),
        budget=budget.value,
        most_jump=most_jump,
        seed=seed,
    )
    if out is not None:
        found.save(out, extends=extends)
    if as_json:
        print_json(found.as_data())
        return 0
    console = result_console(quiet=quiet)
    console.print(_counts(found), markup=False)
    console.print()
    console.print(_table(found))
    console.print()
    for sentence in _sentences(found):
        console.print(sentence, markup=False)
    if out is not None:
        console.print(
            f'\nwrote  {out}\nnext   put extends = "{out.name}" above the first table '
            "of a scenario beside it,\n       or copy its [risk]",
            markup=False,
            soft_wrap=True,
        )
    return 0


def _counts(found: "RiskFit") -> str:
    lines = [
        f"{found.num_rows:,} rows read; {found.num_practices:,} practices in "
        f"{len(found.years)} years used"
    ]
    lines += [f"  left out: {n:,} {why}" for why, n in found.left_out.items() if n]
    return "\n".join(lines)


def _table(found: "RiskFit") -> "Table":
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("key", no_wrap=True)
    for name in ("estimate", "± error", "default"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("")
    for row in found.fitted:
        table.add_row(
            row.key,
            "–" if row.value is None else f"{row.value:.3g}",
            "" if row.error is None else f"{row.error:.2g}",
            f"{row.default:g}",
            f"not written: {row.why_not}" if row.why_not else "",
        )
    return table


def _sentences(found: "RiskFit") -> Iterator[str]:
    if found.near:
        yield (
            "Correlation of two practices' years by distance "
            f"({found.num_placed:,} practices):"
        )
        for row in found.near:
            upper = f"{row.from_km:.0f} to {row.to_km:.0f} km"
            name = f"over {row.from_km:.0f} km" if row.to_km == float("inf") else upper
            yield (
                f"  {name:<14} {row.value:6.3f} ± {row.error:.3f}   "
                f"{row.num_pairs:,} pairs"
            )
        yield ""
    yield f"What it is: {found.what_it_is}"
    yield f"What it is not: {found.what_it_isnt}"
    independent = -1 / (len(found.years) - 1)
    yield (
        f"Practices' levels differ by {found.lasting.value:.3f} "
        f"± {found.lasting.error:.3f} for good. A year goes with the year before by "
        f"{found.autocorrelation:.2f}; independent years would by {independent:.2f}."
    )
