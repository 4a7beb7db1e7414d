"""Longitude and latitude at the edge, metres of the National Grid inside.

Both conversions use PROJ with its network off, so the answer is the same on
every computer. Without the OSTN15 grid file PROJ falls back to a Helmert
transformation that is good to about 2 m (`accuracy_m`), 5 m in the corners of
the country: far inside the 100 m or so by which a postcode centroid misses the door.

References
----------
Ordnance Survey (2020), A guide to coordinate systems in Great Britain, v3.6.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from pyproj import Transformer

__all__ = [
    "NATIONAL_GRID",
    "WGS84",
    "accuracy_m",
    "from_crs",
    "to_bng",
    "to_lonlat",
]

WGS84 = "EPSG:4326"
NATIONAL_GRID = "EPSG:27700"

FloatArray = npt.NDArray[np.float64]


@cache
def _transformer(source: str, target: str) -> "Transformer":
    import pyproj
    from pyproj.network import set_network_enabled  # type: ignore[attr-defined]

    set_network_enabled(active=False)
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def _transform(x: Any, y: Any, source: str, target: str) -> tuple[FloatArray, ...]:
    xs, ys = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
    moved = _transformer(source, target).transform(xs.ravel(), ys.ravel())
    shaped = (np.asarray(a, float).reshape(xs.shape) for a in moved)
    return tuple(np.where(np.isfinite(a), a, np.nan) for a in shaped)


def to_bng(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Turn longitude and latitude into easting and northing.

    Parameters
    ----------
    lon, lat
        Degrees, WGS84, of one shape. NaN stays NaN.

    Returns
    -------
    easting_m, northing_m
        Metres, EPSG:27700; NaN where PROJ has no answer.

    Examples
    --------
    The Ordnance Survey's worked example, Caister water tower, within 5 m:

    >>> easting_m, northing_m = to_bng(1.716073973, 52.658007833)
    >>> bool(abs(easting_m - 651409.804) < 5 and abs(northing_m - 313177.450) < 5)
    True
    """
    easting_m, northing_m = _transform(lon, lat, WGS84, NATIONAL_GRID)
    return easting_m, northing_m


def from_crs(
    x: npt.ArrayLike, y: npt.ArrayLike, crs: str
) -> tuple[FloatArray, FloatArray]:
    """Turn coordinates of any stated system into easting and northing.

    Parameters
    ----------
    x, y
        Coordinates of one shape, x eastwards, in the units of `crs`.
    crs
        Name or text of the system, e.g. ``EPSG:3857`` or WKT.

    Examples
    --------
    >>> from_crs(-1.5, 52.5, "EPSG:4326") == to_bng(-1.5, 52.5)
    True
    """
    easting_m, northing_m = _transform(x, y, crs, NATIONAL_GRID)
    return easting_m, northing_m


def to_lonlat(
    easting_m: npt.ArrayLike, northing_m: npt.ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Turn easting and northing into longitude and latitude.

    Parameters
    ----------
    easting_m, northing_m
        Metres, EPSG:27700, of one shape. NaN stays NaN.

    Returns
    -------
    lon, lat
        Degrees, WGS84; NaN where PROJ has no answer.

    Examples
    --------
    The false origin of the grid lies west of Cornwall:

    >>> lon, lat = to_lonlat(0, 0)
    >>> round(float(lon), 2), round(float(lat), 2)
    (-7.56, 49.77)
    """
    lon, lat = _transform(easting_m, northing_m, NATIONAL_GRID, WGS84)
    return lon, lat


def accuracy_m() -> float | None:
    """State the accuracy of both conversions in England, metres, if PROJ knows it.

    About 2 m without the OSTN15 grid, 1 m or better with it.
    """
    transformer = _transformer(WGS84, NATIONAL_GRID)
    transformer.transform(-1.5, 52.5)  # PROJ chooses its operation by place
    accuracy = float(transformer.get_last_used_operation().accuracy)
    return accuracy if accuracy >= 0 else None
