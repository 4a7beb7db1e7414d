"""The smallest change of one demand that makes a plan possible, checked by solving."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Any

from federate.problem import Problem
from federate.whatif.conflict import Conflict
from federate.whatif.demands import VETOES, Changes, Demand, named, value_of
from federate.whatif.settle import Desk

__all__ = ["Fix", "fixes_for", "settings_of"]

PERSONS, MINUTES, SHARE = 100, 0.5, 0.005
MOST_WAIVERS = 6
MOST_PIECES = 3


@dataclass(frozen=True)
class Fix:
    """A change of the scenario after which a plan exists.

    Parameters
    ----------
    words
        What to change, in a planner's words.
    changes
        The same as `Scenario.with_` takes it; a veto dropped is under ``vetoes``.
    change_share
        How much it changes, 0 to 1 and above, to order fixes by: of a number the
        share by which it moves; of a wish the share of patients it names; of a rule
        given up all of it, 1.
    is_smallest
        Whether the next smaller step was proven not to do.
    num_federations
        Of the plan that was found with it.
    """

    words: str
    changes: Changes
    change_share: float
    is_smallest: bool
    num_federations: int

    @property
    def settings(self) -> tuple[str, ...]:
        """The changes as texts for ``--set``."""
        return settings_of(self.changes)


def settings_of(changes: Changes) -> tuple[str, ...]:
    """Return changes as ``key=value`` texts, as ``--set`` takes them.

    Examples
    --------
    >>> settings_of({"rules__size_bounds": (28400, 50000.0)})
    ('rules.size_bounds=28400:50000',)
    """
    return tuple(
        f"{key.replace('__', '.')}={_text(value)}"
        for key, value in changes.items()
        if key != VETOES
    )


def _text(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:g}" if abs(value) < 1e5 else f"{value:.0f}"
    if isinstance(value, tuple):
        if len(value) == 2 and all(isinstance(v, int | float) for v in value):
            return ":".join(_text(v) for v in value)
        return "[" + ", ".join(_quoted(v) for v in value) + "]"
    return str(value)


def _quoted(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_quoted(v) for v in value) + "]"
    return f'"{value}"'


def fixes_for(
    desk: Desk, conflict: Conflict, left_out: Sequence[str], base: Changes
) -> list[Fix]:
    """Return the fixes of a conflict, those that change least first.

    Parameters
    ----------
    left_out
        Practices that find no federation: candidates for a waiver.
    base
        Changes made to what is solved anyway: none to check a fix on the whole
        scenario, those that drop all other demands to check it on the conflict.
    """
    found: list[Fix] = []
    for demand in conflict.demands:
        found += _fixes(desk, demand, base)
        if demand.kind == "lower size":
            found += _waivers(desk, left_out, base)
    return sorted(found, key=lambda fix: (fix.change_share, fix.words))


def _fixes(desk: Desk, demand: Demand, base: Changes) -> Iterator[Fix]:
    """Yield the fixes of one demand."""
    if demand.kind in _RANGES:
        yield from _range_fix(desk, demand, base)
    elif demand.kind == "travel":
        yield from _travel_fix(desk, base)
    elif demand.kind == "risk":
        yield from _risk_fixes(desk, base)
    elif demand.kind == "contiguity":
        yield from _pieces_fix(desk, demand, base)
    else:
        share = _share(desk.problem, demand.codes) if demand.codes else 1.0
        yield from _tried(desk, f"give up: {demand.words}", _drop(demand), share, base)


_RANGES = {
    "lower size": ("rules__size_bounds", 0, "the lower bound", "patients"),
    "upper size": ("rules__size_bounds", 1, "the upper bound", "patients"),
    "least members": ("rules__practices_bounds", 0, "the fewest", "practices"),
    "most members": ("rules__practices_bounds", 1, "the most", "practices"),
    "least count": ("rules__num_federations", 0, "the fewest", "federations"),
    "most count": ("rules__num_federations", 1, "the most", "federations"),
}


def _range_fix(desk: Desk, demand: Demand, base: Changes) -> Iterator[Fix]:
    """Move one end of a range no further than must be.

    Found by halving the steps between what is asked, which has no plan, and no
    bound at all: a wider range allows every plan that a narrower one allows.
    """
    key, end, name, unit = _RANGES[demand.kind]
    now = value_of(desk.problem, base, key)
    both = (now, now) if isinstance(now, int) else tuple(now)
    freed: Changes = dict(base)
    demand.drop(freed)
    step = PERSONS if unit == "patients" else 1
    far = freed[key][end]
    asked = both[end]
    steps = max(1, ceil(abs(far - asked) / step))

    def at(k: int) -> Changes:
        moved = asked + step * k if far > asked else asked - step * k
        if unit == "patients":
            # The next hundred on the side that is wider.
            moved = (
                floor(moved / step) * step if far < asked else ceil(moved / step) * step
            )
        value = min(moved, far) if far > asked else max(moved, far)
        pair = list(both)
        pair[end] = type(asked)(value)
        return {key: tuple(pair)}

    best = _least(desk, at, steps, base)
    if best is None:
        return
    k, sure = best
    value = at(k)[key][end]
    verb = "raise" if far > asked else "lower"
    words = f"{verb} {name} from {asked:,.0f} to {value:,.0f} {unit}"
    if value == 0:
        words = f"have no lower bound of {unit}"
    share = abs(value - asked) / asked
    yield _fix(desk, words, at(k), share, base, sure=sure)


def _travel_fix(desk: Desk, base: Changes) -> Iterator[Fix]:
    """Lengthen the travel limit no further than must be, to half a minute."""
    key = "rules__max_travel_min"
    asked = float(value_of(desk.problem, base, key))
    far = float(desk.problem.travel.minutes.max())
    steps = max(1, ceil((far - asked) / MINUTES))

    def at(k: int) -> Changes:
        return {key: ceil((asked + k * MINUTES) / MINUTES) * MINUTES}

    best = _least(desk, at, steps, base)
    if best is not None:
        k, sure = best
        value = at(k)[key]
        words = f"raise the travel limit from {asked:g} to {value:g} minutes"
        yield _fix(desk, words, at(k), (value - asked) / asked, base, sure=sure)


def _risk_fixes(desk: Desk, base: Changes) -> Iterator[Fix]:
    """Allow the overspend more often, or count only a larger one."""
    for key, step, most, name in (
        ("risk__max_probability", SHARE, 0.495, "allow the overspend in"),
        ("risk__tolerance", 0.001, 0.2, "count an overspend only above"),
    ):
        asked = float(value_of(desk.problem, base, key))
        steps = max(0, floor((most - asked) / step + 1e-9))

        def at(
            k: int, key: str = key, asked: float = asked, step: float = step
        ) -> Changes:
            return {key: round(asked + k * step, 4)}

        best = _least(desk, at, steps, base) if steps else None
        if best is not None:
            k, sure = best
            value = at(k)[key]
            words = f"{name} {100 * value:g} %, not {100 * asked:g} %"
            words += " of years" if "probability" in key else " of budget"
            yield _fix(desk, words, at(k), (value - asked) / asked, base, sure=sure)


def _pieces_fix(desk: Desk, demand: Demand, base: Changes) -> Iterator[Fix]:
    """Allow a federation two pieces, then three, then any number."""
    asked = desk.problem.max_pieces or 1
    for pieces in range(asked + 1, MOST_PIECES + 1):
        changes: Changes = {"rules__contiguity": "pieces", "rules__max_pieces": pieces}
        words = f"allow a federation {pieces} pieces"
        found = list(_tried(desk, words, changes, (pieces - asked) / 4, base))
        yield from found
        if found:
            return
    words = "let federations be of practices that are no neighbours"
    yield from _tried(desk, words, _drop(demand), 1.0, base)


def _waivers(desk: Desk, left_out: Sequence[str], base: Changes) -> Iterator[Fix]:
    """Waive the lower bound for a practice that finds no federation, or for all."""
    problem = desk.problem
    waived = value_of(problem, base, "rules__size_waivers")
    sets: list[tuple[str, ...]] = [(code,) for code in left_out[:MOST_WAIVERS]]
    if 1 < len(left_out) <= MOST_WAIVERS:
        sets.append(tuple(left_out))
    for some in sets:
        changes: Changes = {"rules__size_waivers": (*waived, *some)}
        words = f"waive the lower bound for {named(problem, some)}"
        found = list(_tried(desk, words, changes, _share(problem, some), base))
        yield from found
        if found:
            return


def _tried(
    desk: Desk, words: str, changes: Changes, share: float, base: Changes
) -> Iterator[Fix]:
    """Yield the fix if a plan was found with it."""
    if desk.has_plan(_merged(base, changes)):
        yield _fix(desk, words, changes, share, base, sure=True)


def _least(
    desk: Desk, at: Callable[[int], Changes], steps: int, base: Changes
) -> tuple[int, bool] | None:
    """Return the fewest steps with which a plan exists, and whether that is proven.

    0 steps are known to have no plan; more steps allow more. ``None`` where no
    plan was found with all of them.
    """
    if not desk.has_plan(_merged(base, at(steps))):
        return None
    fails, works, sure = 0, steps, True
    while works - fails > 1:
        # Short steps first: what is asked for is seldom far off.
        middle = fails + min((works - fails) // 2, max(1, 4 * max(fails, 1)))
        answer = desk.has_plan(_merged(base, at(middle)))
        if answer:
            works, sure = middle, True
        else:
            fails = middle
            sure = sure and answer is False
    return works, sure


def _fix(
    desk: Desk, words: str, changes: Changes, share: float, base: Changes, *, sure: bool
) -> Fix:
    plan = desk.plan(_merged(base, changes))
    number = 0 if plan is None else plan.num_federations
    return Fix(words, changes, share, sure, number)


def _drop(demand: Demand) -> Changes:
    changes: Changes = {}
    demand.drop(changes)
    return changes


def _merged(base: Changes, changes: Changes) -> Changes:
    """Return both changes; vetoes add up."""
    merged = {**base, **changes}
    if VETOES in base and VETOES in changes:
        merged[VETOES] = base[VETOES] | changes[VETOES]
    return merged


def _share(problem: Problem, codes: Iterable[str]) -> float:
    """Return the share of all patients registered with these practices."""
    index, size = problem.instance.index, problem.list_size
    some = sum(int(size[index[c]]) for c in codes if c in index)
    return some / max(1, int(size.sum()))


def joined(first: Fix, second: Fix) -> Fix:
    """Return the fix that does both."""
    return replace(
        second,
        words=f"{first.words}, and {second.words}",
        changes=_merged(first.changes, second.changes),
        change_share=first.change_share + second.change_share,
        is_smallest=False,
    )
