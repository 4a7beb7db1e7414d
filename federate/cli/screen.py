"""Where output goes: results to stdout, words for people to stderr."""

import json
import logging
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from textwrap import fill
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "print_json",
    "print_lines",
    "print_written",
    "result_console",
    "side_console",
    "warnings_shown",
]


def result_console(*, quiet: bool = False) -> "Console":
    """Return what results are printed on: stdout."""
    from rich.console import Console

    return Console(highlight=False, quiet=quiet)


@cache
def side_console(*, quiet: bool = False) -> "Console":
    """Return what people are told on besides: stderr."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, quiet=quiet)


def print_json(data: dict[str, Any]) -> None:
    """Print one JSON object on stdout, on one line, keys sorted."""
    sys.stdout.write(json.dumps(data, sort_keys=True, allow_nan=False) + "\n")


def print_written(console: "Console", path: object) -> None:
    """Say which file was written, on one line, to be copied."""
    console.print(f"wrote  {path}", markup=False, soft_wrap=True)


def print_lines(console: "Console", lines: Iterable[str]) -> None:
    """Print sentences; on a terminal broken between words, further lines indented.

    What is to be copied, a ``--set``, stays on one line. So does all that goes into
    a file or a pipe.
    """
    for line in lines:
        told = line.lstrip()
        if not console.is_terminal or told.startswith("--set"):
            console.print(line, markup=False, soft_wrap=True)
            continue
        indent = " " * (len(line) - len(told))
        after = indent + "  " * told.startswith("•")
        broken = fill(
            told,
            console.width,
            initial_indent=indent,
            subsequent_indent=after,
            break_on_hyphens=False,
        )
        console.print(broken, markup=False, soft_wrap=True)


@contextmanager
def warnings_shown(*, quiet: bool) -> Iterator[None]:
    """Show on stderr what the library warns of, while this lasts."""
    # Without a handler of ours Python would print warnings by itself.
    handler = logging.NullHandler() if quiet else _Shown(logging.WARNING)
    loggers = [logging.getLogger(name) for name in ("federate", "solvers")]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)


class _Shown(logging.Handler):
    """Prints through the console, so that a moving line stays whole."""

    def emit(self, record: logging.LogRecord) -> None:
        from rich.text import Text

        said = Text("warning: ", style="yellow").append(record.getMessage(), "default")
        side_console().print(said, soft_wrap=True)
