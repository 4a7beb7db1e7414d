"""Fixtures for every room: where the real data lie, if they are here.

The published files are large and are not part of the project. Tests that read
them look beside the checkout and are skipped, with the reason, elsewhere.
"""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def _present(name: str) -> Path:
    folder = SHARED / name
    if not folder.is_dir():
        pytest.skip(
            f"real files absent: no folder ../shared/{name} beside the checkout"
        )
    return folder


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of published practice data (`../shared/data`), or skip."""
    return _present("data")


@pytest.fixture(scope="session")
def shared_bench() -> Path:
    """Folder of published benchmark instances (`../shared/bench`), or skip."""
    return _present("bench")
