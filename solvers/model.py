"""A mixed-integer model in standard form, as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.errors import ModelError

__all__ = ["MixedIntegerModel"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


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
        if wrong:
            raise ModelError("the model is malformed: " + "; ".join(wrong))

    @property
    def is_linear(self) -> bool:
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
            row_names=[*self.row_names, *names] if self.row_names else (),
        )

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
