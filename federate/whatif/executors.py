"""Where tasks run: here, in processes of this computer, or on a cluster.

An executor takes tasks and tells how each ended; it knows nothing of sweeps. A task
that dies takes none of the others with it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Protocol
from urllib.parse import urlsplit

from federate.errors import Fault, InputError
from federate.whatif.child import solve_in_child
from federate.whatif.task import Task, solve_task, why

__all__ = ["Dask", "Ended", "Executor", "Inline", "Pebble", "executor_for"]

Work = Callable[[Task], str]
ANSWERS_WITHIN_S = 20.0
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class Ended:
    """How a task ended: with the name of its run, or with an error."""

    task: Task
    run: str | None
    error: str = ""


class Executor(Protocol):
    """Runs tasks, a few at a time."""

    workers: int

    def submit(self, task: Task) -> None:
        """Begin a task, or queue it."""

    def events(self) -> Iterator[Ended]:
        """Yield each task as it ends, until none is under way."""

    def cancel(self) -> None:
        """Stop at once; tasks under way are killed."""

    def close(self) -> None:
        """Let the workers go, once no task is under way."""


class Inline:
    """Runs each task in this very process: for tests, and to look closely."""

    workers = 1

    def __init__(self, work: Work = solve_task) -> None:
        self._work = work
        self._waiting: list[Task] = []

    def submit(self, task: Task) -> None:
        """Queue a task."""
        self._waiting.append(task)

    def events(self) -> Iterator[Ended]:
        """Run and yield the queued tasks one by one."""
        while self._waiting:
            task = self._waiting.pop(0)
            try:
                yield Ended(task, self._work(task))
            except Exception as error:
                yield Ended(task, None, why(error))

    def cancel(self) -> None:
        """Forget the tasks that have not begun."""
        self._waiting.clear()

    def close(self) -> None:
        """Do nothing: there is nobody to let go."""


class Pebble:
    """Runs tasks in processes of this computer (``pebble.ProcessPool``).

    A process that dies fails its own task alone, and one that outstays its time is
    killed. Processes are started afresh, so that no thread is copied half-way.
    """

    def __init__(self, workers: int, work: Work = solve_task) -> None:
        import multiprocessing

        from pebble import ProcessPool

        self.workers = workers
        self._work = work
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPool(max_workers=workers, context=context)
        self._ended: SimpleQueue[tuple[Any, Ended]] = SimpleQueue()
        self._futures: dict[Any, Task] = {}

    def submit(self, task: Task) -> None:
        """Begin a task as soon as a process is free."""
        future = self._pool.schedule(self._work, args=(task,), timeout=task.limit_s)
        self._futures[future] = task
        future.add_done_callback(
            lambda done: self._ended.put((done, _ended(task, done)))
        )

    def events(self) -> Iterator[Ended]:
        """Yield each task as it ends."""
        while self._futures:
            future, ended = self._ended.get()
            if self._futures.pop(future, None) is not None:
                yield ended

    def cancel(self) -> None:
        """Kill every process; what had not ended, ends as cancelled."""
        self._pool.stop()
        self._pool.join()
        # A pool that stops while a process takes up its task never ends that task.
        for future, task in list(self._futures.items()):
            if not future.done():
                self._ended.put((future, Ended(task, None, "cancelled")))

    def close(self) -> None:
        """End every process."""
        self._pool.close()
        self._pool.join()


class Dask:
    """Runs tasks on a cluster of dask.distributed, in a child of each worker's thread.

    A running thread cannot be interrupted; a child can be killed.
    """

    def __init__(self, address: str, work: Work = solve_in_child) -> None:
        try:
            from distributed import Client
        except ImportError:
            message = "needs dask.distributed: pip install 'gp-federate[cluster]'"
            raise InputError("the scheduler", [Fault(address, message)]) from None
        _refuse_open_wire(address)
        self._work, self._address = work, address
        try:
            self._client = Client(
                address, timeout=ANSWERS_WITHIN_S, set_as_default=False
            )
        except (OSError, TimeoutError) as error:
            message = f"no scheduler answers there ({error})"
            raise InputError("the scheduler", [Fault(address, message)]) from error
        known = self._client.scheduler_info()["workers"].values()
        self.workers = max(1, sum(worker["nthreads"] for worker in known))
        self._ended: SimpleQueue[Ended] = SimpleQueue()
        self._futures: dict[Any, Task] = {}

    def submit(self, task: Task) -> None:
        """Begin a task on a worker that is free."""
        # Retries are the sweep's: a worker that dies loses its task, told as such.
        future = self._client.submit(self._work, task, pure=False)
        self._futures[future] = task
        future.add_done_callback(lambda done: self._ended.put(_ended(task, done)))

    def events(self) -> Iterator[Ended]:
        """Yield each task as it ends.

        Raises
        ------
        InputError
            If the scheduler is lost: its tasks have not failed by themselves.
        """
        while self._futures:
            ended = self._ended.get()
            if ended.run is None and self._client.status != "running":
                message = "is lost; start it again, and the same command goes on"
                raise InputError("the scheduler", [Fault(self._address, message)])
            for future in [f for f, t in self._futures.items() if t is ended.task]:
                del self._futures[future]
            yield ended

    def cancel(self) -> None:
        """Take back what has not begun, and leave."""
        self._client.cancel(list(self._futures), force=True)
        self._futures.clear()
        self._client.close()

    def close(self) -> None:
        """Leave the cluster."""
        self._client.close()


def _refuse_open_wire(address: str) -> None:
    """Refuse a scheduler elsewhere to which anybody may talk, or listen.

    Whoever reaches a scheduler has its workers run any code.
    """
    url = urlsplit(address if "://" in address else f"tcp://{address}")
    if url.scheme != "tls" and url.hostname not in LOOPBACK:
        message = (
            "is elsewhere and not encrypted; serve it as tls://host:port (dask's "
            "distributed.comm.tls), or through a tunnel to 127.0.0.1"
        )
        raise InputError("the scheduler", [Fault(address, message)])


def executor_for(workers: int, scheduler: str | None) -> Executor:
    """Return processes of this computer, or the cluster of a scheduler."""
    return Pebble(workers) if scheduler is None else Dask(scheduler)


def _ended(task: Task, future: Any) -> Ended:
    """Return how a future of pebble or dask ended."""
    try:
        return Ended(task, future.result())
    except BaseException as error:  # also a process that died
        return Ended(task, None, why(error))
