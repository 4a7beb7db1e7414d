"""One TOML text: its values, and the line on which each key stands."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from federate.errors import Fault, ScenarioError

__all__ = ["Document", "key_lines", "parse", "read_document"]

# The parser's words → ours: what is wrong, and the way out.
_PLAIN = {
    "Invalid statement": "this is neither [table] nor key = value",
    "Expected '=' after a key": "a key needs = and a value after it",
    "Invalid value": 'a value is missing or unquoted; write text as "text"',
    "Unclosed array": "a list is not closed; end it with ]",
    "Unclosed inline table": "a table is not closed; end it with }",
    "Unterminated string": 'a text is not closed; end it with "',
    "Expected newline or end of document": "only one key = value fits on a line",
    "Cannot overwrite a value": "this key is stated twice; keep one",
    "Duplicate inline table key": "this key is stated twice; keep one",
    "Cannot declare": "this table appears twice; put its keys under one heading",
    "Expected ']'": "a table heading is not closed; end it with ]",
    "Unescaped": r"a backslash in quotes is written \\; or use / or 'single quotes'",
    "Invalid initial character": "a key is made of letters, digits, _ and -",
    "Illegal character": 'a text is not closed on its line; end it with "',
}


@dataclass(frozen=True)
class Document:
    """A scenario text, or changes to one.

    Parameters
    ----------
    file
        As the user knows it: a path, ``preset pcn2019``, ``override``.
    data
        Its values, nested by table.
    places
        File and one-based line of each key and table heading.
    folder
        What relative paths in it start from; ``None``: they stay as they are.
    """

    file: str
    data: dict[str, Any]
    places: Mapping[tuple[str, ...], tuple[str, int | None]] = field(
        default_factory=dict
    )
    folder: Path | None = None


def read_document(path: Path, file: str | None = None) -> Document:
    """Read one TOML file; `file` is what to call it.

    Raises
    ------
    ScenarioError
        If it cannot be read, or is not TOML, with line and column.
    """
    file = file or str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise ScenarioError(file, [Fault(file, message)]) from error
    except UnicodeDecodeError as error:
        message = "is not UTF-8 text; save it as UTF-8"
        raise ScenarioError(file, [Fault(file, message)]) from error
    return parse(text.replace("\r\n", "\n"), file, path.resolve().parent)


def parse(text: str, file: str, folder: Path | None = None) -> Document:
    """Read one TOML text.

    Raises
    ------
    ScenarioError
        If it is not TOML, with line and column.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(file, [_syntax_fault(str(error), text, file)]) from error
    places = {path: (file, line) for path, line in key_lines(text).items()}
    return Document(file, data, places, folder)


def key_lines(text: str) -> dict[tuple[str, ...], int]:
    r"""Return the line of every key and table heading of a sound TOML text.

    Examples
    --------
    >>> key_lines('schema = 1\n[rules]\nsize_bounds = [\n  1,\n  2]\n')
    {('schema',): 1, ('rules',): 2, ('rules', 'size_bounds'): 3}
    """
    out: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    statement, start = "", 1
    for number, line in enumerate(text.split("\n"), start=1):
        if not statement:
            start = number
        statement += line + "\n"
        try:
            said = tomllib.loads(statement)
        except tomllib.TOMLDecodeError:
            continue  # a list or a text that goes on in the next line
        paths = list(_paths(said))
        if statement.lstrip().startswith("["):
            table = paths[-1]
            out.setdefault(table, start)
        else:
            out.update((table + path, start) for path in paths)
        statement = ""
    return out


def _paths(value: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of every key, tables before their keys."""
    if isinstance(value, list):
        value = value[-1] if value else None
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*above, key)
            yield from _paths(inner, (*above, key))


def _syntax_fault(message: str, text: str, file: str) -> Fault:
    """Return the parser's complaint in a planner's words."""
    place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    line = text.rstrip("\n").count("\n") + 1
    where = "at the end"
    if place:
        message = message[: place.start()]
        if place[1]:
            line, where = int(place[1]), f"at column {place[2]}"
    plain = next((said for key, said in _PLAIN.items() if message.startswith(key)), "")
    return Fault(file, f"not valid TOML {where}: {plain or message}", line)
