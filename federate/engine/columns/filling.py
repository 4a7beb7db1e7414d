"""The most that open candidates can add to a federation: a fractional knapsack.

The gain is concave in the patients taken, so taking by profit per patient is best
at every size at once: while it pays and up to U, then the least bad up to L. Below
T each patient also saves p, above it costs p. Where risk costs something by size,
ρ(N), the answer is the most of gain − ρ over all sizes; ρ is a line in each cell, so
the difference is concave there and its most is where a practice or a cell ends.
"""

import numpy as np
import numpy.typing as npt

from federate.engine.columns.records import OPEN, SIZE, Facts, Limits, Space
from federate.engine.compiled import grown

__all__ = ["cell_of", "fill", "least_at"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@grown
def cell_of(facts: Facts, size: float) -> int:
    """Return the cell that a size is in, the upper one at its end."""
    cell = 0
    while cell + 1 < len(facts.least_left) and size >= facts.sizes[cell + 1]:
        cell += 1
    return cell


@grown
def least_at(facts: Facts, cell: int, size: float) -> float:
    """Return ρ at a size in a cell, the less of both where two meet."""
    left, right = facts.least_left[cell], facts.least_right[cell]
    if left == np.inf:
        out = np.inf
    else:
        width = facts.sizes[cell + 1] - facts.sizes[cell]
        share = (size - facts.sizes[cell]) / width
        out = left + min(1.0, max(0.0, share)) * (right - left)
    if cell > 0 and size <= facts.sizes[cell]:
        out = min(out, facts.least_right[cell - 1])
    return float(out)


@grown
def fill(
    order: Ints,
    profit: Floats,
    facts: Facts,
    limits: Limits,
    space: Space,
    lower: float,
) -> float:
    """Return the most that open candidates can add, or −inf if L is out of reach."""
    if len(facts.sizes) > 0:
        return float(fill_by_size(order, profit, facts, limits, space, lower))
    added = 0.0
    size = space.tally[SIZE]
    room = limits.upper - size
    for j in order:
        if size >= limits.upper:
            return added
        if space.state[j] != OPEN or facts.patients[j] > room:
            continue
        left = facts.patients[j]
        density = profit[j] / left
        while left > 0.0 and size < limits.upper:
            slope = density - limits.per_person
            stop = limits.upper
            if size < limits.target:
                slope = density + limits.per_person
                stop = min(limits.upper, limits.target)
            if slope <= 0.0:
                if size >= lower:
                    return added
                stop = min(stop, lower)
            take = min(left, stop - size)
            added += take * slope
            size += take
            left -= take
    return added if size >= lower else -np.inf


@grown
def step(
    density: float, size: float, cell: int, lower: float, facts: Facts, limits: Limits
) -> tuple[float, float]:
    """Return what one patient more adds, and the size up to which that is so."""
    slope, stop = density - limits.per_person, limits.upper
    if size < limits.target:
        slope, stop = density + limits.per_person, min(stop, limits.target)
    if size < lower:
        stop = min(stop, lower)
    if cell + 1 < len(facts.least_left):
        stop = min(stop, facts.sizes[cell + 1])
    return slope, stop


@grown
def fill_by_size(
    order: Ints,
    profit: Floats,
    facts: Facts,
    limits: Limits,
    space: Space,
    lower: float,
) -> float:
    """Return the most of gain − ρ; once adding costs, only a fall of ρ can pay."""
    added, size = 0.0, space.tally[SIZE]
    room, last = limits.upper - size, len(facts.least_left) - 1
    cell = cell_of(facts, size)
    best = -least_at(facts, cell, size) if size >= lower else -np.inf
    for j in order:
        if size >= limits.upper:
            return best
        if space.state[j] != OPEN or facts.patients[j] > room:
            continue
        left = facts.patients[j]
        density = profit[j] / left
        while left > 0.0 and size < limits.upper:
            slope, stop = step(density, size, cell, lower, facts, limits)
            is_falling = size >= lower and slope <= 0.0
            if is_falling and best >= added - facts.least_after[cell]:
                return best
            take = min(left, stop - size)
            added += take * slope
            size += take
            left -= take
            if size >= lower:
                best = max(best, added - least_at(facts, cell, size))
            if cell < last and size >= facts.sizes[cell + 1]:
                cell += 1
                if size >= lower:
                    best = max(best, added - facts.least_left[cell])
    return best
