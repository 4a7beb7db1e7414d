"""How long a plan is sought by local search, and when beside the bound."""

from collections.abc import Callable

from federate.engine import columns
from federate.engine.answer import Answer, Grouping
from federate.engine.choosing import engines_for
from federate.engine.cover import COVER_SHARE, wants_cover
from federate.engine.limits import is_limited
from federate.engine.search import search
from federate.engine.story import Story
from federate.problem import Problem

__all__ = ["seek_first", "seek_for", "seeks_beside"]

MEDIANS_SEARCH_S = 0.5
PATIENCE = 2.5
"""How much longer a search beside the bound goes on without a plan."""
POOLED_SEARCH = 6.0
"""How much longer a plan is sought where a move asks what risk costs: it is judged
that much slower, and a bound is slow without a plan. Of few practices, only until
there is one."""


def _search_s(problem: Problem, story: Story, *, is_last: bool) -> float:
    """Return how long to search: all that is left, or enough for a start."""
    left = story.seconds_left
    if is_last:
        return left * (1 - COVER_SHARE if wants_cover(problem) else 1)
    engines = engines_for(problem)
    if "medians" in engines:
        return min(0.05 * left, MEDIANS_SEARCH_S)
    times = POOLED_SEARCH if _is_slow(problem) and problem.n > columns.WHOLE else 1.0
    share = 0.05 if "lagrangian" in engines else 0.25
    return min(share * left, times * _start_s(problem.n))


def _is_slow(problem: Problem) -> bool:
    """Whether a move asks what pooled risk costs."""
    pooled = problem.cost.pooled
    return pooled is not None and pooled.is_on


def _start_s(n: int) -> float:
    """Return how long a start is sought: a second for a district, less for a few."""
    return min(0.1 + 0.015 * n, 1.0 + 0.002 * n)


def seeks_beside(problem: Problem) -> bool:
    """Whether local search runs beside the bound, on the second thread."""
    many = problem.n > columns.WHOLE and problem.scenario.solve.threads > 1
    return many and engines_for(problem)[-1] == "columns" and not is_limited(problem)


def seek_for(problem: Problem, story: Story) -> columns.Seek:
    """Return what searches for a plan that keeps the rules, long if it must."""
    least_s = _search_s(problem, story, is_last=False)

    def seek(stop: Callable[[], bool]) -> Grouping | None:
        answer = _seek(problem, story, None, least_s, PATIENCE * least_s, stop)
        story.take(answer)
        return answer.grouping

    return seek


def seek_first(
    problem: Problem, story: Story, start: Grouping | None, *, is_last: bool
) -> Answer:
    """Search as long as it pays before another engine, or to the end."""
    least_s = most_s = _search_s(problem, story, is_last=is_last)
    if not is_last and problem.n <= columns.WHOLE and _is_slow(problem):
        most_s = POOLED_SEARCH * least_s

    def is_cancelled() -> bool:
        return story.cancelled is not None and story.cancelled()

    return _seek(problem, story, start, least_s, most_s, is_cancelled)


def _seek(
    problem: Problem,
    story: Story,
    start: Grouping | None,
    least_s: float,
    most_s: float,
    stop: Callable[[], bool],
) -> Answer:
    """Search for `least_s` seconds, up to `most_s` as long as there is no plan."""
    ends = story.seconds + least_s

    def is_enough() -> bool:
        found = story.objective_gbp is not None
        return stop() or (found and story.seconds > ends)

    return search(
        problem,
        time_limit_s=most_s,
        seed=problem.scenario.solve.seed,
        warm_start=start,
        listen=story.hear,
        cancel=is_enough,
    )
