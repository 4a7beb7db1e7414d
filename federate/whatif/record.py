"""One finished run as the index has it: what was asked, and what came of it."""

import json
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from federate.proof.certificate import CERTIFICATE
from federate.show.run_folder import METRICS
from federate.show.run_name import made_at
from federate.whatif.question import Question

__all__ = ["RunRecord", "read_record"]


@dataclass(frozen=True)
class RunRecord:
    """A finished run; its folder holds all else.

    Parameters
    ----------
    name, folder
        What it is called, and where it lies.
    made
        When, UTC.
    title, instance
        Of the scenario; name of the practices.
    question
        What was asked.
    status, stop
        What the answer is worth; why it stopped.
    objective_gbp, bound_gbp, gap
        Cost of the plan, proven lower bound, (objective − bound) / |objective|.
    num_federations, num_violations
        Of the plan; ``None`` federations where there is no plan.
    engine, solver, seconds
        Who found it, in what time.
    plan
        SHA-256 of ``plan.csv``; equal where two runs found the same plan.
    certified
        Whether what proves the bound is kept too.
    """

    name: str
    folder: Path
    made: datetime
    title: str
    instance: str
    question: Question
    status: str
    stop: str
    objective_gbp: float | None
    bound_gbp: float | None
    gap: float | None
    num_federations: int | None
    num_violations: int
    engine: str
    solver: str
    seconds: float
    plan: str | None
    certified: bool

    @property
    def is_sound(self) -> bool:
        """Whether there is a plan that keeps every rule."""
        return self.plan is not None and self.num_violations == 0

    def answers(self, question: Question) -> bool:
        """Whether this run answers `question`, see `Question.is_answered_by`."""
        return question.is_answered_by(
            self.question, stop=self.stop, engine=self.engine
        )

    def as_data(self) -> dict[str, Any]:
        """Return the record as JSON has it."""
        return {
            "run": self.name,
            "folder": str(self.folder),
            "made": self.made.isoformat(),
            "title": self.title,
            "instance": self.instance,
            "status": self.status,
            "stop": self.stop,
            "objective_gbp": self.objective_gbp,
            "bound_gbp": self.bound_gbp,
            "gap": self.gap,
            "num_federations": self.num_federations,
            "num_violations": self.num_violations,
            "engine": self.engine,
            "solver": self.solver,
            "seconds": self.seconds,
            "plan": self.plan,
            "certified": self.certified,
        }


def read_record(folder: Path) -> RunRecord | None:
    """Return the record of a run folder, or ``None`` if it is no finished run.

    Nothing is scored anew and the practices are not looked at, so that this takes
    milliseconds.
    """
    try:
        said = json.loads((folder / METRICS).read_text("utf-8"))
        stated = tomllib.loads((folder / "scenario.toml").read_text("utf-8"))
        code = json.loads((folder / "env.json").read_text("utf-8")).get("code", "")
        digests = _digests(folder / "inputs.sha256")
        return RunRecord(
            name=folder.name,
            folder=folder,
            made=made_at(folder),
            title=stated.get("title", ""),
            instance=said.get("instance", ""),
            question=Question.stated(stated, digests["instance"], code),
            **{name: said[name] for name in _FIGURES},
            plan=digests.get("plan.csv"),
            certified=(folder / CERTIFICATE).is_file(),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # half-copied, older than the index, or no run at all


_FIGURES = (
    "status",
    "stop",
    "objective_gbp",
    "bound_gbp",
    "gap",
    "num_federations",
    "num_violations",
    "engine",
    "solver",
    "seconds",
)


def _digests(path: Path) -> dict[str, str]:
    pairs = [line.split("  ", 1) for line in path.read_text("utf-8").splitlines()]
    return {name: digest for digest, name in pairs}
