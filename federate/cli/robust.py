"""`federate robust`: how a plan stands up to what may happen."""

from typing import TYPE_CHECKING, Annotated

import typer

from federate.cli.options import HERE, Json, Quiet, StoreOption

if TYPE_CHECKING:
    from federate.whatif.robustness import Robustness

__all__ = ["robust"]

MOST_ROWS = 40


def robust(
    run: Annotated[
        str,
        typer.Argument(
            metavar="RUN", help="A run: its folder, name or last.", show_default=False
        ),
    ],
    drift: Annotated[
        float,
        typer.Option(
            min=0.0,
            max=0.9,
            metavar="SHARE",
            help="Lists move by up to this; 0.05: 5 %.",
        ),
    ] = 0.05,
    draws: Annotated[int, typer.Option(min=1, metavar="N", help="How often.")] = 200,
    seed: Annotated[
        int, typer.Option(min=0, metavar="N", help="Same seed, same answer.")
    ] = 0,
    store: StoreOption = HERE,
    as_json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Test a plan: lists that drift, a practice that closes, the largest that leaves.

    One row a federation, the most fragile first.
    """
    import federate
    from federate.cli.asking import run_folder
    from federate.cli.screen import print_json

    found = federate.robustness(
        run_folder(run, store), drift=drift, draws=draws, seed=seed
    )
    if as_json:
        print_json(found.as_data())
    else:
        _show(found, quiet=quiet)
    return 0


def _show(found: "Robustness", *, quiet: bool) -> None:
    from rich.table import Table

    from federate.cli.screen import result_console

    console = result_console(quiet=quiet)
    lists = f"lists that move by up to {100 * found.drift:g} %"
    console.print(
        f"With {lists}, some rule is broken in {100 * found.any_share:.0f} % of "
        f"{found.draws:,} draws."
    )
    for rule, share in found.rule_share.items():
        console.print(f"  {rule}: {100 * share:.0f} %", markup=False)
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("")
    for heading in ("patients", "may lose", "may gain", "breaks in"):
        table.add_column(heading, justify="right")
    table.add_column("worst closure", no_wrap=True)
    table.add_column("without its largest", no_wrap=True)
    for row in found.federations[:MOST_ROWS]:
        lost = f"{row.left_patients:,} left"
        if row.loss_broken:
            lost += f", {len(row.loss_broken)} broken"
        closed = f"{row.worst_closure}, {len(row.closure_broken)} broken"
        table.add_row(
            row.federation,
            f"{row.patients:,}",
            "" if row.spare_below is None else f"{row.spare_below:,}",
            "" if row.spare_above is None else f"{row.spare_above:,}",
            f"{100 * row.drift_share:.0f} %",
            closed if row.worst_closure else "none broken",
            lost,
        )
    console.print()
    console.print(table)
