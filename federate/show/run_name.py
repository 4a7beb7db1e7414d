"""What a run folder is called: when it was made, what of, and a digest of that."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from federate.result import Result

__all__ = ["made_at", "new_name", "said_name", "short_name"]

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
    stamp = _stamp(folder.name)
    if stamp is not None:
        return stamp
    seconds = (folder / "metrics.json").stat().st_mtime
    return datetime.fromtimestamp(seconds, UTC)


def said_name(name: str, names: Sequence[str]) -> str:
    """Return what people call a run among others: its stamp where that will do.

    A folder that somebody named keeps its name.

    Examples
    --------
    >>> said_name("20261121T170500Z-kent-3f", ["20261121T170500Z-kent-3f"])
    '20261121T170500Z'
    >>> said_name("kent-north", ["kent-north"])
    'kent-north'
    """
    return name if _stamp(name) is None else short_name(name, names)


def _stamp(name: str) -> datetime | None:
    """Return the time with which a run's name begins, if it does."""
    try:
        stamp = datetime.strptime(name.partition("-")[0], STAMP)
    except ValueError:
        return None
    return stamp.replace(tzinfo=UTC)


def short_name(name: str, names: Sequence[str]) -> str:
    """Return a beginning of a name, whole words, or else its end, that means it.

    Examples
    --------
    >>> short_name("1705Z-kent-3f", ["1705Z-kent-3f", "1706Z-kent-3f"])
    '1705Z'
    >>> short_name("1705Z-kent-3f02", ["1705Z-kent-3f02", "1705Z-kent-9a11"])
    '3f02'
    """
    words = name.split("-")
    starts = sum(other.startswith(words[0]) for other in names)
    ends = sum(other.endswith(f"-{words[-1]}") for other in names)
    if starts > 1 and ends == 1 and not words[-1].isdecimal():  # nor a mere number
        return words[-1]
    for count in range(1, len(words)):
        start = "-".join(words[:count])
        if sum(other.startswith(start) for other in names) == 1:
            return start
    return name
