"""An instance folder and an `Instance`, there and back.

| file | holds |
| --- | --- |
| instance.toml | name, title, attribution, units of attributes (see `manifest`) |
| practices.* | the practices (columns in `tables`) |
| neighbours.*, travel.*, bases.*, partners.*, ties.*, current.* | optional tables |
| boundary.geojson, barriers.geojson | optional outline and lines (see `outlines`) |

A table may be CSV, XLSX, Parquet or GeoPackage, one file for each table. What is
written is always CSV, and the same instance always gives the same bytes.
"""

import csv
import io
import shutil
import uuid
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from federate.errors import Fault, InstanceError
from federate.practices.check import check_folder, contract_files
from federate.practices.instance import FloatArray, Instance
from federate.practices.manifest import MANIFEST, manifest_text
from federate.practices.outlines import BARRIERS, BOUNDARY
from federate.practices.rows import cell_text

__all__ = ["check_folder", "read_folder", "write_folder"]

_Columns = Mapping[str, Sequence[object]]


def read_folder(path: str | Path) -> Instance:
    """Read an instance folder.

    Raises
    ------
    InstanceError
        With every fault of every file.
    """
    return check_folder(path).require()


def write_folder(instance: Instance, path: str | Path) -> None:
    """Write an instance folder that `read_folder` reads back exactly.

    All is written aside, checked by reading it, and only then moved into place.
    Other files of an existing folder (a README, a scenario) stay; tables and
    outlines that the instance does not have are removed from it.

    Raises
    ------
    InstanceError
        If the instance breaks the contract, with every fault; nothing is written.
    """
    target = Path(path).absolute()
    if target.exists() and not target.is_dir():
        message = "a file has this name; choose another folder"
        raise InstanceError(str(path), [Fault(target.name, message)])
    anchor = next(parent for parent in target.parents if parent.is_dir())
    aside = anchor / f".{target.name}-{uuid.uuid4().hex}"
    aside.mkdir()
    try:
        for name, text in _texts(instance).items():
            (aside / name).write_bytes(text.encode())
        report = check_folder(aside)
        if report.faults:
            raise InstanceError(str(path), report.faults)
        _move_into_place(aside, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _move_into_place(aside: Path, target: Path) -> None:
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        aside.rename(target)
        return
    fresh = {file.name for file in aside.iterdir()}
    for file in aside.iterdir():
        file.replace(target / file.name)
    for file in contract_files(target):
        if file.name not in fresh:
            file.unlink()


def _texts(instance: Instance) -> dict[str, str]:
    """Return the text of every file of the folder, by name."""
    texts = {
        MANIFEST: manifest_text(
            instance.name,
            instance.title,
            instance.attribution,
            instance.practices.attributes,
        )
    }
    for name, columns in _tables(instance):
        texts[f"{name}.csv"] = _csv(columns)
    if instance.boundary_geojson is not None:
        texts[BOUNDARY] = instance.boundary_geojson
    if instance.barriers_geojson is not None:
        texts[BARRIERS] = instance.barriers_geojson
    return texts


def _tables(instance: Instance) -> Iterable[tuple[str, _Columns]]:
    """Yield the name and the columns of every table the instance has."""
    yield "practices", _practices(instance)
    if instance.neighbours is not None:
        pairs = instance.neighbours
        yield "neighbours", {"a": [a for a, _ in pairs], "b": [b for _, b in pairs]}
    if instance.travel is not None:
        travel = instance.travel
        yield (
            "travel",
            {
                "origin": travel.origin,
                "destination": travel.destination,
                "minutes": travel.minutes.tolist(),
            },
        )
    yield from _services(instance)
    if instance.ties:
        ties = instance.ties
        yield (
            "ties",
            {
                "a": [tie.a for tie in ties],
                "b": [tie.b for tie in ties],
                "kind": [tie.kind for tie in ties],
                "strength": [tie.strength for tie in ties],
            },
        )
    if instance.current is not None:
        codes = instance.practices.code
        yield "current", {"code": codes, "federation": instance.current}


def _practices(instance: Instance) -> _Columns:
    practices = instance.practices
    columns: dict[str, Sequence[object]] = {
        "code": practices.code,
        "name": practices.name,
        "easting_m": practices.easting_m.tolist(),
        "northing_m": practices.northing_m.tolist(),
        "list_size": practices.list_size.tolist(),
    }
    columns |= _if_stated("budget_gbp", practices.budget_gbp)
    attributes = practices.attributes.values()
    return columns | {a.name: a.values.tolist() for a in attributes}


def _services(instance: Instance) -> Iterable[tuple[str, _Columns]]:
    bases, partners = instance.bases, instance.partners
    if bases is not None:
        columns: dict[str, Sequence[object]] = {
            "code": bases.code,
            "name": bases.name,
            "easting_m": bases.easting_m.tolist(),
            "northing_m": bases.northing_m.tolist(),
            "status": bases.status,
        }
        yield "bases", columns | _if_stated("fixed_cost_gbp", bases.fixed_cost_gbp)
    if partners is not None:
        yield (
            "partners",
            {
                "code": partners.code,
                "name": partners.name,
                "contract": partners.contract,
                "share": partners.share.tolist(),
                "fee_share": partners.fee_share.tolist(),
                "fixed_gbp": partners.fixed_gbp.tolist(),
                "capacity_gbp": partners.capacity_gbp.tolist(),
            },
        )


def _if_stated(name: str, values: FloatArray) -> dict[str, Sequence[object]]:
    """Return the column, or none where every value is NaN."""
    cells = values.tolist()
    return {name: cells} if any(cell == cell for cell in cells) else {}


def _csv(columns: _Columns) -> str:
    """Return the CSV text of columns; floats in the shortest exact form."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow([cell_text(cell) for cell in row])
    return out.getvalue()
