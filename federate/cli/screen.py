"""Where output goes: results to stdout, words for people to stderr."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["print_json", "result_console", "side_console", "warnings_shown"]


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
