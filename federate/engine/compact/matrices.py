"""The compact model as matrices: points ↔ groupings, and rows found on the way."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from federate.engine.answer import Grouping
from federate.engine.compact.cut_edges import fill_cut_edges
from federate.engine.compact.cuts import Cut
from federate.engine.compact.deviation import fill_deviation
from federate.engine.compact.flow import fill_flow
from federate.engine.compact.pooled import fill_pooled
from federate.engine.compact.risk import fill_risk
from federate.engine.compact.risk_cones import fill_risk_cones
from federate.problem import Problem
from solvers.claim import ROW_TOLERANCE, violation
from solvers.contract import MixedIntegerModel
from solvers.lazy import Rows
from solvers.pyomo import standard_form

__all__ = ["Matrices"]

FILLS = (fill_deviation, fill_cut_edges, fill_flow, fill_risk)
FILLS_UNDER_CONTRACT = (fill_pooled, fill_risk_cones)
FloatArray = npt.NDArray[np.float64]


class Matrices:
    """A compact model in standard form, growing by rows.

    Parameters
    ----------
    problem, model
        The Pyomo model of the problem.
    """

    def __init__(self, problem: Problem, model: Any) -> None:
        form = standard_form(model)
        self.problem = problem
        self.candidates: dict[int, tuple[int, ...]] = model.candidates
        self.neighbours: tuple[tuple[int, ...], ...] = model.neighbours
        self.mip: MixedIntegerModel = form.model
        self._position = {id(v): column for column, v in enumerate(form.variables)}
        self._column = {
            pair: self._position[id(model.assign[pair])] for pair in model.pairs
        }
        pooled = problem.cost.pooled
        rows = range(0 if pooled is None else len(pooled.names))
        self.unit_gbp = float(getattr(model, "pooled_unit", 1.0))
        self._risk = {
            j: self._position[id(model.risk_gbp[j])] for j in model.centres if rows
        }
        self._contract = {
            (j, k): self._position[id(model.contract[j, k])]
            for j in model.centres
            for k in rows
        }
        self._model = model
        self._held: set[Cut] = set()

    @property
    def num_cuts(self) -> int:
        """Number of rows added so far."""
        return len(self._held)

    def rows(self, cuts: Iterable[Cut]) -> Rows:
        """Return cuts as rows over the model's columns."""
        from scipy import sparse

        listed = _in_order(set(cuts))
        entries = [list(self._entries(cut)) for cut in listed]
        row = [k for k, some in enumerate(entries) for _ in some]
        column = [at for some in entries for at, _ in some]
        value = [figure for some in entries for _, figure in some]
        shape = (len(listed), self.mip.num_columns)
        return Rows(
            np.full(len(listed), -np.inf),
            np.array([cut.upper for cut in listed], dtype=np.float64),
            sparse.csr_matrix((value, (row, column)), shape=shape),
        )

    def _entries(self, cut: Cut) -> Iterator[tuple[int, float]]:
        """Yield the columns of a cut and its figures in them."""
        j = cut.centre
        for i, figure in cut.terms:
            yield self._column[i, j], figure
        if cut.risk:
            yield self._risk[j], cut.risk
        for k, figure in cut.contract:
            yield self._contract[j, k], figure

    def excess(self, cut: Cut, values: FloatArray) -> float:
        """Return by how much a point breaks a cut."""
        total = sum(figure * values[at] for at, figure in self._entries(cut))
        return float(total) - cut.upper

    def add(self, cuts: Iterable[Cut]) -> int:
        """Append the cuts not held yet and return how many those are."""
        fresh = set(cuts) - self._held
        if fresh:
            rows = self.rows(fresh)
            names = [f"{cut.rule}[{cut.centre}]" for cut in _in_order(fresh)]
            self.mip = self.mip.with_rows(rows.lower, rows.upper, rows.matrix, names)
            self._held.update(fresh)
        return len(fresh)

    def assigned(self, values: FloatArray, centre: int) -> dict[int, float]:
        """Return x_ij by i of one centre j."""
        return {
            i: float(values[self._column[i, centre]]) for i in self.candidates[centre]
        }

    def risk_of(self, values: FloatArray, centre: int) -> float:
        """Return what a point says that risk costs under a centre, £ a year."""
        return float(values[self._risk[centre]]) * self.unit_gbp

    def contract_of(self, values: FloatArray, centre: int) -> FloatArray:
        """Return y_jk of one centre j, shape ``(k,)``."""
        some = [at for (j, _), at in self._contract.items() if j == centre]
        out: FloatArray = values[some]
        return out

    def grouping(self, values: FloatArray) -> Grouping:
        """Return the grouping of a 0/1 point, each federation led most cheaply."""
        found: dict[int, list[int]] = {}
        for (i, j), column in self._column.items():
            if values[column] > 0.5:
                found.setdefault(j, []).append(i)
        members = [tuple(sorted(found[j])) for j in sorted(found)]
        leads = zip(members, sorted(found), strict=True)
        return Grouping(
            members=tuple(members),
            centres=tuple(self._leader(some, lead) for some, lead in leads),
        )

    def point(self, grouping: Grouping) -> FloatArray | None:
        """Return the point of a grouping that keeps every row so far, or ``None``.

        Each federation is led by the cheapest member that has a variable for all
        members; the families fill in what else hangs on it.
        """
        values = np.zeros(self.mip.num_columns)
        pooled = self.problem.cost.pooled
        rows: tuple[int, ...] | None = (0,) * len(grouping.members)
        if pooled is not None:
            rows = pooled.contracts(grouping.members)
        if rows is None:
            return None
        for members, item in zip(grouping.members, rows, strict=True):
            centre = self._leader(members, -1)
            if centre < 0:
                return None
            for i in members:
                values[self._column[i, centre]] = 1.0
            for fill in FILLS:
                for variable, value in fill(self._model, self.problem, members, centre):
                    values[self._position[id(variable)]] = value
            for fill_under in FILLS_UNDER_CONTRACT:
                filled = fill_under(self._model, self.problem, members, centre, item)
                for variable, value in filled:
                    values[self._position[id(variable)]] = value
        return values if violation(self.mip, values)[0] <= ROW_TOLERANCE else None

    def _leader(self, members: Sequence[int], otherwise: int) -> int:
        """Return the cheapest member with a variable for each of them."""
        able = [j for j in members if all((i, j) in self._column for i in members)]
        cost = self.problem.cost.assign_gbp[list(members)]
        return min(able, key=lambda j: (float(cost[:, j].sum()), j), default=otherwise)


def _in_order(cuts: Iterable[Cut]) -> list[Cut]:
    return sorted(cuts, key=lambda cut: (cut.centre, cut.terms))
