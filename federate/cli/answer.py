"""A `Result` as an exit code and as the JSON object that scripts rely on."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from federate.result import Result

__all__ = ["answer", "exit_code"]

OPTIMAL, INTERNAL, INFEASIBLE, WITH_PLAN, WITHOUT_PLAN, INTERRUPTED = 0, 1, 4, 5, 6, 130

KEYS = (
    "status",
    "stop",
    "objective_gbp",
    "bound_gbp",
    "gap",
    "num_federations",
    "num_violations",
    "violations",
    "seconds",
)


def exit_code(result: "Result", *, interrupted: bool = False) -> int:
    """Return what a script sees; the package's docstring says what each means."""
    from solvers.contract import Status

    if interrupted:
        return INTERRUPTED
    codes = {
        Status.OPTIMAL: OPTIMAL,
        Status.ERROR: INTERNAL,
        Status.INFEASIBLE: INFEASIBLE,
        Status.FEASIBLE: WITH_PLAN,
    }
    # A plan that breaks rules is shown, but is no plan to a script.
    return codes.get(result.status, WITHOUT_PLAN)


def answer(result: "Result", run: Path | None) -> dict[str, Any]:
    """Return the one object of ``--json``; `run` is where all else is kept."""
    summary = result.summary()
    return {**{key: summary[key] for key in KEYS}, "run": run and str(run)}
