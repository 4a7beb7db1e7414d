"""What makes two questions the same one: the key of kept answers.

The key is a digest of what is asked, of the practices it is asked of and of the code
that answers. Titles, file names and where a key was stated do not count; nor do the
time limit and the threads, which say how long to look: they decide whether a kept
run looked hard enough, see `Question.is_answered_by`.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from federate.problem import Problem
from federate.scenario import Scenario

__all__ = ["ENGINES", "Question", "canonical"]

ENGINES = frozenset({"search", "compact", "columns", "medians", "lagrangian"})
ENDED = frozenset({"finished", "gap_reached"})

# Where it came from, what it is called, how long to look, what else to ask.
_NO_MATTER = frozenset({"schema", "title", "instance", "extends", "sweep"})
_HOW_LONG = frozenset({"time_limit_s", "threads"})


@dataclass(frozen=True)
class Question:
    """One question, as far as its answer hangs on it.

    Parameters
    ----------
    scenario
        What is asked, see `canonical`.
    instance
        SHA-256 of the practices' files.
    code
        See `federate.show.environment.code_version`.
    time_limit_s, threads
        How long to look, on how many threads.
    """

    scenario: str = field(repr=False)
    instance: str
    code: str
    time_limit_s: float
    threads: int

    @classmethod
    def of(cls, problem: Problem) -> "Question":
        """Return the question that a problem is."""
        asked = problem.scenario
        digest = problem.instance.digest
        if asked.instance is None or not digest:
            digest = _digest_in_memory(problem)
        return cls._of(tomllib.loads(asked.to_toml()), digest)

    @classmethod
    def of_files(cls, scenario: Scenario) -> "Question | None":
        """Return the question of a scenario without reading its practices.

        ``None`` where it names no instance, or one that cannot be read.
        """
        from federate.practices.source import digest_of

        try:
            digest = digest_of(scenario.instance or "")
        except OSError:
            return None
        return cls._of(tomllib.loads(scenario.to_toml()), digest)

    @classmethod
    def _of(cls, stated: Mapping[str, Any], digest: str) -> "Question":
        from federate.show.environment import code_version

        return cls.stated(stated, digest, code_version())

    @classmethod
    def stated(cls, stated: Mapping[str, Any], digest: str, code: str) -> "Question":
        """Return the question of a scenario as its file states it."""
        solve = stated["solve"]
        return cls(
            canonical(stated),
            digest,
            code,
            float(solve["time_limit_s"]),
            int(solve["threads"]),
        )

    @property
    def scenario_hash(self) -> str:
        """SHA-256 of what is asked."""
        return sha256(self.scenario.encode()).hexdigest()

    @property
    def key(self) -> str:
        """SHA-256 of what is asked, of whom, and of the code that answers."""
        parts = (self.scenario_hash, self.instance, self.code)
        return sha256("\n".join(parts).encode()).hexdigest()

    def is_answered_by(self, other: "Question", *, stop: str, engine: str) -> bool:
        """Whether a run of `other` that ended so leaves nothing to ask.

        A run that ended by itself answers for good; one that its time limit
        stopped answers whoever would not have looked longer, nor on more threads.
        One that was stopped otherwise, or a plan that was only scored, answers
        nothing.
        """
        if self.key != other.key or not _is_solved(engine):
            return False
        if stop in ENDED:
            return True
        looked_as_long = (
            self.time_limit_s <= other.time_limit_s and self.threads <= other.threads
        )
        return stop == "time_limit" and looked_as_long


def canonical(stated: Mapping[str, Any]) -> str:
    """Return what a scenario asks in the one way it is written here.

    Parameters
    ----------
    stated
        The values of a scenario's TOML, every key in force stated.

    Examples
    --------
    >>> one = {"title": "A", "rules": {"keep": ["b", "a"]}, "solve": {"threads": 1}}
    >>> two = {"title": "B", "rules": {"keep": ["a", "b"]}, "solve": {"threads": 2}}
    >>> canonical(one) == canonical(two)
    True
    """
    asked = {k: v for k, v in stated.items() if k not in _NO_MATTER}
    solve = asked.get("solve", {})
    asked["solve"] = {k: v for k, v in solve.items() if k not in _HOW_LONG}
    return json.dumps(_ordered(asked), sort_keys=True, separators=(",", ":"))


def _ordered(value: Any) -> Any:
    """Return lists of texts in order, as no scenario minds theirs; pairs stay."""
    if isinstance(value, Mapping):
        return {key: _ordered(inner) for key, inner in value.items()}
    if not isinstance(value, list):
        return value
    inner = [_ordered(item) for item in value]
    are_numbers = any(isinstance(item, int | float) for item in inner)
    return inner if are_numbers else sorted(inner)


def _is_solved(engine: str) -> bool:
    """Whether engines of ours looked for the plan; proofs that none exists name none.

    Examples
    --------
    >>> _is_solved("search+columns"), _is_solved(""), _is_solved("evaluate")
    (True, True, False)
    """
    return not engine or ENGINES.issuperset(engine.split("+"))


def _digest_in_memory(problem: Problem) -> str:
    """Return the digest of the copy that a run folder keeps of such practices."""
    from federate.practices.folder import write_folder
    from federate.practices.source import digest_of

    with TemporaryDirectory() as folder:
        write_folder(problem.instance, Path(folder) / "instance")
        return digest_of(Path(folder) / "instance")
