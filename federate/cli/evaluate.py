"""`federate evaluate`: any plan scored and verified, whoever made it."""

from typing import Annotated

import typer

from federate.cli.options import Json, Preset, Quiet, Settings

__all__ = ["evaluate"]


def evaluate(
    plan: Annotated[
        str,
        typer.Argument(
            metavar="PLAN.csv|current",
            help="A table with code, federation and, if wanted, centre; or current: "
            "the grouping the instance has today.",
            show_default=False,
        ),
    ],
    scenario: Annotated[
        str,
        typer.Option(
            "--scenario",
            "-s",
            metavar="SCENARIO|INSTANCE",
            help="What to score it under: as for solve.",
            show_default=False,
        ),
    ],
    preset: Preset = None,
    settings: Settings = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Score and verify a plan, whoever made it, as if federate had found it.

    A plan that breaks rules is still an answer: the exit code is 0, and the
    rules it breaks are told.
    """
    import federate
    from federate.cli.answer import answer
    from federate.cli.asking import scenario_of
    from federate.cli.screen import print_json, result_console
    from federate.cli.summary import found

    asked = scenario_of(scenario, preset, settings or ())
    result = federate.evaluate(plan, asked)
    if as_json:
        print_json(answer(result, None))
    else:
        console = result_console(quiet=quiet)
        console.print(found(result, width=console.width, evaluated=True))
    return 0
