"""A table of text cells with its headings and lines, whatever file it lay in.

One set of checks then serves every kind of file, and a fault names the line
that the reader sees in a text editor or a spreadsheet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from federate.errors import Fault, InstanceError
from federate.practices.rows import Row, read_rows

__all__ = ["TableFile", "read_table"]


@dataclass(frozen=True, eq=False)
class TableFile:
    """The cells of one table as text, outer blanks trimmed.

    Parameters
    ----------
    file
        Name as the user knows it, e.g. ``practices.csv``.
    columns
        Cells by heading, in the order of the file; a blank cell is ``""``.
    lines
        Line of each row in the file; the heading is line 1.
    """

    file: str
    columns: Mapping[str, list[str]]
    lines: list[int]

    def __len__(self) -> int:
        return len(self.lines)

    def rows(self, keep: Sequence[int]) -> "TableFile":
        """Return the table with only these rows, their lines as they were."""
        columns = {n: [cells[k] for k in keep] for n, cells in self.columns.items()}
        return TableFile(self.file, columns, [self.lines[k] for k in keep])


def read_table(
    path: Path, *, layer: str | None = None
) -> tuple[TableFile, list[Fault]]:
    """Read a table with a heading, and tell everything wrong with its shape.

    Parameters
    ----------
    path
        File of one of the kinds in `federate.practices.rows.SUFFIXES`.
    layer
        Sheet or layer to take where the file has several: the table's name.

    Returns
    -------
    TableFile
        Without rows of the wrong length; without columns if it cannot be read.
    list of Fault
        Wrong kind, encoding, quoting, headings or number of cells.
    """
    nothing = TableFile(path.name, {}, [])
    try:
        rows = [row for row in read_rows(path, layer=layer) if any(row[1])]
    except InstanceError as error:
        return nothing, list(error.faults)
    if not rows:
        message = "is empty; its first line must name the columns"
        return nothing, [Fault(path.name, message)]
    return _tabulate(path.name, rows)


def _tabulate(file: str, rows: list[Row]) -> tuple[TableFile, list[Fault]]:
    """Turn rows into columns; tell faulty headings and ragged rows."""
    (first, heading), body = rows[0], rows[1:]
    width = len(heading)
    while not any(any(cells[width - 1 :]) for _, cells in rows):
        width -= 1
    # Blank cells beyond the heading count for nothing: spreadsheets save them.
    body = [(line, c if any(c[width:]) else c[:width]) for line, c in body]
    if width == 1 and any(mark in heading[0] for mark in ";\t|"):
        message = "columns must be parted by commas; save the table as CSV with commas"
        fault = Fault(file, message, first, value=heading[0])
        return TableFile(file, {}, []), [fault]
    faults = _heading_faults(file, first, heading[:width])
    faults += [
        Fault(
            file,
            f"has {len(cells)} cells where the heading has {width}; put double "
            "quotes around a cell that holds a comma",
            line,
        )
        for line, cells in body
        if len(cells) != width
    ]
    good = [row for row in body if len(row[1]) == width]
    columns = {
        name: [cells[k] for _, cells in good] for k, name in enumerate(heading[:width])
    }
    return TableFile(file, columns, [line for line, _ in good]), faults


def _heading_faults(file: str, line: int, heading: list[str]) -> list[Fault]:
    faults = []
    for k, name in enumerate(heading):
        if not name:
            message = f"column {k + 1} has no heading; name it or remove it"
            faults.append(Fault(file, message, line))
        elif name in heading[:k]:
            message = "this heading stands twice; rename or remove one of the columns"
            faults.append(Fault(file, message, line, name))
    return faults
