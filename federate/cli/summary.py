"""What a result is worth, in one compact table for a terminal."""

from collections import Counter
from collections.abc import Iterator
from textwrap import fill
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from federate.cli.pooled_risk import pooled_risk
from federate.show.facts import facts, percent, subtitle
from solvers.contract import Status, StopReason

if TYPE_CHECKING:
    from federate.result import Result

__all__ = ["found", "proof_in_words"]

# A plan of more federations than this is read on its map, not on a terminal.
MOST_FEDERATIONS = 30
MOST_TOLD = 8

# Heading and width of the figures of a federation.
_COLUMNS = {"practices": 9, "patients": 9, "mean": 8, "worst": 8, "overspend": 9}

STOPPED = {
    StopReason.TIME_LIMIT: "stopped at the time limit",
    StopReason.MEMORY_LIMIT: "stopped at the memory limit",
    StopReason.CANCELLED: "stopped on request",
}


def found(result: "Result", *, width: int, evaluated: bool = False) -> RenderableType:
    """Return everything a planner wants first: figures, federations, violations.

    Parameters
    ----------
    result
        Of a solve, or of a plan that was evaluated.
    width
        Of the screen, in characters.
    evaluated
        Whether somebody's plan was evaluated, so that no proof is told.
    """
    title = Text(result.problem.instance.title, style="bold")
    parts: list[RenderableType] = [title, Text(subtitle(result), style="dim"), Text()]
    if result.plan is None:
        return Group(*parts, *_no_plan(result, width))
    parts.append(_figures(result, width, evaluated=evaluated))
    if result.plan.num_federations <= MOST_FEDERATIONS:
        parts += [Text(), _federations(result, width), *pooled_risk(result, width)]
    return Group(*parts, *_said(result, width))


def proof_in_words(result: "Result") -> str:
    """Return how good the plan is known to be, as one clause."""
    if result.gap is None:
        words = "no bound proven; a cheaper plan may exist"
    elif result.status is Status.OPTIMAL and result.gap < 5e-6:
        words = "proven to be the best possible"
    else:
        words = f"proven within {_short(result.gap)} of the best possible"
    stopped = STOPPED.get(result.stop)
    return f"{words}; {stopped}" if stopped else words


def _short(gap: float) -> str:
    """Return a gap with as few digits as say that it is not nothing.

    Examples
    --------
    >>> print(_short(0.00834), _short(0.00004), sep=", ")
    0.8 %, 0.004 %
    """
    digits = 1
    while digits < 4 and round(100 * gap, digits) == 0:
        digits += 1
    return percent(gap, digits)


def _figures(result: "Result", width: int, *, evaluated: bool) -> Table:
    rows = [(f.label, f.value, f.note) for f in facts(result) if f.key != "gap"]
    if not evaluated:
        rows.append(("Proof", "", proof_in_words(result)))
    broken = len(result.violations)
    rules = f"{broken:,} broken, told below" if broken else "every rule is kept"
    label, value = (max(len(row[k]) for row in rows) for k in (0, 1))
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(justify="right", style="bold", no_wrap=True)
    table.add_column()
    for name, figure, note in rows:
        table.add_row(name, figure, Text(_wrapped(note, width - label - value - 6)))
    table.add_row("Rules", "", Text(rules, style="red bold" if broken else "green"))
    return table


def _wrapped(text: str, width: int) -> str:
    """Break lines at spaces, but not within ``2 %``: there the space is a hard one."""
    return fill(text, max(width, 20), break_long_words=False, break_on_hyphens=False)


def _federations(result: "Result", width: int) -> Table:
    """Return one row a federation; only the name of its lead practice gives way."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    rows = result.scorecard.federations if result.scorecard else ()
    label = max([len(row.federation) for row in rows], default=0)
    rest = width - (label + 4) - sum(least + 2 for least in _COLUMNS.values())
    table.add_column("", no_wrap=True, min_width=label)
    table.add_column("led from", no_wrap=True, max_width=max(rest, 8))
    for heading, least in _COLUMNS.items():
        table.add_column(heading, justify="right", no_wrap=True, min_width=least)
    practices = result.problem.instance.practices
    name = dict(zip(practices.code, practices.name, strict=True))
    broken = {violation.federation for violation in result.violations}
    for row in rows:
        table.add_row(
            row.federation,
            escape(f"{row.centre} {name[row.centre]}"),
            f"{row.num_practices:,}",
            f"{row.patients:,}",
            f"{row.travel_mean_min:.1f} min",
            f"{row.travel_max_min:.1f} min",
            percent(row.overspend_probability),
            style="red" if row.federation in broken else None,
        )
    return table


def _said(result: "Result", width: int) -> Iterator[RenderableType]:
    """Yield the rules broken and the named exceptions, the first few of each."""
    violations = [violation.message for violation in result.violations]
    title = "Broken rules"
    if len(violations) > MOST_TOLD:
        counted = Counter(violation.rule for violation in result.violations)
        title += ": " + ", ".join(f"{n:,} of {rule}" for rule, n in counted.items())
    yield from _list(_wrapped(title, width), violations, width, "red bold")
    exceptions = [finding.message for finding in result.exceptions]
    yield from _list("Exceptions", exceptions, width, "bold")


def _no_plan(result: "Result", width: int) -> Iterator[RenderableType]:
    said, reasons = "No plan found.", list(result.reasons)
    if result.status is Status.INFEASIBLE:
        said = "No plan can keep these rules."
    elif not reasons:
        reasons = [
            "Nothing proves that there is none: give it longer (--time-limit), or "
            "loosen a rule."
        ]
    yield Text(said, style="red bold")
    yield from _list("", reasons, width)
    if result.status is Status.INFEASIBLE:
        asked = "federate explain, on this scenario or run,"
        yield Text(_wrapped(f"\n{asked} says which rules clash and what helps.", width))


def _list(
    title: str, said: list[str], width: int, style: str = ""
) -> Iterator[RenderableType]:
    if said and title:
        yield Text(f"\n{title}", style=style)
    for line in said[:MOST_TOLD]:
        yield Padding(Text(_wrapped(line, width - 2)), (0, 0, 0, 2), expand=False)
    if (more := len(said) - MOST_TOLD) > 0:
        yield Padding(
            Text(f"and {more:,} more", style="dim"), (0, 0, 0, 2), expand=False
        )
