"""What is written aside and moved into place at once is whole or absent.

A folder that is still being written begins with a dot; whoever lists finished
folders passes it over. Its bytes are on the disk before it gets its name, so that
a power cut, too, leaves a whole folder or none.
"""

import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["clear_leftovers", "move_into_place", "written_aside"]

LEFT_AFTER_S = 3600.0
"""No run takes as long to write: what is older was left by a process that died."""


@contextmanager
def written_aside(parent: Path, name: str) -> Iterator[Path]:
    """Yield a new hidden folder in `parent`; it is gone afterwards, unless moved."""
    parent.mkdir(parents=True, exist_ok=True)
    aside = parent / f".{name}-{uuid.uuid4().hex[:8]}"
    aside.mkdir()
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def move_into_place(aside: Path, target: Path) -> bool:
    """Give a finished folder its name, if nobody else has taken it meanwhile.

    Returns
    -------
    bool
        ``False`` where `target` is there already and holds something.
    """
    for path in sorted(aside.rglob("*")):
        _to_disk(path)
    _to_disk(aside)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        return False
    try:
        if target.is_dir():
            target.rmdir()  # an empty folder gives way
        aside.rename(target)
    except OSError:
        if target.exists():
            return False
        raise
    _to_disk(target.parent)
    return True


def clear_leftovers(parent: Path) -> int:
    """Remove what dead processes left half-written; return how many folders."""
    before = time.time() - LEFT_AFTER_S
    old = [
        path
        for path in parent.glob(".*-*")
        if path.is_dir() and path.stat().st_mtime < before
    ]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    return len(old)


def _to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    if path.is_dir() and os.name == "nt":  # its folders cannot be opened
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
