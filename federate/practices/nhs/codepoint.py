"""OS Code-Point Open: a grid reference for every postcode unit of Great Britain.

Published as one CSV for each postcode area, without headings; the order of the
columns stands in ``Code-Point_Open_Column_Headers.csv``. Points are centroids of
the addresses of a postcode, good to about 100 m, less good in the country.

References
----------
Ordnance Survey, Code-Point Open user guide and technical specification.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from federate.errors import Fault, InstanceError
from federate.practices.nhs.headings import plain
from federate.practices.nhs.postcodes import normal_postcode
from federate.practices.rows import read_rows
from federate.practices.validate import NUMBER

__all__ = ["HEADERS_FILE", "CodePoint", "Point", "read_codepoint"]

HEADERS_FILE = "Code-Point_Open_Column_Headers.csv"

_ORDER = ("PC", "PQ", "EA", "NO", "CY", "RH", "LH", "CC", "DC", "WC")
_WITHOUT_POINT = 90  # positional quality of a postcode that has no coordinates


@dataclass(frozen=True)
class Point:
    """Where a postcode is, metres, EPSG:27700.

    ``quality`` is 10 (best) to 60; ``district`` the ONS code of the authority.
    """

    easting_m: int
    northing_m: int
    quality: int
    district: str


@dataclass(frozen=True, eq=False)
class CodePoint:
    """The postcodes that were read.

    Parameters
    ----------
    points
        By postcode, written the normal way.
    num_read
        Postcodes in the files, wanted or not.
    """

    points: Mapping[str, Point]
    num_read: int

    def find(self, postcode: str) -> Point | None:
        """Return the point of a postcode however it is written, or ``None``."""
        return self.points.get(normal_postcode(postcode))


def read_codepoint(
    path: str | Path, *, only: Collection[str] | None = None
) -> CodePoint:
    """Read one CSV, or every CSV of a folder and the folders in it.

    Parameters
    ----------
    path
        File or folder; a file of column headers in or beside it is obeyed.
    only
        Postcodes to keep, however written; all if ``None`` (1.7 million).

    Raises
    ------
    InstanceError
        If there is no such file, or a row is not as published.
    """
    path = Path(path)
    keep = None if only is None else {normal_postcode(postcode) for postcode in only}
    files = _files(path)
    at = _columns(path)
    points: dict[str, Point] = {}
    num_read = 0
    faults: list[Fault] = []
    for file in files:
        for postcode, point in _points(file, at, faults):
            num_read += 1
            if point is not None and (keep is None or postcode in keep):
                points[postcode] = point
    if faults:
        raise InstanceError(str(path), faults)
    return CodePoint(MappingProxyType(points), num_read)


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        files = sorted(
            file for file in path.rglob("*.csv") if "Column_Headers" not in file.name
        )
        if files:
            return files
    elif path.is_file():
        return [path]
    message = "there is no Code-Point Open file; unpack the download and name its CSV"
    raise InstanceError(str(path), [Fault(path.name, message)])


def _columns(path: Path) -> Mapping[str, int]:
    """Position of each short heading, from the published headings if they are here."""
    order: list[str] = list(_ORDER)
    folder = path if path.is_dir() else path.parent
    headers = sorted(folder.rglob(HEADERS_FILE)) if path.is_dir() else []
    headers += [place / HEADERS_FILE for place in (folder, folder.parent)]
    for file in headers:
        if file.is_file():
            order = next(cells for _, cells in read_rows(file))
            break
    at = {heading.upper(): k for k, heading in enumerate(order)}
    missing = [heading for heading in ("PC", "PQ", "EA", "NO") if heading not in at]
    if missing:
        message = f"names no column {', '.join(missing)}; its first line is {order}"
        raise InstanceError(str(path), [Fault(HEADERS_FILE, message, 1)])
    return at


def _points(
    file: Path, at: Mapping[str, int], faults: list[Fault]
) -> Iterator[tuple[str, Point | None]]:
    """Yield every postcode of a file; stop at the first row not as published."""
    postcode, quality = at["PC"], at["PQ"]
    east, north, district = at["EA"], at["NO"], at.get("DC")
    for line, cells in read_rows(file):
        if line == 1 and plain(cells[0]) in ("pc", "postcode"):
            continue
        numbers = [cells[k] for k in (quality, east, north) if k < len(cells)]
        if len(numbers) < 3 or not all(NUMBER.fullmatch(n) for n in numbers):
            message = "must begin with postcode, quality, easting and northing"
            faults.append(Fault(file.name, message, line, value=",".join(cells)[:40]))
            return
        pq, easting_m, northing_m = (int(float(number)) for number in numbers)
        code = normal_postcode(cells[postcode])
        if pq >= _WITHOUT_POINT or easting_m == 0:
            yield code, None
        else:
            yield (
                code,
                Point(
                    easting_m,
                    northing_m,
                    pq,
                    "" if district is None else cells[district],
                ),
            )
