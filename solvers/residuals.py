"""How far a point is from rows, bounds and cones, each relative to its size."""

import numpy as np
import numpy.typing as npt

from solvers.contract import MixedIntegerModel

__all__ = ["CONE_TOLERANCE", "ROW_TOLERANCE", "cone_violation", "violation"]

FloatArray = npt.NDArray[np.float64]

# A row may be broken by this much relative to its largest term (backends keep
# rows to 1e-7 or 1e-6 absolute on scaled models).
ROW_TOLERANCE = 1e-6
# A cone may be broken by this much relative to its head, at least 1. Backends keep
# its square, Σ x_j² − x_head² ≤ 1e-9 or so, which near the apex allows the root.
CONE_TOLERANCE = 1e-5


def violation(model: MixedIntegerModel, values: FloatArray) -> tuple[float, int]:
    """Return the worst relative violation of rows and bounds, and its row.

    Each row's is relative to its largest term |a_ij x_j|, or to its side where
    that is larger; at least 1. Bounds count as row −1.
    """
    worst, where = 0.0, -1
    if model.num_columns:
        scale = np.maximum(1.0, np.abs(values))
        out = np.maximum(model.lower - values, values - model.upper) / scale
        worst = max(0.0, float(out.max()))
    if model.num_rows and model.num_columns:
        activity = model.matrix @ values
        terms = abs(model.matrix.multiply(values[None, :]))
        scale = np.maximum(1.0, terms.max(axis=1).toarray().reshape(-1))
        for side in (model.row_lower, model.row_upper):
            scale = np.maximum(scale, np.where(np.isfinite(side), np.abs(side), 0.0))
        out = np.maximum(model.row_lower - activity, activity - model.row_upper)
        out = out / scale
        row = int(np.argmax(out))
        if out[row] > worst:
            worst, where = float(out[row]), row
    return worst, where


def cone_violation(model: MixedIntegerModel, values: FloatArray) -> tuple[float, int]:
    """Return the worst relative violation of the cones, and its cone.

    Each one's is sqrt(Σ x_j²) − x_head relative to |x_head|, at least 1.
    """
    worst, where = 0.0, -1
    for k, cone in enumerate(model.cones):
        head = values[cone.head]
        out = np.linalg.norm(values[list(cone.tail)]) - head
        if out / max(1.0, abs(head)) > worst:
            worst, where = float(out / max(1.0, abs(head))), k
    return worst, where
