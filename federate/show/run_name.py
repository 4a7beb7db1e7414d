"""What a run folder is called: when it was made, what of, and a digest of that."""

import re
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from federate.result import Result

__all__ = ["made_at", "new_name"]

STAMP = "%Y%m%dT%H%M%SZ"


def new_name(result: Result, runs: Path) -> Path:
    """Return ``<utc>-<slug>-<hash8>`` in the folder `runs`, not taken so far."""
    asked, instance = result.problem.scenario, result.problem.instance
    words = (asked.title or instance.name).lower()
    slug = re.sub(r"[^a-z0-9]+", "-", words)[:40].strip("-") or "run"
    digest = sha256((asked.to_toml() + instance.digest).encode()).hexdigest()[:8]
    stem = f"{datetime.now(UTC).strftime(STAMP)}-{slug}-{digest}"
    path = runs / stem
    again = 1
    while path.exists():  # made within the same second
        again += 1
        path = runs / f"{stem}-{again}"
    return path


def made_at(folder: Path) -> datetime:
    """Return when a run was made: as its name says, else as its files do."""
    try:
        stamp = datetime.strptime(folder.name.partition("-")[0], STAMP)
    except ValueError:
        seconds = (folder / "metrics.json").stat().st_mtime
        return datetime.fromtimestamp(seconds, UTC)
    return stamp.replace(tzinfo=UTC)
