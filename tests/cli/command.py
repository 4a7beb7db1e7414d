"""The command as a process of its own, as a shell or a script sees it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

__all__ = ["ROOT", "federate", "said"]

ROOT = Path(__file__).resolve().parents[2]


def federate(
    *arguments: object, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run `federate` with these arguments and wait for it."""
    return subprocess.run(
        [sys.executable, "-m", "federate", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        check=False,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
            "COLUMNS": "100",
            **environment,
        },
    )


def said(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """Return the one JSON object on stdout."""
    lines = done.stdout.splitlines()
    assert len(lines) == 1, done.stdout + done.stderr
    data: dict[str, Any] = json.loads(lines[0])
    return data
