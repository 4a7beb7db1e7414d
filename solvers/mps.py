"""Models as MPS files, for the backends that are executables.

Free format, with the figures' shortest exact digits. Rows are named r0, r1, …, and
columns c0, c1, …. Readers disagree on the sign of an objective's constant, so it is
the cost of a column fixed at 1, and every bound is written out, for they disagree
on defaults too. Free rows are left out.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from solvers.model import MixedIntegerModel
from solvers.sides import sides_of

__all__ = ["write_mps"]


def write_mps(model: MixedIntegerModel, path: Path) -> None:
    """Write a model as an MPS file."""
    with path.open("w", encoding="ascii") as file:
        file.writelines(f"{line}\n" for line in _lines(model))


def _lines(model: MixedIntegerModel) -> Iterator[str]:
    sides = sides_of(model.row_lower, model.row_upper)
    kind = np.where(sides.kind == "R", "L", sides.kind).tolist()
    kept = sides.kind != "N"
    yield "NAME model"
    yield "ROWS"
    yield " N cost"
    yield from (f" {kind[i]} r{i}" for i in np.flatnonzero(kept))
    yield "COLUMNS"
    yield from _columns(model, kept.tolist())
    yield "RHS"
    yield from _sparse("RHS", sides.side, kept)
    yield "RANGES"
    yield from _sparse("RNG", sides.width, kept)
    yield "BOUNDS"
    yield from _bounds(model)
    yield "ENDATA"


def _columns(model: MixedIntegerModel, kept: list[bool]) -> Iterator[str]:
    """Yield entries column by column; integer columns stand between markers."""
    ends, rows = model.matrix.indptr.tolist(), model.matrix.indices.tolist()
    entries, cost = model.matrix.data.tolist(), model.cost.tolist()
    inside = False
    for j, whole in enumerate(model.integral.tolist()):
        if whole is not inside:
            yield f" M{j} 'MARKER' '{'INTORG' if whole else 'INTEND'}'"
            inside = whole
        yield f" c{j} cost {cost[j]!r}"
        for k in range(ends[j], ends[j + 1]):
            if kept[rows[k]]:
                yield f" c{j} r{rows[k]} {entries[k]!r}"
    if inside:
        yield " MEND 'MARKER' 'INTEND'"
    if model.offset:
        yield f" constant cost {float(model.offset)!r}"


def _sparse(name: str, figures: np.ndarray, kept: np.ndarray) -> Iterator[str]:
    for i in np.flatnonzero(kept & (figures != 0)):
        yield f" {name} r{i} {float(figures[i])!r}"


def _bounds(model: MixedIntegerModel) -> Iterator[str]:
    bounds = zip(model.lower.tolist(), model.upper.tolist(), strict=True)
    for j, (low, high) in enumerate(bounds):
        if low == high:
            yield f" FX BND c{j} {low!r}"
        else:
            yield f" MI BND c{j}" if low == -np.inf else f" LO BND c{j} {low!r}"
            yield f" PL BND c{j}" if high == np.inf else f" UP BND c{j} {high!r}"
    if model.offset:
        yield " FX BND constant 1"
