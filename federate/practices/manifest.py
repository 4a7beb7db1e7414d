"""``instance.toml``: what an instance folder says of itself.

| key | meaning |
| --- | --- |
| schema | version of the folder contract, always 1 |
| name | short name for files: letters, digits, ``.``, ``-`` and ``_`` |
| title | name for people; the short name if absent |
| attribution | licence line to print on every map |
| attributes.NAME.unit | unit of a further column of the practices table |
| attributes.NAME.kind | ``number`` (if absent) or ``category`` (unit ``label``) |
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from federate.errors import Fault, did_you_mean
from federate.practices.attributes import UNITS, Declared
from federate.practices.instance import Attribute
from federate.practices.tables import TABLES

__all__ = ["MANIFEST", "SCHEMA", "Manifest", "manifest_text", "read_manifest"]

MANIFEST = "instance.toml"
SCHEMA = 1

_KEYS = ("schema", "name", "title", "attribution", "attributes")
_ATTRIBUTE_KEYS = ("unit", "kind")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_OWN_COLUMNS = (*TABLES["practices"].headings, "easting", "northing")


@dataclass(frozen=True)
class Manifest:
    """What ``instance.toml`` says."""

    name: str
    title: str
    attribution: str
    attributes: Mapping[str, Declared]


def read_manifest(path: Path) -> tuple[Manifest | None, list[Fault]]:
    """Read ``instance.toml`` and tell everything wrong with it."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        data = tomllib.loads(text)
    except FileNotFoundError:
        message = 'there is no such file; write one with schema = 1 and name = "..."'
        return None, [Fault(MANIFEST, message)]
    except UnicodeDecodeError:
        return None, [Fault(MANIFEST, "is not UTF-8 text; save it as UTF-8")]
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        message = f"is not TOML: {str(error).split(' (at')[0]}"
        return None, [Fault(MANIFEST, message, int(at[1]) if at else None)]
    faults = _Faults(_key_lines(text))
    faults.unknown(data, _KEYS, "")
    _check_schema(data.get("schema"), faults)
    name = faults.text(data, "name")
    if name is None and "name" not in data:
        faults.add("name", "is missing; give the instance a short name")
    elif name is not None and not _NAME.fullmatch(name):
        faults.add("name", "may hold only letters, digits, dots, - and _", name)
    manifest = Manifest(
        name=name or "",
        title=faults.text(data, "title") or name or "",
        attribution=faults.text(data, "attribution") or "",
        attributes=_attributes(data.get("attributes", {}), faults),
    )
    return manifest, faults.found


def manifest_text(
    name: str, title: str, attribution: str, attributes: Mapping[str, Attribute]
) -> str:
    """Return the text of ``instance.toml``, the same for the same values."""
    import tomlkit

    data: dict[str, Any] = {"schema": SCHEMA, "name": name, "title": title}
    if attribution:
        data["attribution"] = attribution
    if attributes:
        data["attributes"] = {
            a.name: {"unit": a.unit, "kind": a.kind} for a in attributes.values()
        }
    return tomlkit.dumps(data)


class _Faults:
    """Faults of one TOML file by dotted key."""

    def __init__(self, lines: Mapping[str, int]) -> None:
        self._lines = lines
        self.found: list[Fault] = []

    def add(self, key: str, message: str, value: Any = None) -> None:
        self.found.append(Fault(MANIFEST, message, self._lines.get(key), key, value))

    def unknown(self, data: Mapping[str, Any], known: tuple[str, ...], at: str) -> None:
        for key in data:
            if key not in known:
                near = did_you_mean(key, known) or f"; known are {', '.join(known)}"
                self.add(f"{at}{key}", f"this key is not known{near}")

    def text(self, data: Mapping[str, Any], key: str) -> str | None:
        value = data.get(key)
        if value is not None and not isinstance(value, str):
            self.add(key, "must be text in double quotes", value)
            return None
        return value


def _check_schema(schema: Any, faults: _Faults) -> None:
    if schema is None:
        faults.add("schema", f"is missing; write schema = {SCHEMA}")
    elif schema != SCHEMA or isinstance(schema, bool):
        message = f"only schema {SCHEMA} is read; a newer folder needs a newer federate"
        faults.add("schema", message, schema)


def _attributes(data: Any, faults: _Faults) -> Mapping[str, Declared]:
    if not isinstance(data, dict):
        faults.add("attributes", "must be tables such as [attributes.imd]", data)
        return {}
    declared = {}
    for name, entry in data.items():
        key = f"attributes.{name}"
        if name in _OWN_COLUMNS:
            message = "the contract has a column of this name; rename the attribute"
            faults.add(key, message)
        elif not isinstance(entry, dict):
            faults.add(key, f'must be a table: [{key}] with unit = "..."', entry)
        else:
            declared[name] = _declared(key, entry, faults)
    return declared


def _declared(key: str, entry: Mapping[str, Any], faults: _Faults) -> Declared:
    faults.unknown(entry, _ATTRIBUTE_KEYS, f"{key}.")
    unit, kind = entry.get("unit"), entry.get("kind", "number")
    if kind not in ("number", "category"):
        near = did_you_mean(str(kind), ("number", "category"))
        faults.add(f"{key}.kind", f"must be number or category{near}", kind)
    elif kind == "category" and unit != "label":
        faults.add(f"{key}.unit", 'a category has the unit "label"', unit)
    elif kind == "number" and unit == "label":
        faults.add(f"{key}.unit", 'a label needs kind = "category"', unit)
    elif unit is None:
        faults.add(key, f"has no unit; give one of {', '.join(UNITS)}")
    elif unit not in UNITS:
        near = did_you_mean(str(unit), UNITS) or f"; known are {', '.join(UNITS)}"
        faults.add(f"{key}.unit", f"this unit is not known{near}", unit)
    return Declared(str(unit), "category" if kind == "category" else "number")


def _key_lines(text: str) -> Mapping[str, int]:
    r"""Lines of the keys and tables of a TOML text, by dotted key.

    Good for keys at the start of a line, which is how people write them.

    Examples
    --------
    >>> dict(_key_lines('schema = 1\n[attributes.imd]\nunit = "score"'))
    {'schema': 1, 'attributes.imd': 2, 'attributes.imd.unit': 3}
    """
    lines: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line):
            table = heading[1].replace('"', "")
            lines.setdefault(table, number)
            table += "."
        elif entry := re.match(r"""\s*([\w."'-]+)\s*=""", line):
            key = re.sub("[\"']", "", entry[1])
            lines.setdefault(table + key, number)
    return lines
