"""How long a plan is sought by local search, and when beside the bound."""

from collections.abc import Callable

from federate.engine import columns
from federate.engine.answer import Grouping
from federate.engine.choosing import engines_for
from federate.engine.cover import COVER_SHARE, wants_cover
from federate.engine.limits import is_limited
from federate.engine.search import search
from federate.engine.story import Story
from federate.problem import Problem

__all__ = ["search_s", "seek_for", "seeks_beside"]

MEDIANS_SEARCH_S = 0.5
PATIENCE = 2.5
"""How much longer a search beside the bound goes on without a plan."""
POOLED_SEARCH = 4.0
"""How much longer a plan of many practices is sought where a move asks what risk
costs: it is judged that much slower, and a bound is slow without a plan."""


def search_s(problem: Problem, story: Story, *, is_last: bool) -> float:
    """Return how long to search: all that is left, or enough for a start."""
    left = story.seconds_left
    if is_last:
        return left * (1 - COVER_SHARE if wants_cover(problem) else 1)
    engines = engines_for(problem)
    if "medians" in engines:
        return min(0.05 * left, MEDIANS_SEARCH_S)
    pooled = problem.cost.pooled
    is_slow = pooled is not None and pooled.is_on and problem.n > columns.WHOLE
    times = POOLED_SEARCH if is_slow else 1.0
    share = 0.05 if "lagrangian" in engines else 0.25
    return min(share * left, times * _start_s(problem.n))


def _start_s(n: int) -> float:
    """Return how long a start is sought: a second for a district, less for a few."""
    return min(0.1 + 0.015 * n, 1.0 + 0.002 * n)


def seeks_beside(problem: Problem) -> bool:
    """Whether local search runs beside the bound, on the second thread."""
    many = problem.n > columns.WHOLE and problem.scenario.solve.threads > 1
    return many and engines_for(problem)[-1] == "columns" and not is_limited(problem)


def seek_for(problem: Problem, story: Story) -> columns.Seek:
    """Return what searches for a plan that keeps the rules, long if it must."""
    least_s = search_s(problem, story, is_last=False)
    ends = story.seconds + least_s

    def seek(stop: Callable[[], bool]) -> Grouping | None:
        def is_enough() -> bool:
            found = story.objective_gbp is not None
            return stop() or (found and story.seconds > ends)

        answer = search(
            problem,
            time_limit_s=PATIENCE * least_s,
            seed=problem.scenario.solve.seed,
            listen=story.hear,
            cancel=is_enough,
        )
        story.take(answer)
        return answer.grouping

    return seek
