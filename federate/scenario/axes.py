"""The section ``[sweep]``: which keys take which values, one after the other.

A key is written as elsewhere in the file, a value as the key itself would have it;
``"none"`` takes a rule away:

```toml
[sweep]
rules.size_bounds = [[30_000, 50_000], [40_000, 60_000]]
rules.max_travel_min = ["none", 20, 15]
```
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from federate.errors import Fault
from federate.scenario.keys import annotation_at, may_be_absent, unknown_key, wants
from federate.scenario.schema import Origin

__all__ = ["SECTION", "axes_faults", "flattened"]

SECTION = "sweep"
_FIXED = frozenset({"schema", "title", SECTION})


def flattened(said: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Return the section with one dotted key for each list of values.

    Examples
    --------
    >>> flattened({"rules": {"num_federations": (3, 4)}, "risk.cv1": (3.0,)})
    {'rules.num_federations': (3, 4), 'risk.cv1': (3.0,)}
    """
    flat: dict[str, Any] = {}
    for key, value in said.items():
        if isinstance(value, Mapping):
            flat |= flattened(value, f"{above}{key}.")
        else:
            flat[f"{above}{key}"] = value
    return flat


def axes_faults(said: Mapping[str, Any], origin: Origin) -> Iterator[Fault]:
    """Yield each key that cannot be swept, and each value that a key does not take."""
    for key, values in said.items():
        path = tuple(key.split("."))
        quoted = (SECTION, key)
        file, line = origin.find(
            quoted if quoted in origin.places else (SECTION, *path)
        )
        column = f"{SECTION}.{key}"
        annotation = annotation_at(path)
        if annotation is None or path[0] in _FIXED:
            message = unknown_key(path) if annotation is None else "cannot be swept"
            yield Fault(file, message, line, column)
        elif not isinstance(values, tuple):
            message = f"must be a list of values, each {wants(annotation)}"
            yield Fault(file, message, line, column, values)
        elif not values:
            message = "needs a value at least; add some, or take the key away"
            yield Fault(file, message, line, column)
        else:
            for value in values:
                if not _fits(value, annotation):
                    message = f"each value must be {wants(annotation)}"
                    yield Fault(file, message, line, column, value)


def _fits(value: Any, annotation: Any) -> bool:
    if value == "none" and may_be_absent(annotation):
        return True
    try:
        TypeAdapter(annotation).validate_python(value, strict=True)
    except ValidationError:
        return False
    return True
