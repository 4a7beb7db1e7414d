"""A comparison on a terminal: sentences, criteria, who moves, rules broken."""

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from federate.show.facts import percent, subtitle

if TYPE_CHECKING:
    from federate.whatif.comparison import Change, Comparison
    from federate.whatif.criteria import Criterion

__all__ = ["compared", "figure"]

MOST_MOVES = 25
MOST_TOLD = 6
NARROWEST, WIDEST = 10, 18
GAP = 2
"""Blanks between columns."""
# Read first; the rest stands in the files and behind --all.
HEADLINES = (
    "objective_gbp",
    "num_federations",
    "num_practices_alone",
    "num_federations_in_bounds",
    "num_federations_in_pieces",
    "size_min_persons",
    "size_median_persons",
    "size_max_persons",
    "travel_mean_min",
    "travel_max_min",
    "overspend_worst_probability",
    "patients_changing_group",
    "num_violations",
    "gap_share",
)


def compared(
    comparison: "Comparison", *, width: int, everything: bool = False
) -> RenderableType:
    """Return what a planner wants first of a comparison.

    Parameters
    ----------
    comparison
        Of two plans or more.
    width
        Of the screen, in characters.
    everything
        Whether to show every criterion and every move.
    """
    first = comparison.results[0]
    parts: list[RenderableType] = [
        Text(first.problem.instance.title, style="bold"),
        Text(subtitle(first), style="dim"),
        Text(),
        *[Text(sentence) for sentence in comparison.summaries],
        Text(),
        _criteria(comparison, width, everything=everything),
    ]
    if comparison.changes:
        parts += [Text(), *_moves(comparison, width, everything=everything)]
    return Group(*parts, *_broken(comparison))


def figure(value: float | int | None, unit: str, *, signed: bool = False) -> str:
    """Return a figure as people write it.

    Examples
    --------
    >>> figure(1234.5, "gbp"), figure(-3.25, "minutes", signed=True)
    ('£1,234', '−3.2')
    """
    if value is None:
        return "–"
    sign = "−" if value < 0 else "+" if signed and value > 0 else ""
    size = abs(value)
    if unit == "gbp":
        text = f"£{size:,.0f}" if size >= 100 else f"£{size:,.2f}"
    elif unit == "share":
        text = percent(size)
    elif unit in ("minutes", "km"):
        text = f"{size:,.1f}"
    elif unit in ("count", "persons") or size >= 1000:
        text = f"{size:,.0f}"
    else:
        text = f"{size:,.3g}"
    return f"{sign}{text}"


def _criteria(comparison: "Comparison", width: int, *, everything: bool) -> Table:
    """Return the criteria, one column a plan; with two plans, the change as well.

    Long names are broken over lines; what is left of the width is the titles'.
    """
    two = len(comparison.names) == 2
    rows = [
        tuple(_row(criterion, two=two))
        for criterion in comparison.figures
        if everything or _is_headline(criterion)
    ]
    longest = max(len(row[0]) for row in rows)
    headings = [*comparison.names, *(["change"] if two else [])]
    if _left_of(width, rows, headings) < longest:
        share = (width - longest - GAP) // len(headings) - GAP
        headings = ["\n".join(wrap(name, max(share, NARROWEST))) for name in headings]
    table = Table(box=None, padding=(0, GAP, 0, 0), header_style="dim")
    table.add_column("", no_wrap=True, max_width=_left_of(width, rows, headings))
    for heading in headings:
        table.add_column(escape(heading), justify="right", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    return table


def _left_of(
    width: int, rows: Sequence[tuple[str, ...]], headings: Sequence[str]
) -> int:
    """Return the width that the other columns leave the first, at least a few."""
    left = width - GAP
    for k, heading in enumerate(headings, start=1):
        cells = (*heading.split("\n"), *(row[k] for row in rows))
        left -= GAP + max(map(len, cells))
    return max(left, NARROWEST)


def _is_headline(criterion: "Criterion") -> bool:
    is_term = criterion.group == "cost" and any(criterion.of_plans)
    return is_term or criterion.key in HEADLINES


def _row(criterion: "Criterion", *, two: bool) -> Iterator[str]:
    yield criterion.title
    for value in criterion.of_plans:
        yield figure(value, criterion.unit)
    if two:
        was, now = criterion.of_plans
        known = was is not None and now is not None and was != now
        change = now - was if known else None  # type: ignore[operator]
        yield figure(change, criterion.unit, signed=True) if known else ""


def _moves(
    comparison: "Comparison", width: int, *, everything: bool
) -> Iterator[RenderableType]:
    """Yield who moves, those with most patients first."""
    for name in comparison.names[1:]:
        changes = [change for change in comparison.changes if change.plan == name]
        if not changes:
            continue
        shown = sorted(changes, key=lambda change: (-change.patients, change.code))
        if not everything:
            shown = shown[:MOST_MOVES]
        table = Table(box=None, padding=(0, GAP, 0, 0), header_style="dim")
        rows = [_move(change) for change in shown]
        headings = ("patients", "from", "to", "minutes")
        most = _left_of(width, rows, headings)
        table.add_column("who moves", no_wrap=True, max_width=most)
        for heading in headings:
            table.add_column(heading, no_wrap=True)
        table.columns[1].justify = "right"
        for row in rows:
            table.add_row(*row)
        if name != comparison.names[1]:
            yield Text()
        yield Text(f"From {comparison.names[0]} to {name}", style="bold")
        yield table
        if len(changes) > len(shown):
            more = f"and {len(changes) - len(shown):,} more; --all shows them"
            yield Padding(Text(more, style="dim"), (0, 0, 0, 2), expand=False)


def _move(change: "Change") -> tuple[str, ...]:
    new = "" if change.continues or not change.after else " (new)"
    was, now = (
        figure(value, "minutes")
        for value in (change.minutes_before, change.minutes_after)
    )
    return (
        escape(f"{change.code} {change.name}"),
        f"{change.patients:,}",
        escape(_cut(change.before or "alone")),
        escape(f"{_cut(change.after or 'alone')}{new}"),
        f"{was} → {now}",
    )


def _cut(label: str) -> str:
    return label if len(label) <= WIDEST else f"{label[: WIDEST - 1]}…"


def _broken(comparison: "Comparison") -> Iterator[RenderableType]:
    """Yield the rules that each plan breaks, the first few."""
    for name, result in zip(comparison.names, comparison.results, strict=True):
        said = [violation.message for violation in result.violations]
        if not said:
            continue
        yield Text(f"\n{name} breaks {len(said):,}", style="red bold")
        for message in said[:MOST_TOLD]:
            yield Padding(Text(message), (0, 0, 0, 2), expand=False)
        if (more := len(said) - MOST_TOLD) > 0:
            yield Padding(Text(f"and {more:,} more", style="dim"), (0, 0, 0, 2))
