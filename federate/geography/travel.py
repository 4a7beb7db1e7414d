"""Minutes between places; every minute knows its source."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["SOURCES", "Travel"]

SOURCES = ("crow", "od")


@dataclass(frozen=True, eq=False)
class Travel:
    """Minutes between practices and to bases, with their sources.

    Parameters
    ----------
    minutes
        Shape ``(n, n)``, row = from, diagonal 0.
    source
        Shape ``(n, n)`` uint8, index into `SOURCES`.
    base_minutes, base_source
        Shape ``(n, b)``, from practice to out-of-hours base.
    """

    minutes: npt.NDArray[np.float64]
    source: npt.NDArray[np.uint8]
    base_minutes: npt.NDArray[np.float64]
    base_source: npt.NDArray[np.uint8]
