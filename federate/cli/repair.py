"""`federate repair`: fix what a plan breaks, moving as few patients as possible."""

from typing import TYPE_CHECKING, Annotated

import typer

from federate.cli.options import (
    HERE,
    Json,
    PlanOut,
    Preset,
    Quiet,
    RunOrPlan,
    ScenarioOption,
    Settings,
    StoreOption,
)

if TYPE_CHECKING:
    from federate.whatif.repair import Repaired

__all__ = ["repair"]


def repair(
    source: RunOrPlan,
    out: PlanOut = None,
    time_limit: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", help="Stop then, with the best repair so far."),
    ] = None,
    scenario: ScenarioOption = None,
    preset: Preset = None,
    settings: Settings = None,
    store: StoreOption = HERE,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Fix what a plan breaks, moving as few patients as possible.

    A federation carries on the one that its lead comes from; practices that are
    elsewhere then have moved. Those that stood alone join for nothing. Frozen
    federations stay as they are. Exit code 4: no plan can keep the rules.
    """
    from federate.cli.asking import result_of
    from federate.cli.edited import PLAN_TABLES, tell_edited
    from federate.show.kinds import refuse_unknown
    from federate.whatif.named import drafted
    from federate.whatif.repair import repaired

    if out is not None:
        refuse_unknown(out, PLAN_TABLES)
    result = result_of(source, scenario, preset, settings or (), store)
    done = repaired(result, drafted(source, result), time_limit_s=time_limit)
    tell_edited(done, out, as_json=as_json, quiet=quiet, first=_sentence(done))


def _sentence(done: "Repaired") -> str:
    """Return how few patients move, and what is proven of that."""
    if not done.before.violations:
        return "Nothing is broken; the plan stays as it is.\n"
    said = f"Repaired by moving {done.patients:,} patients"
    if done.is_least:
        return f"{said}: proven to be the fewest.\n"
    led = ""
    if done.is_least_led:
        led = "none under the old leads moves fewer, and "
    return f"{said}; {led}at least {done.least_patients:,} must move.\n"
