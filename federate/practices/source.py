"""Find practices by whatever name the user has for them."""

import logging
from pathlib import Path

from federate.errors import Fault, did_you_mean
from federate.practices.check import check_folder, contract_files, digest
from federate.practices.instance import Instance
from federate.practices.manifest import MANIFEST
from federate.practices.report import CheckReport
from federate.practices.wide import check_wide

__all__ = ["check", "digest_of", "read", "shipped_names", "shipped_path"]

_log = logging.getLogger(__name__)
_PACKAGE = Path(__file__).resolve().parents[1]


def read(source: str | Path) -> Instance:
    """Read a shipped instance by name, an instance folder, or one wide table.

    Rows left out of a wide table are logged as a warning; `check` tells more.

    Raises
    ------
    InstanceError
        With every fault, or if there is nothing of this name.
    """
    report = check(source)
    if report.left_out:
        named = ", ".join(report.left_out)
        _log.warning("%s: left out, without coordinates: %s", source, named)
    return report.require()


def check(source: str | Path) -> CheckReport:
    """Check a shipped instance, an instance folder, or one wide table."""
    path = shipped_path(str(source)) or Path(source).expanduser()
    if path.is_dir():
        return check_folder(path)
    if path.is_file():
        return check_wide(path)
    names = shipped_names()
    message = (
        "there is no folder or table file of this name, and no such instance is "
        f"shipped ({', '.join(names)})"
    )
    fault = Fault(str(source), message + did_you_mean(str(source), names))
    return CheckReport(str(source), None, (fault,))


def digest_of(source: str | Path) -> str:
    """Return the digest that `read` would give, without reading the tables.

    Raises
    ------
    OSError
        If there is nothing of this name.

    Examples
    --------
    >>> digest_of("toy") == read("toy").digest
    True
    """
    path = shipped_path(str(source)) or Path(source).expanduser()
    return digest(contract_files(path) if path.is_dir() else [path])


def shipped_names() -> tuple[str, ...]:
    """Return the names of the instances that come with the software, sorted."""
    return tuple(
        sorted(
            {
                folder.parent.name
                for place in _places()
                for folder in place.glob(f"*/{MANIFEST}")
            }
        )
    )


def shipped_path(name: str) -> Path | None:
    """Return the folder of a shipped instance, or ``None``.

    Looks in the checkout first, then in the installed package.
    """
    if name not in shipped_names():
        return None
    found = (place / name for place in _places())
    return next(folder for folder in found if (folder / MANIFEST).is_file())


def _places() -> tuple[Path, ...]:
    """Folders that may hold shipped instances, existing ones only."""
    checkout = _PACKAGE.parent
    # Beside an installed package another program's `instances` may lie.
    in_checkout = (checkout / "pyproject.toml").is_file()
    places = [checkout / "instances"] if in_checkout else []
    return tuple(p for p in (*places, _PACKAGE / "instances") if p.is_dir())
