"""What a run was made with: versions, platform, accuracy of coordinates."""

import platform
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

__all__ = ["code_version", "environment"]

_CHECKOUT = Path(__file__).resolve().parents[2]
# What asks and tells, but finds no plan.
_NO_MATTER = ("federate/cli", "federate/show", "federate/whatif", "federate/api.py")

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
        "code": code_version(),
        "packages": {name: _version(name) for name in PACKAGES},
        "coordinates_accuracy_m": accuracy_m(),
    }


@cache
def code_version() -> str:
    """Return the version, and a digest of the modules on which an answer hangs.

    Two copies of the software with the same digest give the same answer; what
    only draws, prints or keeps runs does not count.
    """
    digest = sha256()
    for package in ("federate", "solvers"):
        for path in sorted((_CHECKOUT / package).rglob("*.py")):
            name = path.relative_to(_CHECKOUT).as_posix()
            if not name.startswith(_NO_MATTER):
                digest.update(f"{name}\0".encode())
                digest.update(path.read_bytes())
    return f"{_version('gp-federate') or 'checkout'}+{digest.hexdigest()[:12]}"


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
