"""What a backend's callbacks share: tell the caller, hear whether to stop."""

from collections.abc import Callable
from time import perf_counter

import numpy as np
import numpy.typing as npt

from solvers.contract import Progress

__all__ = ["HEARTBEAT_S", "Watch"]

FloatArray = npt.NDArray[np.float64]

# Seconds between two tidings that bring no new incumbent.
HEARTBEAT_S = 0.2


class Watch:
    """Sends `Progress` to the caller and remembers the answer.

    What the caller raises is kept and the solve asked to stop; it must not
    unwind through a solver's own code. `raise_kept` raises it afterwards.
    """

    def __init__(self, tell: Callable[[Progress], bool], began: float) -> None:
        self._tell = tell
        self._began = began
        self._last = 0.0
        self._kept: BaseException | None = None
        self.stopping = False

    def due(self) -> bool:
        """Whether it is time for the next heartbeat."""
        return perf_counter() - self._began - self._last >= HEARTBEAT_S

    def send(
        self,
        objective: float | None = None,
        bound: float | None = None,
        values: FloatArray | None = None,
    ) -> None:
        """Tell the caller, unless it has asked to stop already."""
        self._last = perf_counter() - self._began
        if self.stopping:
            return
        progress = Progress(self._last, _figure(objective), _figure(bound), values)
        try:
            self.stopping = bool(self._tell(progress))
        except BaseException as error:
            self._kept = error
            self.stopping = True

    def raise_kept(self) -> None:
        """Raise what the caller raised, if it did."""
        if self._kept is not None:
            raise self._kept


def _figure(value: float | None) -> float | None:
    return value if value is not None and np.isfinite(value) else None
