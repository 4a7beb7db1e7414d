"""Pooled risk of each federation, as a table for a terminal."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from federate.show.facts import percent

if TYPE_CHECKING:
    from federate.result import Result
    from federate.scenario import Scenario
    from federate.score import FederationScore

__all__ = ["pooled_risk"]

GAP = 2
Column = tuple[str, list[str]]


def pooled_risk(result: "Result", width: int) -> Iterator[RenderableType]:
    """Yield a row a federation, where the scenario asks about risk or an allowance.

    What is wider than the screen goes on in a second table.
    """
    from federate.show.columns import stated

    asked = result.problem.scenario
    topics = stated(asked)
    rows = result.scorecard.federations if result.scorecard else ()
    if topics.isdisjoint({"risk", "allowance"}) or not rows:
        return
    columns = [
        (heading, texts)
        for topic in ("risk", "contracts", "tiers", "allowance")
        if topic in topics
        for heading, texts in _columns(topic, asked, rows)
    ]
    yield Text(f"\nPooled risk, a year: {_meaning(asked)}", style="dim")
    labels = [row.federation for row in rows]
    for k, part in enumerate(_split(columns, width - max(map(len, labels)) - GAP)):
        if k:
            yield Text()
        yield _table(labels, part)


def _split(columns: list[Column], width: int) -> Iterator[list[Column]]:
    """Yield as many columns at a time as a screen is wide."""
    part: list[Column] = []
    left = width
    for heading, texts in columns:
        wide = max(map(len, (heading, *texts))) + GAP
        if part and wide > left:
            yield part
            part, left = [], width
        part.append((heading, texts))
        left -= wide
    yield part


def _table(labels: list[str], columns: list[Column]) -> Table:
    table = Table(box=None, padding=(0, GAP, 0, 0), header_style="dim")
    table.add_column("", no_wrap=True)
    for heading, _ in columns:
        left = heading == "contract"
        table.add_column(heading, justify="left" if left else "right", no_wrap=True)
    for k, label in enumerate(labels):
        table.add_row(label, *(texts[k] for _, texts in columns))
    return table


def _meaning(asked: "Scenario") -> str:
    """Return what the headings count, in one line."""
    over = f"over = by more than {100 * asked.risk.tolerance:g}\u00a0%"
    worst = round(1 / (1 - asked.risk.cvar_level))
    return f"{over}; worst = mean of the worst year in {worst}"


def _columns(
    topic: str, asked: "Scenario", rows: "tuple[FederationScore, ...]"
) -> Iterator[Column]:
    """Yield the headings of a topic, and the figures under each."""
    if topic == "risk":
        yield "exposed", [_pounds(row.exposed_gbp) for row in rows]
        yield "spread", [percent(row.sigma_rel) for row in rows]
        if asked.contracts.menu:
            bare = (row.bare_overspend_probability for row in rows)
            yield "uninsured", ["–" if p is None else percent(p) for p in bare]
        yield "over", [percent(row.overspend_probability) for row in rows]
        yield "mean over", [_pounds(row.expected_overspend_gbp) for row in rows]
        yield "worst", [_pounds(row.cvar_gbp) for row in rows]
    elif topic == "contracts":
        yield "contract", [row.contract or "none" for row in rows]
        yield "premium", [_pounds(row.premium_gbp) for row in rows]
        yield "ceded", [_pounds(row.ceded_gbp) for row in rows]
    elif topic == "tiers":
        counts = (
            (row.num_full_tier, row.num_partial_tier, row.num_provider_tier)
            for row in rows
        )
        yield "full/part/prov.", ["/".join(str(n) for n in row) for row in counts]
    else:
        used = (row.allowance_used_share for row in rows)
        yield "allowance", ["–" if u is None else percent(u, 0) for u in used]


def _pounds(amount: float | None) -> str:
    """Return £ in at most six characters.

    Examples
    --------
    >>> _pounds(None), _pounds(456.0), _pounds(45_600.0), _pounds(3_651_618.0)
    ('–', '£456', '£46k', '£3.65m')
    """
    if amount is None:
        return "–"
    if abs(amount) >= 99.5e6:
        return f"£{amount / 1e6:,.0f}m"
    if abs(amount) >= 999_500:
        return (
            f"£{amount / 1e6:,.2f}m" if abs(amount) < 10e6 else f"£{amount / 1e6:.1f}m"
        )
    return f"£{amount / 1e3:.0f}k" if abs(amount) >= 999.5 else f"£{amount:.0f}"
