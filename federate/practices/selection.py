"""Keep some rows of a table before anything else is asked of it."""

from collections.abc import Collection, Mapping

from federate.errors import Fault, did_you_mean
from federate.practices.tablefile import TableFile

__all__ = ["only_rows"]


def only_rows(
    table: TableFile, where: Mapping[str, Collection[str]]
) -> tuple[TableFile, list[Fault]]:
    """Keep the rows that hold one of the labels of every column named.

    Parameters
    ----------
    table
        Any table.
    where
        Heading → labels; capitals count, as in codes they must.

    Returns
    -------
    TableFile
        The rows kept, their lines as they were.
    list of Fault
        Headings that the table lacks, and labels that no row has.

    Examples
    --------
    >>> table = TableFile("p.csv", {"code": ["A", "B"], "area": ["N", "S"]}, [2, 3])
    >>> only_rows(table, {"area": ["S"]})[0].columns
    {'code': ['B'], 'area': ['S']}
    """
    faults = []
    for heading, labels in where.items():
        if heading not in table.columns:
            message = f"no such column{did_you_mean(heading, table.columns)}"
            faults.append(Fault(table.file, message, 1, heading))
            continue
        present = set(table.columns[heading])
        for label in labels:
            if label not in present:
                message = f"no row has this label{did_you_mean(label, present)}"
                faults.append(Fault(table.file, message, None, heading, label))
    if faults:
        return table, faults
    keep = list(range(len(table)))
    for heading, labels in where.items():
        cells = table.columns[heading]
        keep = [k for k in keep if cells[k] in labels]
    if not keep and where:
        said = " and ".join(f"{h} = {' or '.join(w)}" for h, w in where.items())
        faults.append(Fault(table.file, f"no row has {said}; ask for less"))
    return table.rows(keep), faults
