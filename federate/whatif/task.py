"""One point of a sweep, solved wherever there is a worker: in, paths; out, a name.

A task asks the store for its own answer first, and its run folder has its name
before the task returns: whatever dies afterwards, the answer stays. So it may be
run twice, or again on another day, and does no work twice.
"""

from dataclasses import dataclass
from pathlib import Path

from federate.errors import InputError

__all__ = ["Task", "TaskError", "solve_task", "why"]


class TaskError(Exception):
    """A task that ended without an answer; the message says why."""


@dataclass(frozen=True)
class Task:
    """One point: where its scenario lies, where runs are kept, what to start from.

    Parameters
    ----------
    point
        Number of the point.
    scenario, store
        The scenario's TOML, and the folder of the store.
    warm_start
        Run folder of a neighbour, or ``None``.
    limit_s
        When to kill the process, whatever the solver says, in seconds.
    """

    point: int
    scenario: str
    store: str
    warm_start: str | None
    limit_s: float


def solve_task(task: Task) -> str:
    """Return the name of the run that answers a point, solving where there is none."""
    from federate.prepare import problem_of, work_on
    from federate.scenario import Scenario
    from federate.whatif.question import Question
    from federate.whatif.store import Store

    store = Store(task.store)
    scenario = Scenario.load(task.scenario)
    question = Question.of_files(scenario)
    if question is not None and (kept := store.answer(question)) is not None:
        return kept.name
    problem, outside = problem_of(scenario, None, {})
    start = task.warm_start
    if start is not None and not (Path(start) / "plan.csv").is_file():
        start = None
    result = work_on(problem, outside, start)(None, None)
    certificate = result.evidence is not None
    return store.keep(result, certificate=certificate, drawn=False).name


def why(error: BaseException) -> str:
    """Return in one line why a task failed."""
    if isinstance(error, TaskError):
        return str(error)
    if isinstance(error, InputError):
        return "; ".join(map(str, error.faults))
    first = (str(error).splitlines() or [""])[0]
    return f"{type(error).__name__}: {first}".rstrip(": ")
