"""Solve a problem by the compact model: the reference for every other engine."""

from collections.abc import Callable

from federate.engine.answer import Answer, Grouping
from federate.engine.compact.fixing import possible, without_leader
from federate.engine.compact.matrices import Matrices
from federate.engine.compact.model import Contiguity, build_model
from federate.engine.compact.rounds import Rounds
from federate.engine.events import Listener
from federate.errors import SolverError
from federate.problem import Problem
from solvers.contract import BackendError, Options, Status, StopReason
from solvers.registry import backend

__all__ = ["solve_compact"]


def solve_compact(
    problem: Problem,
    *,
    options: Options,
    solver: str = "highs",
    contiguity: Contiguity = "rounds",
    warm_start: Grouping | None = None,
    listen: Listener | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Answer:
    """Find a plan and prove a bound by one mixed-integer model.

    Parameters
    ----------
    problem
        Of at most a hundred practices or so; nothing is refused for its size.
    options, solver
        Limits, and the backend's name.
    contiguity
        ``rounds`` adds separators where a point needs them; ``flow`` has the
        whole rule in the model at once. Both reach the same plans.
    warm_start
        A plan to start from; one that breaks a rule is left aside.
    listen, cancel
        Told of plans, bounds and phases; asked several times a second whether
        to stop.

    Raises
    ------
    SolverError
        If the backend is unknown, missing or broke.
    """
    allowed = possible(problem)
    if nowhere := without_leader(problem, allowed):
        return _no_plan(problem, nowhere)
    try:
        model = build_model(problem, contiguity=contiguity, allowed=allowed)
        rounds = Rounds(
            Matrices(problem, model), backend(solver), options, listen, cancel
        )
        if warm_start is not None:
            rounds.offer(warm_start)
        return rounds.run()
    except BackendError as error:
        raise SolverError(str(error)) from error


def _no_plan(problem: Problem, nowhere: tuple[int, ...]) -> Answer:
    """Answer for practices that no federation can hold."""
    practices = problem.instance.practices
    listed = ", ".join(f"{practices.code[i]} {practices.name[i]}" for i in nowhere[:5])
    more = f" and {len(nowhere) - 5} more" if len(nowhere) > 5 else ""
    reason = f"no federation that keeps the rules can hold {listed}{more}"
    return Answer(Status.INFEASIBLE, StopReason.FINISHED, reasons=(reason,))
