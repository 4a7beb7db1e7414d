"""HiGHS's scheduler: one for the process, with a number of threads it keeps."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from solvers.errors import OptionError

__all__ = ["scheduler_of"]

_lock = Lock()
_running = 0
_threads = 0


@contextmanager
def scheduler_of(threads: int) -> Iterator[None]:
    """Give the scheduler this many threads for the length of one solve.

    Raises
    ------
    OptionError
        If another solve of this process runs with a different number.
    """
    _enter(threads)
    try:
        yield
    finally:
        _leave()


def _enter(threads: int) -> None:
    import highspy

    global _running, _threads
    with _lock:
        if threads != _threads:
            if _running:
                raise OptionError(
                    f"HiGHS is solving with threads = {_threads} elsewhere in this "
                    f"process and cannot use {threads} beside it; ask for as many, "
                    f"or solve one after the other"
                )
            highspy.Highs.resetGlobalScheduler(True)
            _threads = threads
        _running += 1


def _leave() -> None:
    global _running
    with _lock:
        _running -= 1
