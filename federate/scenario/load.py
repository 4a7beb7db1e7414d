"""A file, a preset or an instance's own scenario → `Scenario`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from federate.errors import Fault, ScenarioError, did_you_mean
from federate.scenario.change import document_of
from federate.scenario.check import check
from federate.scenario.document import Document, read_document
from federate.scenario.schema import Scenario

__all__ = ["load", "preset_names"]

PRESETS = Path(__file__).parent / "presets"


class _Found(NamedTuple):
    """A scenario file, what to call it, and the instance it is the own one of."""

    path: Path
    file: str
    instance: str | None = None


def preset_names() -> tuple[str, ...]:
    """Return the names of the presets.

    Examples
    --------
    >>> preset_names()
    ('ccg2013', 'ccg2013_risk', 'neighbourhood2025', 'pathfinder2010', 'pcn2019')
    """
    return tuple(sorted(path.stem for path in PRESETS.glob("*.toml")))


def load(source: str | Path, changes: Mapping[str, object]) -> Scenario:
    """Return the scenario at `source` with `changes`; see `Scenario.load`."""
    found = _find(source, Path())
    if isinstance(found, Fault):
        raise ScenarioError(str(source), [found])
    documents = _chain(found)
    if found.instance is not None:
        own = Document(found.file, {"instance": found.instance})
        documents.insert(0, own)
    return check([*documents, document_of(changes)], found.file)


def _chain(found: _Found) -> list[Document]:
    """Return a file and all it extends, the lowest base first."""
    documents: list[Document] = []
    chain: list[_Found] = []
    while True:
        document = read_document(found.path, found.file)
        chain.append(found)
        base = document.data.pop("extends", None)
        documents.insert(0, document)
        if base is None:
            return documents
        found_base = _base(base, document, found.path.parent)
        if not isinstance(found_base, Fault) and _seen(found_base, chain):
            names = " → ".join(f.file for f in [*chain, found_base])
            found_base = _at(document, f"extends itself: {names}; break the circle")
        if isinstance(found_base, Fault):
            raise ScenarioError(chain[0].file, [found_base])
        found = found_base


def _seen(found: _Found, chain: list[_Found]) -> bool:
    return found.path.resolve() in {f.path.resolve() for f in chain}


def _base(base: Any, document: Document, folder: Path) -> _Found | Fault:
    """Return the file that a document extends."""
    if not isinstance(base, str):
        return _at(document, "must be a preset's name or a file, in quotes", base)
    found = _find(base, folder)
    return _at(document, found.message, base) if isinstance(found, Fault) else found


def _at(document: Document, message: str, value: Any = None) -> Fault:
    line = document.places[("extends",)][1]
    return Fault(document.file, message, line, "extends", value)


def _find(source: str | Path, folder: Path) -> _Found | Fault:
    """Return the file meant by a preset's name, a path or an instance."""
    from federate.practices.source import shipped_names, shipped_path

    name = str(source)
    if name in preset_names():
        return _Found(PRESETS / f"{name}.toml", f"preset {name}")
    shipped = shipped_path(name)
    path = shipped or folder / Path(name).expanduser()
    if path.is_dir():
        own = path / "scenario.toml"
        if own.is_file():
            instance = name if shipped else str(path.resolve())
            return _Found(own, str(own), instance)
        return Fault(
            name,
            "the folder has no scenario.toml; choose a preset "
            f"({', '.join(preset_names())}) or write one with federate init",
        )
    if path.is_file():
        return _Found(path, str(path))
    beside = [str(Path(name).parent / p.name) for p in path.parent.glob("*.toml")]
    hint = did_you_mean(name, [*preset_names(), *shipped_names(), *beside])
    hint = hint or f"; the presets are {', '.join(preset_names())}"
    return Fault(name, f"no such scenario file, preset or instance{hint}")
