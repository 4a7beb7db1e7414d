"""Plans out of the federations that prices chose on their way.

Near the best prices the cheapest federations under the centres are those of good
plans. Each practice is covered at least once by `count` of them, at the least cost;
who is covered twice stays where it is cheaper. It is a plan where only sizes are
bounded from above.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from federate.engine.medians.prices import Pricer, Worth
from federate.engine.medians.table import Table
from solvers.contract import MixedIntegerModel, Options
from solvers.registry import backend

__all__ = ["Pool"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

MOST = 2_000
"""Federations to choose from at most, those of least reduced cost."""


@dataclass
class Pool:
    """Federations seen: centre and members."""

    table: Table
    columns: dict[tuple[int, bytes], IntArray] = field(default_factory=dict)

    def take(self, pricer: Pricer, worth: Worth) -> None:
        """Keep the federations that some prices chose."""
        for c in worth.opened.tolist():
            members = pricer.members(worth.prices, c)
            self.columns.setdefault((c, members.tobytes()), members)

    def add(self, label: IntArray) -> None:
        """Keep the federations of a plan."""
        for c in np.unique(label[label >= 0]).tolist():
            members = np.flatnonzero(label == c)
            self.columns.setdefault((c, members.tobytes()), members)

    def best(
        self, worth: Worth, present: IntArray, options: Options, solver: str
    ) -> IntArray | None:
        """Return the plan that the federations make, if one is found.

        min Σ cost_S x_S  s.t.  Σ_{S∋i} x_S ≥ 1,  fewest ≤ Σ_S x_S ≤ most.
        """
        self.add(present)
        keys, members = list(self.columns), list(self.columns.values())
        pairs = zip(keys, members, strict=True)
        cost = np.array([self.table.led[c, m].sum() for (c, _), m in pairs])
        due = np.array([worth.prices[m].sum() for m in members])
        given = self._places(keys, present)
        kept = np.union1d(np.argsort(cost - due, kind="stable")[:MOST], given)
        model = self._model(cost[kept], [members[k] for k in kept])
        start = np.isin(kept, given).astype(np.float64)
        values = backend(solver).solve(model, options, start).values
        if values is None:
            return None
        return self._plan([(keys[k][0], members[k]) for k in kept[values > 0.5]])

    def _model(self, cost: FloatArray, members: list[IntArray]) -> MixedIntegerModel:
        from scipy import sparse

        n, num = len(self.table.who), len(members)
        column = np.repeat(np.arange(num), [len(some) for some in members])
        column = np.concatenate([column, np.arange(num)])
        row = np.concatenate([*members, np.full(num, n)])
        fewest, most = self.table.count
        return MixedIntegerModel(
            cost=cost,
            matrix=sparse.csc_array(
                (np.ones(len(row)), (row, column)), shape=(n + 1, num)
            ),
            row_lower=np.append(np.ones(n), fewest),
            row_upper=np.append(np.full(n, np.inf), most),
            lower=np.zeros(num),
            upper=np.ones(num),
            integral=np.ones(num, dtype=np.bool_),
        )

    def _places(self, keys: list[tuple[int, bytes]], present: IntArray) -> IntArray:
        """Return which of the federations are those of a plan."""
        place = {key: k for k, key in enumerate(keys)}
        heads = np.unique(present[present >= 0]).tolist()
        found = [place[c, np.flatnonzero(present == c).tobytes()] for c in heads]
        return np.array(found, dtype=np.int64)

    def _plan(self, chosen: list[tuple[int, IntArray]]) -> IntArray:
        """Return the plan in which each practice stays where it is cheapest."""
        label = np.full(len(self.table.who), -1, dtype=np.int64)
        cheapest = np.full(len(label), np.inf)
        for c, members in chosen:
            led = self.table.led[c, members]
            better = led < cheapest[members]
            label[members[better]] = c
            cheapest[members[better]] = led[better]
        heads = np.array([c for c, _ in chosen])
        label[heads] = heads
        return label
