"""A sweep as a file: a table, a picture, or a page that has both."""

import base64
import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from federate.show.formulas import escape_formulas
from federate.show.kinds import refuse_unknown
from federate.whatif.goals import COST

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from federate.whatif.table import Sweep

__all__ = ["plot", "write"]

BLUE, SOFT, INK = "#005eb8", "#8a9ba8", "#212b32"
WORDS = {
    COST: "cost, £ million a year",
    "travel_max_min": "minutes of the farthest practice",
    "overspend_worst_probability": "probability of overspend, worst federation",
}
PAGE = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 15px/1.45 Arial, sans-serif; color: #212b32; margin: 1rem auto;
  max-width: 70rem; padding: 0 1rem; }}
img {{ max-width: 46rem; width: 100%; }}
.wide {{ overflow-x: auto; }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; }}
th, td {{ border: 0; border-bottom: 1px solid #d8dde0; padding: 0.25rem 0.6rem;
  text-align: left; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{said}</p>
{picture}
<div class="wide" tabindex="0" role="region" aria-label="Every point">
{table}
</div>
</main>
</body>
</html>
"""


def write(found: "Sweep", path: Path) -> None:
    """Write a sweep as the file's ending says.

    Raises
    ------
    InputError
        If the ending is none known, or there is nothing to draw for a picture.
    """
    write_as: dict[str, Callable[[Sweep, Path], None]] = {
        ".csv": lambda f, p: _plain_table(f).to_csv(p, index=False),
        ".xlsx": lambda f, p: _plain_table(f).to_excel(
            p, index=False, engine="xlsxwriter"
        ),
        ".html": _write_page,
        ".png": lambda f, p: plot(f).savefig(p, dpi=150),
        ".svg": lambda f, p: _to_svg(plot(f), p),
    }
    refuse_unknown(path, write_as)
    write_as[path.suffix.lower()](found, path)


def plot(found: "Sweep", ax: "Axes | None" = None) -> "Figure":
    """Draw a sweep: its tornado where one key changes at a time, else its front.

    Raises
    ------
    InputError
        If it is neither: no front can be drawn of figures that are not named.
    """
    from matplotlib.figure import Figure

    if ax is None:
        ax = Figure(figsize=(7.5, 4.5), layout="constrained").add_subplot()
    if found.is_one_at_a_time:
        _draw_tornado(ax, found.tornado())
    else:
        _draw_front(ax, found.pareto(), found.weighed)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    drawn = ax.figure
    assert isinstance(drawn, Figure)
    return drawn


def _draw_front(ax: "Axes", front: "DataFrame", weighed: tuple[str, ...]) -> None:
    """Draw cost over one figure; a second one is written beside each point."""
    cost, figure, *rest = [name.lstrip("-") for name in weighed]
    if COST in (figure, *rest):
        cost, figure = COST, next(n for n in (cost, figure, *rest) if n != COST)
        rest = [n.lstrip("-") for n in weighed if n.lstrip("-") not in (cost, figure)]
    for dominated, color, label in ((True, SOFT, "dominated"), (False, BLUE, "front")):
        rows = front[front["dominated"] == dominated]
        if rows.empty:
            continue
        # Proven points are filled.
        fill = [color if proven or dominated else "white" for proven in rows["proven"]]
        marker = "x" if dominated else "o"
        ax.scatter(
            rows[figure],
            rows[cost] / _unit(cost),
            s=36,
            marker=marker,
            c=fill,
            edgecolors=None if dominated else color,
            label=label,
        )
    best = front[~front["dominated"]].sort_values(figure)
    if rest:
        for _, row in best.iterrows():
            at = (row[figure], row[cost] / _unit(cost))
            ax.annotate(
                f"{row[rest[0]]:.3g}",
                at,
                xytext=(4, 4),
                textcoords="offset points",
                fontsize=8,
            )
        ax.set_title(f"beside each point: {_words(rest[0])}", fontsize=9, loc="left")
    else:
        ax.step(best[figure], best[cost] / _unit(cost), where="post", color=BLUE)
    ax.set_xlabel(_words(figure))
    ax.set_ylabel(_words(cost))
    ax.legend(frameon=False)


def _draw_tornado(ax: "Axes", bars: "DataFrame") -> None:
    unit = _unit(COST)
    rows = bars.iloc[::-1]
    widths = (rows["high"] - rows["low"]) / unit
    ax.barh(rows["key"], widths, left=rows["low"] / unit, color=BLUE, height=0.6)
    ax.axvline(bars["base"].iloc[0] / unit, color=INK, linewidth=1)
    for y, (_, row) in enumerate(rows.iterrows()):
        for side, value, shift in (("low", "low_at", -4), ("high", "high_at", 4)):
            ax.annotate(
                str(plain(row[value])),
                (row[side] / unit, y),
                xytext=(shift, 0),
                textcoords="offset points",
                ha="right" if shift < 0 else "left",
                va="center",
                fontsize=8,
            )
    ax.use_sticky_edges = False
    ax.margins(x=0.2)
    ax.set_xlabel(_words(COST))


def plain(value: Any) -> Any:
    """Return a value of a key as a cell has it; a pair as ``--set`` takes it."""
    if isinstance(value, tuple | list):
        return ":".join(str(v) for v in value)
    return value


def _plain_table(found: "Sweep") -> "DataFrame":
    return escape_formulas(found.to_frame().map(plain))


def _write_page(found: "Sweep", path: Path) -> None:
    from html import escape

    drawn = found.is_one_at_a_time or bool(found.criteria)
    page = PAGE.format(
        title=f"Sweep of {escape(', '.join(found.keys) or 'one scenario')}",
        said=escape(repr(found).removeprefix("<Sweep ").removesuffix(">")),
        picture=_picture(found) if drawn else "",
        table=_plain_table(found).to_html(index=False, na_rep="", border=0),
    )
    path.write_text(page, encoding="utf-8", newline="\n")


def _picture(found: "Sweep") -> str:
    """Return the picture as an element; the table beneath says the same in text."""
    text = io.StringIO()
    _to_svg(plot(found), text)
    data = base64.b64encode(text.getvalue().encode()).decode()
    return f'<img alt="The table below, drawn" src="data:image/svg+xml;base64,{data}">'


def _to_svg(figure: "Figure", where: "Path | io.StringIO") -> None:
    import matplotlib as mpl

    with mpl.rc_context({"svg.hashsalt": "federate", "svg.fonttype": "path"}):
        figure.savefig(where, format="svg", metadata={"Date": None})


def _words(figure: str) -> str:
    return WORDS.get(figure, figure.replace("_", " "))


def _unit(figure: str) -> float:
    return 1e6 if figure == COST else 1.0
