"""Fixtures of the instance folder Dale, whole or with files replaced."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.practices.dale import FILES

Write = Callable[..., Path]


@pytest.fixture
def write_files(tmp_path: Path) -> Write:
    """Return a writer of the small folder; keywords replace or drop a file."""

    def write(changed: dict[str, str | bytes | None] | None = None) -> Path:
        folder = tmp_path / "dale"
        folder.mkdir()
        for name, text in {**FILES, **(changed or {})}.items():
            if text is not None:
                data = text if isinstance(text, bytes) else text.encode()
                (folder / name).write_bytes(data)
        return folder

    return write


@pytest.fixture
def dale(write_files: Write) -> Path:
    """Return the small folder as it is, without faults."""
    return write_files()
