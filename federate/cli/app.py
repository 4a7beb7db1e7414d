"""The commands, in the order in which a planner meets them."""

from typing import Annotated

import typer

from federate.cli.alternatives import alternatives
from federate.cli.certify import certify
from federate.cli.check import check
from federate.cli.compare import compare
from federate.cli.curve import curve
from federate.cli.edit import edit
from federate.cli.evaluate import evaluate
from federate.cli.explain import explain
from federate.cli.export import export
from federate.cli.generate import generate
from federate.cli.import_ import import_
from federate.cli.init import init
from federate.cli.map import map_
from federate.cli.repair import repair
from federate.cli.report import report
from federate.cli.risk import risk
from federate.cli.rm import rm
from federate.cli.robust import robust
from federate.cli.runs import runs
from federate.cli.show import show
from federate.cli.simulate import simulate
from federate.cli.solve import solve
from federate.cli.solvers import solvers
from federate.cli.split import split
from federate.cli.sweep import sweep

__all__ = ["app"]

app = typer.Typer(
    add_completion=False,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("import")(import_)
app.command("generate")(generate)
app.command("check")(check)
app.command("init")(init)
app.command("solve")(solve)
app.command("sweep")(sweep)
app.command("certify")(certify)
app.command("evaluate")(evaluate)
app.command("edit")(edit)
app.command("repair")(repair)
app.command("compare")(compare)
app.command("runs")(runs)
app.command("show")(show)
app.command("rm")(rm)
app.command("explain")(explain)
app.command("alternatives")(alternatives)
app.command("robust")(robust)
app.command("simulate")(simulate)
app.command("split")(split)
app.add_typer(risk, name="risk")
app.command("map")(map_)
app.command("curve")(curve)
app.command("report")(report)
app.command("export")(export)
app.command("solvers")(solvers)


def _version(asked: bool) -> None:
    if asked:
        import federate

        typer.echo(f"federate {federate.__version__}")
        raise typer.Exit


@app.callback()
def about(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Say which."),
    ] = False,
) -> None:
    """Group general practices into federations: optimised, proven, mapped.

    Try it: [bold]federate solve toy[/bold]
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
