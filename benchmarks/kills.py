"""Kill what writes runs: ``python -m benchmarks.kills [--kills N] [--seed N]``.

At random moments of a seeded draw a process is killed (SIGKILL) that solves, sweeps,
keeps or removes runs, all in one store. A command is killed at a share of what the
first of its kind took, or the last that ended by itself; half of them while they write
a run, told by the folder that appears. After each kill a new process would have to find
the store readable, every run that was complete there, and no run that is not:

==========  ==================================================================
keep        keeps runs as fast as it can
pair        two that do, in one store; one is killed, then the other
remove      keeps and removes runs, and makes the index anew
solve       ``federate solve toy --fresh``
sweep       ``federate sweep toy`` on two processes; killed alone or with them
==========  ==================================================================
"""

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.measure import provenance
from benchmarks.table import table_at
from federate.errors import InputError
from federate.show.run_folder import read_run
from federate.whatif.index import INDEX
from federate.whatif.record import read_record
from federate.whatif.store import Store

__all__ = ["COLUMNS", "KINDS", "kills", "main"]

KINDS = ("keep", "remove", "pair", "keep", "solve", "sweep")
WRITES_S = 1.5
"""A writer that is ready is killed within this."""
SHARE = (0.3, 1.1)
"""A command is killed between these shares of its time; it writes towards its end."""
LONGER = 1.3
WRITING_S = 0.4
"""A command that was seen to write is killed within this."""
LOOK_S = 0.001
COLUMNS = (
    *(
        "kill",
        "kind",
        "moment",
        "after_s",
        "runs",
        "new",
        "lost",
        "torn",
        "half",
        "left_over",
    ),
    *("readable", "federate", "commit", "python", "machine", "date"),
)


