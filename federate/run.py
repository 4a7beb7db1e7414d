"""`Run`: a solve under way in a thread of its own."""

from collections.abc import Callable, Iterator
from threading import Condition, Event, Thread

from federate.engine import events
from federate.result import Result

__all__ = ["Run"]

Work = Callable[[events.Listener, Callable[[], bool]], Result]


class Run:
    """A solve under way: iterate its events, cancel it, take its result.

    Iterating yields every event from the first, waits for the next, and ends
    with the run; several loops may iterate at once.

    Parameters
    ----------
    work
        What to do: takes a listener for events and a question "was it
        cancelled?", which it asks now and then.
    """

    def __init__(self, work: Work) -> None:
        self._events: list[events.Event] = []
        self._news = Condition()
        self._cancelled = Event()
        self._result: Result | None = None
        self._error: BaseException | None = None
        # A daemon: a caller who leaves without waiting is not held up.
        self._thread = Thread(target=self._carry_out, args=(work,), daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[events.Event]:
        seen = 0
        while fresh := self._after(seen):
            yield from fresh
            seen += len(fresh)

    @property
    def is_done(self) -> bool:
        """Whether the run has ended, with a result or an error."""
        return self._result is not None or self._error is not None

    def cancel(self) -> None:
        """Ask the run to stop soon; its result then holds the best plan so far."""
        self._cancelled.set()

    def result(self, timeout_s: float | None = None) -> Result:
        """Wait for the end and return the result.

        Raises
        ------
        TimeoutError
            If the run is still under way after `timeout_s` seconds.
        FederateError
            What the solve itself raised.
        """
        self._thread.join(timeout_s)
        if self._error is not None:
            raise self._error
        if self._result is None:
            raise TimeoutError(f"still solving after {timeout_s:g} seconds")
        return self._result

    def _after(self, seen: int) -> list[events.Event]:
        """Wait for more events than were seen; nothing means that the run ended."""
        with self._news:
            self._news.wait_for(lambda: len(self._events) > seen or self.is_done)
            return self._events[seen:]

    def _carry_out(self, work: Work) -> None:
        try:
            result = work(self._listen, self._cancelled.is_set)
        except BaseException as error:  # told to whoever asks for the result
            with self._news:
                self._error = error
                self._news.notify_all()
        else:
            with self._news:
                self._result = result
                self._news.notify_all()

    def _listen(self, event: events.Event) -> None:
        with self._news:
            self._events.append(event)
            self._news.notify_all()
