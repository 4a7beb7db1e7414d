"""Changes to a scenario: from Python (`with_`) and as texts (``--set``)."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from federate.errors import Fault, ScenarioError
from federate.scenario.check import check
from federate.scenario.document import Document
from federate.scenario.keys import annotation_at, may_be_absent, unknown_key, wants
from federate.scenario.schema import Scenario
from federate.scenario.sections import Section

__all__ = ["document_of", "parse_settings", "with_changes"]

Key = tuple[str, ...]
OVERRIDE = "override"


def with_changes(scenario: Scenario, changes: Mapping[str, object]) -> Scenario:
    """Return a checked scenario with `changes`; see `Scenario.with_`."""
    origin = scenario._origin
    below = Document(origin.file, scenario.model_dump(by_alias=True), origin.places)
    return check([below, document_of(changes)], origin.file)


def document_of(changes: Mapping[str, object]) -> Document:
    """Return changes as a document: ``rules__size_bounds`` is ``rules.size_bounds``."""
    data: dict[str, Any] = {}
    places: dict[Key, tuple[str, int | None]] = {}
    for name, value in changes.items():
        path = tuple(name.split("__"))
        table = data
        for part in path[:-1]:
            table = table.setdefault(part, {})
        table[path[-1]] = _plain(value)
        places[path] = (OVERRIDE, None)
    return Document(OVERRIDE, data, places)


def parse_settings(texts: Iterable[str]) -> dict[str, object]:
    """Return ``key=value`` texts as changes, each typed as the schema has it.

    A pair is written ``a:b``, a list with commas, anything else as in TOML or
    plain; ``none`` takes a key away.

    Raises
    ------
    ScenarioError
        With every text that names no key or has no fitting value.

    Examples
    --------
    >>> parse_settings(["rules.size_bounds=40000:60000", "solve.engine=search"])
    {'rules__size_bounds': (40000, 60000), 'solve__engine': 'search'}
    """
    changes: dict[str, object] = {}
    faults: list[Fault] = []
    for text in texts:
        key, equals, value = (part.strip() for part in text.partition("="))
        path = tuple(key.split("."))
        annotation = annotation_at(path)
        if not equals:
            faults.append(Fault("--set", "must be KEY=VALUE", value=text))
        elif annotation is None:
            faults.append(Fault("--set", unknown_key(path), column=key))
        else:
            fitting = list(_fitting(value, annotation))
            if fitting:
                changes["__".join(path)] = fitting[0]
            else:
                message = f"must be {wants(annotation)}{_pair_hint(annotation)}"
                faults.append(Fault("--set", message, column=key, value=value))
    if faults:
        raise ScenarioError("--set", faults)
    return changes


def _fitting(text: str, annotation: Any) -> Iterator[object]:
    """Yield the readings of a text that the schema takes, the likeliest first."""
    adapter = TypeAdapter(annotation)
    for reading in _readings(text, annotation):
        try:
            adapter.validate_python(reading, strict=True)
        except ValidationError:
            continue
        yield reading


def _readings(text: str, annotation: Any) -> Iterator[object]:
    if text == "none" and may_be_absent(annotation):
        yield None
    low, colon, high = text.partition(":")
    if colon:
        yield (_scalar(low), _scalar(high))
    yield _scalar(text)
    yield text
    yield tuple(part.strip() for part in text.split(","))


def _scalar(text: str) -> object:
    """Return one TOML value, arrays as tuples; text that is none stays text."""
    try:
        return _plain(tomllib.loads(f"value = {text}")["value"])
    except tomllib.TOMLDecodeError:
        return text


def _pair_hint(annotation: Any) -> str:
    return "; a pair is written 30000:50000" if "a pair of" in wants(annotation) else ""


def _plain(value: object) -> object:
    if isinstance(value, Section):
        return value.model_dump(by_alias=True)
    if isinstance(value, list | tuple):
        return tuple(_plain(v) for v in value)
    return str(value) if isinstance(value, Path) else value
