"""A comparison as files, each chosen by its ending."""

from collections.abc import Sequence
from pathlib import Path

from federate.show.kinds import refuse_unknown
from federate.whatif.comparison import Comparison
from federate.whatif.tables import write_criteria

__all__ = ["SUFFIXES", "criteria_path", "write"]

SUFFIXES = (".csv", ".html", ".xlsx")


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
    refuse_unknown(path, SUFFIXES)
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
