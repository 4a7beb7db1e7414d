"""Edits to a plan, evaluated at once: what they change, and the log to undo them."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from federate.draft import Draft, Edit
from federate.draft_file import log_path, write_log
from federate.plan_file import with_centres, write_plan
from federate.result import Result, evaluated
from federate.whatif.comparison import Comparison
from federate.whatif.named import drafted, scored

if TYPE_CHECKING:
    from federate.plan import Plan
    from federate.practices.instance import Instance
    from federate.scenario import Scenario

__all__ = ["Edited", "edit", "redraw"]


@dataclass(frozen=True, eq=False)
class Edited:
    """A plan before and after edits, both scored and verified.

    Parameters
    ----------
    draft
        The log, from the plan it began with.
    before, after
        The plan as it was given, and as the edits leave it.
    """

    draft: Draft
    before: Result
    after: Result

    @property
    def comparison(self) -> Comparison:
        """What the edits change: who moves, every criterion, broken rules."""
        return Comparison(("before", "after"), (self.before, self.after))

    @property
    def fixed(self) -> tuple[str, ...]:
        """Messages of the rules that were broken and are kept now."""
        return _only_in(self.before, self.after)

    @property
    def newly_broken(self) -> tuple[str, ...]:
        """Messages of the rules that were kept and are broken now."""
        return _only_in(self.after, self.before)

    def save(self, path: str | Path) -> Path:
        """Write the plan table, its log beside it; return where the log is."""
        write_plan(self.after.require_plan(), path)
        log = log_path(path)
        write_log(self.draft, log)
        return log


def edit(
    plan: "Plan | Result | str | Path",
    *edits: Edit | str,
    scenario: "Scenario | str | Path | None" = None,
    instance: "Instance | str | Path | None" = None,
) -> Edited:
    """Make edits to a plan and say what they change; nothing changes in place.

    Parameters
    ----------
    plan
        As `evaluate` takes it; the log beside a plan table is carried on.
    edits
        In order, as texts: ``"move G82001=F07"``, ``"merge F01=F02"``,
        ``"lead F01=G82001"``, ``"freeze F03"``, ``"grow F05"``, ``"thaw F03"``.
    scenario, instance
        As `evaluate` takes them; not needed where `plan` is a result or a run.

    Raises
    ------
    InputError
        If a plan, the scenario or an edit is faulty; every fault at once.

    Examples
    --------
    >>> import federate
    >>> before = federate.solve("toy")
    >>> move = f"move {before.plan.members['F01'][0]}=F02"
    >>> edit(before, move).comparison.changes[0].after
    'F02'
    """
    said = [Edit.parse(one) if isinstance(one, str) else one for one in edits]
    result = scored(plan, scenario, instance)
    return redraw(result, drafted(plan, result).do(*said))


def redraw(result: Result, draft: Draft) -> Edited:
    """Return what a draft makes of the problem of a result.

    Out-of-hours bases stay as they are. A federation that lost its lead is led
    from its cheapest member.
    """
    before = result.require_plan()
    now = draft.now
    kept = {g: c for g, c in now.centre.items() if g in now.labels}
    led = with_centres(result.problem, now.federation, kept)
    plan = replace(led, bases=before.bases, open_bases=before.open_bases)
    after = evaluated(result.problem, plan, bound_gbp=result.bound_gbp)
    return Edited(draft, result, after)


def _only_in(one: Result, other: Result) -> tuple[str, ...]:
    told = {violation.message for violation in other.violations}
    return tuple(v.message for v in one.violations if v.message not in told)
