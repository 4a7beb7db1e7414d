"""What the slow twin reads and writes on, as named records of arrays."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from federate.criteria.risk_terms import RiskTerms

__all__ = [
    "COUNT",
    "FOUND",
    "GAIN",
    "INSIDE",
    "NODES",
    "OPEN",
    "OUT",
    "SIZE",
    "TRAIL",
    "WAIVED",
    "Facts",
    "Rules",
    "Space",
    "Store",
    "View",
    "make_space",
]

OUT, OPEN, INSIDE = 0, 1, 2
SIZE, COUNT, GAIN, WAIVED, NODES, FOUND, TRAIL = range(7)

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Facts(NamedTuple):
    """Practices, their neighbours, and cuts; ragged lists as (ptr, entries).

    `walks_out` says who can walk to the edge of the area when nobody is away. `least`
    is what each practice adds to the cost of pooled risk at least, units; `above` is r,
    by which federations are parted into classes (``criteria.by_spread``), £². `ends`
    counts all neighbours of each, also those outside the area; empty where to part
    them costs nothing.
    """

    patients: Ints
    budget: Floats
    variance: Floats
    waived: Bools
    near_ptr: Ints
    near: Ints
    apart_ptr: Ints
    apart: Ints
    group: Ints
    group_size: Ints
    on_edge: Bools
    walks_out: Bools
    cut_ptr: Ints
    cut_of: Ints
    cut: Ints
    terms: RiskTerms
    least: Ints
    above: Floats
    ends: Ints


class Rules(NamedTuple):
    """Rules and terms of size; units of money, `kappa2` < 0 for no risk rule.

    `slope` and `middle` are p and T in whole numbers: p·|N − T| is at least
    slope·(|N − middle| − 1). `once` is what a federation adds to the cost of pooled
    risk at least, beside its practices; it is within `base`. Only federations of Σ r
    from `from_above` to `to_above` are looked for. To part two neighbours costs either
    side `half`; with `by_outline` little else costs, and practices are few.
    """

    lower: int
    upper: int
    fewest: int
    most: int
    base: int
    target: float
    per_person: float
    slope: int
    middle: int
    kappa2: float
    connected: bool
    no_donut: bool
    once: int
    from_above: float
    to_above: float
    half: int
    by_outline: bool


class View(NamedTuple):
    """A centre's candidates by profit per patient, and that profit.

    `lower` is L, or 0 where a waived practice may be within.
    """

    centre: int
    order: Ints
    profit: Ints
    density: Ints
    lower: int


class Store(NamedTuple):
    """Where to keep what lies below a limit; without room, only the best counts."""

    reduced: Ints
    length: Ints
    members: Ints


class Space(NamedTuple):
    """Scratch arrays, made once and used for one centre after the other."""

    status: Ints
    beside: Ints
    hits: Ints
    members: Ints
    trail: Ints
    tally: Ints
    queue: Ints
    seen: Bools
    sums: Floats


def make_space(n: int, num_cuts: int, num_parts: int = 0) -> Space:
    """Return scratch arrays for n practices."""
    whole = np.zeros(n, dtype=np.int64)
    return Space(
        status=whole,
        beside=whole.copy(),
        hits=np.zeros(max(1, num_cuts), dtype=np.int64),
        members=whole.copy(),
        trail=whole.copy(),
        tally=np.zeros(7, dtype=np.int64),
        queue=whole.copy(),
        seen=np.zeros(n, dtype=np.bool_),
        sums=np.zeros(num_parts),
    )
