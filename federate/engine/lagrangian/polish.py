"""Plans out of the ascent's shares: sample, settle, anneal, and once more."""

import time
from collections.abc import Callable
from math import inf

import numpy as np
import numpy.typing as npt

from federate.engine.answer import Grouping
from federate.engine.lagrangian.borders import can_redraw
from federate.engine.lagrangian.centres import along_a_curve, sample
from federate.engine.lagrangian.facts import Facts
from federate.engine.lagrangian.progress import Progress
from federate.engine.lagrangian.sweep import sweep
from federate.engine.lagrangian.transport import settle_around
from federate.engine.search.arrays import Fixed
from federate.engine.search.cooling import Schedule, cool
from federate.engine.search.plans import grouping_of, to_slots
from federate.engine.search.prepare import blank_state
from federate.engine.search.reheat import reheat
from federate.engine.search.state import State

__all__ = ["improve"]

FloatArray = npt.NDArray[np.float64]
Slots = npt.NDArray[np.int32]

OFFSETS = (0.5, 0.0)
FIRST, FEWEST, LONGEST = 100, 300, 12_000
"""Moves per unit: of the first round, of any later one at least, and at most."""
COOL, WARM, SOFT = 0.1, 0.6, 0.3
"""Heat at which centres stay and borders settle; at which centres still move, the
best of 0.03 to 1 on England; and penalties to begin with, three times those of a
search from nothing, or the start melts."""
STAGES = 40
MENDS = 20
PART_OF_REST = 0.6
"""Share of the time left that one round may be expected to take."""
TOLD_EVERY_S = 2.0
WAIT_S = 0.05


def improve(
    progress: Progress,
    facts: Facts,
    fixed: Fixed,
    shares: Callable[[], FloatArray | None],
    *,
    seed: int,
    start: Grouping | None = None,
) -> None:
    """Better the plan, round after round, until told to stop.

    While the ascent has no shares yet, parts of `start` are annealed again. The
    first round starts from the cheapest of a few samples of centres and is cool and
    short: England has a plan in seconds. Later ones start from the best plan, warm
    enough to move centres, each twice as long. Each ends with the borders redrawn
    exactly, window by window. Where no round would end in time, parts are annealed
    again instead.
    """
    rng = np.random.default_rng(seed)
    state = State(
        fixed=fixed,
        moving=blank_state(fixed, seed),
        deadline=inf,
        own_gbp=facts.own_gbp,
        cancel=lambda: progress.stop() is not None,
    )
    if start is not None:
        state.put(to_slots(progress.problem, fixed, start))
        state.keep_if_best()
    slots = _from_shares(progress, facts, fixed, _await(progress, state, rng, shares))
    if slots is None:
        return
    moves, hot = FIRST, COOL
    units = len(fixed.unit_size)
    while progress.stop() is None:
        began = time.perf_counter()
        _anneal(state, slots, moves, hot)
        pace = (time.perf_counter() - began) / (moves * units)
        _offer(progress, state)
        _mend(progress, state, rng, whole=False)
        _redraw(progress, facts, state)
        if progress.grouping is not None:
            slots = to_slots(progress.problem, fixed, progress.grouping)
        moves, hot = min(max(2 * moves, FEWEST), LONGEST), WARM
        rest = PART_OF_REST * progress.seconds_left
        moves = int(min(moves, rest / (pace * units)))
        if moves < FEWEST:
            _mend(progress, state, rng, whole=True)


def _await(
    progress: Progress,
    state: State,
    rng: np.random.Generator,
    shares: Callable[[], FloatArray | None],
) -> FloatArray | None:
    """Return the shares once there are any, at work on a plan meanwhile."""
    while (found := shares()) is None:
        if progress.stop() is not None:
            return None
        if state.best is None:
            time.sleep(WAIT_S)
        else:
            reheat(state, rng)
    _offer(progress, state)
    return found


def _from_shares(
    progress: Progress, facts: Facts, fixed: Fixed, share: FloatArray | None
) -> Slots | None:
    """Return the cheapest settled sample of centres, not yet contiguous."""
    if share is None:
        return None
    order = along_a_curve(progress.problem)
    fewest, most = facts.federations
    count = min(max(round(float(share.sum())), fewest, 1), most)
    best, cheapest = None, inf
    for offset in OFFSETS:
        if progress.stop() is not None:
            break
        found = settle_around(facts, sample(share, order, count, offset))
        if found is not None and found[0] < cheapest:
            cheapest, best = found
    if best is None:
        return None
    heads = [int(c) for c in np.unique(best[best >= 0])]
    members = tuple(tuple(np.flatnonzero(best == c).tolist()) for c in heads)
    grouping = Grouping(members, tuple(heads))
    return to_slots(progress.problem, fixed, grouping)


def _anneal(state: State, slots: Slots, moves: int, hot: float) -> None:
    """Anneal the whole from `slots` on."""
    units = np.arange(len(state.fixed.unit_size), dtype=np.int32)
    state.moving.weight[:] = 1.0
    state.best, state.best_is = None, (inf, inf)
    state.put(slots)
    schedule = Schedule(moves_per_unit=moves, stages=STAGES, hot=hot, soft=SOFT)
    cool(state, units, schedule)
    state.keep_if_best()


def _mend(
    progress: Progress, state: State, rng: np.random.Generator, *, whole: bool
) -> None:
    """Anneal parts again: while rules are broken, or until told to stop."""
    told, tries = time.perf_counter(), 0
    while progress.stop() is None:
        if not whole and (state.best_is[0] == 0 or tries == MENDS):
            break
        reheat(state, rng)
        tries += 1
        if time.perf_counter() - told > TOLD_EVERY_S:
            _offer(progress, state)
            told = time.perf_counter()
    _offer(progress, state)


def _redraw(progress: Progress, facts: Facts, state: State) -> None:
    """Redraw the borders of a plan that keeps the rules, where the model can."""
    problem = progress.problem
    if state.best is None or state.best_is[0] > 0 or not can_redraw(problem):
        return
    plan = grouping_of(problem, state.fixed, state.best)
    better = sweep(
        problem,
        facts,
        plan,
        progress.options,
        keep_on=lambda: progress.stop() is None,
    )
    progress.offer(better)


def _offer(progress: Progress, state: State) -> None:
    """Offer the best plan of a state, broken or not."""
    if state.best is not None:
        progress.offer(grouping_of(progress.problem, state.fixed, state.best))
