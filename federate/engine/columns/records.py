"""The arrays that the compiled tree works on, as named records."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from federate.criteria.risk_terms import RiskTerms
from federate.engine.compiled import grown

__all__ = ["Cut", "Facts", "Limits", "Space", "Store", "scratch"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

OPEN, INSIDE, EXCLUDED = 0, 1, 2
GAIN, SIZE, BUDGET, SPREAD, WAIVED, COUNT, ENDS, PAIRS, LOST, ABOVE = range(10)


class Facts(NamedTuple):
    """What the tree knows of ``n`` practices; CSR pairs are (ptr, entries).

    `edges` counts the practices on the edge that each can walk to, `ends` the
    neighbours that each has, in the whole area. `least` is what each practice adds
    to the cost of pooled risk at least, and `sizes` are the ends of cells of size in
    each of which a federation adds at least what lies on the line from `least_left`
    to `least_right`, and `least_after` in that cell or any larger one
    (``criteria.by_size``); without cells nothing. `above` is r, by which federations
    are parted into classes (``criteria.by_spread``).
    """

    patients: Floats
    budget: Floats
    variance: Floats
    graph_ptr: Ints
    graph: Ints
    apart_ptr: Ints
    apart: Ints
    group: Ints
    group_size: Ints
    on_edge: Bools
    edges: Ints
    waived: Bools
    terms: RiskTerms
    least: Floats
    ends: Ints
    sizes: Floats
    least_left: Floats
    least_right: Floats
    least_after: Floats
    above: Floats


class Limits(NamedTuple):
    """The rules and the terms of size; `kappa2` < 0 stands for no risk rule.

    `least` is what a federation of any size adds to the cost of pooled risk at least,
    beside its practices; it is within `base`, and the cells of size are above it.
    `half_cut` is half the price of parting two neighbours, and with `by_outline` a
    federation costs nothing else. Only federations of Σ r from `from_above` to
    `to_above` are asked for.
    """

    lower: float
    upper: float
    target: float
    per_person: float
    base: float
    fewest: int
    most: int
    kappa2: float
    no_donut: bool
    connected: bool
    least: float
    half_cut: float
    by_outline: bool
    from_above: float
    to_above: float


class Cut(NamedTuple):
    """The cuts through each practice as CSR, and their |σ|."""

    ptr: Ints
    of: Ints
    sigma: Floats


class Store(NamedTuple):
    """Where finds go: reduced cost, number of members, members."""

    reduced: Floats
    length: Ints
    members: Ints


class Space(NamedTuple):
    """Scratch arrays, made once for all centres."""

    state: Ints
    touch: Ints
    hit: Ints
    stack: Ints
    phase: Ints
    gains: Floats
    losses: Floats
    queue: Ints
    ring: Ints
    seen: Bools
    members: Ints
    tally: Floats
    sums: Floats


@grown
def scratch(n: int, most: int, num_cuts: int, num_parts: int) -> Space:
    """Return scratch arrays for trees over n practices."""
    return Space(
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.empty(num_cuts, np.int64),
        np.empty(n + 1, np.int64),
        np.empty(n + 1, np.int64),
        np.empty(n + 1),
        np.empty(n + 1),
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.empty(n, np.bool_),
        np.empty(most, np.int64),
        np.empty(ABOVE + 1),
        np.empty(num_parts),
    )
