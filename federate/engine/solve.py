"""The only door to the engines: which of them, in which order, for how long."""

from collections.abc import Callable
from dataclasses import replace

from federate.areas import areas
from federate.engine import columns, lagrangian, medians
from federate.engine.answer import (
    Answer,
    Grouping,
    objective_gbp,
    to_grouping,
    to_plan,
)
from federate.engine.choosing import engines_for
from federate.engine.compact import solve_compact
from federate.engine.cover import COVER_SHARE, open_bases, wants_cover
from federate.engine.events import Listener
from federate.engine.limits import is_limited, solve_limited
from federate.engine.no_plan import looks_through, refuted, without_plan
from federate.engine.seeking import seek_first, seek_for, seeks_beside
from federate.engine.story import Story
from federate.evidence import Evidence
from federate.feasibility import refute
from federate.plan import Plan
from federate.problem import Problem
from federate.result import Result
from federate.score import score
from federate.unattainable import unattainable
from federate.verify import verify
from solvers.contract import Options, Status, StopReason

__all__ = ["solve"]


def solve(
    problem: Problem,
    *,
    warm_start: Plan | None = None,
    prices: Evidence | None = None,
    listen: Listener | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Result:
    """Return the best plan found, what is proven of it, and every broken rule.

    First the proofs that no plan exists; then local search for a plan; then, where
    an engine can prove something, that engine from the plan found, or beside the
    search where practices are many; last the out-of-hours bases. The plan is scored
    and verified by code of their own.

    Parameters
    ----------
    problem
        What is asked; limits and seed are its scenario's ``[solve]``.
    warm_start
        A plan to start from; it may break rules. Where columns come after local
        search and it serves them, there is no local search.
    prices
        The evidence of a scenario alike, to begin the proof from.
    listen
        Told each event, from any thread.
    cancel
        Asked several times a second; the best plan so far is kept.
    """
    asked = problem.scenario.solve
    story = Story(asked.time_limit_s, listen, cancel)
    story.tell("started", practices=problem.n)
    reasons, also = refute(problem), tuple(unattainable(problem, areas(problem)))
    if reasons or also:
        story.tell("done", (*(reason.sentence for reason in reasons), *also)[0])
        return without_plan(problem, story, StopReason.FINISHED, reasons, also)
    start = None if warm_start is None else to_grouping(problem, warm_start)
    engines = engines_for(problem)
    _get_ready(engines[-1], problem, story)
    answer = Answer(Status.NO_SOLUTION, StopReason.TIME_LIMIT)
    if start is not None and engines[-1] == "columns":
        answer = _as_given(problem, start)
        story.take(answer)
        if answer.status is Status.FEASIBLE or problem.n > columns.WHOLE:
            engines = ("columns",)
    known = None if prices is None else prices.over(problem.instance.practices.code)
    for engine in engines[-1:] if seeks_beside(problem) else engines:
        story.tell("phase", engine)
        is_last = engine == engines[-1]
        answer = _run(engine, problem, story, start, known, is_last=is_last)
        story.take(answer)
        no_plan = answer.status is Status.INFEASIBLE
        if no_plan or (engine == engines[0] and looks_through(problem, story)):
            reasons = refuted(problem, story)
            if reasons or no_plan:
                story.tell("done", "no plan exists")
                stop = StopReason.FINISHED if reasons else answer.stop
                return without_plan(problem, story, stop, reasons, answer.reasons)
        if _is_over(story, asked.gap) is not None:
            break
    stop = _is_over(story, asked.gap) or answer.stop
    return _result(problem, story, stop, "+".join(engines), answer.solver)


def _get_ready(engine: str, problem: Problem, story: Story) -> None:
    """Have an engine's kernels compiled outside the time limit."""
    if engine == "columns":
        columns.get_ready(problem)
    elif engine == "lagrangian":
        lagrangian.get_ready()
    elif engine == "medians":
        medians.get_ready()
    else:
        return
    story.restart_clock()


def _run(
    engine: str,
    problem: Problem,
    story: Story,
    start: Grouping | None,
    prices: Evidence | None,
    *,
    is_last: bool,
) -> Answer:
    """Run one engine within its share of the time."""
    asked = problem.scenario.solve
    if is_limited(problem) and engine != "compact":
        return _run_limited(engine, problem, story, start, is_last=is_last)
    if engine == "search":
        return seek_first(problem, story, start, is_last=is_last)
    options = Options(
        time_limit_s=story.seconds_left,
        rel_gap=asked.gap,
        threads=asked.threads,
        seed=asked.seed,
    )
    if engine == "lagrangian":
        return lagrangian.solve_lagrangian(
            problem,
            options=options,
            warm_start=story.grouping or story.broken,
            listen=story.hear,
            cancel=story.cancelled,
        )
    if engine == "medians":
        return medians.solve_medians(
            problem,
            options=options,
            solver=asked.solver,
            warm_start=story.grouping,
            listen=story.hear,
            cancel=story.cancelled,
        )
    if engine == "columns":
        return columns.solve_columns(
            problem,
            options=options,
            solver=asked.solver,
            warm_start=story.grouping or story.broken,
            prices=prices,
            seek=seek_for(problem, story) if seeks_beside(problem) else None,
            listen=story.hear,
            cancel=story.cancelled,
        )
    return solve_compact(
        problem,
        options=options,
        solver=asked.solver,
        warm_start=story.grouping,
        listen=story.hear,
        cancel=story.cancelled,
    )


def _run_limited(
    engine: str,
    problem: Problem,
    story: Story,
    start: Grouping | None,
    *,
    is_last: bool,
) -> Answer:
    """Run one engine, partners' limits priced; each round has half of what is left."""
    asked = problem.scenario.solve

    def one(part: Problem, best: Grouping | None, number: int) -> Answer:
        alone = Story(max(0.05, story.seconds_left / 2), None, story.cancelled)
        alone.grouping = best or story.grouping
        given = start if best is None else best
        return _run(engine, part, alone, given, None, is_last=is_last)

    def whole(
        part: Problem, evidence: Evidence, reach_gbp: float
    ) -> tuple[Grouping | None, float] | None:
        options = Options(time_limit_s=story.seconds_left, rel_gap=asked.gap / 2)
        return columns.choose_limited(
            problem, part, evidence, reach_gbp, options, asked.solver
        )

    by_whole = whole if engine == "columns" and problem.n <= columns.WHOLE else None
    return solve_limited(problem, one, by_whole, gap=asked.gap)


def _as_given(problem: Problem, start: Grouping) -> Answer:
    """Return a plan to start from as an answer, feasible where it keeps the rules."""
    broken = verify(problem, to_plan(problem, start))
    return Answer(
        Status.NO_SOLUTION if broken else Status.FEASIBLE,
        StopReason.TIME_LIMIT,
        start,
        objective_gbp(problem, start),
    )


def _is_over(story: Story, gap: float) -> StopReason | None:
    """Return why the whole solve stops here, if it does."""
    if story.cancelled is not None and story.cancelled():
        return StopReason.CANCELLED
    if story.gap is not None and story.gap <= gap:
        return StopReason.GAP_REACHED
    if story.seconds >= story.time_limit_s:
        return StopReason.TIME_LIMIT
    return None


def _with_bases(problem: Problem, plan: Plan, story: Story) -> Plan:
    """Return the plan with the out-of-hours bases to run, where asked for."""
    if not wants_cover(problem):
        return plan
    story.tell("phase", "out-of-hours cover")
    asked = problem.scenario.solve
    limit = max(5.0, COVER_SHARE * asked.time_limit_s)
    options = Options(time_limit_s=limit, rel_gap=asked.gap, seed=asked.seed)
    return open_bases(problem, plan, options=options, solver=asked.solver)


def _result(
    problem: Problem, story: Story, stop: StopReason, engine: str, solver: str
) -> Result:
    """Return the best plan, scored and verified, worth what is proven of it."""
    grouping = story.grouping or story.broken
    plan = None if grouping is None else to_plan(problem, grouping)
    if plan is not None:
        plan = _with_bases(problem, plan, story)
    violations = () if plan is None else verify(problem, plan)
    status = Status.NO_SOLUTION
    if plan is not None and not violations:
        proven = story.gap is not None and story.gap <= problem.scenario.solve.gap
        status = Status.OPTIMAL if proven else Status.FEASIBLE
    card = None if plan is None else score(problem, plan)
    story.tell("cancelled" if stop is StopReason.CANCELLED else "done", stop.value)
    result = Result(
        problem=problem,
        plan=plan,
        status=status,
        stop=stop,
        objective_gbp=None if card is None else card.objective_gbp,
        bound_gbp=story.bound_gbp,
        scorecard=card,
        violations=violations,
        engine=engine,
        solver=solver,
        seconds=story.seconds,
        events=tuple(story.events),
        evidence=story.evidence,
    )
    return replace(result, gap=story.gap if grouping is story.grouping else None)
