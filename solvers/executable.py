"""A solver that is a program: model in by file, solution out by file.

It runs as a child process in a folder that is removed afterwards; it is asked to
stop by an interrupt and, where it does not listen, killed.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from solvers.contract import MixedIntegerModel, Options
from solvers.mps import write_mps
from solvers.progress import Watch

__all__ = ["Folder", "find", "folder_of", "run"]

# Seconds between two looks at the child, seconds it may go on past its limit, and
# seconds it has to answer an interrupt.
_LOOK_S = 0.02
_LIMIT_GRACE_S = 1.5
_STOP_GRACE_S = 0.7


class Folder:
    """Where model, solution and log of one solve are."""

    def __init__(self, path: Path) -> None:
        self.model = path / "model.mps"
        self.solution = path / "solution.txt"
        self.log = path / "log.txt"

    def read_solution(self) -> list[str]:
        """Return the solution's lines; none where the program wrote none."""
        if not self.solution.exists():
            return []
        return self.solution.read_text(encoding="utf-8", errors="replace").splitlines()


@contextmanager
def folder_of(model: MixedIntegerModel) -> Iterator[Folder]:
    """Give a folder that holds the model, and remove it afterwards."""
    with TemporaryDirectory(prefix="solver-") as path:
        folder = Folder(Path(path))
        write_mps(model, folder.model)
        yield folder


def find(program: str) -> str | None:
    """Return the path of a program beside Python or on the search path."""
    return shutil.which(program, path=str(Path(sys.executable).parent)) or shutil.which(
        program
    )


def run(
    command: list[str], folder: Folder, options: Options, watch: Watch | None = None
) -> str:
    """Run a program to its end, its limit or its interrupt; return its log."""
    with folder.log.open("wb") as log:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _attend(child, options.time_limit_s, watch)
        finally:
            _end(child)
    text = folder.log.read_text(encoding="utf-8", errors="replace")
    if options.log:
        sys.stderr.write(text)
    if watch is not None:
        watch.raise_kept()
    return text


def _attend(
    child: subprocess.Popen[bytes], limit_s: float | None, watch: Watch | None
) -> None:
    """Wait for the child, telling the watch, until it ends or has to be ended."""
    began = perf_counter()
    deadline = None if limit_s is None else began + limit_s + _LIMIT_GRACE_S
    interrupted = False
    while child.poll() is None:
        now = perf_counter()
        if deadline is not None and now > deadline:
            return
        if watch is not None and watch.due():
            watch.send()
        if watch is not None and watch.stopping and not interrupted:
            _signal(child, signal.SIGINT)
            interrupted, deadline = True, now + _STOP_GRACE_S
        sleep(_LOOK_S)


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        _signal(child, signal.SIGKILL)
    child.wait()


def _signal(child: subprocess.Popen[bytes], what: signal.Signals) -> None:
    """Signal the child and what it started; it leads a session of its own."""
    try:
        os.killpg(child.pid, what)
    except ProcessLookupError:
        return
