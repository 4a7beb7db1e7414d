"""A comparison as files, each chosen by its ending."""

from collections.abc import Sequence
from pathlib import Path

from federate.errors import Fault, InputError
from federate.whatif.comparison import Comparison
from federate.whatif.tables import write_criteria

__all__ = ["SUFFIXES", "criteria_path", "refuse_unknown", "write"]

SUFFIXES = (".csv", ".html", ".xlsx")


def refuse_unknown(path: Path) -> None:
    """Refuse a file whose ending says nothing.

    Raises
    ------
    InputError
        If the ending is none of `SUFFIXES`.
    """
    if path.suffix.lower() not in SUFFIXES:
        message = f"no known file type; end its name in one of {', '.join(SUFFIXES)}"
        raise InputError("the file to write", [Fault(str(path), message)])


def criteria_path(moves: Path) -> Path:
    """Return where the criteria lie beside a CSV of moves.

    Examples
    --------
    >>> criteria_path(Path("compare.csv")).name
    'compare-criteria.csv'
    """
    return moves.with_name(f"{moves.stem}-criteria{moves.suffix}")


def write(comparison: Comparison, path: Path) -> Sequence[Path]:
    """Write a comparison as the file's ending says; return what was written.

    Raises
    ------
    InputError
        If the ending is none of `SUFFIXES`.
    """
    refuse_unknown(path)
    kind = path.suffix.lower()
    if kind == ".html":
        comparison.to_html(path)
    elif kind == ".xlsx":
        comparison.to_excel(path)
    else:
        comparison.to_csv(path)
        write_criteria(comparison, criteria_path(path))
        return path, criteria_path(path)
    return (path,)
