"""The two-variable model that tells a solver that runs from one that imports."""

import numpy as np

from solvers.claim import ROW_TOLERANCE
from solvers.contract import (
    Backend,
    BackendError,
    MixedIntegerModel,
    Options,
    Probe,
    Status,
)

__all__ = ["probe_by_solving", "trial_model"]

TRIAL_OPTIMUM = -8.0


def trial_model() -> MixedIntegerModel:
    """Return max 3x + 4y s.t. 2x + 3y ≤ 6.5, x ≤ 2, y ≤ 3, integer, as a minimum.

    The relaxation is worth 9⅓ at (2, 5/6), which rounds to (2, 1), forbidden, or
    (2, 0), worth 6; the best integer point is (0, 2), worth 8.
    """
    from scipy import sparse

    return MixedIntegerModel(
        cost=np.array([-3.0, -4.0]),
        matrix=sparse.csc_matrix(np.array([[2.0, 3.0]])),
        row_lower=np.array([-np.inf]),
        row_upper=np.array([6.5]),
        lower=np.zeros(2),
        upper=np.array([2.0, 3.0]),
        integral=np.ones(2, dtype=bool),
    )


def probe_by_solving(backend: Backend, *, licence: str, size_limit: str = "") -> Probe:
    """Solve the trial model and report; whatever goes wrong is `why_not`."""
    why_not, version = "", ""
    try:
        outcome = backend.solve(trial_model(), Options(time_limit_s=10.0))
        version = outcome.version
        right = outcome.status is Status.OPTIMAL and outcome.objective is not None
        if not right or abs((outcome.objective or 0.0) - TRIAL_OPTIMUM) > ROW_TOLERANCE:
            why_not = (
                f"a two-variable model worth {TRIAL_OPTIMUM:g} came back as "
                f"{outcome.status.value} {outcome.objective}"
            )
    except BackendError as error:
        why_not = str(error)
    return Probe(
        name=backend.name,
        runs=not why_not,
        version=version,
        licence=licence,
        size_limit=size_limit,
        capabilities=backend.capabilities,
        why_not=why_not,
    )
