"""The moving line, and Ctrl+C."""

import io
from collections.abc import Callable, Iterator
from time import sleep
from typing import Any

import pytest
from rich.console import Console, Group

from federate.cli.progress import ProgressLine, watch
from federate.engine.events import Event
from federate.run import Run
from tests.strategies import small_problem

Listener = Callable[[Event], None]
PROBLEM = small_problem(3)


def finished() -> Any:
    """Return some result; what it is worth does not matter here."""
    from federate.result import Result
    from solvers.contract import Status, StopReason

    return Result(PROBLEM, None, Status.NO_SOLUTION, StopReason.CANCELLED)


class Interrupted:
    """A run during which the user presses Ctrl+C after the first event."""

    def __init__(self) -> None:
        self.was_cancelled = False

    def __iter__(self) -> Iterator[Event]:
        yield Event("started", 0.0)
        raise KeyboardInterrupt

    def cancel(self) -> None:
        """Remember it."""
        self.was_cancelled = True

    def result(self) -> Any:
        """Return what was found."""
        return finished()


def terminal() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=80)


def test_a_line_without_news_owns_up() -> None:
    assert ProgressLine().text().startswith("no plan yet, no bound yet")


def test_a_plan_without_a_bound_says_so() -> None:
    line = ProgressLine()
    line.update(Event("incumbent", 1.0, objective_gbp=1_234_567.4))
    assert line.text().startswith("best plan £1,234,567 a year, no bound yet")


def test_figures_stay_until_they_are_bettered() -> None:
    line = ProgressLine()
    line.update(Event("started", 0.0))
    line.update(Event("incumbent", 1.0, objective_gbp=100.0))
    line.update(Event("bound", 2.0, bound_gbp=90.0, gap=0.1))
    line.update(Event("phase", 3.0, message="proving"))
    assert line.text() == "best plan £100 a year, bound £90, gap 10 %, proving"


def test_the_line_of_a_whole_country_fits_a_narrow_screen() -> None:
    line = ProgressLine()
    line.update(Event("incumbent", 1.0, objective_gbp=123_456_789.0))
    line.update(Event("bound", 1.0, bound_gbp=121_456_789.0, gap=0.0162))
    line.update(Event("phase", 1.0, message="windows 12 of 40"))
    console = terminal()
    console.print(Group(line))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert shown.count("\n") == 1
    assert "gap 1.6 %" in shown


def test_a_long_wait_at_the_start_is_explained() -> None:
    line = ProgressLine()
    line.began -= 10
    assert "the first run compiles" in line.__rich__().plain
    line.update(Event("started", 0.0))
    assert "compiles" not in line.__rich__().plain


@pytest.mark.parametrize("console", [terminal(), Console(file=io.StringIO())])
def test_a_run_is_followed_to_its_end(console: Console) -> None:
    heard: list[str] = []

    def work(listen: Listener, cancel: Callable[[], bool]) -> Any:
        listen(Event("started", 0.0))
        sleep(0.3)
        listen(Event("incumbent", 0.3, objective_gbp=5.0))
        heard.append("done")
        return finished()

    result, interrupted = watch(lambda: Run(work), console)
    assert (heard, interrupted) == (["done"], False)
    assert result.plan is None


def test_nothing_moves_where_there_is_no_terminal() -> None:
    console = Console(file=io.StringIO())
    watch(lambda: Run(lambda listen, cancel: finished()), console)
    assert console.file.getvalue() == ""  # type: ignore[attr-defined]


def test_the_moving_line_is_gone_at_the_end() -> None:
    console = terminal()
    watch(lambda: Run(lambda listen, cancel: finished()), console)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert shown.rstrip("\n").endswith("\x1b[2K")


def test_ctrl_c_stops_the_run_and_keeps_what_it_found() -> None:
    run = Interrupted()
    result, interrupted = watch(lambda: run, terminal())  # type: ignore[arg-type, return-value]
    assert interrupted
    assert run.was_cancelled
    assert result is not None
