"""A table on disk that holds each row as soon as it is known."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["table_at"]


@contextmanager
def table_at(
    path: Path, columns: Sequence[str]
) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """Open a table with these columns, and yield what writes one row and flushes it.

    A column that a row lacks is left blank; one that the table lacks is a
    ``ValueError``.
    """
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        table.writeheader()

        def write(row: Mapping[str, Any]) -> None:
            table.writerow(row)
            file.flush()

        yield write
