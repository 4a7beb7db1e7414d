"""Slots ⇄ grouping: the plan as the kernels hold it and as the engines answer."""

import numpy as np
import numpy.typing as npt

from federate.engine.answer import Grouping
from federate.engine.search.arrays import ALONE, Fixed
from federate.problem import Problem

__all__ = ["grouping_of", "to_slots"]

Slots = npt.NDArray[np.int32]


def to_slots(problem: Problem, fixed: Fixed, grouping: Grouping) -> Slots:
    """Return the slot of each practice in a grouping, made fit to search from.

    Where a grouping splits a unit, all of it follows its first practice; a
    federation across zones is split by zone; where joining is mandatory, a unit
    in no federation founds one.
    """
    zone = np.zeros(problem.n, np.int64) if problem.zone is None else problem.zone
    label: dict[tuple[int, int], int] = {}
    group = np.full(problem.n, ALONE, dtype=np.int64)
    for number, members in enumerate(grouping.members):
        group[list(members)] = number
    slot = np.full(problem.n, ALONE, dtype=np.int32)
    for unit in range(len(fixed.unit_size)):
        start, end = fixed.unit_start[unit], fixed.unit_start[unit + 1]
        items = fixed.unit_items[start:end]
        lead = int(items[0])
        key = (int(group[lead]), int(zone[lead]))
        if group[lead] == ALONE:
            if fixed.voluntary:
                continue
            key = (ALONE - 1 - unit, 0)
        slot[items] = label.setdefault(key, len(label))
    return slot


def grouping_of(problem: Problem, fixed: Fixed, slot: Slots) -> Grouping:
    """Return the grouping in some slots, oversize practices added, best centres."""
    groups = [[i] for i in problem.oversize]
    inside = np.flatnonzero(slot >= 0)
    order = inside[np.argsort(slot[inside], kind="stable")]
    if len(order):
        cuts = np.flatnonzero(np.diff(slot[order])) + 1
        groups += [part.tolist() for part in np.split(order, cuts)]
    groups.sort()
    return Grouping(
        members=tuple(tuple(group) for group in groups),
        centres=tuple(_centre(problem, group) for group in groups),
    )


def _centre(problem: Problem, members: list[int]) -> int:
    """Return the cheapest centre that most members reach, ties by index."""
    table = np.ix_(members, members)
    led = problem.cost.assign_gbp[table].sum(axis=0)
    if problem.reachable is not None:
        short = (~problem.reachable[table]).sum(axis=0)
        led = np.where(short == short.min(), led, np.inf)
    return members[int(np.argmin(led))]
