"""Local search: construction, one annealing of the whole, then parts again."""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from federate.engine.answer import Answer, Grouping, objective_gbp
from federate.engine.events import Listener
from federate.engine.search.arrays import NUM_FEDERATIONS
from federate.engine.search.cooling import cool
from federate.engine.search.groups import rebuild
from federate.engine.search.merge import merge_small
from federate.engine.search.natural import natural_size
from federate.engine.search.plans import grouping_of, to_slots
from federate.engine.search.prepare import blank_state, prepare
from federate.engine.search.reheat import WHOLE, reheat
from federate.engine.search.state import State
from federate.problem import Problem
from solvers.contract import Status, StopReason

__all__ = ["search"]

MOST_MOVES = 4_000_000
FEWEST_MOVES_PER_UNIT = 200
IDLE, IDLE_PER_FEDERATION = 20, 3


def search(
    problem: Problem,
    *,
    time_limit_s: float,
    seed: int = 0,
    warm_start: Grouping | None = None,
    listen: Listener | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Answer:
    """Return the best plan that local search finds; it proves no bound.

    Ends at the time limit, when cancelled, or when many parts in a row could not
    be bettered; in that case the same seed gives the same plan.

    Returns
    -------
    Answer
        ``FEASIBLE`` where the plan keeps every rule, else ``NO_SOLUTION`` with
        the plan that breaks them least, so that the verifier can say which.
        Only plans that keep every rule are told as incumbents.
    """
    if len(problem.oversize) == problem.n:
        return _each_its_own(problem)
    began = time.perf_counter()
    fixed = prepare(problem)
    state = State(
        fixed=fixed,
        moving=blank_state(fixed, seed),
        deadline=began + time_limit_s,
        own_gbp=sum(problem.cost.cost([i], i) for i in problem.oversize),
        listen=listen,
        cancel=cancel,
    )
    stop = _search(problem, state, np.random.default_rng(seed), warm_start)
    slots = state.moving.slot if state.best is None else state.best
    grouping = grouping_of(problem, fixed, slots)
    return Answer(
        status=Status.FEASIBLE if state.best_is[0] == 0 else Status.NO_SOLUTION,
        stop=stop,
        grouping=grouping,
        objective_gbp=objective_gbp(problem, grouping),
    )


def _each_its_own(problem: Problem) -> Answer:
    """Return the one plan of practices that are all above the upper bound."""
    alone = tuple(range(problem.n))
    grouping = Grouping(tuple((i,) for i in alone), alone)
    cost = objective_gbp(problem, grouping)
    return Answer(Status.FEASIBLE, StopReason.FINISHED, grouping, cost)


def _search(
    problem: Problem,
    state: State,
    rng: np.random.Generator,
    warm_start: Grouping | None,
) -> StopReason:
    """Construct, anneal the whole, then part after part; return why it ended."""
    if warm_start is not None:
        state.put(to_slots(problem, state.fixed, warm_start))
        state.keep_if_best()
    _construct(problem, state)
    units = np.arange(len(state.fixed.unit_size), dtype=np.int32)
    per_unit = min(WHOLE.moves_per_unit, MOST_MOVES // len(units))
    whole = replace(WHOLE, moves_per_unit=max(FEWEST_MOVES_PER_UNIT, per_unit))
    cool(state, units, whole)
    state.keep_if_best()
    if state.best is not None:
        state.put(state.best)
    federations = int(state.moving.tally[NUM_FEDERATIONS])
    idle, most_idle = 0, IDLE + IDLE_PER_FEDERATION * federations
    while idle < most_idle:
        if (stop := state.stop()) is not None:
            return stop
        idle = 0 if reheat(state, rng) else idle + 1
    return StopReason.FINISHED


def _construct(problem: Problem, state: State) -> None:
    """Merge the smallest federation with its best neighbour, up to a few sizes.

    Keeps the best of the plans found and leaves the most promising in place.
    """
    fixed, moving = state.fixed, state.moving
    upper = min(fixed.upper, float(problem.list_size.sum()))
    goals = {natural_size(problem), float(fixed.lower), 0.9 * upper}
    inside = fixed.unit_of >= 0
    found = []
    for goal in sorted(goal for goal in goals if goal > 0):
        moving.slot[inside] = fixed.unit_of[inside]
        moving.open[:] = True
        moving.stress[0] = 1.0
        rebuild(fixed, moving)
        merge_small(fixed, moving, np.zeros(len(moving.first), np.bool_), goal, 0.0)
        state.keep_if_best()
        persons, gbp = state.appraise()
        promise = gbp + persons * float(fixed.price.mean())
        found.append((promise, goal, moving.slot.copy()))
    state.put(min(found, key=lambda some: some[:2])[2])
