"""Options that several commands share, each told once."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "HERE",
    "Apart",
    "Freeze",
    "Grow",
    "Json",
    "Keep",
    "Names",
    "PlanOut",
    "Preset",
    "Quiet",
    "RunOrPlan",
    "ScenarioOption",
    "Settings",
    "Source",
    "StoreOption",
    "Together",
]

Source = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE",
        help="A scenario file, an instance folder or table, or a shipped name "
        "(toy, vale).",
        show_default=False,
    ),
]
Preset = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Rules to ask of an instance: pathfinder2010, ccg2013, ccg2013_risk, "
        "pcn2019, neighbourhood2025.",
        show_default=False,
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change one key of the scenario, e.g. rules.size_bounds=40000:60000. "
        "May be repeated.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="Say nothing but errors and JSON.")
]
RunOrPlan = Annotated[
    str,
    typer.Argument(
        metavar="RUN|PLAN.csv",
        help="A run: its folder, its name or the beginning of it, or last; or, with "
        "--scenario, a plan table, or current: the grouping the instance has today.",
        show_default=False,
    ),
]
ScenarioOption = Annotated[
    str | None,
    typer.Option(
        "--scenario",
        "-s",
        metavar="SOURCE",
        help="What to score a plan under: as for solve.",
        show_default=False,
    ),
]
Keep = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CODE|GROUP",
        help="Keep practices in their present group: a code, or a whole group. May be "
        "repeated.",
        show_default=False,
    ),
]
Together = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CODE,CODE",
        help="Practices that must share a federation. May be repeated.",
        show_default=False,
    ),
]
Apart = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CODE,CODE",
        help="Practices of which no two may share a federation. May be repeated.",
        show_default=False,
    ),
]
Freeze = Annotated[
    list[str] | None,
    typer.Option(
        metavar="GROUP",
        help="Keep a present group exactly as it is. May be repeated.",
        show_default=False,
    ),
]
Grow = Annotated[
    list[str] | None,
    typer.Option(
        metavar="GROUP",
        help="Let a present group gain practices but lose none. May be repeated.",
        show_default=False,
    ),
]
Names = Annotated[
    list[str] | None,
    typer.Option(
        "--name",
        metavar="NAME",
        help="What to call a plan: once a plan, in order.",
        show_default="after its file",
    ),
]
PlanOut = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        metavar="PLAN.csv",
        help="Plan table to write, with the log of all edits beside it.",
        show_default=False,
    ),
]
StoreOption = Annotated[
    Path,
    typer.Option(
        "--store",
        metavar="DIR",
        envvar="FEDERATE_STORE",
        help="Where runs are kept: the folder runs/ and its index.",
        show_default="here",
        show_envvar=False,
    ),
]
HERE = Path()
