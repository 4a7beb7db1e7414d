"""No plan: the practices that cannot all have a federation, and the proof of it."""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from federate.engine import columns
from federate.engine.columns.phase_one import PhaseOne
from federate.engine.story import Story
from federate.evidence import Evidence
from federate.problem import Problem
from federate.refutation import Refutation, unserved
from federate.result import Result
from solvers.contract import Status, StopReason

__all__ = ["looks_through", "refute_by_prices", "refuted", "without_plan"]

SHARE, LONGEST_S = 0.25, 20.0
"""How much of the time left to spend, and never more than so long."""
MOST_FOR_ANY = 60
"""Practices at most where federations need not be small and connected."""
MOST_REASONS = 5
MOST_TRIES = 60
"""Practices that are left out one by one to name few."""
WAY_OUT = (
    "; loosen a rule there, e.g. widen rules.size_bounds, or name one of them in "
    "rules.size_waivers"
)


def looks_through(problem: Problem, story: Story) -> bool:
    """Whether to look for such a proof: no plan is found, and practices are few."""
    few = columns.WHOLE if columns.fits(problem) else MOST_FOR_ANY
    return story.grouping is None and problem.n <= few


def refuted(problem: Problem, story: Story) -> tuple[Refutation, ...]:
    """Return what proves that no plan exists, within a share of the time left."""
    columns.get_ready(problem)
    story.restart_clock()
    story.tell("phase", "is there a plan")
    ends = time.perf_counter() + min(LONGEST_S, SHARE * story.seconds_left)
    cancel = story.cancelled or (lambda: False)

    def stop() -> bool:
        return time.perf_counter() > ends or cancel()

    return refute_by_prices(problem, problem.scenario.solve.solver, stop)


def without_plan(
    problem: Problem,
    story: Story,
    stop: StopReason,
    refutations: tuple[Refutation, ...],
    also: tuple[str, ...] = (),
) -> Result:
    """Return the result of rules that no plan can keep, proven reasons first."""
    return Result(
        problem=problem,
        plan=None,
        status=Status.INFEASIBLE,
        stop=stop,
        reasons=(*(reason.sentence for reason in refutations), *also),
        seconds=story.seconds,
        events=tuple(story.events),
        refutations=refutations,
    )


def refute_by_prices(
    problem: Problem, solver: str, stop: Callable[[], bool]
) -> tuple[Refutation, ...]:
    """Return reasons why no plan exists, or nothing where none is proven.

    Each reason names practices that no federations of one plan can cover, as few
    as are found by leaving them out one by one, and no practice twice. The number
    of federations asked for counts only where there is no such reason.

    Parameters
    ----------
    problem
        Whose rules are asked about.
    solver
        Name of the backend of the linear programmes.
    stop
        Asked between steps whether to give up.
    """
    own = set(problem.oversize)
    everybody = [i for i in range(problem.n) if i not in own]
    uncounted = PhaseOne(replace(problem, num_federations=(0, None)), solver, stop)
    reasons: list[Refutation] = []
    required = set(everybody)
    while len(reasons) < MOST_REASONS:
        evidence = uncounted.refute(required)
        if evidence is None:
            break
        evidence = _fewest(uncounted, evidence)
        reasons.append(_told(problem, evidence))
        required -= _priced(evidence)
    if reasons or problem.num_federations == (0, None):
        return tuple(reasons)
    evidence = PhaseOne(problem, solver, stop).refute(everybody)
    return () if evidence is None else (_told(problem, evidence),)


def _priced(evidence: Evidence) -> set[int]:
    """Return whom the proof needs covered."""
    return set(np.flatnonzero(evidence.practice_gbp > 0).tolist())


def _fewest(phase: PhaseOne, evidence: Evidence) -> Evidence:
    """Leave out, one by one, whom the proof does without."""
    tried: set[int] = set()
    while len(tried) < MOST_TRIES:
        left = sorted(_priced(evidence) - tried)
        if not left or len(_priced(evidence)) == 1:
            break
        tried.add(left[0])
        smaller = phase.refute(_priced(evidence) - {left[0]})
        evidence = evidence if smaller is None else smaller
    return evidence


def _told(problem: Problem, evidence: Evidence) -> Refutation:
    """Return the reason that some prices are."""
    practices = problem.instance.practices
    short = np.flatnonzero(evidence.practice_gbp > 0).tolist()
    beside = np.flatnonzero(evidence.practice_gbp < 0).tolist()

    def named(some: list[int]) -> list[str]:
        return [f"{practices.code[i]} {practices.name[i]}".strip() for i in some]

    sentence = unserved(
        named(short),
        named(beside),
        needs_all=bool(evidence.count_gbp) or problem.alone_gbp is not None,
    )
    codes = tuple(practices.code[i] for i in short)
    return Refutation("prices", sentence + WAY_OUT, (codes,), evidence)
