"""Which engines suit a problem, and in which order."""

from federate.engine import columns, medians
from federate.problem import Problem

__all__ = ["engines_for"]

MOST_FOR_COMPACT = 60
MOST_IN_FEW, FEW = 110, 8


def engines_for(problem: Problem) -> tuple[str, ...]:
    """Return the engines to run, in order; local search is always the first.

    Columns prove most, wherever federations are contiguous and small in number
    of practices; medians, wherever they need not be contiguous and costs add up;
    the compact model takes any rule but only some sixty practices (with HiGHS it
    had no plan after a minute at two hundred), or a hundred in a few federations;
    the Lagrangian takes all that is larger.
    """
    asked = problem.scenario.solve.engine
    if asked == "medians" and not medians.fits(problem):
        asked = "auto"
    if asked == "search":
        return ("search",)
    if asked != "auto":
        return ("search", asked)
    if columns.fits(problem):
        return ("search", "columns")
    if medians.fits(problem):
        return ("search", "medians")
    most = MOST_IN_FEW if _are_few(problem) else MOST_FOR_COMPACT
    if problem.n <= most:
        return ("search", "compact")
    return ("search", "lagrangian")


def _are_few(problem: Problem) -> bool:
    """Whether the rules ask for so few federations that each has many practices."""
    most = problem.num_federations[1]
    return most is not None and most <= FEW
