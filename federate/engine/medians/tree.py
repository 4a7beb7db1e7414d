"""Branching on centres, with the prices of the node above.

A node says which centres are open and which are closed; prices walk on from those
of its parent, and centres whose opening or closing would take the bound to the goal
are settled at once.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from federate.engine.medians.knapsack import CLOSED, FREE, OPEN
from federate.engine.medians.prices import Pricer, Worth, rise
from federate.engine.medians.rest import Goal

__all__ = ["branch"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

STEPS = 100
LENGTH = 0.3
PATIENCE = 6
FORGET = 0.05


@dataclass(order=True)
class _Node:
    """A node; of those that prove the same, the deepest comes first."""

    proven_gbp: float
    order: int
    value_gbp: float = field(compare=False)
    state: IntArray = field(compare=False)
    prices: FloatArray = field(compare=False)


def branch(
    pricer: Pricer,
    root: Worth,
    goal: Goal,
    lift: Callable[[float], float],
    show: Callable[[IntArray], None],
) -> bool:
    """Raise the bound from the least node on; whether no plan below goal is left.

    Parameters
    ----------
    root
        The best prices of all.
    lift
        What a bound proves of the cost of plans.
    show
        Shown centres worth a plan.
    """
    state = np.full(len(root.z), FREE, dtype=np.int64)
    heap = [_Node(lift(root.value_gbp), 0, root.value_gbp, state, root.prices)]
    while heap and heap[0].proven_gbp < goal.below():
        goal.prove(heap[0].proven_gbp)
        if goal.stopped():
            return False
        node = heapq.heappop(heap)
        for worth, state in _children(pricer, node, goal, lift, show):
            value = max(worth.value_gbp, node.value_gbp)
            if lift(value) < goal.below():
                order = node.order - 1
                child = _Node(lift(value), order, value, state, worth.prices)
                heapq.heappush(heap, child)
    goal.prove(goal.below())
    return True


def _children(
    pricer: Pricer,
    node: _Node,
    goal: Goal,
    lift: Callable[[float], float],
    show: Callable[[IntArray], None],
) -> list[tuple[Worth, IntArray]]:
    """Settle what can be, and open or close the centre in most doubt."""
    worth, state, often = _walk(pricer, node, goal, lift)
    show(worth.opened)
    if lift(worth.value_gbp) >= goal.below():
        return []
    _fix(worth, state, lift, goal.below())
    free = np.flatnonzero(state == FREE)
    if not len(free):
        show(np.flatnonzero(state == OPEN))
        return []
    chosen = int(free[int(np.argmin(np.abs(often[free] - 0.5)))])
    out = []
    for way in (CLOSED, OPEN):
        child = state.copy()
        child[chosen] = way
        out.append((pricer.worth(worth.prices, child), child))
    return out


def _walk(
    pricer: Pricer, node: _Node, goal: Goal, lift: Callable[[float], float]
) -> tuple[Worth, IntArray, FloatArray]:
    """Return better prices, a copy of the state, and how often each centre led."""
    often = np.zeros(len(node.prices))

    def heed(worth: Worth) -> bool:
        nonlocal often
        often *= 1.0 - FORGET
        often[worth.opened] += FORGET
        return lift(worth.value_gbp) < goal.below()

    worth = rise(
        pricer,
        node.prices,
        node.state,
        target=goal.below,
        steps=STEPS,
        length=LENGTH,
        patience=PATIENCE,
        heed=heed,
    )
    return worth, node.state.copy(), often


def _fix(
    worth: Worth, state: IntArray, lift: Callable[[float], float], below: float
) -> None:
    """Close centres that cannot be open below the goal, open those that must be."""
    low, high = worth.count_gbp
    for c in np.flatnonzero(state == FREE):
        opened = worth.value_gbp + max(0.0, float(worth.z[c]) - low)
        closed = worth.value_gbp + max(0.0, high - float(worth.z[c]))
        if lift(opened) >= below:
            state[c] = CLOSED
        elif lift(closed) >= below:
            state[c] = OPEN
