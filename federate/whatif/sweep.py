"""Many scenarios of one question, solved side by side, kept, and resumed.

```
sweeps/asked/<digest>.toml    what a point asks
sweeps/failed/<digest>.json   why a point was given up, after three tries
```

A point's digest is that of its question and of how long it may take, so sweeps that
share a point share its file, too.

The answers are runs of the store. A sweep that is begun again asks the store first,
so it goes on where it was stopped, whatever stopped it.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from federate.errors import Fault, ScenarioError
from federate.scenario import Scenario
from federate.whatif.executors import Ended, Executor
from federate.whatif.points import Points
from federate.whatif.question import Question
from federate.whatif.record import RunRecord
from federate.whatif.store import Store
from federate.whatif.table import Point, Sweep
from federate.whatif.task import Task

__all__ = ["MOST_TRIES", "Progress", "run_sweep"]

MOST_TRIES = 3
GRACE_S = 300.0
"""Beyond twice its limit a solver is taken for stuck; kernels compile meanwhile."""


@dataclass(frozen=True)
class Progress:
    """How far a sweep is."""

    num_points: int
    num_done: int
    num_failed: int
    num_found: int


Told = Callable[[Progress], None]


def run_sweep(
    scenario: Scenario,
    points: Points,
    store: Store,
    executor: Executor,
    *,
    warm: bool = True,
    retry: bool = False,
    tell: Told | None = None,
) -> Sweep:
    """Solve every point that is not answered yet; see `federate.sweep`.

    Parameters
    ----------
    scenario
        What every point starts from; names an instance.
    points
        What is changed at each.
    store
        Where answers are looked for and kept.
    executor
        Who solves.
    warm
        Whether a point starts from its nearest neighbour that is solved.
    retry
        Whether points given up on another day are tried again.
    tell
        Called after each point.

    Raises
    ------
    ScenarioError
        With every fault of every point.
    """
    try:
        asked = _scenarios(scenario, points)
        work = _Work(points, asked, store, executor, warm=warm, tell=tell)
        work.look(retry=retry)
        work.fill()
        for ended in executor.events():
            work.take(ended)
            work.fill()
    except BaseException:
        executor.cancel()
        raise
    return work.sweep()


@dataclass
class _Work:
    """What is done and what is left of one sweep."""

    points: Points
    asked: tuple[Scenario, ...]
    store: Store
    executor: Executor
    warm: bool
    tell: Told | None
    done: dict[int, RunRecord] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)
    waiting: set[int] = field(default_factory=set)
    under_way: set[int] = field(default_factory=set)
    tries: dict[int, int] = field(default_factory=dict)
    found_before: int = 0

    def __post_init__(self) -> None:
        self.questions = [_question(scenario) for scenario in self.asked]
        self.digests = [_digest(question) for question in self.questions]
        self.folder = self.store.folder.resolve() / "sweeps"
        # Plans of other practices are no start.
        moved = {key.partition("__")[0] for c in self.points.changes for key in c}
        self.warm = self.warm and moved.isdisjoint({"area", "instance"})

    def look(self, *, retry: bool) -> None:
        """Find what was answered, or given up, before."""
        for k, question in enumerate(self.questions):
            mark = self._mark(k)
            if record := self.store.answer(question):
                self.done[k] = record
            elif mark.is_file() and not retry:
                self.failed[k] = json.loads(mark.read_text("utf-8"))["error"]
            else:
                self.waiting.add(k)
        self.found_before = len(self.done)
        self._told()

    def fill(self) -> None:
        """Keep every worker busy with the point nearest to one that is solved."""
        while self.waiting and len(self.under_way) < self.executor.workers:
            k, start = self._next()
            self.waiting.discard(k)
            self.under_way.add(k)
            self.executor.submit(self._task(k, start))

    def take(self, ended: Ended) -> None:
        """Take in how one task ended: done, to be tried again, or given up."""
        k = ended.task.point
        self.under_way.discard(k)
        record = self.store.answer(self.questions[k])
        if record is None and ended.run is not None:
            record = self.store.find(ended.run)  # stopped before its time: a plan yet
        if record is not None:  # also where a worker died after it was kept
            self.done[k] = record
            self._mark(k).unlink(missing_ok=True)
            self._told()
            return
        self.tries[k] = self.tries.get(k, 0) + 1
        if self.tries[k] < MOST_TRIES:
            self.waiting.add(k)
            return
        self.failed[k] = ended.error
        self._write(
            self._mark(k), json.dumps({"error": ended.error, "tries": MOST_TRIES})
        )
        self._told()

    def sweep(self) -> Sweep:
        """Return what was found."""
        keys = dict.fromkeys(key for c in self.points.changes for key in c)
        return Sweep(
            keys=tuple(key.replace("__", ".") for key in keys),
            points=tuple(
                Point(
                    number=k,
                    changes={key.replace("__", "."): v for key, v in change.items()},
                    run=self.done.get(k),
                    error=self.failed.get(k, ""),
                )
                for k, change in enumerate(self.points.changes)
            ),
        )

    def _next(self) -> tuple[int, RunRecord | None]:
        """Return the waiting point nearest to a solved one, and that one's run."""
        solved = {k: r for k, r in self.done.items() if r.plan is not None}
        if not solved or not self.warm:
            return min(self.waiting), None
        place = self.points.place
        _, k, near = min(
            (sum(abs(a - b) for a, b in zip(place[k], place[j], strict=True)), k, j)
            for k in self.waiting
            for j in solved
        )
        # What failed with a start is tried without one.
        return k, None if self.tries.get(k) else solved[near]

    def _task(self, k: int, start: RunRecord | None) -> Task:
        path = self.folder / "asked" / f"{self.digests[k]}.toml"
        self._write(path, self.asked[k].to_toml())
        return Task(
            point=k,
            scenario=str(path),
            store=str(self.store.folder.resolve()),
            warm_start=None if start is None else str(start.folder.resolve()),
            limit_s=2 * self.asked[k].solve.time_limit_s + GRACE_S,
        )

    def _mark(self, k: int) -> Path:
        return self.folder / "failed" / f"{self.digests[k]}.json"

    def _write(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Another sweep may be writing the same at this moment.
        aside = path.with_name(f".{path.name}-{uuid4().hex[:8]}")
        aside.write_text(text, "utf-8")
        aside.replace(path)

    def _told(self) -> None:
        if self.tell is not None:
            counts = len(self.done), len(self.failed), self.found_before
            self.tell(Progress(len(self.points), *counts))


def _scenarios(scenario: Scenario, points: Points) -> tuple[Scenario, ...]:
    """Return the scenario of each point, one thread each; every fault at once."""
    made: list[Scenario] = []
    scenario = scenario.model_copy(update={"sweep": {}})  # a point is one question
    faults: dict[str, Fault] = {}
    for change in points.changes:
        try:
            made.append(scenario.with_(**{"solve__threads": 1, **change}))
        except ScenarioError as error:
            faults.update((str(fault), fault) for fault in error.faults)
    if not faults and scenario.instance is None:
        message = "names no instance; state one, e.g. a folder"
        faults[""] = Fault("scenario", message, None, "instance")
    if faults:
        raise ScenarioError("the sweep", _first(faults.values()))
    return tuple(made)


def _first(faults: Iterable[Fault], most: int = 20) -> list[Fault]:
    return list(faults)[:most]


def _digest(question: Question) -> str:
    patience = f"{question.time_limit_s:g} {question.threads}"
    return sha256(f"{question.key} {patience}".encode()).hexdigest()[:16]


def _question(scenario: Scenario) -> Question:
    question = Question.of_files(scenario)
    if question is None:
        message = "cannot be read; name a folder, a table or a shipped instance"
        fault = Fault("scenario", message, None, "instance", scenario.instance)
        raise ScenarioError("the sweep", [fault])
    return question