@dataclass
class Killing:
    """One store, what was said to be complete in it, and a draw of moments."""

    folder: Path
    rng: random.Random
    complete: set[str] = field(default_factory=set)
    going: set[str] = field(default_factory=set)
    looked_at: set[str] = field(default_factory=set)
    takes_s: dict[str, float] = field(default_factory=dict)
    num_commands: int = 0

    def kill(self, number: int, kind: str) -> dict[str, Any]:
        """Start a process of this kind, kill it, and look at what it left."""
        moment, after_s = getattr(self, f"_{kind}")()
        row = {"kill": number, "kind": kind, "moment": moment}
        return row | {"after_s": round(after_s, 3)} | self._look()

    def _keep(self) -> tuple[str, float]:
        return self._write("keep", count=1)

    def _pair(self) -> tuple[str, float]:
        return self._write("keep", count=2)

    def _remove(self) -> tuple[str, float]:
        return self._write("remove", count=1)

    def _write(self, kind: str, count: int) -> tuple[str, float]:
        writers = [
            self._started("benchmarks.writer", self.folder, kind, self.rng.randrange(4))
            for _ in range(count)
        ]
        for writer in writers:
            if writer.stdout is None or writer.stdout.readline() != "ready\n":
                raise RuntimeError(f"no writer: {writer.communicate()[1]}")
        after_s = self.rng.uniform(0.0, WRITES_S)
        for writer in writers:
            time.sleep(after_s)
            self._note(_killed(writer))
        return "any", after_s

    def _solve(self) -> tuple[str, float]:
        order = ("solve", "toy", "--fresh", "--store", self.folder, "--json")
        return self._command(lambda: order, group=False)

    def _sweep(self) -> tuple[str, float]:
        return self._command(self._sweep_order, group=self.rng.random() < 0.5)

    def _sweep_order(self) -> tuple[Any, ...]:
        seeds = self.rng.sample(range(10**6), 3)  # a kept answer takes no time
        values = f"solve.seed={','.join(map(str, seeds))}"
        return ("sweep", "toy", "--set", values, "--store", self.folder, "--json")

    def _command(
        self, order: Callable[[], tuple[Any, ...]], *, group: bool
    ) -> tuple[str, float]:
        """Kill a command at any moment, or at one while it writes; in turns."""
        name = order()[0]
        if name not in self.takes_s:
            first = self._started("federate", *order())
            self.takes_s[name] = _ended_within(first)
            first.communicate()
        # Solving and sweeping come one after the other, so both have both in turn.
        moment = ("any", "writing")[self.num_commands // 2 % 2]
        self.num_commands += 1
        hidden = self._hidden()
        child = self._started("federate", *order())
        if moment == "any":
            after_s = self._at_a_share(name, child)
        else:
            after_s = self._while_writing(child, hidden, 3 if name == "sweep" else 1)
        self.complete.update(r.name for r in Store(self.folder).records())
        _killed(child, group=group)
        return moment, after_s

    def _at_a_share(self, name: str, child: subprocess.Popen[str]) -> float:
        after_s = self.takes_s[name] * self.rng.uniform(*SHARE)
        if (took_s := _ended_within(child, after_s)) < after_s:
            self.takes_s[name] = after_s = took_s  # the first had more to do
        elif after_s > self.takes_s[name]:
            self.takes_s[name] *= LONGER  # the machine has more to do
        return after_s

    def _while_writing(
        self, child: subprocess.Popen[str], before: set[Path], most: int
    ) -> float:
        """Wait until one of its `most` runs is being written, and a little more."""
        began, count = time.perf_counter(), self.rng.randint(1, most)
        seen: set[Path] = set()
        while child.poll() is None and len(seen) < count:
            seen |= self._hidden() - before
            time.sleep(LOOK_S)
        _ended_within(child, self.rng.uniform(0.0, WRITING_S))
        return time.perf_counter() - began

    def _hidden(self) -> set[Path]:
        """Return what is being written, or was when its writer died."""
        return {p for p in _entries(Store(self.folder).runs) if p.name[0] == "."}

    def _started(self, module: str, *arguments: Any) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", module, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def _note(self, said: str) -> None:
        # A line that the kill cut short says nothing.
        for line in said.splitlines(keepends=True):
            verb, _, name = line.rstrip("\n").partition(" ")
            if verb == "kept" and line.endswith("\n"):
                self.complete.add(name)
            if verb == "removing":
                self.going.add(name)

    def _look(self) -> dict[str, Any]:
        """Return what a new reader finds: runs lost, torn, half there."""
        store = Store(self.folder)
        records = store.records()
        names = {record.name for record in records}
        torn = 0
        for record in records:
            if record.name not in self.looked_at:
                torn += not _is_whole(record.folder)
                torn += read_record(record.folder) != record
        lost = self.complete - self.going - names
        row = {
            "runs": len(records),
            "new": len(names - self.looked_at),
            "lost": len(lost),
            "torn": torn,
            "half": len(store.unfinished()),
            "left_over": len(self._hidden()),
            "readable": _is_sound(self.folder / INDEX),
        }
        self.looked_at |= names
        self.complete |= names
        return row


def kills(
    folder: Path, count: int, seed: int, kinds: tuple[str, ...] = KINDS
) -> Iterator[dict[str, Any]]:
    """Kill `count` processes, each kind in its turn; yield what each kill left.

    Parameters
    ----------
    folder
        Of the store, empty to begin with.
    seed
        Draws the moments, from 0 to a few seconds.
    """
    killing = Killing(folder, random.Random(seed))
    for number in range(count):
        yield killing.kill(number, kinds[number % len(kinds)])


def main(argv: list[str] | None = None) -> int:
    """Kill as often as asked; 1 where anything was lost, torn or half there."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills")
    parser.add_argument("--kills", type=int, default=200, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("kills.csv"))
    args = parser.parse_args(argv)
    # Read before anything runs: a checkout may move while a long table is made.
    bad, known = 0, provenance(COLUMNS)
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        table_at(args.out, COLUMNS) as write,
    ):
        for row in kills(Path(folder), args.kills, args.seed):
            write(row | known)
            wrong = row["lost"] + row["torn"] + row["half"] + (not row["readable"])
            bad += bool(wrong)
            if wrong or row["kill"] % 20 == 0:
                print(row, flush=True)
    print(f"{args.kills} kills; {bad} left a run lost, torn or half there")
    return 1 if bad else 0


def _ended_within(child: subprocess.Popen[str], most_s: float | None = None) -> float:
    """Wait for a process, so long at most; return how long that was, in seconds."""
    began = time.perf_counter()
    try:
        child.wait(most_s)
    except subprocess.TimeoutExpired:
        return most_s or 0.0
    return time.perf_counter() - began


def _killed(child: subprocess.Popen[str], *, group: bool = True) -> str:
    """Kill a process, with those that it started or alone; what it had said."""
    if child.poll() is None:
        (os.killpg if group else os.kill)(child.pid, signal.SIGKILL)
    if group:
        return child.communicate()[0]
    child.wait()  # what it started may hold its output open
    for pipe in (child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()
    return ""


def _is_whole(folder: Path) -> bool:
    """Whether a run reads as it was written, its plan scored and verified anew."""
    try:
        return read_run(folder).plan is not None
    except (InputError, OSError, ValueError, KeyError):
        return False


def _is_sound(index: Path) -> bool:
    if not index.exists():
        return True  # nothing was kept so far
    with closing(sqlite3.connect(index)) as db:
        return bool(db.execute("PRAGMA integrity_check").fetchone() == ("ok",))


def _entries(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


if __name__ == "__main__":
    sys.exit(main())
