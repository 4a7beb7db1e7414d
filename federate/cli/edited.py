"""What edits or a repair changed, told and written."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from federate.whatif.edit import Edited

__all__ = ["PLAN_TABLES", "edited_data", "tell_edited"]

PLAN_TABLES = (".csv",)
"""Endings of the plan tables that are written."""


def tell_edited(
    done: "Edited", out: Path | None, *, as_json: bool, quiet: bool, first: str = ""
) -> None:
    """Print what changed; write the plan and its log where that is asked.

    Parameters
    ----------
    done
        What the edits left.
    out
        Plan table to write.
    as_json, quiet
        As the command's options.
    first
        A sentence to put on top.
    """
    from federate.cli.compared import compared
    from federate.cli.screen import print_json, result_console

    log = None if out is None else done.save(out)
    if as_json:
        print_json(edited_data(done) | {"plan": out and str(out)})
        return
    console = result_console(quiet=quiet)
    if first:
        console.print(first, markup=False)
    console.print(compared(done.comparison, width=console.width))
    _tell_rules(done, console)
    if out is not None:
        console.print(f"\nplan  {out}\nlog   {log}", markup=False, soft_wrap=True)


def edited_data(done: "Edited") -> dict[str, Any]:
    """Return what changed in JSON-able figures, and the log."""
    return {
        **done.comparison.summary_data(),
        "edits": [str(edit) for edit in done.draft.edits],
        "frozen": list(done.draft.now.frozen),
        "grown": list(done.draft.now.grown),
        "fixed": list(done.fixed),
        "newly_broken": list(done.newly_broken),
    }


def _tell_rules(done: "Edited", console: "Console") -> None:
    """Print the rules that are kept now, those broken now, and what is locked.

    Where only the plan before, or only the one after, breaks any, these are told
    already.
    """
    both = done.before.violations and done.after.violations
    for title, messages, style in (
        ("Now kept", done.fixed if both else (), "green bold"),
        ("Now broken", done.newly_broken if both else (), "red bold"),
    ):
        if messages:
            console.print(Text(f"\n{title}", style=style))
            for message in messages:
                console.print(Padding(Text(message), (0, 0, 0, 2), expand=False))
    now = done.draft.now
    if now.frozen or now.grown:
        locked = [*now.frozen, *(f"{label} (may grow)" for label in now.grown)]
        console.print(Text(f"\nlocked  {', '.join(locked)}", style="dim"))
