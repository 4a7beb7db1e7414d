"""Quadratic constraints of a Pyomo model as second-order cones.

With z = (1, x), every quadratic constraint is zᵀMz ≤ 0, M symmetric. Where one
eigenvalue of M is negative and no more, its eigenvectors v give

    Σ_{λ > 0} (√λ v·z)²  ≤  (√−λ₋ v₋·z)²

a cone and its mirror image. It is a cone where the variables' bounds rule the image
out; otherwise it is refused. So ‖Fx + g‖ ≤ c·x + d, x² ≤ u v with u, v ≥ 0, and
every convex quadratic are all found, however they are written.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.contract import ModelError

__all__ = ["AffineCone", "affine_cone"]

FloatArray = npt.NDArray[np.float64]

# Eigenvalues and coefficients below this, relative to the largest, are 0.
_TINY = 1e-9


@dataclass(frozen=True, eq=False)
class AffineCone:
    """The cone sqrt(Σ_k (tail_k·z)²) ≤ head·z over z = (1, x).

    Parameters
    ----------
    name
        Of the Pyomo constraint.
    columns
        Of the model, x.
    head, tail
        Shape ``(1 + number of columns,)``, and one such row each.
    """

    name: str
    columns: tuple[int, ...]
    head: FloatArray
    tail: FloatArray


def affine_cone(
    constraint: Any, column_of: Mapping[int, int], lower: FloatArray, upper: FloatArray
) -> AffineCone:
    """Return a Pyomo constraint as a cone.

    Parameters
    ----------
    column_of
        Column of each Pyomo variable by its ``id``.
    lower, upper
        Bounds of every column.

    Raises
    ------
    ModelError
        If it is none, naming the constraint.
    """
    matrix, columns = _form(constraint, column_of)
    value, vector = np.linalg.eigh(matrix)
    tiny = _TINY * float(np.abs(value).max(initial=0.0))
    value[np.abs(value) <= tiny] = 0.0
    if np.count_nonzero(value < 0) > 1:
        raise _refused(constraint, "it is not convex")
    forms = _tidied(np.sqrt(np.abs(value)) * vector).T
    head = forms[value < 0].sum(axis=0)
    at = list(columns)
    side = _side(matrix, head, lower[at], upper[at])
    if side == 0:
        raise _refused(constraint, "the variables' bounds allow its mirror image too")
    return AffineCone(constraint.name, columns, side * head, forms[value > 0])


def _form(
    constraint: Any, column_of: Mapping[int, int]
) -> tuple[FloatArray, tuple[int, ...]]:
    """Return M of zᵀMz ≤ 0 and the columns that follow the 1 in z."""
    from pyomo.environ import value
    from pyomo.repn.standard_repn import generate_standard_repn

    low, high = value(constraint.lower), value(constraint.upper)
    if low is not None and high is not None:
        raise _refused(constraint, "it has two sides")
    found = generate_standard_repn(constraint.body, quadratic=True)
    if found.nonlinear_expr is not None:
        raise _refused(constraint, f"{found.nonlinear_expr} is not quadratic")
    linear = list(zip(found.linear_vars, found.linear_coefs, strict=True))
    square = list(zip(found.quadratic_vars, found.quadratic_coefs, strict=True))
    known = {column_of[id(v)] for v, _ in linear}
    known |= {column_of[id(v)] for pair, _ in square for v in pair}
    columns = tuple(sorted(known))
    place = {j: k + 1 for k, j in enumerate(columns)}
    matrix = np.zeros((1 + len(columns),) * 2)
    matrix[0, 0] = found.constant - (high if high is not None else low)
    for variable, a in linear:
        matrix[0, place[column_of[id(variable)]]] += a
    for (one, other), a in square:
        matrix[place[column_of[id(one)]], place[column_of[id(other)]]] += a
    matrix = (matrix + matrix.T) / 2
    return (matrix if high is not None else -matrix), columns


def _side(
    matrix: FloatArray, head: FloatArray, lower: FloatArray, upper: FloatArray
) -> int:
    """Return the sign that the head has wherever the bounds allow; 0 if both.

    A bound ℓ·z ≥ 0 with ℓᵀM⁻¹ℓ ≤ 0 holds on the whole of the cone and nowhere else
    on its image, or the other way round; likewise ℓ + s with any constant s ≥ 0.
    """
    for side in (1, -1):
        if _least(side * head, lower, upper) >= 0:
            return side
    inverse: FloatArray = np.asarray(
        np.linalg.pinv(matrix, rcond=_TINY, hermitian=True), dtype=np.float64
    )
    outside = np.eye(len(matrix)) - matrix @ inverse
    for bound in _bounds(lower, upper):
        bound[0] += _shift(bound, inverse, outside)
        tiny = _TINY * float(bound @ bound)
        inside = bool(np.abs(outside @ bound).max() <= tiny)
        if inside and bound @ inverse @ bound <= tiny:
            return int(np.sign(head @ bound))
    return 0


def _bounds(lower: FloatArray, upper: FloatArray) -> Iterator[FloatArray]:
    """Yield every bound as the ℓ of ℓ·z ≥ 0, that of the constant 1 first."""
    units: FloatArray = np.eye(1 + len(lower), dtype=np.float64)
    one, others = units[0], units[1:]
    yield one.copy()
    for unit, low, high in zip(others, lower, upper, strict=True):
        if np.isfinite(low):
            yield unit - low * one
        if np.isfinite(high):
            yield high * one - unit


def _shift(bound: FloatArray, inverse: FloatArray, outside: FloatArray) -> float:
    """Return the constant s ≥ 0 that brings ℓ + s nearest to where it decides."""
    if outside[0, 0] > _TINY:
        return max(0.0, -float(outside[0] @ bound) / float(outside[0, 0]))
    if inverse[0, 0] > _TINY:
        return max(0.0, -float(inverse[0] @ bound) / float(inverse[0, 0]))
    return 0.0


def _least(form: FloatArray, lower: FloatArray, upper: FloatArray) -> float:
    """Return the least that form·(1, x) can be within the bounds."""
    used = form[1:] != 0
    coefficient = form[1:][used]
    ends = np.where(coefficient > 0, lower[used], upper[used])
    return float(form[0] + coefficient @ ends) if used.any() else float(form[0])


def _tidied(forms: FloatArray) -> FloatArray:
    """Return the forms without what is only rounding."""
    tiny = _TINY * float(np.abs(forms).max(initial=0.0))
    whole = np.round(forms)
    forms = np.where(np.abs(forms - whole) <= tiny, whole, forms)
    return np.where(np.abs(forms) <= tiny, 0.0, forms)


def _refused(constraint: Any, why: str) -> ModelError:
    return ModelError(
        f"the constraint {constraint.name} is neither linear nor a second-order "
        f"cone: {why}; state it as squares, whose sum is at most the square of a "
        f"variable that cannot be negative"
    )
