"""The smallest change of one demand that makes a plan possible, checked by solving."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import ceil, floor

from federate.problem import Problem
from federate.whatif.conflict import Conflict
from federate.whatif.demand import Changes, Demand, dropping, named, value_of
from federate.whatif.dials import Dial, dials
from federate.whatif.fix import Fix, merged
from federate.whatif.settle import Desk

__all__ = ["fixes_for"]

PERSONS = 100
MOST_WAIVERS = 6
MOST_PIECES = 3


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
    elif found := dials(desk.problem, demand.kind):
        turned = [fix for dial in found for fix in _dial_fix(desk, dial, base)]
        yield from turned or _given_up(desk, demand, base)
    elif demand.kind == "contiguity":
        yield from _pieces_fix(desk, demand, base)
    else:
        if demand.kind == "freeze":
            yield from _growing(desk, demand, base)
        yield from _given_up(desk, demand, base)


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


def _dial_fix(desk: Desk, dial: Dial, base: Changes) -> Iterator[Fix]:
    """Turn a number no further than must be, in steps of the dial."""
    asked = float(value_of(desk.problem, base, dial.key))

    def at(k: int) -> Changes:
        return {dial.key: dial.turned(asked, k)}

    steps = dial.steps(asked)
    best = _least(desk, at, steps, base) if steps else None
    if best is not None:
        k, sure = best
        value = at(k)[dial.key]
        words = dial.words(asked, value)
        yield _fix(desk, words, at(k), abs(value - asked) / asked, base, sure=sure)


def _given_up(desk: Desk, demand: Demand, base: Changes) -> Iterator[Fix]:
    """Give the demand up altogether."""
    share = _share(desk.problem, demand.codes) if demand.codes else 1.0
    words = f"give up: {demand.words}"
    yield from _tried(desk, words, dropping([demand]), share, base)


def _growing(desk: Desk, demand: Demand, base: Changes) -> Iterator[Fix]:
    """Let a frozen group gain practices."""
    changes = dropping([demand])
    frozen = value_of(desk.problem, base, "rules__freeze")
    gone = tuple(name for name in frozen if name not in changes["rules__freeze"])
    grown = value_of(desk.problem, base, "rules__grow")
    changes["rules__grow"] = (*grown, *gone)
    words = f"let others join {named(desk.problem, gone)}"
    share = _share(desk.problem, demand.codes) / 2
    yield from _tried(desk, words, changes, share, base)


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
    yield from _tried(desk, words, dropping([demand]), 1.0, base)


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
    if desk.has_plan(merged(base, changes)):
        yield _fix(desk, words, changes, share, base, sure=True)


def _least(
    desk: Desk, at: Callable[[int], Changes], steps: int, base: Changes
) -> tuple[int, bool] | None:
    """Return the fewest steps with which a plan exists, and whether that is proven.

    0 steps are known to have no plan; more steps allow more. ``None`` where no
    plan was found with all of them.
    """
    if not desk.has_plan(merged(base, at(steps))):
        return None
    fails, works, sure = 0, steps, True
    while works - fails > 1:
        # Short steps first: what is asked for is seldom far off.
        middle = fails + min((works - fails) // 2, max(1, 4 * max(fails, 1)))
        answer = desk.has_plan(merged(base, at(middle)))
        if answer:
            works, sure = middle, True
        else:
            fails = middle
            sure = sure and answer is False
    return works, sure


def _fix(
    desk: Desk, words: str, changes: Changes, share: float, base: Changes, *, sure: bool
) -> Fix:
    plan = desk.plan(merged(base, changes))
    number = 0 if plan is None else plan.num_federations
    return Fix(words, changes, share, sure, number)


def _share(problem: Problem, codes: Iterable[str]) -> float:
    """Return the share of all patients registered with these practices."""
    index, size = problem.instance.index, problem.list_size
    some = sum(int(size[index[c]]) for c in codes if c in index)
    return some / max(1, int(size.sum()))
