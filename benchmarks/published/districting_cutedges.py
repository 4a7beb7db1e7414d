"""Validi & Buchanan 2022: districting that cuts the fewest neighbour pairs.

It cannot be stated yet: the cost of a cut pair hangs on two members of a
federation, and every term of ours on one member and the centre, or on the size.
"""

from pathlib import Path

from benchmarks.published.statement import NotStatedError, Row, Statement

__all__ = ["state"]


def state(folder: Path, row: Row) -> Statement:
    """Say what is missing."""
    raise NotStatedError(
        f"{row.instance}: needs a price for each pair of neighbours that a plan parts"
    )
