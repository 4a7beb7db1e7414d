"""A solve in a thread of its own, while the caller's thread tells and asks.

For backends whose callbacks must neither raise nor take long: they only queue
what they find.
"""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread

import numpy as np
import numpy.typing as npt

from solvers.progress import HEARTBEAT_S, Watch

__all__ = ["Tiding", "Tidings", "solve_in_background"]

FloatArray = npt.NDArray[np.float64]

# What a callback brings: objective, bound, point.
Tiding = tuple[float | None, float | None, FloatArray | None]
Tidings = SimpleQueue[Tiding]


def solve_in_background(
    optimise: Callable[[], None],
    interrupt: Callable[[], None],
    watch: Watch | None,
    tidings: Tidings,
) -> None:
    """Solve, telling the watch what comes, and a heartbeat where nothing does.

    What the listener raises, the interrupt key and the backend's own exceptions
    come out here, after the solve has stopped.
    """
    failures: list[BaseException] = []

    def guarded() -> None:
        try:
            optimise()
        except BaseException as error:
            failures.append(error)

    worker = Thread(target=guarded, name="solve")
    worker.start()
    try:
        while worker.is_alive():
            worker.join(0.0 if _told(watch, tidings) else HEARTBEAT_S / 4)
            if watch is not None and watch.stopping:
                interrupt()
    finally:
        # Only an interrupt of this thread comes here with the worker alive.
        while worker.is_alive():
            interrupt()
            worker.join(HEARTBEAT_S)
    while _told(watch, tidings):
        pass
    if watch is not None:
        watch.raise_kept()
    if failures:
        raise failures[0]


def _told(watch: Watch | None, tidings: Tidings) -> bool:
    """Pass on the next tiding, or a heartbeat; whether there was a tiding."""
    if watch is None:
        return False
    try:
        tiding = tidings.get_nowait()
    except Empty:
        if watch.due():
            watch.send()
        return False
    watch.send(*tiding)
    return True
