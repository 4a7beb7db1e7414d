"""The keys of a scenario: where each is, what it takes, what it means.

Everything here is derived from the pydantic sections, apart from unit and
meaning, which `MEANING` states once for messages, templates and the README.
"""

from collections.abc import Iterator, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from federate.errors import did_you_mean
from federate.scenario.meaning import MEANING
from federate.scenario.schema import Scenario, Section

__all__ = [
    "all_keys",
    "annotation_at",
    "key_at",
    "may_be_absent",
    "reference",
    "unknown_key",
    "wants",
]

Path = tuple[str, ...]

# What stands for the free part of a key: a column, a contract, another key.
COLUMN = "<column>"
FREE: Mapping[Path, str] = {
    ("contracts", "menu"): "<contract>",
    ("risk", "services"): "<service>",
    ("sweep",): "<key>",
}


def annotation_at(path: Path) -> Any:
    """Return the annotation of a key, or ``None`` where there is no such key.

    Examples
    --------
    >>> annotation_at(("membership", "allow_singletons"))
    <class 'bool'>
    >>> annotation_at(("rules", "size_bound")) is None
    True
    """
    here: Any = Scenario
    for part in path:
        if _is_section(here):
            here = _fields(here).get(part)
        elif get_origin(here) is dict:
            here = get_args(here)[1]
        else:
            return None
    return here


def key_at(loc: tuple[str | int, ...]) -> Path:
    """Return the part of a pydantic location that names a key of the file.

    Examples
    --------
    >>> key_at(("rules", "size_bounds", 1))
    ('rules', 'size_bounds')
    """
    path: Path = ()
    for part in loc:
        longer = (*path, str(part))
        if annotation_at(longer) is None:
            break
        path = longer
    return path


def all_keys(under: Path = ()) -> Iterator[Path]:
    """Yield every key that takes a value, in the order of the schema."""
    here = annotation_at(under)
    if _is_section(here):
        for name in _fields(here):
            yield from all_keys((*under, name))
    elif get_origin(here) is dict:
        yield from all_keys((*under, FREE.get(under, COLUMN)))
    else:
        yield under


def may_be_absent(annotation: Any) -> bool:
    """Whether ``"none"`` takes the key away.

    A key for which "none" is a value of its own keeps that value.
    """
    options = _options(annotation)
    return NoneType in options and not _says_none(options)


def unknown_key(path: Path) -> str:
    """Say that there is no such key, and which one was probably meant.

    Examples
    --------
    >>> unknown_key(("rules", "size_bound"))
    'no such key; did you mean size_bounds?'
    >>> unknown_key(("rules", "target_size"))
    'no such key here; it belongs in [weights]'
    """
    here = annotation_at(path[:-1])
    siblings = [*_fields(here)] if _is_section(here) else []
    if len(path) == 1:
        siblings.append("extends")  # read before the schema ever sees the file
    homes = [k[:-1] for k in all_keys() if k[-1] == path[-1] and k[:-1] != path[:-1]]
    if homes:
        place = f"in [{'.'.join(homes[0])}]" if homes[0] else "above the first table"
        return f"no such key here; it belongs {place}"
    if close := did_you_mean(path[-1], siblings):
        return f"no such key{close}"
    return f"no such key; the keys here are {', '.join(siblings)}"


def wants(annotation: Any) -> str:
    """Say in plain English what a key takes.

    Examples
    --------
    >>> wants(annotation_at(("risk", "max_probability")))
    'a number above 0 and below 0.5'
    >>> wants(annotation_at(("rules", "keep")))
    'a list of texts in quotes, e.g. ["A81001", "A81002"]'
    """
    said = [_wants_one(o) for o in _options(annotation) if o is not NoneType]
    return ", or ".join(said)


def reference() -> str:
    """Return the reference of every key as Markdown, one table per section."""
    extends = MEANING["extends"]
    row = f"| `extends` | {extends.unit} | not asked for | {extends.text} |"
    sections: dict[Path, list[str]] = {(): [row]}
    for path in all_keys():
        table = path[:1] if len(path) > 1 else ()
        meaning = MEANING[".".join(path)]
        name = ".".join(path[len(table) :])
        row = f"| `{name}` | {meaning.unit} | {_default(path)} | {meaning.text} |"
        sections.setdefault(table, []).append(row)
    heading = "| key | unit | default | meaning |\n| --- | --- | --- | --- |"
    parts = []
    for table, rows in sections.items():
        title = f"### `[{'.'.join(table)}]`" if table else "### Above the first table"
        intro = f"\n\n{MEANING[table[0]].text}" if table else ""
        parts.append("\n".join([f"{title}{intro}", "", heading, *rows]))
    return "\n\n".join(parts) + "\n"


def _default(path: Path) -> str:
    if path == ("schema",):
        return "must be stated"
    owner: Any = annotation_at(path[:-1])
    if not _is_section(owner):
        return "none"
    names = {f.alias or name: f.default for name, f in owner.model_fields.items()}
    value = names[path[-1]]
    if value is None or value == () or value == "":
        return "not asked for" if value is None else "empty"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def _wants_one(option: Any) -> str:
    core, limits = _unwrapped(option)
    if core is bool:
        return "true or false, without quotes"
    if core in (int, float):
        return ("a whole number" if core is int else "a number") + _range(limits)
    if core is str:
        return "text in quotes"
    if get_origin(core) is Literal:
        *most, last = [
            f'"{v}"' if isinstance(v, str) else str(v) for v in get_args(core)
        ]
        return f"{', '.join(most)} or {last}" if most else last
    if get_origin(core) is tuple:
        return _wants_array(get_args(core))
    return "a table"


def _wants_array(items: tuple[Any, ...]) -> str:
    if items[-1] is not Ellipsis:
        core, limits = _unwrapped(items[0])
        noun = "whole numbers" if core is int else "numbers"
        example = "[2, 10]" if core is int else "[30000, 50000]"
        return f"a pair of {noun}, each{_range(limits)}, e.g. {example}"
    if items[0] is str:
        return 'a list of texts in quotes, e.g. ["A81001", "A81002"]'
    return 'a list of lists of codes, e.g. [["A81001", "A81002"]]'


def _range(limits: Mapping[str, float]) -> str:
    if "ge" in limits and "le" in limits:
        return f" from {limits['ge']:g} to {limits['le']:g}"
    words = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
    said = [f"{words[k]} {limits[k]:g}" for k in words if k in limits]
    return f" {' and '.join(said)}" if said else ""


def _unwrapped(option: Any) -> tuple[Any, dict[str, float]]:
    """Return the bare type of an annotation, and its limits by name."""
    if get_origin(option) is not Annotated:
        return option, {}
    core, *extras = get_args(option)
    limits = {
        name: getattr(limit, name)
        for field in extras
        for limit in field.metadata
        for name in ("ge", "gt", "le", "lt")
        if hasattr(limit, name)
    }
    return core, limits


def _options(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) in (Union, UnionType):
        return get_args(annotation)
    return (annotation,)


def _says_none(options: tuple[Any, ...]) -> bool:
    return any(get_origin(o) is Literal and "none" in get_args(o) for o in options)


def _is_section(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Section)


def _fields(section: type[Section]) -> dict[str, Any]:
    """Return the annotation of each key of a section, by its name in the file."""
    hints = get_type_hints(section, include_extras=True)
    return {f.alias or name: hints[name] for name, f in section.model_fields.items()}
