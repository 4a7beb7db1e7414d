"""`federate check`: whether an instance, a table or a scenario is sound."""

from typing import TYPE_CHECKING, Annotated

import typer

from federate.cli.options import Json, Preset, Settings

if TYPE_CHECKING:
    from federate.practices.report import CheckReport

__all__ = ["check"]

SOUND, INVALID, INFEASIBLE = 0, 3, 4


def check(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="An instance folder, a table of practices, a shipped name, or a "
            "scenario file.",
            show_default=False,
        ),
    ],
    preset: Preset = None,
    settings: Settings = None,
    as_json: Json = False,
) -> int:
    """Report everything wrong or odd, and what is proven impossible.

    Of an instance every fault and every warning; of a scenario, the
    instance's own one included, also whether it is proven that no plan can
    keep its rules. Exit codes: 0 sound, 3 faulty, 4 proven infeasible.
    """
    from federate.cli.asking import has_scenario, scenario_of
    from federate.cli.screen import print_json, result_console
    from federate.practices.source import check as check_instance

    scenario = None
    if preset is not None or has_scenario(source):
        scenario = scenario_of(source, preset, settings or ())
    report = check_instance(scenario.instance or source if scenario else source)
    reasons: tuple[str, ...] = ()
    if scenario is not None and report.instance is not None:
        from federate.feasibility import prove_infeasible
        from federate.problem import Problem

        reasons = prove_infeasible(Problem.build(report.instance, scenario))
    if as_json:
        print_json(_data(report, reasons))
    else:
        console = result_console()
        console.print(str(report), markup=False, soft_wrap=True)
        if scenario is not None and not reasons:
            console.print("scenario: 0 problems")
        for reason in reasons:
            console.print(f"  no plan: {reason}", markup=False, soft_wrap=True)
    if report.faults:
        return INVALID
    return INFEASIBLE if reasons else SOUND


def _data(report: "CheckReport", reasons: tuple[str, ...]) -> dict[str, object]:
    from federate.cli.faults import fault_data

    instance = report.instance
    return {
        "source": report.source,
        "num_practices": None if instance is None else instance.num_practices,
        "faults": [fault_data(fault) for fault in report.faults],
        "warnings": [fault_data(fault) for fault in report.warnings],
        "reasons": list(reasons),
    }
