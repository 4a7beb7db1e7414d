"""A mixed-integer model in standard form, as arrays and second-order cones."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.errors import ModelError

__all__ = ["Cone", "MixedIntegerModel"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Cone:
    """A second-order cone over columns: sqrt(Σ_{j in tail} x_j²) ≤ x_head.

    Affine arguments get columns and equality rows of their own. A rotated cone
    Σ x_j² ≤ 2 u v with u, v ≥ 0 is the cone of head (u + v)/√2 and tail
    (u − v)/√2, x_1, x_2, …

    Parameters
    ----------
    head
        Column of the head; its lower bound must be at least 0.
    tail
        Columns of the tail, each once; none at all only says x_head ≥ 0.
    """

    head: int
    tail: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class MixedIntegerModel:
    """A model in standard form; see ``solvers/contract.py``.

    Parameters
    ----------
    cost, offset
        c, shape ``(n,)``, and c0.
    matrix
        A, scipy CSC of float64 with int32 indices, shape ``(m, n)``.
    row_lower, row_upper
        Shape ``(m,)``; ±inf where open.
    lower, upper
        Shape ``(n,)``; ±inf where open.
    integral
        Shape ``(n,)``, bool.
    column_names, row_names
        For messages and LP files; empty means unnamed.
    cones
        Second-order cones, which hold beside the rows.
    """

    cost: FloatArray
    matrix: Any
    row_lower: FloatArray
    row_upper: FloatArray
    lower: FloatArray
    upper: FloatArray
    integral: BoolArray
    offset: float = 0.0
    column_names: Sequence[str] = ()
    row_names: Sequence[str] = ()
    cones: tuple[Cone, ...] = ()

    def __post_init__(self) -> None:
        rows, columns = self.matrix.shape
        wrong = [
            f"{name} has {len(getattr(self, name))} entries, not {length}"
            for name, length in (
                ("cost", columns),
                ("lower", columns),
                ("upper", columns),
                ("integral", columns),
                ("row_lower", rows),
                ("row_upper", rows),
            )
            if len(getattr(self, name)) != length
        ]
        wrong.extend(
            f"{name} holds something that is not a number"
            for name in ("cost", "lower", "upper", "row_lower", "row_upper")
            if np.isnan(getattr(self, name)).any()
        )
        if not (np.isfinite(self.matrix.data).all() and np.isfinite(self.offset)):
            wrong.append("matrix and offset must be finite")
        if np.isinf(self.cost).any():
            wrong.append("cost must be finite; bound the variable instead")
        for k, cone in enumerate(self.cones):
            wrong.extend(f"cone {k} {fault}" for fault in self._faults_of(cone))
        if wrong:
            raise ModelError("the model is malformed: " + "; ".join(wrong))

    def _faults_of(self, cone: Cone) -> list[str]:
        """Return what is wrong with a cone."""
        columns = (cone.head, *cone.tail)
        absent = [j for j in columns if not 0 <= j < len(self.lower)]
        if absent:
            return [f"names column {absent[0]}, and there are {len(self.lower)}"]
        faults = []
        if not self.lower[cone.head] >= 0:
            low = self.lower[cone.head]
            faults.append(f"has a head, column {cone.head}, of lower bound {low:g}")
            faults[-1] += "; it must be at least 0"
        if len(set(columns)) < len(columns):
            twice = next(j for j in columns if columns.count(j) > 1)
            faults.append(f"names column {twice} more than once")
        return faults

    @property
    def is_linear(self) -> bool:
        """Whether it is a linear programme: no integers and no cones."""
        return self.is_continuous and not self.cones

    @property
    def is_continuous(self) -> bool:
        """Whether no variable has to be integer."""
        return not bool(np.any(self.integral))

    def relaxed(self) -> "MixedIntegerModel":
        """Return the model without its integrality."""
        return replace(self, integral=np.zeros(self.num_columns, dtype=bool))

    def with_rows(
        self,
        row_lower: FloatArray,
        row_upper: FloatArray,
        matrix: Any,
        names: Sequence[str] = (),
    ) -> "MixedIntegerModel":
        """Return the model with further rows; `matrix` is CSR over its columns."""
        from scipy import sparse

        return replace(
            self,
            matrix=sparse.vstack([self.matrix, matrix], format="csc"),
            row_lower=np.concatenate([self.row_lower, row_lower]),
            row_upper=np.concatenate([self.row_upper, row_upper]),
            row_names=self._row_names_with(names, len(row_lower)),
        )

    def _row_names_with(self, names: Sequence[str], count: int) -> Sequence[str]:
        """Return the names with those of further rows; empty if none has one."""
        if not (self.row_names or names):
            return ()
        first = self.num_rows
        unnamed = [f"row {first + i}" for i in range(count)]
        held = self.row_names or [f"row {i}" for i in range(first)]
        return [*held, *(names or unnamed)]

    def with_columns(
        self, cost: FloatArray, lower: FloatArray, upper: FloatArray, matrix: Any
    ) -> "MixedIntegerModel":
        """Return the model with further continuous columns; `matrix` is CSC."""
        from scipy import sparse

        return replace(
            self,
            matrix=sparse.hstack([self.matrix, matrix], format="csc"),
            cost=np.concatenate([self.cost, cost]),
            lower=np.concatenate([self.lower, lower]),
            upper=np.concatenate([self.upper, upper]),
            integral=np.concatenate([self.integral, np.zeros(len(cost), dtype=bool)]),
            column_names=(),
        )

    def with_bounds(
        self, columns: npt.NDArray[np.int32], lower: FloatArray, upper: FloatArray
    ) -> "MixedIntegerModel":
        """Return the model with other bounds on some columns."""
        new_lower, new_upper = self.lower.copy(), self.upper.copy()
        new_lower[columns], new_upper[columns] = lower, upper
        return replace(self, lower=new_lower, upper=new_upper)

    @property
    def num_columns(self) -> int:
        """Number of variables."""
        return len(self.cost)

    @property
    def num_rows(self) -> int:
        """Number of rows."""
        return len(self.row_lower)
