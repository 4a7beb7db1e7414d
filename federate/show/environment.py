"""What a run was made with: versions, platform, accuracy of coordinates."""

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

__all__ = ["environment"]

PACKAGES = (
    "geopandas",
    "gp-federate",
    "highspy",
    "libpysal",
    "networkx",
    "numba",
    "numpy",
    "pandas",
    "pydantic",
    "pyomo",
    "pyproj",
    "scipy",
    "shapely",
)


def environment() -> dict[str, Any]:
    """Return versions and platform, JSON-able; an absent package is ``None``."""
    from federate.practices.coordinates import accuracy_m

    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "platform": platform.platform(),
        "machine": platform.machine(),
        "packages": {name: _version(name) for name in PACKAGES},
        "coordinates_accuracy_m": accuracy_m(),
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
