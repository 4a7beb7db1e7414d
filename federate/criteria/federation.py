"""The cost of one federation: one function for every engine, score and page."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from federate.criteria.cut_edges import CutEdges
from federate.criteria.least import most_gbp
from federate.criteria.pooled import PooledRisk
from federate.criteria.scale import running_gbp
from federate.criteria.size import deviation_gbp

__all__ = ["FederationCost"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class FederationCost:
    """What a federation with these members and this centre costs, £ a year.

    cost(g, c) = Σ_{i∈g} assign_gbp[i, c]
                 + F + f·N_g + f_m·m_g + p·|N_g − T| + cut(g) + risk(g)

    where `assign_gbp` is the sum of the terms that are linear given the centre
    (travel, unlikeness, disruption), N_g the patients, m_g the members, cut(g)
    the federation's share of the neighbour pairs that are parted (`CutEdges`), and
    risk(g) the premium of the cheapest contract that fits, the price of the risk
    kept under it, less what scale saves (``federate.criteria.judge``).

    Parameters
    ----------
    travel_gbp, unlikeness_gbp, disruption_gbp
        Shape ``(n, n)``, £ a year, row = member, column = centre; ``None``
        where the term has no weight.
    assign_gbp
        Their sum, shape ``(n, n)``.
    list_size
        Shape ``(n,)``, persons.
    fixed_gbp, gbp_per_head, gbp_per_member
        F (£ a year per federation), f (per person), f_m (per member).
    target_size, deviation_gbp_per_person
        T (persons, ``None``: no such term) and p.
    pooled
        Pooled risk, contracts and scale; ``None`` where they add nothing and
        forbid nothing.
    cut_edges
        The price of parting neighbours; ``None``: no such term.
    """

    travel_gbp: FloatArray | None
    unlikeness_gbp: FloatArray | None
    disruption_gbp: FloatArray | None
    assign_gbp: FloatArray
    list_size: IntArray
    fixed_gbp: float = 0.0
    gbp_per_head: float = 0.0
    gbp_per_member: float = 0.0
    target_size: float | None = None
    deviation_gbp_per_person: float = 0.0
    pooled: PooledRisk | None = None
    cut_edges: CutEdges | None = None

    def running_gbp(self, num_patients: float, num_members: int) -> float:
        """Return the running cost of a federation of this size, £ a year."""
        gbp: float = running_gbp(
            num_patients,
            num_members,
            self.fixed_gbp,
            self.gbp_per_head,
            self.gbp_per_member,
        )
        return gbp

    def deviation_gbp(self, num_patients: float) -> float:
        """Return the price of being off the target size, £ a year."""
        return deviation_gbp(
            num_patients,
            target_size=self.target_size,
            gbp_per_person=self.deviation_gbp_per_person,
        )

    def size_gbp(self, num_patients: float, num_members: int) -> float:
        """Return the terms that hang on size alone: running cost and deviation."""
        return self.running_gbp(num_patients, num_members) + self.deviation_gbp(
            num_patients
        )

    def risk_gbp(
        self, members: Sequence[int] | IntArray, contract: int | None = None
    ) -> float:
        """Return premium and price of risk less what scale saves, £ a year.

        Under a row of the menu, or the cheapest that fits.
        """
        if self.pooled is None:
            return 0.0
        held = self.pooled if contract is None else self.pooled.items[contract]
        return held.gbp(members)

    def fits(self, members: Sequence[int] | IntArray) -> bool:
        """Whether some contract lets these members keep the rules on risk and scale.

        Where none does, `cost` is that of the contract which comes nearest.
        """
        return self.pooled is None or self.pooled.fits(members)

    def cut_edges_gbp(self, members: Sequence[int] | IntArray) -> float:
        """Return the share of the neighbour pairs that are parted, £ a year."""
        return 0.0 if self.cut_edges is None else self.cut_edges.gbp(members)

    def cost(
        self,
        members: Sequence[int] | IntArray,
        centre: int,
        contract: int | None = None,
    ) -> float:
        """Return the cost of `members` led from `centre`, £ a year."""
        idx = np.asarray(members, dtype=np.int64)
        assigned = float(self.assign_gbp[idx, centre].sum())
        by_size = self.size_gbp(float(self.list_size[idx].sum()), len(idx))
        return (
            assigned + by_size + self.cut_edges_gbp(idx) + self.risk_gbp(idx, contract)
        )

    def best_centre(self, members: Sequence[int] | IntArray) -> tuple[int, float]:
        """Return the member that leads most cheaply, ties by index, and the cost."""
        idx = np.sort(np.asarray(members, dtype=np.int64))
        per_centre = self.assign_gbp[np.ix_(idx, idx)].sum(axis=0)
        best = int(np.argmin(per_centre))
        centre = int(idx[best])
        return centre, self.cost(idx, centre)

    def terms(
        self,
        members: Sequence[int] | IntArray,
        centre: int,
        contract: int | None = None,
    ) -> dict[str, float]:
        """Return each named term, £ a year; they add up to `cost`."""
        idx = np.asarray(members, dtype=np.int64)
        patients = float(self.list_size[idx].sum())
        out = {
            name: 0.0 if array is None else float(array[idx, centre].sum())
            for name, array in (
                ("travel", self.travel_gbp),
                ("unlikeness", self.unlikeness_gbp),
                ("disruption", self.disruption_gbp),
            )
        }
        out["running_cost"] = self.running_gbp(patients, len(idx))
        out["size_deviation"] = self.deviation_gbp(patients)
        out["cut_edges"] = self.cut_edges_gbp(idx)
        if self.pooled is not None:
            found = self.pooled.weighed(idx, contract)
            out["premium"] = found.premium_gbp
            out["risk"] = found.price_gbp
            out["scale_benefit"] = -found.benefit_gbp
        return out

    def dearest_gbp(self, alone_gbp: FloatArray | None = None) -> float:
        """Return more than any plan can cost, £ a year.

        Each practice with its dearest centre or alone, each a federation, all off
        the target by as much as can be, all neighbours parted:
        Σ_i max(max_j assign_ij + p_e·deg_i/2, alone_i) + n·(F + f_m + p·T)
        + (f + p)·Σ n_i, and the most that risk can cost.
        """
        each = self.assign_gbp.max(axis=1)
        if self.cut_edges is not None:
            each = each + self.cut_edges.alone_gbp
        if alone_gbp is not None:
            each = np.maximum(each, alone_gbp)
        patients = float(self.list_size.sum())
        off = 0.0 if self.target_size is None else self.deviation_gbp_per_person
        target = self.target_size or 0.0
        return float(
            each.sum()
            + len(each) * (self.fixed_gbp + self.gbp_per_member + off * target)
            + (self.gbp_per_head + off) * patients
            + (0.0 if self.pooled is None else most_gbp(self.pooled.terms))
            + 1.0
        )
