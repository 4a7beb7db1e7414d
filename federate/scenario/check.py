"""Documents laid over one another → a checked scenario, or every fault."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from federate.errors import Fault, ScenarioError, did_you_mean
from federate.scenario.axes import SECTION, axes_faults, flattened
from federate.scenario.document import Document
from federate.scenario.keys import (
    annotation_at,
    key_at,
    may_be_absent,
    unknown_key,
    wants,
)
from federate.scenario.schema import Origin, Scenario
from federate.scenario.sections import ClashError, Section

__all__ = ["check"]

Key = tuple[str, ...]


def check(documents: Sequence[Document], where: str) -> Scenario:
    """Return the scenario that the documents state, later ones on top.

    Tables are merged key by key; arrays and single values are replaced. The
    text ``"none"`` takes a key away that a lower document states.

    Raises
    ------
    ScenarioError
        With every fault of every document, each where it was stated.
    """
    merged: dict[str, Any] = {}
    places: dict[Key, tuple[str, int | None]] = {}
    for document in documents:
        _overlay(merged, _flat(_located(document)))
        places.update(document.places)
    origin = Origin(where, places)
    faults = [fault for d in documents for fault in _schema_faults(d)]
    merged["schema"] = 1  # each file's own was looked at just now
    data = _prepared(merged)
    said = [d.data["instance"] for d in documents if "instance" in d.data]
    faults.extend(_instance_faults(data.get("instance"), said[-1:], origin))
    faults.extend(_solver_faults(data.get("solve"), origin))
    if isinstance(axes := data.get(SECTION), dict):
        faults.extend(axes_faults(axes, origin))
    try:
        scenario = Scenario.model_validate(data, strict=True)
    except ValidationError as error:
        faults.extend(_faults(error, data, origin))
    else:
        if not faults:
            scenario._origin = origin
            return scenario
    order = {d.file: k for k, d in enumerate(documents)}
    faults.sort(key=lambda fault: (order.get(fault.file, -1), fault.line or 0))
    raise ScenarioError(where, faults)


def _overlay(below: dict[str, Any], above: dict[str, Any]) -> None:
    for key, value in above.items():
        if isinstance(value, dict) and isinstance(below.get(key), dict):
            _overlay(below[key], value)
        elif isinstance(value, dict):
            below[key] = {}
            _overlay(below[key], value)
        else:
            below[key] = value


def _located(document: Document) -> dict[str, Any]:
    """Return the values with the instance's path seen from the file's folder."""
    from federate.practices.source import shipped_path

    name = document.data.get("instance")
    if not isinstance(name, str) or name == "none" or shipped_path(name) is not None:
        return document.data
    path = (document.folder or Path()) / Path(name).expanduser()
    return {**document.data, "instance": str(path.resolve())}


def _flat(data: dict[str, Any]) -> dict[str, Any]:
    """Return the values with the keys of a sweep dotted, however they were written."""
    said = data.get(SECTION)
    return {**data, SECTION: flattened(said)} if isinstance(said, dict) else data


def _prepared(value: Any, path: Key = ()) -> Any:
    """Return plain values as the schema takes them: tuples, and None for "none"."""
    if isinstance(value, dict):
        return {k: _prepared(v, (*path, str(k))) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_prepared(v) for v in value)
    return None if value == "none" and _may_be_absent(path) else value


def _may_be_absent(path: Key) -> bool:
    annotation = annotation_at(path) if path else None
    return annotation is not None and may_be_absent(annotation)


def _schema_faults(document: Document) -> Iterator[Fault]:
    if document.folder is None:  # not a file of its own
        return
    said = document.data.get("schema")
    line = document.places.get(("schema",), (document.file, None))[1]
    if said is None:
        message = "is missing; put schema = 1 above the first table"
        yield Fault(document.file, message, 1, "schema")
    elif said != 1 or isinstance(said, bool):
        message = "this version reads schema = 1; update federate, or rewrite the file"
        yield Fault(document.file, message, line, "schema", said)


def _instance_faults(
    instance: Any, said: Sequence[Any], origin: Origin
) -> Iterator[Fault]:
    from federate.practices.source import shipped_names, shipped_path

    if not isinstance(instance, str) or shipped_path(instance) is not None:
        return
    if Path(instance).exists():
        return
    shipped = shipped_names()
    hint = did_you_mean(Path(instance).name, shipped)
    hint = hint or f"; the shipped instances are {', '.join(shipped)}"
    message = f"no such folder, table or shipped instance{hint}"
    file, line = origin.find(("instance",))
    yield Fault(file, message, line, "instance", said[0])


def _solver_faults(solve: Any, origin: Origin) -> Iterator[Fault]:
    """Refuse a solver of which nobody knows; whether it runs here is seen later."""
    from solvers.registry import known_solvers

    name = solve.get("solver") if isinstance(solve, dict) else None
    known = known_solvers()
    if isinstance(name, str) and name not in known:
        hint = did_you_mean(name, known) or f"; known are {', '.join(known)}"
        file, line = origin.find(("solve", "solver"))
        yield Fault(file, f"no such solver{hint}", line, "solve.solver", name)


def _faults(error: ValidationError, data: Any, origin: Origin) -> Iterator[Fault]:
    """Yield one fault a key, in a planner's words."""
    seen: set[Key] = set()
    for item in error.errors():
        for path, message, value in _told(item, data):
            if path not in seen:
                seen.add(path)
                file, line = origin.find(path)
                yield Fault(file, message, line, ".".join(path), value)


def _told(item: Any, data: Any) -> Iterable[tuple[Key, str, Any]]:
    """Return key, message and value of what pydantic found."""
    loc = item["loc"]
    if item["type"] == "extra_forbidden":
        path = (*key_at(loc[:-1]), str(loc[-1]))
        return [(path, unknown_key(path), None)]
    clash = item.get("ctx", {}).get("error")
    if isinstance(clash, ClashError):
        return [(loc + tuple(k.split(".")), m, None) for k, m in clash.clashes]
    path = key_at(loc)
    value = _value(data, path)
    return [(path, _must_be(path, value), value)]


def _must_be(path: Key, value: Any) -> str:
    annotation = annotation_at(path)
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return f"must be a table, written [{'.'.join(path)}] and then its keys"
    wanted = wants(annotation)
    if isinstance(value, str) and "number" in wanted:
        with suppress(ValueError):
            float(value)
            return f"must be {wanted}, without quotes"
    return f"must be {wanted}"


def _value(data: Any, path: Key) -> Any:
    for part in path:
        data = data[part]
    return _listed(data)


def _listed(value: Any) -> Any:
    """Return arrays as the file writes them."""
    return [_listed(v) for v in value] if isinstance(value, tuple) else value
