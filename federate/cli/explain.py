"""`federate explain`: why no plan, why here, and which rule costs most."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from federate.cli.options import HERE, Json, Preset, Quiet, Settings, StoreOption

if TYPE_CHECKING:
    from rich.table import Table

    from federate.scenario import Scenario
    from federate.whatif.prices import RulePrice

__all__ = ["explain"]


def explain(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SCENARIO|RUN",
            help="A scenario or instance as for solve, or a run: its folder, name "
            "or last.",
            show_default=False,
        ),
    ],
    practice: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            help="Say why this practice of a run is where it is.",
            show_default=False,
        ),
    ] = None,
    there: Annotated[
        str | None,
        typer.Option(
            metavar="FEDERATION",
            help="With --practice: what it would cost to have it there.",
            show_default="the three cheapest moves",
        ),
    ] = None,
    rules: Annotated[
        bool, typer.Option("--rules", help="Say what each rule of a run costs.")
    ] = False,
    preset: Preset = None,
    settings: Settings = None,
    time_limit: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS",
            help="In all for a scenario without a plan; for each solve otherwise.",
            show_default="240, or 20",
        ),
    ] = None,
    store: StoreOption = HERE,
    as_json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Say which rules leave no plan and what would help; or why, of a plan.

    Every rule named is proven to be part of the conflict or said not to be; every
    change proposed was tried and has a plan. Exit code 0: explained.
    """
    from federate.cli.asking import is_run, run_folder, scenario_of
    from federate.cli.faults import UsageError

    if practice is None and there is not None:
        raise UsageError("--there goes with --practice: name the practice to move")
    if practice is not None and rules:
        raise UsageError("--practice and --rules are two questions; ask one at a time")
    if practice is not None:
        return _place(
            run_folder(source, store), practice, there, time_limit, as_json, quiet
        )
    if rules:
        return _prices(run_folder(source, store), time_limit, as_json, quiet)
    asked = (
        run_folder(source, store)
        if is_run(source)
        else scenario_of(source, preset, settings or [])
    )
    return _conflict(asked, time_limit, as_json, quiet)


def _conflict(
    asked: "Scenario | Path", time_limit: float | None, as_json: bool, quiet: bool
) -> int:
    import federate
    from federate.cli.screen import print_json, print_lines, result_console

    why = federate.explain(asked, time_limit_s=time_limit or 240.0)
    if as_json:
        print_json(why.as_data())
    else:
        console = result_console(quiet=quiet)
        print_lines(console, why.lines())
        if isinstance(asked, Path) and why.is_infeasible is False:
            console.print("Ask of its plan: --practice CODE, or --rules.", markup=False)
    return 0


def _place(
    run: Path,
    practice: str,
    there: str | None,
    time_limit: float | None,
    as_json: bool,
    quiet: bool,
) -> int:
    import federate
    from federate.cli.screen import print_json, print_lines, result_console

    why = federate.why_here(run, practice, there, time_limit_s=time_limit or 20.0)
    if as_json:
        print_json(why.as_data())
    else:
        console = result_console(quiet=quiet)
        print_lines(console, why.lines())
    return 0


def _prices(run: Path, time_limit: float | None, as_json: bool, quiet: bool) -> int:
    import federate
    from federate.cli.screen import print_json, result_console

    prices = federate.rule_prices(run, time_limit_s=time_limit or 20.0)
    if as_json:
        print_json({"rules": [price.as_data() for price in prices]})
        return 0
    console = result_console(quiet=quiet)
    if prices:
        console.print("What giving up one rule would save, all others kept:\n")
        console.print(_table(prices))
    else:
        console.print("No rule costs anything: none would make a cheaper plan.")
    return 0


def _table(prices: "tuple[RulePrice, ...]") -> "Table":
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("rule")
    table.add_column("£ a year", justify="right", no_wrap=True)
    table.add_column("proven", no_wrap=True)
    for price in prices:
        most = "not known" if price.most_gbp is None else f"{price.most_gbp:,.0f}"
        proven = "exact" if price.is_exact else f"{price.least_gbp:,.0f} to {most}"
        table.add_row(
            escape(f"{price.words} ({price.key})"), f"{price.saving_gbp:,.0f}", proven
        )
    return table
