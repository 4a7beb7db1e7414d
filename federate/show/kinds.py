"""Kinds of file, told by their ending."""

from collections.abc import Iterable
from pathlib import Path

from federate.errors import Fault, InputError

__all__ = ["refuse_unknown"]


def refuse_unknown(path: Path, known: Iterable[str]) -> None:
    """Refuse a file whose ending is none of those known.

    Raises
    ------
    InputError
        Naming the endings that are.
    """
    endings = sorted(known)
    if path.suffix.lower() not in endings:
        message = f"no known file type; end its name in one of {', '.join(endings)}"
        raise InputError("the file to write", [Fault(str(path), message)])
