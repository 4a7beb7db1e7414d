"""Drawn years on a terminal: each federation, all together, who bears what."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from federate.show.facts import percent

if TYPE_CHECKING:
    from federate.whatif.simulation import (
        Bearers,
        Checked,
        ContractYears,
        Simulation,
    )

__all__ = ["money", "simulated"]

MOST_ROWS = 40
MOST_NAMED = 5


def money(amount: float | None) -> str:
    """Return £ in three digits or four, without a sign for nothing.

    Examples
    --------
    >>> money(1_234_567), money(-45_678), money(-1e-9), money(123.0)
    ('£1.23m', '−£46k', '£0', '£123')
    """
    if amount is None:
        return "–"
    size = abs(amount)
    if size >= 1e9:
        text = f"£{size / 1e9:,.2f}bn"
    elif size >= 999_500:
        millions = size / 1e6
        text = f"£{millions:,.2f}m" if millions < 100 else f"£{millions:,.0f}m"
    elif size >= 999.5:
        text = f"£{size / 1e3:,.0f}k"
    else:
        text = f"£{size:,.0f}"
    return f"−{text}" if amount < 0 and text != "£0" else text


def simulated(found: "Simulation", title: str) -> RenderableType:
    """Return what a planner wants first of drawn years."""
    share, worst = _plain(found.tolerance), _plain(1 - found.cvar_level)
    heading = (
        f"{found.years:,} years drawn with seed {found.seed}, beside the closed forms "
        f"({found.law} law). £ a year; ± is one standard error."
    )
    return Group(
        Text(title, style="bold"),
        Text(heading, style="dim"),
        Text(),
        _federations(found, share, worst),
        *[Text(sentence) for sentence in _findings(found, share)],
        Text(),
        Text("All federations together, under the plan's contracts", style="bold"),
        _system(found, share, worst),
        Text(),
        Text(
            f"Who bears the worst {worst} of years for all together, "
            f"{money(found.bearers[0].excess_gbp)} over budget on average",
            style="bold",
        ),
        _bearers(found),
        Text(_second_pool(found)),
    )


def _plain(share: float) -> str:
    return f"{100 * share:.6g}\u00a0%"


def _table() -> Table:
    return Table(box=None, padding=(0, 2, 0, 0), header_style="dim")


def _federations(found: "Simulation", share: str, worst: str) -> Table:
    """Return a row a federation; contracts only where any is taken."""
    rows = found.chosen
    if len(rows) > MOST_ROWS:
        rows = tuple(sorted(rows, key=lambda r: -r.probability.simulated)[:MOST_ROWS])
    contracts = any(row.contract for row in rows)
    table = _table()
    table.add_column("\n", no_wrap=True, max_width=14, min_width=3)
    if contracts:
        table.add_column("\ncontract", max_width=10, no_wrap=True)
    for top, name in (
        (f"over {share}", "formula"),
        ("% of years", "drawn"),
        (f"worst {worst}", "formula"),
        ("", "drawn"),
        ("overspend", "formula"),
        ("", "drawn"),
    ):
        table.add_column(f"{top}\n{name}", justify="right", no_wrap=True)
    for row in rows:
        chance = row.probability
        named = [escape(row.contract or "none")] if contracts else []
        table.add_row(
            escape(row.federation),
            *named,
            f"{100 * (chance.formula or 0.0):.2f}",
            f"{100 * chance.simulated:.2f}±{100 * chance.error:.2f}",
            money(row.cvar_gbp.formula),
            money(row.cvar_gbp.simulated),
            money(row.overspend_gbp.formula),
            money(row.overspend_gbp.simulated),
        )
    return table


def _findings(found: "Simulation", share: str) -> Iterator[str]:
    """Yield what the table says of the rule and of the closed forms."""
    yield ""
    if len(found.chosen) > MOST_ROWS:
        yield f"The {MOST_ROWS} likeliest to overspend of {len(found.chosen):,}."
    worst = max((r.cvar_gbp.error for r in found.chosen), default=0.0)
    mean = max((r.overspend_gbp.error for r in found.chosen), default=0.0)
    yield (
        f"Drawn worst years are good to ±{money(worst)}, overspends to ±{money(mean)}."
    )
    if found.max_probability is not None:
        limit = _plain(found.max_probability)
        rule = f"the rule, over {share} in at most {limit} of years,"
        if found.breaking:
            named = _named(found.breaking)
            yield f"By the drawn years {rule} is clearly broken by {named}."
        else:
            yield f"By the drawn years {rule} is nowhere clearly broken."
    if found.apart:
        way = "" if found.law != "normal" else "; risk.tail = normal-power heeds skew"
        yield (
            f"Formula and drawn chance differ by more than 3 standard errors in "
            f"{_named(found.apart)}{way}."
        )
    else:
        yield "No formula's chance differs from the drawn one by 3 standard errors."


def _named(rows: "tuple[ContractYears, ...]") -> str:
    said = [
        f"{row.federation} ({percent(row.probability.simulated)})"
        for row in rows[:MOST_NAMED]
    ]
    more = len(rows) - MOST_NAMED
    return ", ".join(said) + (f" and {more:,} more" if more > 0 else "")


def _system(found: "Simulation", share: str, worst: str) -> Table:
    table = _table()
    table.add_column("")
    table.add_column("formula", justify="right")
    table.add_column("drawn", justify="right", no_wrap=True)
    table.add_column("")
    kept = found.planned
    table.add_row(
        f"Over {share} of {money(kept.budget_gbp)}",
        "–" if kept.probability.formula is None else percent(kept.probability.formula),
        f"{percent(kept.probability.simulated)}",
        "as one pool",
    )
    table.add_row(f"Worst {worst} of years", *_both(kept.cvar_gbp), "as one pool")
    table.add_row("Overspends", *_both(kept.gross_gbp), "nobody's savings set off")
    number = kept.num_over
    table.add_row(
        f"Federations over {share}",
        f"{number.formula or 0.0:.2f}",
        f"{number.simulated:.2f}",
        f"a mean year; any in {percent(kept.any_over.simulated, 0)} of years, "
        f"over {kept.most_over} in at most 5\u00a0%",
    )
    return table


def _both(figure: "Checked") -> tuple[str, str]:
    return (
        money(figure.formula),
        f"{money(figure.simulated)} ±{money(figure.error)}",
    )


def _bearers(found: "Simulation") -> Table:
    table = _table()
    table.add_column("\ncontract", no_wrap=True, max_width=16)
    for top, name in (
        ("", "federations"),
        ("pool over", _plain(found.second_pool.attach)),
        ("", "partners"),
        ("a mean year:", "claims"),
        ("above the", "fair price"),
    ):
        table.add_column(f"{top}\n{name}", justify="right", no_wrap=True)
    for row in found.bearers:
        table.add_row(*_bearer(row))
    return table


def _bearer(row: "Bearers") -> Iterator[str]:
    yield escape(row.contract or "none for all")
    yield money(row.federations_gbp)
    yield money(row.pool_gbp)
    yield money(row.partners_gbp)
    yield money(row.claims_gbp)
    yield money(row.loading_gbp)


def _second_pool(found: "Simulation") -> str:
    pool = found.second_pool
    return (
        f"\nWithout contracts a pool over {_plain(pool.attach)} pays "
        f"{money(pool.claims_gbp.simulated)} in a mean year (formula "
        f"{money(pool.claims_gbp.formula)}); one year differs from another by "
        f"{money(pool.sd_gbp.simulated)} (formula, where federations share the "
        f"national shock alone, {money(pool.sd_gbp.formula)}), against "
        f"{money(pool.alone_sd_gbp)} summed over federations apart."
    )
