"""HiGHS's scheduler: one for each thread that calls, with a size that it keeps."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import local

from solvers.errors import OptionError

__all__ = ["scheduler_of"]


class _Own(local):
    running = 0
    threads = 0


_own = _Own()


@contextmanager
def scheduler_of(threads: int) -> Iterator[None]:
    """Give the calling thread's scheduler this many threads for one solve.

    HiGHS makes it at the thread's first solve and refuses any other number until
    it is made anew. Solves in other threads have schedulers of their own.

    Raises
    ------
    OptionError
        Within a solve of the same thread that runs with a different number.
    """
    import highspy

    if threads != _own.threads:
        if _own.running:
            raise OptionError(
                f"HiGHS is solving with threads = {_own.threads} and cannot use "
                f"{threads} within that solve; ask for as many, or solve afterwards"
            )
        highspy.Highs.resetGlobalScheduler(True)
        _own.threads = threads
    _own.running += 1
    try:
        yield
    finally:
        _own.running -= 1
