"""The log of a plan's edits, kept beside its table: ``plan.csv``, ``plan.edits.json``.

The log holds the plan that the edits began from, so that each edit can be
replayed and taken back years later.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from federate.draft import KINDS, Draft, Edit, Grouped
from federate.errors import Fault, PlanError

__all__ = ["log_path", "read_draft", "read_log", "write_log"]

SCHEMA = 1


def log_path(plan: str | Path) -> Path:
    """Return where the log of a plan table lies.

    Examples
    --------
    >>> str(log_path("ours.csv"))
    'ours.edits.json'
    """
    return Path(plan).with_suffix(".edits.json")


def write_log(draft: Draft, path: str | Path) -> None:
    """Write the log of a draft as JSON."""
    data = {
        "schema": SCHEMA,
        "start": {
            "federation": dict(sorted(draft.start.federation.items())),
            "centre": dict(sorted(draft.start.centre.items())),
            "frozen": draft.start.frozen,
            "grown": draft.start.grown,
        },
        "edits": [vars(edit) for edit in draft.edits],
        "undone": [vars(edit) for edit in draft.undone],
    }
    text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    Path(path).write_text(text, encoding="utf-8", newline="")


def read_log(path: str | Path) -> Draft:
    """Read the log of a draft.

    Raises
    ------
    PlanError
        If it is not such a log.
    """
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
        if data["schema"] != SCHEMA:
            message = f"this version reads schema {SCHEMA}; update federate"
            raise PlanError(str(path), [Fault(str(path), message)])
        start = data["start"]
        return Draft(
            Grouped(
                _texts(start["federation"]),
                _texts(start["centre"]),
                tuple(start["frozen"]),
                tuple(start["grown"]),
            ),
            tuple(_edit(item) for item in data["edits"]),
            tuple(_edit(item) for item in data["undone"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = f"is no log of edits ({error}); remove it, or restore it"
        raise PlanError(str(path), [Fault(str(path), message)]) from None


def read_draft(plan: str | Path, federation: Mapping[str, str]) -> Draft | None:
    """Read the log beside a plan table; ``None`` where there is none.

    Parameters
    ----------
    plan
        The table.
    federation
        What the table says, practice → federation; the log must lead there.

    Raises
    ------
    PlanError
        If the table was changed by other means since.
    """
    path = log_path(plan)
    if not path.is_file():
        return None
    draft = read_log(path)
    now = draft.now.federation
    if any(now.get(code) != label for code, label in federation.items()):
        message = (
            f"does not lead to {Path(plan).name}, which was changed by other means; "
            f"remove the log to start a new one, or restore the table"
        )
        raise PlanError(str(plan), [Fault(str(path), message)])
    return draft


def _texts(table: Mapping[str, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in table.items()}


def _edit(item: Mapping[str, Any]) -> Edit:
    if item["kind"] not in KINDS:
        raise ValueError(f"no edit is called {item['kind']!r}")
    return Edit(item["kind"], str(item["what"]), str(item["to"]))
