"""One point of a sweep, solved wherever there is a worker: in, paths; out, a name.

A task asks the store for its own answer first, and its run folder has its name
before the task returns: whatever dies afterwards, the answer stays. So it may be
run twice, or again on another day, and does no work twice.
"""

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["Task", "TaskError", "solve_in_child", "solve_task"]


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


def solve_in_child(task: Task) -> str:
    """Solve a task in a process of its own, which can be killed.

    Raises
    ------
    TaskError
        If it dies, fails, or is not done by its time limit.
    """
    order = [sys.executable, "-m", "federate.whatif.task", json.dumps(asdict(task))]
    child = subprocess.Popen(
        order,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        out, err = child.communicate(timeout=task.limit_s)
    except subprocess.TimeoutExpired:
        raise TaskError(f"killed after {task.limit_s:g} seconds") from None
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.communicate()
    if child.returncode != 0:
        last = err.strip().splitlines()[-1:] or [f"exit code {child.returncode}"]
        raise TaskError(last[0])
    return out.strip().splitlines()[-1]


if __name__ == "__main__":
    sys.stdout.write(solve_task(Task(**json.loads(sys.argv[1]))) + "\n")
