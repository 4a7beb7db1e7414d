"""Check a whole instance folder: every file, every fault, at once."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from federate.errors import Fault, did_you_mean
from federate.practices.assemble import (
    make_bases,
    make_current,
    make_neighbours,
    make_partners,
    make_practices,
    make_ties,
    make_travel,
)
from federate.practices.instance import Instance
from federate.practices.judge import (
    Judged,
    judge_places,
    judge_practices,
    judge_table,
)
from federate.practices.manifest import MANIFEST, Manifest, read_manifest
from federate.practices.outlines import BARRIERS, BOUNDARY, Outline, read_outline
from federate.practices.placement import area_of, grid_area, place_columns
from federate.practices.relations import check_clash
from federate.practices.report import CheckReport
from federate.practices.rows import SUFFIXES, table_suffix
from federate.practices.tablefile import TableFile, read_table
from federate.practices.tables import TABLES

__all__ = ["check_folder", "contract_files", "digest"]

Made = TypeVar("Made")
_SINGLE = (MANIFEST, BOUNDARY, BARRIERS)


def check_folder(path: str | Path) -> CheckReport:
    """Read an instance folder and tell everything wrong or odd about it."""
    folder = Path(path)
    if not folder.is_dir():
        fault = Fault(folder.name, "there is no such folder; name one with practices")
        return CheckReport(str(path), None, (fault,))
    read = _Read(folder)
    manifest = read.manifest()
    outlines = {name: read.outline(name) for name in (BOUNDARY, BARRIERS)}
    judged = _judge_all(read, manifest, outlines[BOUNDARY])
    for table in judged.values():
        read.faults += read.as_written(table.faults)
        read.warnings += read.as_written(table.warnings)
    instance = None
    if not read.faults and manifest is not None:
        instance = _assemble(folder, manifest, judged, outlines)
    return CheckReport(str(path), instance, tuple(read.faults), tuple(read.warnings))


def contract_files(folder: Path) -> list[Path]:
    """List the files of the folder that belong to the contract, by name."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_file() and (path.name in _SINGLE or _table_name(path) in TABLES)
    )


def digest(files: Iterable[Path]) -> str:
    """Return the SHA-256 over names, lengths and bytes of files, in their order."""
    total = hashlib.sha256()
    for path in files:
        data = path.read_bytes()
        total.update(f"{path.name}\0{len(data)}\0".encode())
        total.update(data)
    return total.hexdigest()


def _table_name(path: Path) -> str:
    """Return the table a file may hold, or ``""`` for a file of another kind."""
    suffix = table_suffix(path)
    return path.name[: -len(suffix)] if suffix in SUFFIXES else ""


@dataclass
class _Read:
    """The files of a folder as they are read, with what is wrong so far."""

    folder: Path
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    headings: dict[tuple[str, str | None], str] = field(default_factory=dict)

    def manifest(self) -> Manifest | None:
        manifest, faults = read_manifest(self.folder / MANIFEST)
        self.faults += faults
        self.warnings += _near_misses(self.folder)
        return manifest

    def outline(self, name: str) -> Outline:
        outline = read_outline(self.folder / name)
        self.faults += outline.faults
        self.warnings += outline.warnings
        return outline

    def table(self, name: str) -> TableFile | None:
        """Read one table; ``None`` where the folder has no file for it."""
        files = [p for p in contract_files(self.folder) if _table_name(p) == name]
        if not files:
            return None
        if len(files) > 1:
            names = " and ".join(file.name for file in files)
            message = f"{names} hold the same table; keep one of them"
            self.faults.append(Fault(files[1].name, message))
        table, faults = read_table(files[0], layer=name)
        self.faults += faults
        renamed = place_columns(table)
        headings = zip(renamed.columns, table.columns, strict=True)
        self.headings |= {(table.file, ours): theirs for ours, theirs in headings}
        return renamed

    def as_written(self, faults: Iterable[Fault]) -> list[Fault]:
        """Name columns as the file does, and put the faults in order of lines."""
        named = [
            replace(fault, column=self.headings.get((fault.file, fault.column)))
            if (fault.file, fault.column) in self.headings
            else fault
            for fault in faults
        ]
        return sorted(named, key=lambda fault: fault.line or 0)


def _near_misses(folder: Path) -> list[Fault]:
    """Point out files that nobody reads because of a slip in their name."""
    found = []
    for path in sorted(folder.iterdir()):
        table = _table_name(path)
        if path.suffix == ".geojson" and path.name not in _SINGLE:
            near = did_you_mean(path.name, (BOUNDARY, BARRIERS))
        elif path.stem in TABLES and not table:
            near = f"; save it as {path.stem}.csv"
        else:
            near = did_you_mean(table, TABLES) if table not in TABLES else ""
        if near:
            found.append(Fault(path.name, f"is not read under this name{near}"))
    return found


def _judge_all(
    read: _Read, manifest: Manifest | None, boundary: Outline
) -> dict[str, Judged]:
    """Judge every table there is, references among them included."""
    area = grid_area() if boundary.faults else area_of(boundary.shape)
    tables = {name: read.table(name) for name in TABLES}
    practices = tables["practices"]
    if practices is None:
        read.faults.append(_no_practices(read.folder))
        practices = TableFile("practices.csv", {}, [])
    declared = manifest.attributes if manifest else None
    judged = {"practices": judge_practices(practices, declared, area)}
    known = {"practices": practices} if "code" in practices.columns else {}
    bases = tables["bases"]
    if bases is None:
        known["bases"] = TableFile("bases.csv", {"code": []}, [])
    else:
        judged["bases"] = judge_places(bases, known, "bases", area)
        judged["bases"].faults.extend(check_clash(bases, practices))
        if "code" in bases.columns:
            known["bases"] = bases
    for name in ("neighbours", "travel", "partners", "ties", "current"):
        table = tables[name]
        if table is not None:
            judged[name] = judge_table(table, known, name)
    return judged


def _no_practices(folder: Path) -> Fault:
    others = [p.name for p in folder.iterdir() if p.stem == "practices"]
    message = "there is no such file; every instance needs its practices"
    if others:
        message = f"there is no such file; save {others[0]} as CSV or XLSX"
    return Fault("practices.csv", message)


def _assemble(
    folder: Path,
    manifest: Manifest,
    judged: dict[str, Judged],
    outlines: dict[str, Outline],
) -> Instance:
    practices = make_practices(judged["practices"], manifest.attributes)

    def made(name: str, make: Callable[[Judged], Made]) -> Made | None:
        return make(judged[name]) if name in judged else None

    return Instance(
        name=manifest.name,
        title=manifest.title,
        practices=practices,
        neighbours=made("neighbours", make_neighbours),
        travel=made("travel", make_travel),
        bases=made("bases", make_bases),
        partners=made("partners", make_partners),
        ties=made("ties", make_ties) or (),
        current=made("current", lambda current: make_current(current, practices.code)),
        boundary_geojson=outlines[BOUNDARY].text,
        barriers_geojson=outlines[BARRIERS].text,
        attribution=manifest.attribution,
        digest=digest(contract_files(folder)),
    )
