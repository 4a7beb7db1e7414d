"""Find a publication's columns though its headings change from year to year.

Headings are compared by their letters and figures alone, so that line breaks,
case, brackets and a trailing ``_£`` make no difference.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from federate.errors import Fault, InstanceError, did_you_mean
from federate.practices.rows import Row, read_rows

__all__ = ["ENCODINGS", "Headings", "plain", "read_columns"]

# Older publications were saved by spreadsheets in the Windows code page.
ENCODINGS = ("utf-8-sig", "cp1252")

# Ours → the headings that have meant it, newest first.
Headings = Mapping[str, Sequence[str]]


def plain(heading: str) -> str:
    """Reduce a heading to what is compared.

    Examples
    --------
    >>> plain("Number of Registered Patients (Last Known Figure)")
    'numberofregisteredpatientslastknownfigure'
    >>> plain("TotalNHSPaymentsToGeneralPractice_£") == plain(
    ...     "Total NHS Payments to General Practice"
    ... )
    True
    """
    return "".join(c for c in heading.casefold() if c.isascii() and c.isalnum())


def read_columns(
    path: Path, wanted: Headings, optional: Headings, *, layer: str | None = None
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line and cells by our names for every row of a published table.

    Parameters
    ----------
    path
        The published file.
    wanted, optional
        Columns that must be there, and columns that are ``""`` where they are not.
    layer
        Sheet of a workbook.

    Raises
    ------
    InstanceError
        If a wanted column is missing: names the headings known and those found.
    """
    rows = read_rows(path, layer=layer, encodings=ENCODINGS)
    first = next(((line, cells) for line, cells in rows if any(cells)), None)
    if first is None:
        raise InstanceError(
            str(path), [Fault(path.name, "is empty; download it again")]
        )
    at = _positions(path, first, wanted, optional)
    for line, cells in rows:
        if any(cells):
            yield (
                line,
                {
                    name: cells[k] if k is not None and k < len(cells) else ""
                    for name, k in at.items()
                },
            )


def _positions(
    path: Path, first: Row, wanted: Headings, optional: Headings
) -> dict[str, int | None]:
    line, cells = first
    found = {plain(heading): k for k, heading in reversed(list(enumerate(cells)))}
    at: dict[str, int | None] = {}
    faults = []
    for name, headings in {**wanted, **optional}.items():
        at[name] = next((found[h] for h in map(plain, headings) if h in found), None)
        if at[name] is None and name in wanted:
            words = [" ".join(cell.split()) for cell in cells]
            message = (
                f"no column {' or '.join(headings)}; is this the published file? Its "
                f"headings are {', '.join(words)}{did_you_mean(headings[0], words)}"
            )
            faults.append(Fault(path.name, message, line, headings[0]))
    if faults:
        raise InstanceError(str(path), faults)
    return at
