"""The arrays of a problem: one frozen record over `n` practices."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from federate.criteria.federation import FederationCost
from federate.criteria.pooled import PooledRisk
from federate.geography.neighbours import NeighbourGraph
from federate.geography.travel import Travel
from federate.practices.instance import Instance
from federate.scenario.schema import Scenario

__all__ = ["Problem"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Problem:
    """What is, what is asked, and both as arrays over ``n`` practices.

    Practices are indices 0…n−1 in the order of ``instance.practices.code``.

    Parameters
    ----------
    instance, scenario
        What it was made from.
    graph, travel
        Neighbours and minutes.
    cost
        The cost of a federation, £ a year.
    list_size
        Shape ``(n,)``, persons.
    budget_gbp, variance_gbp2
        Shape ``(n,)``: expected spend (£ a year) and its own variance v_i (£²).
    likeness
        Shape ``(n, n)`` in [0, 1], or ``None`` where it has no weight.
    size_bounds
        [L, U] persons, or ``None``.
    practices_bounds
        Fewest and most practices in a federation, or ``None``.
    num_federations
        Fewest and most federations; most is ``None`` where free.
    max_pieces
        1: contiguous; c: at most c pieces; ``None``: no such rule.
    no_donut
        Whether no federation may enclose others.
    together
        Sets of practices (two or more each, disjoint) that share a federation.
    apart
        Pairs i < k that may not.
    zone
        Shape ``(n,)`` int: members of a federation share it; ``None``: no rule. A
        frozen group has a zone to itself.
    reachable
        Shape ``(n, n)`` bool: i may have centre j (travel limit); ``None``: all.
    oversize
        Practices above U: each is its own federation, a named exception.
    waived
        Practices whose federation may lie below L.
    alone_gbp
        Shape ``(n,)``, price of standing alone, its half of the neighbour pairs
        parted by that included; ``None`` where joining is mandatory.
    allow_singletons
        Whether a federation may have one member (`oversize` always may).
    kappa
        Pooled-risk rule V_g ≤ κ² B_g² with κ = this; ``None``: no rule.
        NaN where no population is large enough (κ² ≤ 0). ``None`` too where
        `cost.pooled` holds the rule, with more than a normal tail.
    tier
        Shape ``(n,)``: 0 full, 1 partial, 2 provider only; ``None``: all full.
    pooled
        The pooled risk of any federation, contracts, tiers and scale with it;
        `cost.pooled` is the same where it adds to a cost or forbids anything.
    """

    instance: Instance
    scenario: Scenario
    graph: NeighbourGraph
    travel: Travel
    cost: FederationCost
    list_size: IntArray
    budget_gbp: FloatArray
    variance_gbp2: FloatArray
    likeness: FloatArray | None = None
    size_bounds: tuple[float, float] | None = None
    practices_bounds: tuple[int, int] | None = None
    num_federations: tuple[int, int | None] = (1, None)
    max_pieces: int | None = None
    no_donut: bool = False
    together: tuple[tuple[int, ...], ...] = ()
    apart: tuple[tuple[int, int], ...] = ()
    zone: IntArray | None = None
    reachable: npt.NDArray[np.bool_] | None = None
    oversize: tuple[int, ...] = ()
    waived: tuple[int, ...] = ()
    alone_gbp: FloatArray | None = None
    allow_singletons: bool = True
    kappa: float | None = None
    tier: IntArray | None = None
    pooled: PooledRisk | None = None

    @property
    def n(self) -> int:
        """Number of practices."""
        return len(self.list_size)

    @classmethod
    def build(cls, instance: Instance, scenario: Scenario) -> "Problem":
        """Derive every array from what is and what is asked.

        Raises
        ------
        ScenarioError
            If the scenario names practices, attributes or groups that the
            instance does not have; every such fault at once.
        """
        from federate.problem.build import build

        return build(instance, scenario)
