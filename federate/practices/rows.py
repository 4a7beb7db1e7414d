"""The rows of a file: CSV, XLSX, Parquet and GeoPackage come out alike.

Every kind yields the line of a row and the text of its cells, heading first. A
CSV keeps its own lines and an XLSX its sheet rows; in Parquet and GeoPackage
the heading counts as line 1 and the first row as line 2. Point geometries
become the columns ``easting_m`` and ``northing_m``.
"""

import csv
import gzip
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from federate.errors import Fault, InstanceError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SUFFIXES", "Row", "cell_text", "read_rows", "table_suffix"]

SUFFIXES = (".csv", ".csv.gz", ".xlsx", ".parquet", ".gpkg")
Row = tuple[int, list[str]]


def table_suffix(path: Path) -> str:
    """Return the kind of a table file, both parts of ``.csv.gz`` included.

    Examples
    --------
    >>> table_suffix(Path("payments_2023.csv.gz")), table_suffix(Path("a.b.XLSX"))
    ('.csv.gz', '.xlsx')
    """
    both = "".join(path.suffixes[-2:]).lower()
    return both if both in SUFFIXES else path.suffix.lower()


def read_rows(
    path: Path,
    *,
    layer: str | None = None,
    encodings: Sequence[str] = ("utf-8-sig",),
) -> Iterator[Row]:
    """Yield the line and the trimmed cells of every row, headings included.

    Parameters
    ----------
    path
        File of one of the kinds in `SUFFIXES`.
    layer
        Sheet or layer to take where the file has several.
    encodings
        Tried in turn on the text of a CSV.

    Raises
    ------
    InstanceError
        If the file is missing, of another kind, or cannot be taken apart.
    """
    suffix = table_suffix(path)
    if not path.is_file():
        _refuse(path, "there is no such file")
    if suffix in (".csv", ".csv.gz"):
        rows = _csv_rows(path, encodings)
    elif suffix in _READERS:
        rows = _READERS[suffix](path, layer)
    else:
        _refuse(path, f"this kind of file is not read; save it as {_any_of(SUFFIXES)}")
    for line, cells in rows:
        yield line, [cell.strip() for cell in cells]


def _refuse(
    path: Path, message: str, line: int | None = None, value: object = None
) -> NoReturn:
    raise InstanceError(str(path), [Fault(path.name, message, line, value=value)])


def _any_of(words: Sequence[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)


def _csv_rows(path: Path, encodings: Sequence[str]) -> Iterator[Row]:
    raw = path.read_bytes()
    if path.suffix.lower() == ".gz":
        raw = gzip.decompress(raw)
    text = _decode(path, raw, encodings)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        message = f"the row that begins here cannot be read ({error}); check its quotes"
        _refuse(path, message, line)


def _decode(path: Path, raw: bytes, encodings: Sequence[str]) -> str:
    at = 0
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as error:
            at = error.start
    line = raw.count(b"\n", 0, at) + 1
    start = raw.rfind(b"\n", 0, at) + 1
    text = raw[start : start + 60].decode("latin-1").splitlines()[0]
    _refuse(path, "is not UTF-8 text; save the table as 'CSV UTF-8'", line, text)


def _xlsx_rows(path: Path, layer: str | None) -> Iterator[Row]:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
    except python_calamine.CalamineError:
        _refuse(path, "cannot be read as an XLSX workbook; save it again or as CSV")
    sheet = book.get_sheet_by_name(_choose(path, "sheet", book.sheet_names, layer))
    rows = sheet.to_python(skip_empty_area=False)
    for line, cells in enumerate(rows, start=1):
        yield line, [cell_text(cell) for cell in cells]


def _parquet_rows(path: Path, layer: str | None) -> Iterator[Row]:
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.read_table(path)
    except (pyarrow.ArrowException, OSError):
        _refuse(path, "cannot be read as Parquet; save it again or as CSV")
    if b"geo" in (table.schema.metadata or {}):
        import geopandas

        yield from _frame_rows(path, geopandas.read_parquet(path))
        return
    names = [name for name in table.column_names if not name.startswith("__index")]
    columns = [table.column(name).to_pylist() for name in names]
    yield 1, names
    for line, cells in enumerate(zip(*columns, strict=True), start=2):
        yield line, [cell_text(cell) for cell in cells]


def _gpkg_rows(path: Path, layer: str | None) -> Iterator[Row]:
    import pyogrio
    import pyogrio.errors

    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(path)]
        chosen = _choose(path, "layer", layers, layer)
        frame = pyogrio.read_dataframe(path, layer=chosen)
    except pyogrio.errors.DataSourceError:
        _refuse(path, "cannot be read as a GeoPackage; save it again or as CSV")
    yield from _frame_rows(path, frame)


_READERS: Mapping[str, Callable[[Path, str | None], Iterator[Row]]] = {
    ".xlsx": _xlsx_rows,
    ".parquet": _parquet_rows,
    ".gpkg": _gpkg_rows,
}


def _choose(path: Path, noun: str, names: Sequence[str], wanted: str | None) -> str:
    """Pick the only sheet or layer, or the one that carries the wanted name."""
    if len(names) == 1:
        return names[0]
    if wanted is not None and wanted in names:
        return wanted
    has = f"has the {noun}s {', '.join(names)}" if names else f"has no {noun}"
    wish = f"name one of them {wanted}" if wanted else f"keep one {noun}"
    _refuse(path, f"{has}; {wish}")


def _frame_rows(path: Path, frame: "pd.DataFrame") -> Iterator[Row]:
    """Rows of a data frame, point geometries as easting and northing."""
    names = [str(name) for name in frame.columns]
    columns = [frame[name].tolist() for name in frame.columns]
    geometry = getattr(frame, "_geometry_column_name", None)
    if geometry is not None:
        k = names.index(geometry)
        easting_m, northing_m = _points(path, frame)
        names[k : k + 1] = ["easting_m", "northing_m"]
        columns[k : k + 1] = [easting_m, northing_m]
    yield 1, names
    for line, cells in enumerate(zip(*columns, strict=True), start=2):
        yield line, [cell_text(cell) for cell in cells]


def _points(path: Path, frame: "pd.DataFrame") -> tuple[list[float], list[float]]:
    from federate.practices.coordinates import NATIONAL_GRID, from_crs

    shapes = frame.geometry
    if shapes.crs is None:
        message = "its geometry states no CRS; save it with one, e.g. EPSG:27700"
        _refuse(path, message)
    odd = [
        Fault(path.name, "its geometry must be a point", line, value=str(shape)[:40])
        for line, shape in enumerate(shapes, start=2)
        if shape is not None and shape.geom_type != "Point"
    ]
    if odd:
        raise InstanceError(str(path), odd)
    x, y = shapes.x.to_numpy(), shapes.y.to_numpy()
    if not shapes.crs.equals(NATIONAL_GRID):
        x, y = (metres.round(1) for metres in from_crs(x, y, shapes.crs.to_wkt()))
    return x.tolist(), y.tolist()


def cell_text(cell: object) -> str:
    """Text of a typed cell, as a CSV would hold it; blank where it is missing.

    Examples
    --------
    >>> [cell_text(cell) for cell in (4029.0, 0.25, None, float("nan"), True, "A81001")]
    ['4029', '0.25', '', '', 'true', 'A81001']
    """
    if cell is None or cell != cell:  # NaN alone differs from itself
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)
