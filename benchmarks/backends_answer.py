"""One backend, one question: what it answers and how long that takes."""

import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from federate.problem import Problem
    from solvers.contract import MixedIntegerModel

__all__ = ["Clock", "answer", "probe"]

NEAR = 0.01


@dataclass
class Clock:
    """When best and bound were first within 1 %, in seconds since the start.

    Best and bound may be told apart, and each only now and then.
    """

    began: float = field(default_factory=perf_counter)
    best: float | None = None
    bound: float | None = None
    to_1pct_s: float | None = None

    def hear(self, best: float | None, bound: float | None) -> None:
        """Take in figures; ``None`` says nothing."""
        if best is not None:
            self.best = best if self.best is None else min(self.best, best)
        if bound is not None:
            self.bound = bound if self.bound is None else max(self.bound, bound)
        if self.to_1pct_s is not None or self.best is None or self.bound is None:
            return
        if self.best - self.bound <= NEAR * abs(self.best):
            self.to_1pct_s = self.seconds

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return perf_counter() - self.began


def probe(solver: str) -> dict[str, Any]:
    """Say whether a backend runs here, and why not."""
    from solvers.registry import backend

    found = backend(solver).probe()
    return {
        "status": "runs" if found.runs else "cannot run",
        "version": found.version,
        "message": found.why_not,
    }


def answer(path: Path, solver: str, limits: Mapping[str, Any]) -> dict[str, Any]:
    """Have a backend answer a question that lies in a file; return its figures.

    The backend has been probed before, so that no time is its package's loading.

    Parameters
    ----------
    limits
        As `Options` takes them: ``time_limit_s``, ``threads`` and ``seed``.
    """
    from solvers.contract import MixedIntegerModel

    probe(solver)
    with path.open("rb") as file:
        stated = pickle.load(file)
    size = {
        "num_rows": stated.num_rows,
        "num_columns": stated.num_columns,
        "num_integers": stated.num_integers,
    }
    if isinstance(stated.asked, MixedIntegerModel):
        return size | _by_backend(stated.asked, stated.start, solver, limits)
    return size | _by_engine(stated.asked, solver, limits)


def _by_engine(
    problem: "Problem", solver: str, limits: Mapping[str, Any]
) -> dict[str, Any]:
    import pyomo.environ  # noqa: F401 - loaded before the clock starts

    from federate.engine.compact import solve_compact
    from solvers.contract import Options

    clock = Clock()
    found = solve_compact(
        problem,
        options=Options(**limits),
        solver=solver,
        listen=lambda event: clock.hear(event.objective_gbp, event.bound_gbp),
    )
    row = _figures(clock, found.status, found.objective_gbp, found.bound_gbp)
    return row | {"stop": found.stop.value, "version": found.solver.partition(" ")[2]}


def _by_backend(
    model: "MixedIntegerModel", start: Any, solver: str, limits: Mapping[str, Any]
) -> dict[str, Any]:
    from solvers.contract import Capability, Options, Progress
    from solvers.registry import backend

    chosen = backend(solver)
    clock = Clock()

    def hear(progress: Progress) -> bool:
        clock.hear(progress.objective, progress.bound)
        return False

    tells = Capability.PROGRESS in chosen.capabilities and not model.is_linear
    options = Options(**limits)
    takes = Capability.WARM_START in chosen.capabilities
    outcome = chosen.solve(
        model, options, start if takes else None, hear if tells else None
    )
    row = _figures(clock, outcome.status, outcome.objective, outcome.bound)
    return row | {
        "stop": outcome.stop.value,
        "version": outcome.version,
        "message": outcome.message.splitlines()[0][:200] if outcome.message else "",
    }


def _figures(
    clock: Clock, status: Any, objective: float | None, bound: float | None
) -> dict[str, Any]:
    """Return the figures that both kinds of question share.

    Where nothing was told on the way, the time to 1 % is that to the end.
    """
    from solvers.contract import Status

    seconds = clock.seconds
    clock.hear(objective, bound)
    gap = None
    if objective is not None and bound is not None:
        gap = (objective - bound) / abs(objective) if objective else 0.0
    return {
        "status": status.value,
        "to_1pct_s": _rounded(clock.to_1pct_s, 2),
        "to_optimal_s": round(seconds, 2) if status is Status.OPTIMAL else None,
        "seconds": round(seconds, 2),
        "objective": _rounded(objective, 2),
        "bound": _rounded(bound, 2),
        "gap": _rounded(gap, 6),
    }


def _rounded(figure: float | None, digits: int) -> float | None:
    return None if figure is None else round(figure, digits)
