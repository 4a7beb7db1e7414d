"""What workers do in tests of sweeps: answer at once, die, hang."""

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

from federate.plan_file import current_plan
from federate.prepare import problem_of
from federate.result import evaluated
from federate.scenario import Scenario
from federate.whatif.store import Store
from federate.whatif.task import Task
from solvers.contract import Status, StopReason

__all__ = [
    "POISON",
    "answer",
    "die_after_it_is_kept",
    "die_at_poison",
    "die_once",
    "fail_at_poison",
    "hang_at_poison",
    "tries",
]

POISON = 7
"""The seed at which a work does what its name says; others are answered."""


def answer(task: Task) -> str:
    """Keep the toy's present grouping as if an engine had found it."""
    _told(task)
    return _keep(task)


def die_at_poison(task: Task) -> str:
    """Die, as an engine does that runs out of memory."""
    seed = _told(task)
    if seed == POISON:
        os.kill(os.getpid(), signal.SIGKILL)
    return _keep(task)


def die_once(task: Task) -> str:
    """Die at the first try of the poisoned point alone."""
    seed = _told(task)
    if seed == POISON and tries(task.store).count(POISON) == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return _keep(task)


def die_after_it_is_kept(task: Task) -> str:
    """Die between keeping a run and saying so."""
    seed = _told(task)
    name = _keep(task)
    if seed == POISON:
        os.kill(os.getpid(), signal.SIGKILL)
    return name


def fail_at_poison(task: Task) -> str:
    """Fail in words."""
    if _told(task) == POISON:
        raise ValueError("the seventh seed\nis a poor one")
    return _keep(task)


def hang_at_poison(task: Task) -> str:
    """Never come back."""
    if _told(task) == POISON:
        time.sleep(600)
    return _keep(task)


def tries(store: str | Path) -> list[int]:
    """Return the seeds of all tasks that were begun, in order."""
    path = Path(store) / "tries"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def _told(task: Task) -> int:
    """Write down that a task was begun; its seed."""
    seed = Scenario.load(task.scenario).solve.seed
    with (Path(task.store) / "tries").open("a") as file:
        file.write(f"{seed}\n")
    return seed


def _keep(task: Task) -> str:
    problem, _ = problem_of(Scenario.load(task.scenario), None, {})
    found = replace(
        evaluated(problem, current_plan(problem)),
        status=Status.OPTIMAL,
        stop=StopReason.GAP_REACHED,
        engine="search",
    )
    return Store(task.store).keep(found, drawn=False).name
