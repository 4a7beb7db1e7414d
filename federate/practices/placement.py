"""Where the rows of a table lie, and points that cannot be meant.

A point off its area is looked at again with easting and northing swapped, as
degrees, as kilometres and so on; the first reading that lands inside is offered
as the way out. Nothing is corrected in silence.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from federate.errors import Fault
from federate.practices.coordinates import to_bng
from federate.practices.england import MARGIN_M, england
from federate.practices.instance import FloatArray
from federate.practices.tablefile import TableFile
from federate.practices.validate import as_number, as_value

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = [
    "Area",
    "Placed",
    "area_of",
    "grid_area",
    "neighbourly",
    "place",
    "place_columns",
]

BoolArray = npt.NDArray[np.bool_]

_PAIRS = (("lon", "lat"), ("easting_m", "northing_m"))
_LON_RANGE, _LAT_RANGE = (-9.0, 3.0), (49.0, 61.5)  # Great Britain, degrees
_FAR_M, _NEAR_M = 60_000.0, 10_000.0


@dataclass(frozen=True, eq=False)
class Area:
    """Land on which points are expected, metres, EPSG:27700.

    Parameters
    ----------
    shape
        Polygon or polygons.
    name
        As people know it: ``England`` or the file of the boundary.
    margin_m
        How far outside a point is still believed.
    is_exact
        Whether a point outside by less than the margin deserves a warning.
    """

    shape: "BaseGeometry"
    name: str
    margin_m: float
    is_exact: bool


@dataclass(frozen=True, eq=False)
class Placed:
    """Points of the rows of a table with what is wrong or odd about them."""

    easting_m: FloatArray
    northing_m: FloatArray
    faults: list[Fault]
    warnings: list[Fault]


def area_of(boundary: "BaseGeometry | None", file: str = "boundary.geojson") -> Area:
    """Return the instance's own area, or England where it states none."""
    if boundary is None:
        return Area(england(), "England", MARGIN_M, is_exact=False)
    return Area(boundary, file, MARGIN_M, is_exact=True)


def grid_area() -> Area:
    """Return the whole National Grid, where nothing better is known."""
    import shapely

    return Area(shapely.box(0, 0, 700_000, 1_300_000), "the grid", 0.0, is_exact=False)


def place_columns(table: TableFile) -> TableFile:
    """Give the headings ``easting`` and ``northing`` their full names."""
    full = {
        short: name
        for short, name in (("easting", "easting_m"), ("northing", "northing_m"))
        if name not in table.columns
    }
    columns = {full.get(name, name): cells for name, cells in table.columns.items()}
    return TableFile(table.file, columns, table.lines)


def place(table: TableFile, area: Area) -> Placed:
    """Read the points of a table in metres and judge each.

    Longitude and latitude become metres rounded to a decimetre, so that the same
    table gives the same instance wherever it is read.
    """
    none = np.full(len(table), np.nan)
    fault = _pair_fault(table)
    if fault is not None:
        return Placed(none, none, [fault], [])
    x_name, y_name = next(pair for pair in _PAIRS if pair[0] in table.columns)
    x, y = (as_number(table.columns[name]) for name in (x_name, y_name))
    easting_m, northing_m = x, y
    if x_name == "lon":
        easting_m, northing_m = (metres.round(1) for metres in to_bng(x, y))
    faults: list[Fault] = []
    warnings: list[Fault] = []
    for k, distance_m in _outside(easting_m, northing_m, np.isfinite(x + y), area):
        message = _why_outside(x[k], y[k], x_name == "lon", area, distance_m)
        value = as_value(table.columns[x_name][k])
        found = Fault(table.file, message, table.lines[k], x_name, value)
        is_near = distance_m <= area.margin_m
        (warnings if is_near else faults).append(found)
    if not area.is_exact:
        warnings = []
    return Placed(easting_m, northing_m, faults, warnings)


def _pair_fault(table: TableFile) -> Fault | None:
    """Refuse a table without exactly one whole pair of coordinates."""
    halves = [[name in table.columns for name in pair] for pair in _PAIRS]
    if sum(map(any, halves)) != 1:
        given = "both pairs" if all(map(any, halves)) else "no coordinates"
        message = (
            f"has {given}; give one pair of columns, lon and lat or easting_m and "
            "northing_m"
        )
        return Fault(table.file, message, 1)
    for pair, has in zip(_PAIRS, halves, strict=True):
        if any(has) and not all(has):
            missing = pair[has.index(False)]
            message = f"this column is missing beside {pair[has.index(True)]}; add it"
            return Fault(table.file, message, 1, missing)
    return None


