"""Lagrangian, from the first prices to the last plan."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from federate.engine.answer import Answer, Grouping
from federate.engine.events import Listener
from federate.engine.lagrangian.ascent import Ascent
from federate.engine.lagrangian.facts import Facts
from federate.engine.lagrangian.knapsack import (
    add_up,
    blank_lists,
    list_anew,
    price,
    screen,
)
from federate.engine.lagrangian.polish import improve
from federate.engine.lagrangian.prices import Pricer
from federate.engine.lagrangian.progress import Progress
from federate.engine.search.prepare import prepare
from federate.problem import Problem
from solvers.contract import Options, StopReason

__all__ = ["get_ready", "solve_lagrangian"]

FloatArray = npt.NDArray[np.float64]

CLOSE = 2e-3
"""Gain of fifty steps, relative, below which the shares are worth a plan: on England
at half the time that prices take to settle, a percent below what they then prove."""


def get_ready() -> None:
    """Have the kernels compiled, so that no limit is spent on it: once a machine."""
    two = np.ones(2)
    facts = Facts(
        assign=np.zeros((2, 2)),
        barred=np.zeros((0, 0), dtype=np.bool_),
        persons=two,
        fee=np.zeros(2),
        sizes=np.array([0.0, 2.0, 0.0, 0.0]),
        fixed=0.0,
        waived=np.zeros(0, dtype=np.int64),
        own=np.zeros(2, dtype=np.bool_),
        own_gbp=0.0,
        alone=np.full(2, np.inf),
        federations=(1, 2),
    )
    lists, both = blank_lists(2, 2, two), np.arange(2, dtype=np.int64)
    screen(facts, two, lists)
    list_anew(facts, two, lists, 0)
    price(facts, two, lists, both)
    add_up(lists, both, np.zeros(2))


def solve_lagrangian(
    problem: Problem,
    *,
    options: Options,
    warm_start: Grouping | None = None,
    listen: Listener | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Answer:
    """Return the best plan and the bound that prices prove within the limits.

    Prices rise until they settle, beside a search for plans where two threads are
    allowed; from then on both look for plans.

    Parameters
    ----------
    warm_start
        A plan to better; it may break rules.
    """
    progress = Progress(problem, options, listen, cancel)
    if warm_start is not None:
        progress.offer(warm_start)
    if len(problem.oversize) == problem.n:
        return progress.answer(StopReason.FINISHED)
    pricer, fixed = Pricer(problem), prepare(problem)
    ascent = Ascent(pricer)
    found: list[FloatArray] = []

    def shares() -> FloatArray | None:
        return found[-1] if found else None

    def work(seed: int) -> None:
        improve(progress, pricer.facts, fixed, shares, seed=seed, start=warm_start)

    def rise() -> None:
        _rise(progress, ascent, found)
        work(options.seed + 1)

    if options.threads < 2:
        rise()
    else:
        with ThreadPoolExecutor(max_workers=1) as beside:
            planning = beside.submit(work, options.seed)
            rise()
            planning.result()
    return progress.answer(progress.stop() or StopReason.FINISHED)


def _rise(progress: Progress, ascent: Ascent, found: list[FloatArray]) -> None:
    """Raise the prices until they settle; hand on the shares once they are close."""
    while progress.stop() is None and not ascent.is_settled:
        before = ascent.value_gbp
        worth = ascent.advance()
        if worth is not None:
            progress.prove(worth.value_gbp, ascent.prices, worth.count_gbp)
        if ascent.value_gbp - before < CLOSE * abs(ascent.value_gbp):
            found[:] = [ascent.share.copy()]
    found[:] = [ascent.share.copy()]
