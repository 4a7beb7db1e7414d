"""`federate certify`: what a run claims, derived again from the practices alone."""

from pathlib import Path
from typing import Annotated

import typer

from federate.cli.options import Json, Quiet

__all__ = ["certify"]

PROVEN, LESS_PROVEN = 0, 7


def certify(
    run: Annotated[
        Path,
        typer.Argument(
            metavar="RUN",
            help="A run folder that `federate solve --certificate` wrote.",
            show_default=False,
        ),
    ],
    instance: Annotated[
        str | None,
        typer.Option(
            metavar="SOURCE",
            help="Where the practices are now, if they were moved.",
            show_default=False,
        ),
    ] = None,
    solver: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Chooses among the federations that matter, where they are too many "
            "to look through; may be another than the run used.",
        ),
    ] = "highs",
    threads: Annotated[int, typer.Option(metavar="N", help="Threads to use.")] = 2,
    as_json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Check what a run proves, by code that shares nothing with the engines.

    Takes the practices, the scenario, the plan and the prices of the certificate;
    derives the bound anew, in whole numbers, and says what it proves in one
    sentence. Exit codes: 0 proven as claimed, 3 not a certificate of this run, 7
    less is proven than claimed.
    """
    from federate.cli.screen import print_json, result_console
    from federate.proof.folder import certify as derive

    verdict = derive(run, instance=instance, solver=solver, threads=threads)
    if as_json:
        print_json({**verdict.as_data(), "run": str(run)})
    else:
        console = result_console(quiet=quiet)
        console.print(verdict.sentence, markup=False, highlight=False, soft_wrap=True)
    return PROVEN if verdict.is_proven else LESS_PROVEN
