"""The contract of the solver layer: a mixed-integer model in, an outcome out.

    min  c·x + c0   s.t.  row_lower ≤ A x ≤ row_upper,  lower ≤ x ≤ upper,
                          x_j integer for integral j,
                          sqrt(Σ_{j in tail} x_j²) ≤ x_head for every cone

Absent figures are ``None``, never a number. Why a solve stopped and what its
answer is worth are two enums. Signs: a row's dual is ∂objective/∂(its active
side), so it is ≥ 0 where the lower side is active and ≤ 0 where the upper is;
reduced costs are c − Aᵀy, ≥ 0 at a lower bound and ≤ 0 at an upper one. A model
with cones has neither.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, Flag, auto
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from solvers.errors import BackendError, CapabilityError, ModelError, OptionError
from solvers.model import Cone, MixedIntegerModel

__all__ = [
    "Backend",
    "BackendError",
    "Capability",
    "CapabilityError",
    "Cone",
    "MixedIntegerModel",
    "ModelError",
    "OptionError",
    "Options",
    "Outcome",
    "Probe",
    "Progress",
    "Session",
    "Status",
    "StopReason",
]

FloatArray = npt.NDArray[np.float64]


class Status(Enum):
    """What the answer is worth."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    NO_SOLUTION = "no_solution"
    ERROR = "error"


class StopReason(Enum):
    """Why the solve stopped."""

    FINISHED = "finished"
    GAP_REACHED = "gap_reached"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    CUTOFF = "cutoff"
    CANCELLED = "cancelled"
    LICENCE_SIZE = "licence_size"
    INFEASIBLE_OR_UNBOUNDED = "infeasible_or_unbounded"
    NUMERIC = "numeric"
    CRASHED = "crashed"


class Capability(Flag):
    """What a backend can do; a caller that needs more gets `CapabilityError`."""

    NONE = 0
    LP = auto()
    MIP = auto()
    DUALS = auto()
    WARM_START = auto()
    PROGRESS = auto()
    CANCEL = auto()
    LAZY = auto()
    CONES = auto()
    SESSION = auto()
    IIS = auto()
    CUTOFF = auto()
    MEMORY = auto()


@dataclass(frozen=True)
class Options:
    """Limits and settings common to all backends; ``None`` leaves the default.

    Parameters
    ----------
    time_limit_s, memory_mb
        Wall seconds and megabytes.
    rel_gap, abs_gap
        Stop where (objective − bound)/|objective| or objective − bound is at most
        this; such an answer counts as optimal.
    threads, seed
        With one thread the same seed gives the same answer.
    cutoff
        Only points at least as cheap as this are wanted.
    log
        Let the backend write its log to standard error.
    """

    time_limit_s: float | None = None
    rel_gap: float = 1e-4
    abs_gap: float = 1e-6
    threads: int = 1
    seed: int = 0
    memory_mb: float | None = None
    cutoff: float | None = None
    log: bool = False


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a backend answered, recomputed and re-checked by us.

    Parameters
    ----------
    status, stop
        What the answer is worth, and why the solve stopped.
    values
        Shape ``(n,)``, integers rounded, or ``None``.
    objective, bound, gap
        c·x + c0 of `values`; proven lower bound; (objective − bound) / |objective|.
    row_duals, reduced_costs
        For LPs where the backend gives them.
    nodes, seconds, backend, version, message
        For the record.
    """

    status: Status
    stop: StopReason
    values: FloatArray | None = None
    objective: float | None = None
    bound: float | None = None
    gap: float | None = None
    row_duals: FloatArray | None = None
    reduced_costs: FloatArray | None = None
    nodes: int | None = None
    seconds: float = 0.0
    backend: str = ""
    version: str = ""
    message: str = ""


@dataclass(frozen=True, eq=False)
class Progress:
    """How far the solve is; `values` only with a new incumbent.

    Sent with every new incumbent, and several times a second besides, so that a
    caller can ask to stop.
    """

    seconds: float
    objective: float | None = None
    bound: float | None = None
    values: FloatArray | None = None


@dataclass(frozen=True)
class Probe:
    """Whether a backend runs here, tried on a two-variable MIP."""

    name: str
    runs: bool
    version: str = ""
    licence: str = ""
    size_limit: str = ""
    capabilities: Capability = Capability.NONE
    why_not: str = ""
    extra: dict[str, str] = field(default_factory=dict)


class Session(Protocol):
    """A warm linear programme: change it, re-solve it, read its duals."""

    def add_columns(
        self, cost: FloatArray, lower: FloatArray, upper: FloatArray, matrix: Any
    ) -> None:
        """Append columns; `matrix` is CSC over the present rows."""
        ...

    def add_rows(self, lower: FloatArray, upper: FloatArray, matrix: Any) -> None:
        """Append rows; `matrix` is CSR over the present columns."""
        ...

    def set_bounds(
        self, columns: npt.NDArray[np.int32], lower: FloatArray, upper: FloatArray
    ) -> None:
        """Replace the bounds of some columns."""
        ...

    def solve(self, options: Options) -> Outcome:
        """Re-solve from the last basis."""
        ...


class Backend(Protocol):
    """One solver behind one face; see ``solvers/README.md``."""

    name: str
    capabilities: Capability

    def probe(self) -> Probe:
        """Say whether it runs here, by solving a two-variable MIP."""
        ...

    def solve(
        self,
        model: MixedIntegerModel,
        options: Options,
        start: FloatArray | None = None,
        on_progress: Callable[[Progress], bool] | None = None,
    ) -> Outcome:
        """Solve; `on_progress` returning True asks it to stop."""
        ...

    def session(self, model: MixedIntegerModel) -> Session:
        """Open a warm linear programme: the model without its integrality.

        Where the model has cones, its first solve is refused.
        """
        ...
