"""A process of one's own that solves tasks, one after another, and can be killed.

A line of JSON goes in for each task and one comes out, so what is read and compiled
for the first is there for the next. The process ends when nobody writes to it any more.
"""

import json
import os
import signal
import subprocess
import sys
import weakref
from contextlib import suppress
from dataclasses import asdict
from threading import Timer, local
from typing import TextIO

from federate.whatif.task import Task, TaskError, solve_task, why

__all__ = ["Child", "solve_in_child"]


class Child:
    """A process that is started at once and kept until it dies or is let go."""

    def __init__(self) -> None:
        self._is_late = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", "federate.whatif.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        weakref.finalize(self, _end, self._process)

    @property
    def is_alive(self) -> bool:
        """Whether it can take another task."""
        return self._process.poll() is None

    def solve(self, task: Task) -> str:
        """Return the name of the run that answers a task.

        Raises
        ------
        TaskError
            If the task fails, the process dies, or the time limit has passed;
            then the process is killed.
        """
        said = self._told(task)
        if not said.endswith("\n"):
            self.kill()
            code = self._process.returncode
            raise TaskError(
                f"killed after {task.limit_s:g} seconds"
                if self._is_late
                else f"its process died (exit code {code})"
            )
        answer = json.loads(said)
        if "error" in answer:
            raise TaskError(answer["error"])
        return str(answer["run"])

    def _told(self, task: Task) -> str:
        """Return what the process says to a task: no whole line if it died."""
        to, back = self._process.stdin, self._process.stdout
        if to is None or back is None:
            return ""  # never: both were opened
        clock = Timer(task.limit_s, self._stop)
        clock.daemon = True
        clock.start()
        try:
            to.write(json.dumps(asdict(task)) + "\n")
            to.flush()
            return back.readline()
        except (BrokenPipeError, ValueError):  # died, or was let go
            return ""
        finally:
            clock.cancel()

    def _stop(self) -> None:
        self._is_late = True
        self.kill()

    def kill(self) -> None:
        """End the process and all that it started."""
        _end(self._process)


def solve_in_child(task: Task) -> str:
    """Solve a task in this thread's own child, which stays for the next one.

    Raises
    ------
    TaskError
        As `Child.solve`.
    """
    child: Child | None = getattr(_mine, "child", None)
    if child is None or not child.is_alive:
        _mine.child = child = Child()
    return child.solve(task)


_mine = local()


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        # The clock and the caller may both end it: one of them comes too late.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()


def _serve(tasks: TextIO, answers: TextIO) -> None:
    """Solve what is asked, a task a line, until there is no more."""
    for line in tasks:
        try:
            said = {"run": solve_task(Task(**json.loads(line)))}
        except Exception as error:
            said = {"error": why(error)}
        answers.write(json.dumps(said) + "\n")
        answers.flush()


if __name__ == "__main__":
    # What solvers print must not stand among the answers.
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    _serve(sys.stdin, lines)
