"""The line that moves while a solve runs, on a terminal only."""

from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console
    from rich.text import Text

    from federate.engine.events import Event
    from federate.result import Result
    from federate.run import Run

__all__ = ["ProgressLine", "watch"]

READING = "getting ready"
# The kernels of the search are compiled once, when they are first loaded.
COMPILING = "getting ready: the first run compiles, a minute or so"
COMPILING_AFTER_S = 6


class ProgressLine:
    """What is known so far, as one line: time, plan, bound, gap, phase."""

    def __init__(self) -> None:
        self.began = monotonic()
        self.objective_gbp: float | None = None
        self.bound_gbp: float | None = None
        self.gap: float | None = None
        self.phase = READING

    def update(self, event: "Event") -> None:
        """Take in one event; what it leaves out stays as it was."""
        for name in ("objective_gbp", "bound_gbp", "gap"):
            if (figure := getattr(event, name)) is not None:
                setattr(self, name, figure)
        if event.kind in ("phase", "warning", "presolve"):
            self.phase = event.message
        elif self.phase in (READING, COMPILING):
            self.phase = ""

    def __rich__(self) -> "Text":
        from rich.text import Text

        elapsed_s = int(monotonic() - self.began)
        if self.phase == READING and elapsed_s >= COMPILING_AFTER_S:
            self.phase = COMPILING
        minutes, seconds = divmod(elapsed_s, 60)
        clock = (f"{minutes:02d}:{seconds:02d}  ", "dim")
        return Text.assemble(clock, self.text(), no_wrap=True, overflow="ellipsis")

    def text(self) -> str:
        """Return the line without its clock.

        Examples
        --------
        >>> ProgressLine().text()
        'no plan yet, no bound yet, getting ready'
        """
        plan = "no plan yet"
        if self.objective_gbp is not None:
            plan = f"best plan £{self.objective_gbp:,.0f} a year"
        parts = [plan, "no bound yet"]
        if self.bound_gbp is not None:
            parts[1] = f"bound £{self.bound_gbp:,.0f}"
        if self.gap is not None:
            parts.append(f"gap {100 * self.gap:.2g} %")
        if self.phase:
            parts.append(self.phase)
        return ", ".join(parts)


def watch(begin: "Callable[[], Run]", console: "Console") -> tuple["Result", bool]:
    """Begin a run and follow it to its end.

    Returns
    -------
    result
        What it found.
    interrupted
        Whether Ctrl+C ended it; the result then holds the best plan so far.
    """
    line = ProgressLine()
    if not console.is_terminal or console.quiet:
        return _follow(begin(), line, console)
    from rich.live import Live

    # Another stream than the console's stays as it is: it may be a pipe.
    with Live(line, console=console, transient=True, redirect_stdout=False):
        return _follow(begin(), line, console)


def _follow(
    run: "Run", line: ProgressLine, console: "Console"
) -> tuple["Result", bool]:
    try:
        for event in run:
            line.update(event)
        return run.result(), False
    except KeyboardInterrupt:
        run.cancel()
        console.print("Stopping with the best plan so far; Ctrl+C again leaves now.")
        return run.result(), True
