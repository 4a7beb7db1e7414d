"""`federate solve`: a scenario in, a verified plan and its map out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from federate.cli.options import (
    HERE,
    Apart,
    Freeze,
    Grow,
    Json,
    Keep,
    Preset,
    Quiet,
    Settings,
    Source,
    StoreOption,
    Together,
)

if TYPE_CHECKING:
    from rich.console import Console

    from federate.problem import Problem
    from federate.result import Result
    from federate.scenario import Scenario
    from federate.whatif.record import RunRecord
    from federate.whatif.store import Store

__all__ = ["solve"]


def solve(
    source: Source,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="RUN_DIR",
            help="Folder to write; must be new or empty.",
            show_default="a new one under runs/",
        ),
    ] = None,
    preset: Preset = None,
    time_limit: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", help="Stop then, with the best plan so far."),
    ] = None,
    gap: Annotated[
        float | None,
        typer.Option(
            metavar="SHARE",
            help="Stop when proven this close to the best possible; 0.01 is 1 %.",
        ),
    ] = None,
    solver: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="One of those `federate solvers` lists."),
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="auto, compact, columns, medians, lagrangian or search.",
        ),
    ] = None,
    threads: Annotated[
        int | None, typer.Option(metavar="N", help="Threads to use.")
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(metavar="N", help="Same seed and one thread: same plan."),
    ] = None,
    warm_start: Annotated[
        str | None,
        typer.Option(
            metavar="RUN|PLAN|current",
            help="Start from the plan of a run, a plan table or the present grouping.",
        ),
    ] = None,
    near: Annotated[
        str | None,
        typer.Option(
            metavar="RUN_DIR|PLAN|current",
            help="Leave this plan as little as may be: a price on every patient who "
            "leaves its federations (weights.disruption_gbp_per_patient, or £100).",
        ),
    ] = None,
    keep: Keep = None,
    together: Together = None,
    apart: Apart = None,
    freeze: Freeze = None,
    grow: Grow = None,
    certificate: Annotated[
        bool,
        typer.Option(
            "--certificate", help="Write what proves the bound, for federate certify."
        ),
    ] = False,
    settings: Settings = None,
    fresh: Annotated[
        bool,
        typer.Option("--fresh", help="Solve even where the same was answered before."),
    ] = False,
    store: StoreOption = HERE,
    as_json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Find the best plan, prove how good it is, verify it and draw its map.

    A question that was answered before is not solved again: the kept run is shown.
    Ctrl+C stops with the best plan so far. Exit codes: 0 optimal within the
    gap, 4 proven infeasible, 5 or 6 stopped without a proof, with or without
    a plan. With --near, present groups are the federations of that plan.
    """
    from federate.cli.answer import answer, exit_code
    from federate.cli.asking import scenario_of, start_of, wished
    from federate.cli.progress import watch
    from federate.cli.screen import print_json, result_console, side_console
    from federate.cli.summary import found
    from federate.prepare import problem_of, work_on
    from federate.run import Run
    from federate.show.run_folder import refuse_full
    from federate.whatif.store import Store

    scenario = scenario_of(
        source,
        preset,
        settings or (),
        solve__time_limit_s=time_limit,
        solve__gap=gap,
        solve__solver=solver,
        solve__engine=engine,
        solve__threads=threads,
        solve__seed=seed,
    )
    scenario = wished(scenario, keep, together, apart, freeze, grow)
    if out is not None:
        refuse_full(out)  # now, not when the solve is done
    console = side_console(quiet=quiet)
    runs = Store(store)
    begin = start_of(warm_start, runs)
    # A plan to stay near to is part of the question, and of the practices read.
    posed = None if near is None else problem_of(scenario, None, {}, near)
    before = None
    if not fresh:
        before = _answered(runs, posed[0] if posed else scenario, begin, certificate)
    interrupted = False
    if before is None:

        def run_it() -> Run:
            problem, outside = posed or problem_of(scenario, None, {})
            return Run(work_on(problem, outside, near if begin is None else begin))

        result, interrupted = watch(run_it, console)
        run = _kept(runs, result, out, certificate, console)
    else:
        record, result = before
        made = f"{record.made:%d %B %Y, %H:%M} UTC"
        console.print(f"Answered before, {made}; --fresh solves it again.")
        run = (
            record.folder if out is None else result.save(out, certificate=certificate)
        )
    if as_json:
        print_json(answer(result, run))
    else:
        console = result_console(quiet=quiet)
        console.print(found(result, width=console.width))
        page = "" if result.plan is None else f"\nmap  {run / 'map.html'}"
        console.print(f"\nrun  {run}{page}", markup=False, soft_wrap=True)
    return exit_code(result, interrupted=interrupted)


def _answered(
    runs: "Store",
    asked: "Scenario | Problem",
    begin: str | Path | None,
    certificate: bool,
) -> "tuple[RunRecord, Result] | None":
    """Return the kept run that answers this, if there is one."""
    from federate.scenario import Scenario
    from federate.whatif.ask import kept
    from federate.whatif.question import Question

    if isinstance(asked, Scenario):
        question = Question.of_files(asked)
    else:
        question = Question.of(asked)
    if question is None:
        return None
    return kept(runs, question, certified=certificate, ended=begin is not None)


def _kept(
    runs: "Store",
    result: "Result",
    out: Path | None,
    certificate: bool,
    console: "Console",
) -> Path:
    """Write the run folder, where it was asked for or among the runs."""
    from federate.engine.priced import certifiable
    from federate.show.certificate import NO_EVIDENCE

    if certificate:
        result = certifiable(result)
    certify = certificate and (result.evidence is not None or bool(result.refutations))
    if certificate and not certify:
        console.print(NO_EVIDENCE, markup=False)
    if out is not None:
        return result.save(out, certificate=certify)
    return runs.keep(result, certificate=certify).folder
