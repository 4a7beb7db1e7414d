"""Minutes between places; every minute knows its source."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from federate.errors import Fault, InstanceError, did_you_mean
from federate.geography.rurality import is_rural
from federate.practices.instance import Instance

__all__ = [
    "KM_PER_MILE",
    "SOURCES",
    "Travel",
    "estimate_travel",
    "is_rural",
    "km_between",
    "places_of",
    "stated_minutes",
]

FloatArray = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

SOURCES = ("crow", "od")
OD = SOURCES.index("od")
KM_PER_MILE = 1.609344


@dataclass(frozen=True, eq=False)
class Travel:
    """Minutes between practices and to bases, with their sources.

    Parameters
    ----------
    minutes
        Shape ``(n, n)``, row = from, diagonal 0.
    source
        Shape ``(n, n)`` uint8, index into `SOURCES`.
    base_minutes, base_source
        Shape ``(n, b)``, from practice to out-of-hours base.
    """

    minutes: npt.NDArray[np.float64]
    source: npt.NDArray[np.uint8]
    base_minutes: npt.NDArray[np.float64]
    base_source: npt.NDArray[np.uint8]


def estimate_travel(
    instance: Instance,
    *,
    detour_urban: float,
    detour_rural: float,
    speed_urban_mph: float,
    speed_mixed_mph: float,
    speed_rural_mph: float,
    rurality: str,
) -> Travel:
    """Return minutes by stated travel times, else by straight line.

    minutes = km × detour / speed

    Detour and speed depend on whether both ends are urban, both are rural, or
    one of each (mixed: the mean of both detours). A base is as rural as the
    practice nearest to it. Minutes stated in the instance replace estimates;
    a pair stated one way only is taken to last as long the other way. Places
    with the same coordinates are 0 minutes apart unless stated otherwise.

    Parameters
    ----------
    instance
        Practices, bases and stated minutes.
    detour_urban, detour_rural
        Road distance over straight-line distance.
    speed_urban_mph, speed_mixed_mph, speed_rural_mph
        Miles an hour.
    rurality
        Attribute that says Urban or Rural, see `is_rural`.

    Raises
    ------
    InstanceError
        If stated minutes name an unknown practice or base.
    """
    detour = np.array([detour_urban, (detour_urban + detour_rural) / 2, detour_rural])
    mph = np.array([speed_urban_mph, speed_mixed_mph, speed_rural_mph])
    min_per_km = detour / (mph * KM_PER_MILE / 60.0)
    rural = is_rural(instance, rurality)
    practices, bases = places_of(instance)
    minutes = _minutes(practices, practices, rural, rural, min_per_km)
    base_rural = rural[_nearest(practices, bases)]
    base_minutes = _minutes(practices, bases, rural, base_rural, min_per_km)
    source = np.zeros(minutes.shape, dtype=np.uint8)
    base_source = np.zeros(base_minutes.shape, dtype=np.uint8)
    origin, destination, stated = stated_minutes(instance)
    away = destination >= len(practices)
    a, b = origin[away], destination[away] - len(practices)
    base_minutes[a, b], base_source[a, b] = stated[away], OD
    a, b = origin[~away], destination[~away]
    minutes[b, a], source[b, a] = stated[~away], OD
    minutes[a, b] = stated[~away]  # a pair's own direction has the last word
    source[a, b] = OD
    return Travel(minutes, source, base_minutes, base_source)


def km_between(instance: Instance) -> FloatArray:
    """Return the straight-line distance between practices.

    Returns
    -------
    numpy.ndarray
        Shape ``(n, n)``, km, in the plane of EPSG:27700 (within 0.04 % of the
        distance on the ellipsoid).
    """
    practices, _ = places_of(instance)
    return _km(practices, practices)


def places_of(instance: Instance) -> tuple[FloatArray, FloatArray]:
    """Return the places of practices and of bases, ``(n, 2)`` and ``(b, 2)`` metres."""
    bases = instance.bases
    practices = instance.practices
    xy = np.column_stack([practices.easting_m, practices.northing_m])
    if bases is None:
        return xy, np.zeros((0, 2))
    return xy, np.column_stack([bases.easting_m, bases.northing_m])


def stated_minutes(
    instance: Instance,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], FloatArray]:
    """Return the stated minutes by position, without those from a place to itself.

    Returns
    -------
    tuple
        Origin (practice), destination (practice, or ``n`` + base) and minutes.

    Raises
    ------
    InstanceError
        If a code is neither a practice nor, as a destination, a base.
    """
    if instance.travel is None:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    origins = instance.index
    bases = () if instance.bases is None else instance.bases.code
    places = {code: len(origins) + k for k, code in enumerate(bases)} | dict(origins)
    ends = (
        ("origin", "practice", instance.travel.origin, origins),
        ("destination", "practice or base", instance.travel.destination, places),
    )
    faults = [
        Fault(
            "travel.csv", f"no {what} {code}{did_you_mean(code, known)}", None, column
        )
        for column, what, codes, known in ends
        for code in dict.fromkeys(codes)
        if code not in known
    ]
    if faults:
        raise InstanceError(instance.name, faults)
    origin = np.array([origins[c] for c in instance.travel.origin], dtype=np.int64)
    destination = np.array(
        [places[c] for c in instance.travel.destination], dtype=np.int64
    )
    real = origin != destination
    return origin[real], destination[real], instance.travel.minutes[real]


def _nearest(places: FloatArray, to: FloatArray) -> npt.NDArray[np.int64]:
    """Return which place is nearest to each of others; the first of equals."""
    from scipy.spatial import cKDTree

    _, nearest = cKDTree(places).query(to.reshape(-1, 2))
    return np.asarray(nearest, dtype=np.int64)


def _km(start: FloatArray, end: FloatArray) -> FloatArray:
    """Return the straight-line distance of every start to every end, km."""
    from scipy.spatial.distance import cdist

    km = np.zeros((len(start), len(end)))
    cdist(start / 1000.0, end / 1000.0, out=km)
    return km


def _minutes(
    start: FloatArray,
    end: FloatArray,
    start_rural: Mask,
    end_rural: Mask,
    min_per_km: FloatArray,
) -> FloatArray:
    """Return estimated minutes; `min_per_km` for 0, 1 and 2 rural ends."""
    minutes = _km(start, end)
    for num_rural in (0, 1):
        rows = np.flatnonzero(start_rural == bool(num_rural))
        factor = min_per_km[num_rural + end_rural.astype(int)]
        for row in rows:
            minutes[row] *= factor
    return minutes
