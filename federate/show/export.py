"""A result as a file for another program, chosen by the file's suffix."""

from collections.abc import Callable
from pathlib import Path

from federate.result import Result
from federate.show.formulas import escape_formulas
from federate.show.frames import (
    base_points,
    federation_shapes,
    practice_points,
    practice_rows,
)
from federate.show.kinds import refuse_unknown
from federate.show.workbook import write_workbook

__all__ = ["SUFFIXES", "export"]


def export(result: Result, path: str | Path) -> None:
    """Write `result` to `path` in the form its suffix names.

    ========== ==========================================================
    .csv       a row a practice; text that looks like a formula is quoted
    .geojson   regions with figures, longitude and latitude (RFC 7946)
    .gpkg      layers ``federations``, ``practices``, ``bases``, EPSG:27700
    .parquet   regions with figures as GeoParquet, EPSG:27700
    .xlsx      summary, federations, practices, violations, terms, provenance
    ========== ==========================================================

    The file is written aside and renamed, so that it is whole or absent.

    Raises
    ------
    InputError
        If the suffix is none of these.
    InfeasibleError
        If the result has no plan.
    """
    path = Path(path)
    refuse_unknown(path, SUFFIXES)
    write = SUFFIXES[path.suffix.lower()]
    result.require_plan()
    aside = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        write(result, aside)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _write_csv(result: Result, path: Path) -> None:
    escape_formulas(practice_rows(result)).to_csv(path, index=False)


def _write_geojson(result: Result, path: Path) -> None:
    # RFC 7946 knows longitude and latitude only: the driver converts to them.
    options = {"RFC7946": "YES", "COORDINATE_PRECISION": "6"}
    federation_shapes(result).to_file(path, driver="GeoJSON", **options)


def _write_geopackage(result: Result, path: Path) -> None:
    layers = {
        "federations": federation_shapes(result),
        "practices": practice_points(result),
        "bases": base_points(result),
    }
    for name, layer in layers.items():
        if layer is not None:
            layer.to_file(path, layer=name, driver="GPKG")


def _write_parquet(result: Result, path: Path) -> None:
    federation_shapes(result).to_parquet(path, index=False)


SUFFIXES: dict[str, Callable[[Result, Path], None]] = {
    ".csv": _write_csv,
    ".geojson": _write_geojson,
    ".gpkg": _write_geopackage,
    ".parquet": _write_parquet,
    ".xlsx": write_workbook,
}
