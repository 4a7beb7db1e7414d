"""Who moves and what becomes of each federation, between two results."""

from collections.abc import Iterator, Mapping

from federate.plan import Plan, PlanDiff
from federate.result import Result
from federate.whatif.comparison import Change, Fate

__all__ = ["changes_of", "fates_of", "minutes_of"]


def changes_of(
    name: str, base: Result, result: Result, diff: PlanDiff
) -> Iterator[Change]:
    """Yield the practices that change federation from `base` to `result`."""
    index = base.problem.instance.index
    table = base.problem.instance.practices
    back = {after: before for before, after in diff.matched.items()}
    before, after = base.require_plan(), result.require_plan()
    for code, old, new in diff.moved:
        i = index[code]
        yield Change(
            plan=name,
            code=code,
            name=table.name[i],
            patients=int(table.list_size[i]),
            before=old,
            after=new,
            continues=back.get(new, ""),
            minutes_before=minutes_of(base, before, code),
            minutes_after=minutes_of(result, after, code),
        )


def minutes_of(result: Result, plan: Plan, code: str) -> float | None:
    """Return the minutes of a practice to its lead; ``None`` where it is alone."""
    label = plan.federation[code]
    if not label:
        return None
    index = result.problem.instance.index
    return float(result.problem.travel.minutes[index[code], index[plan.centre[label]]])


def fates_of(name: str, base: Result, result: Result, diff: PlanDiff) -> Iterator[Fate]:
    """Yield what becomes of every federation: the base's in order, then the new."""
    before, after = base.require_plan().members, result.require_plan().members
    table = base.problem.instance.practices
    size = dict(zip(table.code, table.list_size.tolist(), strict=True))
    known = set(diff.matched.values())
    pairs = [(old, diff.matched.get(old, "")) for old in before]
    pairs += [("", new) for new in after if new not in known]
    for old, new in pairs:
        was, now = set(before.get(old, ())), set(after.get(new, ()))
        yield Fate(
            plan=name,
            before=old,
            after=new,
            patients_before=_patients(size, was) if old else None,
            patients_after=_patients(size, now) if new else None,
            joined=tuple(sorted(now - was)),
            left=tuple(sorted(was - now)),
        )


def _patients(size: Mapping[str, int], codes: set[str]) -> int:
    return sum(size[code] for code in codes)
