"""`federate edit`: changes to a plan, scored and checked at once."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from federate.cli.options import (
    HERE,
    Json,
    PlanOut,
    Preset,
    Quiet,
    RunOrPlan,
    ScenarioOption,
    Settings,
    StoreOption,
)

if TYPE_CHECKING:
    from federate.draft import Draft, Edit
    from federate.whatif.edit import Edited

__all__ = ["edit"]

MANY = "May be repeated."


def edit(
    source: RunOrPlan,
    move: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE=FEDERATION",
            help="Move a practice; a new label founds a federation, none (CODE=) lets "
            f"it stand alone. {MANY}",
            show_default=False,
        ),
    ] = None,
    merge: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FEDERATION=FEDERATION",
            help=f"Merge the first into the second. {MANY}",
            show_default=False,
        ),
    ] = None,
    lead: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FEDERATION=CODE",
            help=f"Lead a federation from one of its practices. {MANY}",
            show_default=False,
        ),
    ] = None,
    freeze: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FEDERATION",
            help=f"From now on nobody joins or leaves it. {MANY}",
            show_default=False,
        ),
    ] = None,
    grow: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FEDERATION",
            help=f"From now on it may gain practices, not lose any. {MANY}",
            show_default=False,
        ),
    ] = None,
    thaw: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FEDERATION",
            help=f"Undo --freeze or --grow, before all else here. {MANY}",
            show_default=False,
        ),
    ] = None,
    undo: Annotated[
        int, typer.Option(metavar="N", help="First take back the last N edits.", min=0)
    ] = 0,
    redo: Annotated[
        int,
        typer.Option(metavar="N", help="First make N edits again taken back.", min=0),
    ] = 0,
    replay: Annotated[
        Path | None,
        typer.Option(
            metavar="LOG",
            help="Make the edits of another plan's log (.edits.json) here first.",
            show_default=False,
        ),
    ] = None,
    out: PlanOut = None,
    scenario: ScenarioOption = None,
    preset: Preset = None,
    settings: Settings = None,
    store: StoreOption = HERE,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Edit a plan and see at once what changes: cost, minutes, rules broken.

    Edits are made in this order: thaw, merge, move, lead, freeze, grow. All are
    kept in a log beside the plan, so that they can be taken back with --undo.
    """
    from federate.cli.asking import result_of
    from federate.cli.edited import PLAN_TABLES, tell_edited
    from federate.show.kinds import refuse_unknown
    from federate.whatif.edit import redraw
    from federate.whatif.named import drafted

    if out is not None:
        refuse_unknown(out, PLAN_TABLES)
    result = result_of(source, scenario, preset, settings or (), store)
    old = drafted(source, result)
    draft = _begun(old, undo, redo, replay)
    pairs = {"merge": merge, "move": move, "lead": lead}
    locks = {"freeze": freeze, "grow": grow}
    asked = _read({"thaw": thaw} | pairs | locks)
    done: Edited = redraw(result, draft.do(*asked))
    first = _taken_back(old, undo)
    tell_edited(done, out, as_json=as_json, quiet=quiet, first=first)


def _taken_back(draft: "Draft", undo: int) -> str:
    """Return what --undo takes back, locks too, as a sentence."""
    back = draft.edits[max(0, len(draft.edits) - undo) :] if undo else ()
    return f"Taken back: {', '.join(map(str, reversed(back)))}.\n" if back else ""


def _begun(draft: "Draft", undo: int, redo: int, replay: Path | None) -> "Draft":
    """Return the draft to edit: some edits taken back, made again, or replayed."""
    draft = draft.undo(undo).redo(redo)
    if replay is None:
        return draft
    from federate.draft_file import read_log

    return draft.do(*read_log(replay).edits)


def _read(said: "dict[str, list[str] | None]") -> "list[Edit]":
    """Return the edits that the options state, every faulty one told at once."""
    from federate.draft import Edit
    from federate.errors import Fault, PlanError

    edits, faults = [], []
    for kind, texts in said.items():
        for text in texts or ():
            try:
                edits.append(Edit.parse(f"{kind} {text}"))
            except PlanError:
                metavar = {
                    "move": "CODE=FEDERATION",
                    "merge": "FEDERATION=FEDERATION",
                    "lead": "FEDERATION=CODE",
                }.get(kind, "FEDERATION")
                faults.append(Fault(f"--{kind}", f"must be {metavar}", value=text))
    if faults:
        raise PlanError("the edits", faults)
    return edits
