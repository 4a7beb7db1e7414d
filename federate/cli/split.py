"""`federate split`: each federation's risk capital, shared among its members."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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

if TYPE_CHECKING:
    from rich.table import Table

    from federate.whatif.shares import FederationSplit, MethodCheck, Split

__all__ = ["split"]

MOST_ROWS = 40


class Method(StrEnum):
    """How capital is split; ``all``: every way that is left to its members."""

    proportional = "proportional"
    euler = "euler"
    covariance = "covariance"
    shapley = "shapley"
    nucleolus = "nucleolus"


class Capital(StrEnum):
    """What is split."""

    cvar = "cvar"
    sd = "sd"


def split(
    source: RunOrPlan,
    scenario: ScenarioOption = None,
    preset: Preset = None,
    settings: Settings = None,
    federation: Annotated[
        str | None,
        typer.Option(
            "--federation",
            "-f",
            metavar="F01",
            help="One federation, member by member.",
            show_default="all",
        ),
    ] = None,
    method: Annotated[
        list[Method] | None,
        typer.Option(
            "--method",
            "-m",
            help="By budget; by what each adds at the margin; by covariance with the "
            "pool; by what each adds on average over orders of joining; or so that "
            "the worst-treated group is treated least badly (up to 15 members). May "
            "be repeated.",
            show_default="euler",
        ),
    ] = None,
    capital: Annotated[
        Capital,
        typer.Option(
            help="What is split: mean of the worst years (cvar), or standard "
            "deviation (sd)."
        ),
    ] = Capital.cvar,
    orders: Annotated[
        int,
        typer.Option(min=1, metavar="N", help="Orders of joining drawn for shapley."),
    ] = 2_000,
    seed: Annotated[
        int, typer.Option(min=0, metavar="N", help="Same seed, same answer.")
    ] = 0,
    out: Annotated[
        list[Path] | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="File to write, by its ending: .csv a row a practice, .xlsx with the "
            "checks. May be repeated.",
            show_default=False,
        ),
    ] = None,
    store: StoreOption = HERE,
    as_json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Share each federation's risk capital among its practices, and check the shares.

    Checked: that they add up, and whether any group of members would hold less apart.
    """
    import federate
    from federate.cli.asking import rescored
    from federate.cli.screen import print_json, print_written, result_console
    from federate.show.kinds import refuse_unknown
    from federate.whatif.shares import SUFFIXES

    for path in out or ():
        refuse_unknown(path, SUFFIXES)
    result = rescored(source, scenario, preset, settings or (), store)
    found = federate.split(
        result,
        federation=federation,
        methods=tuple(dict.fromkeys(m.value for m in method or [Method.euler])),
        capital=capital.value,
        orders=orders,
        seed=seed,
    )
    for path in out or ():
        found.save(path)
    if as_json:
        print_json(found.as_data())
        return 0
    console = result_console(quiet=quiet)
    console.print(_heading(found))
    console.print()
    if federation is None:
        console.print(_overview(found))
    else:
        console.print(_members(found.federations[0]))
    console.print()
    for sentence in _checks(found):
        console.print(sentence, markup=False)
    for path in out or ():
        print_written(console, path)
    return 0


def _heading(found: "Split") -> str:
    if found.capital == "sd":
        return "Risk capital: the standard deviation of a year's spend, £."
    share = f"{100 * (1 - found.level):.6g}\u00a0%"
    return f"Risk capital: the mean overspend of the worst {share} of years, £."


def _table() -> "Table":
    from rich.table import Table

    return Table(box=None, padding=(0, 2, 0, 0), header_style="dim")


def _overview(found: "Split") -> "Table":
    """Return a row a federation: its capital, and what pooling saves."""
    from rich.markup import escape

    from federate.cli.simulated import money
    from federate.show.facts import percent

    table = _table()
    table.add_column("")
    for name in ("practices", "capital", "if all apart", "saved"):
        table.add_column(name, justify="right")
    table.add_column("largest share", no_wrap=True)
    table.add_column("better apart")
    method = found.methods[0]
    for row in found.federations[:MOST_ROWS]:
        largest = max(row.members, key=lambda member: member.share_gbp[method])
        saved = 1 - row.capital_gbp / row.alone_gbp if row.alone_gbp > 0 else 0.0
        part = largest.share_gbp[method] / row.capital_gbp if row.capital_gbp else 0.0
        table.add_row(
            escape(row.federation),
            f"{len(row.members):,}",
            money(row.capital_gbp),
            money(row.alone_gbp),
            percent(saved, 0),
            f"{escape(largest.code)} {percent(part, 0)}",
            _outcome(row.checks[0]),
        )
    return table


def _outcome(check: "MethodCheck") -> str:
    if not check.in_core:
        return "yes"
    return "nobody" if check.is_complete else "none found"


def _members(found: "FederationSplit") -> "Table":
    """Return a row a member: what it would hold alone, and its share by method."""
    from rich.markup import escape

    from federate.cli.simulated import money

    table = _table()
    methods = [check.method for check in found.checks]
    table.add_column("", no_wrap=True)
    # More methods leave no room for names on a narrow screen.
    if len(methods) < 3:
        table.add_column("", no_wrap=True, max_width=22)
    for name in ("budget", "alone", *methods):
        table.add_column(name, justify="right", no_wrap=True)
    for member in found.members:
        named = [escape(member.name)] if len(methods) < 3 else []
        shares = [money(member.share_gbp[method]) for method in methods]
        row = [money(member.exposed_gbp), money(member.alone_gbp), *shares]
        table.add_row(escape(member.code), *named, *row)
    sums = [
        money(sum(member.share_gbp[method] for member in found.members))
        for method in methods
    ]
    whole = money(sum(member.exposed_gbp for member in found.members))
    blank = [""] if len(methods) < 3 else []
    table.add_row("all", *blank, whole, money(found.alone_gbp), *sums)
    return table


def _checks(found: "Split") -> list[str]:
    """Return a sentence a method: do shares add up, would anybody do better apart."""
    from federate.cli.simulated import money

    said = []
    for k, method in enumerate(found.methods):
        checks = [row.checks[k] for row in found.federations]
        off = max((abs(check.off_gbp) for check in checks), default=0.0)
        whole = all(check.is_complete for check in checks)
        looked = sum(check.num_coalitions for check in checks)
        groups = f"{'all' if whole else 'the'} {looked:,} groups looked at"
        outside = [r for r in found.federations if not r.checks[k].in_core]
        if not outside:
            fate = f"none of {groups} would hold less apart"
        else:
            worst = max(outside, key=lambda row: row.checks[k].core_excess_gbp or 0.0)
            check = worst.checks[k]
            who = ", ".join(check.worst_coalition[:6])
            fate = (
                f"in {len(outside):,} of {len(checks):,} federations some members "
                f"would hold less apart, most in {worst.federation}: {who}, by "
                f"{money(check.core_excess_gbp)}"
            )
        said.append(f"{method}: shares add up to within £{off:,.2f}; {fate}.")
    return said
