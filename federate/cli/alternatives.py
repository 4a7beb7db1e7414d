"""`federate alternatives`: other plans that cost almost as little."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from federate.cli.options import HERE, Json, Quiet, StoreOption

if TYPE_CHECKING:
    from federate.whatif.alternatives import Alternatives

__all__ = ["alternatives"]


def alternatives(
    run: Annotated[
        str,
        typer.Argument(
            metavar="RUN", help="A run: its folder, name or last.", show_default=False
        ),
    ],
    within: Annotated[
        str,
        typer.Option(metavar="SHARE", help="How much more they may cost, e.g. 1%."),
    ] = "1%",
    count: Annotated[
        int, typer.Option(min=2, metavar="N", help="Plans wanted, the first included.")
    ] = 5,
    time_limit: Annotated[
        float, typer.Option(metavar="SECONDS", help="For each solve.")
    ] = 10.0,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FOLDER",
            help="Write each plan there as a table.",
            show_default=False,
        ),
    ] = None,
    store: StoreOption = HERE,
    as_json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Find plans that cost almost as little as a run's and differ from it.

    Each is verified. Practices that are together in all of them are told last:
    whatever plan is taken, they belong together.
    """
    import federate
    from federate.cli.asking import run_folder
    from federate.cli.screen import print_json, result_console
    from federate.plan_file import write_plan

    found = federate.alternatives(
        run_folder(run, store),
        within=_share(within),
        count=count,
        time_limit_s=time_limit,
    )
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for number, plan in enumerate(found.plans, start=1):
            write_plan(plan.require_plan(), out / f"plan{number}.csv")
    if as_json:
        print_json(found.as_data())
    else:
        _show(found, quiet=quiet)
        console = result_console(quiet=quiet)
        if out is not None:
            console.print(f"\nplans  {out}", markup=False, soft_wrap=True)
    return 0


def _share(text: str) -> float:
    """Return ``1%`` or ``0.01`` as a fraction.

    Raises
    ------
    UsageError
        If it is neither, or below 0.

    Examples
    --------
    >>> _share("1%"), _share("0.02")
    (0.01, 0.02)
    """
    from federate.cli.faults import UsageError

    try:
        percent = text.strip().endswith("%")
        value = float(text.strip().rstrip("% ")) / (100 if percent else 1)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise UsageError(f"--within must be a share such as 1% or 0.01, got {text}")
    return value


def _show(found: "Alternatives", *, quiet: bool) -> None:
    from rich.table import Table

    from federate.cli.screen import print_lines, result_console
    from federate.whatif.demand import named

    console = result_console(quiet=quiet)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in (
        "plan",
        "£ a year",
        "more",
        "federations",
        "patients elsewhere",
        "than in the most alike",
    ):
        table.add_column(heading, justify="right")
    table.add_column("proven within")
    first = found.plans[0].objective_gbp or 0.0
    rows = zip(found.plans, found.is_proven, found.moved_patients, strict=True)
    for number, (plan, proven, moved) in enumerate(rows, start=1):
        cost = plan.objective_gbp or 0.0
        table.add_row(
            str(number),
            f"{cost:,.0f}",
            f"{100 * (cost - first) / first if first else 0.0:.2f} %",
            f"{plan.require_plan().num_federations:,}",
            f"{moved[0]:,}" if number > 1 else "",
            f"{moved[1]:,}" if number > 1 else "",
            f"{100 * found.within:g} %" if proven else "no",
        )
    console.print(table)
    together = sum(len(some) for some in found.backbone)
    total = found.plans[0].problem.n
    console.print(f"\nTogether in all of them: {together:,} of {total:,} practices")
    problem = found.plans[0].problem
    print_lines(console, (f"  • {named(problem, some)}" for some in found.backbone))