def _outside(
    easting_m: FloatArray, northing_m: FloatArray, stated: BoolArray, area: Area
) -> Iterator[tuple[int, float]]:
    """Yield the rows whose stated point lies off the area, and how far off."""
    import shapely

    shapely.prepare(area.shape)
    inside = shapely.intersects_xy(area.shape, easting_m, northing_m)
    for k in np.flatnonzero(stated & ~inside):
        point = shapely.Point(easting_m[k], northing_m[k])
        finite = np.isfinite(easting_m[k])
        yield int(k), float(shapely.distance(area.shape, point)) if finite else np.inf


def _why_outside(
    x: float, y: float, in_degrees: bool, area: Area, distance_m: float
) -> str:
    if distance_m > area.margin_m:
        readings = _DEGREE_READINGS if in_degrees else _METRE_READINGS
        for reading, message in readings.items():
            if _is_near(reading(x, y), area):
                return message
    far = f"{distance_m / 1_000:,.0f} km" if np.isfinite(distance_m) else "far"
    if area.is_exact:
        return f"lies {far} outside {area.name}; correct the point or the outline"
    return (
        f"lies {far} outside {area.name}, in the sea or abroad; correct the point, or "
        "give the outline of the land in boundary.geojson"
    )


def neighbourly(table: TableFile, placed: Placed) -> tuple[list[Fault], list[Fault]]:
    """Judge the practices' points by one another: faults, then warnings.

    A practice far from all others whose swapped point has neighbours is a fault;
    one that is merely far, and practices at exactly one point, are worth a look.
    """
    from scipy.spatial import cKDTree

    points = np.column_stack([placed.easting_m, placed.northing_m])
    if len(points) < 2:
        return [], []
    tree = cKDTree(points)
    nearest_m = np.asarray(tree.query(points, k=2)[0])[:, 1]
    swapped_m = np.asarray(tree.query(points[:, ::-1])[0])
    faults, warnings = _shared_points(table, points, nearest_m)
    for k in np.flatnonzero(nearest_m > _FAR_M):
        message = f"lies {nearest_m[k] / 1_000:,.0f} km from every other practice"
        line, code = table.lines[k], table.columns["code"][k]
        if swapped_m[k] < _NEAR_M:
            message += "; easting and northing look swapped: exchange the two cells"
            faults.append(Fault(table.file, message, line, value=code))
        else:
            warnings.append(Fault(table.file, message, line, value=code))
    return faults, warnings


def _shared_points(
    table: TableFile, points: FloatArray, nearest_m: FloatArray
) -> tuple[list[Fault], list[Fault]]:
    """Sum up the practices that share a point with another in one warning."""
    rows = np.flatnonzero(nearest_m == 0)
    if not len(rows):
        return [], []
    first = rows[0]
    twin = next(k for k in rows[1:] if (points[k] == points[first]).all())
    codes = table.columns["code"]
    message = (
        f"{len(rows):,} practices share their exact point with another, e.g. "
        f"{codes[first]} and {codes[twin]}; fine if they share premises"
    )
    return [], [Fault(table.file, message, table.lines[first])]


def _is_near(point: tuple[float, float], area: Area) -> bool:
    import shapely

    if not np.isfinite(point).all():
        return False
    return bool(shapely.dwithin(area.shape, shapely.Point(point), area.margin_m))


def _lonlat(lon: float, lat: float) -> tuple[float, float]:
    """Point of a longitude and latitude that could be British, else nowhere."""
    if not (_LON_RANGE[0] <= lon <= _LON_RANGE[1]):
        return np.nan, np.nan
    if not (_LAT_RANGE[0] <= lat <= _LAT_RANGE[1]):
        return np.nan, np.nan
    easting_m, northing_m = to_bng(lon, lat)
    return float(easting_m), float(northing_m)


Reading = Callable[[float, float], tuple[float, float]]
_METRE_READINGS: Mapping[Reading, str] = {
    lambda x, y: (y, x): (
        "easting and northing look swapped; exchange the two cells or headings"
    ),
    lambda x, y: _lonlat(y, x): (
        "looks like a latitude; name the columns lat and lon, or give metres"
    ),
    lambda x, y: _lonlat(x, y): (
        "looks like a longitude; name the columns lon and lat, or give metres"
    ),
    lambda x, y: (1_000 * x, 1_000 * y): "looks like kilometres; give metres",
}
_DEGREE_READINGS: Mapping[Reading, str] = {
    lambda x, y: _lonlat(y, x): (
        "longitude and latitude look swapped; exchange the two cells or headings"
    ),
    lambda x, y: _lonlat(-x, y): (
        "has lost the sign of its longitude; places west of Greenwich are negative"
    ),
    lambda x, y: (x, y) if abs(y) > 90 else (np.nan, np.nan): (
        "looks like metres of the National Grid; name the columns easting_m and "
        "northing_m"
    ),
}
