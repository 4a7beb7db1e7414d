"""A child process that runs ``child.py``: its lines, its log, its end."""

import json
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO, Any

__all__ = ["POLL_S", "ChildProcess", "can_weigh"]

# Seconds between two looks at the child.
POLL_S = 0.05
# Lines of the child's log that are kept for the report of its death.
TAIL_LINES = 12

_BOOT = (
    "import json, sys; from pathlib import Path; sys.path[:] = json.loads(sys.argv[1]);"
    "from solvers.child import main; main(Path(sys.argv[2]))"
)


def can_weigh() -> bool:
    """Whether the memory of another process can be read here (Linux)."""
    return Path("/proc/self/statm").exists()


class ChildProcess:
    """One child; use it in a ``with``, which leaves no process behind.

    It imports what the caller would, from the same folders, and ends when the
    caller does.
    """

    def __init__(self, folder: Path, *, echo: bool) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _BOOT, json.dumps(sys.path), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._lines: Queue[bytes | None] = Queue()
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._readers = [
            Thread(target=self._read_events, daemon=True),
            Thread(target=self._read_log, args=(echo,), daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> "ChildProcess":
        return self

    def __exit__(self, *raised: object) -> None:
        self.kill()
        self._process.wait()
        for reader in self._readers:
            reader.join()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            _close(pipe)

    @property
    def pid(self) -> int:
        """The child's process number."""
        return self._process.pid

    def events(self) -> Iterator[dict[str, Any] | None]:
        """Yield each event as it comes and ``None`` between, until the child ends."""
        while True:
            try:
                line = self._lines.get(timeout=POLL_S)
            except Empty:
                yield None
                continue
            if line is None:
                return
            yield json.loads(line)

    def ask_to_stop(self) -> None:
        """Ask the backend to stop; it may be too busy to hear."""
        try:
            if self._process.stdin is not None:
                self._process.stdin.write(b"stop\n")
                self._process.stdin.flush()
        except OSError:
            pass  # It has just ended: what was asked for.

    def kill(self) -> None:
        """End it now, whatever it does."""
        self._process.kill()

    def resident_mb(self) -> float:
        """Return the memory it holds, MB; 0 where that cannot be read."""
        try:
            pages = int(Path(f"/proc/{self.pid}/statm").read_text("ascii").split()[1])
        except (OSError, IndexError):
            return 0.0
        import resource

        return pages * resource.getpagesize() / 1e6

    def obituary(self) -> str:
        """Say how it ended, with the tail of its log."""
        code = self._process.wait()
        for reader in self._readers:
            reader.join()
        how = f"ended with code {code} and without an answer"
        if code < 0:
            how = f"was ended by {_signal(-code)}"
        if code == -getattr(signal, "SIGKILL", 0):
            how += ", as systems do that run out of memory"
        tail = " | ".join(line for line in self._tail if line)
        return f"the solver's process {how}" + (
            f"; its log ends: {tail}" if tail else ""
        )

    def _read_events(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def _read_log(self, echo: bool) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            text = line.decode(errors="replace")
            self._tail.append(text.strip())
            if echo:
                sys.stderr.write(text)


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _close(pipe: IO[bytes] | None) -> None:
    try:
        if pipe is not None:
            pipe.close()
    except OSError:
        pass  # A line left unsent to a child that is gone.
