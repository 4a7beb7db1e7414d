"""Models as MPS files, for the backends that are executables.

Free format, with the figures' shortest exact digits. Rows are named r0, r1, …, and
columns c0, c1, …. Readers disagree on the sign of an objective's constant, so it is
the cost of a column fixed at 1, and every bound is written out, for they disagree
on defaults too. Free rows are left out.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from solvers.model import MixedIntegerModel
from solvers.sides import sides_of

__all__ = ["write_mps"]

FloatArray = npt.NDArray[np.float64]
# Python strings, so that + joins them entry by entry.
Texts = npt.NDArray[np.object_]


def write_mps(model: MixedIntegerModel, path: Path) -> None:
    """Write a model as an MPS file."""
    with path.open("w", encoding="ascii") as file:
        file.writelines(_parts(model))


def _parts(model: MixedIntegerModel) -> Iterator[str]:
    """Yield the file in a few large pieces."""
    sides = sides_of(model.row_lower, model.row_upper)
    kept = np.flatnonzero(sides.kind != "N")
    kind = np.where(sides.kind == "R", "L", sides.kind).astype(object)
    rows, columns = _names("r", model.num_rows), _names("c", model.num_columns)
    yield "NAME model\nROWS\n N cost\n"
    yield _joined(" " + kind[kept] + rows[kept] + "\n")
    yield "COLUMNS\n"
    yield _joined(_entries(model, kept, rows, columns))
    if model.offset:
        yield f" constant cost {float(model.offset)!r}\n"
    yield "RHS\n"
    yield _sparse(" RHS", sides.side, kept, rows)
    yield "RANGES\n"
    yield _sparse(" RNG", sides.width, kept, rows)
    yield "BOUNDS\n"
    yield _joined(_bounds(model, columns))
    yield " FX BND constant 1\nENDATA\n" if model.offset else "ENDATA\n"


def _entries(
    model: MixedIntegerModel, kept: npt.NDArray[np.int64], rows: Texts, columns: Texts
) -> Texts:
    """Return entries column by column; integer columns stand between markers."""
    from scipy import sparse

    # Every column has its cost as its first entry, be it 0: so each is named.
    everyone = np.arange(model.num_columns)
    shape = (1, model.num_columns)
    cost = sparse.coo_matrix((model.cost, (np.zeros_like(everyone), everyone)), shape)
    table: Any = sparse.vstack([cost, model.matrix[kept]], format="csc")
    names = np.concatenate([np.array([" cost"], dtype=object), rows[kept]])
    owner = np.repeat(everyone, np.diff(table.indptr))
    lines = columns[owner] + names[table.indices] + _figures(table.data)
    whole = np.concatenate([[False], model.integral, [False]])
    lines = np.append(lines, "")
    for j in np.flatnonzero(whole[1:] != whole[:-1]).tolist():
        word = "INTORG" if whole[j + 1] else "INTEND"
        first = table.indptr[j]
        lines[first] = f" M{j} 'MARKER' '{word}'\n{lines[first]}"
    return lines


def _bounds(model: MixedIntegerModel, columns: Texts) -> Texts:
    """Return both bounds of each column."""
    at_least = np.where(
        model.lower == -np.inf,
        " MI BND" + columns + "\n",
        " LO BND" + columns + _figures(model.lower),
    )
    at_most = np.where(
        model.upper == np.inf,
        " PL BND" + columns + "\n",
        " UP BND" + columns + _figures(model.upper),
    )
    lines: Texts = at_least + at_most
    return lines


def _sparse(
    name: str, figures: FloatArray, kept: npt.NDArray[np.int64], rows: Texts
) -> str:
    """Return the figures of the rows that are kept, but for those that are 0."""
    at = kept[figures[kept] != 0]
    return _joined(name + rows[at] + _figures(figures[at]))


def _names(kind: str, count: int) -> Texts:
    """Return `` r0``, `` r1``, …, each behind a space."""
    return np.array([f" {kind}{i}" for i in range(count)], dtype=object)


def _figures(figures: FloatArray) -> Texts:
    """Return each figure behind a space and before a line's end."""
    distinct, which = np.unique(figures, return_inverse=True)
    written = [f" {figure!r}\n" for figure in distinct.tolist()]
    return np.array(written, dtype=object)[which]


def _joined(lines: Texts) -> str:
    return "".join(lines.tolist())
