"""The risk curve as a still picture."""

from typing import TYPE_CHECKING, Any

from federate.errors import Fault, ScenarioError
from federate.result import Result
from federate.show.facts import hundreds, subtitle
from federate.show.plots import overlaps
from federate.show.risk_curve import PATIENTS_ALONE, RiskCurve, risk_curve

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_risk"]

INK = "#212b32"
SOFT = "#4c6272"
RED = "#b3261e"
LINES = ("#0077bb", "#33bbee", "#009988", "#ee7733", "#cc3311", "#ee3377")
"""Tol's vibrant scheme without its grey, told apart by every kind of sight; each
line has a pattern of its own besides."""
PATTERNS = ("-", "--", "-.", ":")
LABELS_AT_MOST = 60
"""More federations than this are marked and not named."""
LETTER_PT, LINE_PT = 4.8, 9.0
"""Usual width of a letter, and height of a line, of a mark's name, points."""
Place = tuple[str, float, float]
"""A mark's name, and where it is on its axes."""


def plot_risk(result: Result) -> "Figure":
    """Draw P(overspend) against population, each federation marked.

    Where the scenario has a rule on risk, a second panel has the population that each
    federation would need to keep it without a contract against the one that it has.

    Raises
    ------
    ScenarioError
        If the scenario asks nothing about risk.
    InfeasibleError
        If the result has no plan.
    """
    from matplotlib.figure import Figure

    found = risk_curve(result)
    if found is None:
        raise _nothing_asked(result)
    both = any(spot.n_min_persons is not None for spot in found.spots)
    figure = Figure(figsize=(12.4 if both else 7.6, 5.4), layout="constrained")
    panels = figure.subplots(1, 2 if both else 1, squeeze=False)[0]
    places = [_draw_curves(panels[0], found)]
    if both:
        places.append(_draw_needs(panels[1], found))
    instance = result.problem.instance
    title = f"{instance.title or instance.name}: risk against population"
    figure.suptitle(title, x=0.01, ha="left", color=INK, fontsize=13, weight="bold")
    figure.supxlabel(subtitle(result), x=0.01, ha="left", color=SOFT, fontsize=8)
    figure.draw_without_rendering()  # only now does each panel have its room
    for ax, marked in zip(panels, places, strict=True):
        _name(ax, marked)
    return figure


def _nothing_asked(result: Result) -> ScenarioError:
    scenario, key = result.problem.scenario, "risk.max_probability"
    file, line = scenario.where(key)
    message = (
        "is not stated, and nothing else asks about risk, so there is no curve; state "
        "how often an overspend may pass risk.tolerance, e.g. 0.05"
    )
    where = f"the scenario for {result.problem.instance.name}"
    return ScenarioError(where, [Fault(file, message, line, key)])


def _draw_curves(ax: "Axes", found: RiskCurve) -> list[Place]:
    """Draw a line a contract, and a mark a federation, hollow without its contract.

    Returns what is marked, by name; so does `_draw_needs`.
    """
    for k, curve in enumerate(found.curves):
        patients = curve.name == PATIENTS_ALONE
        ax.plot(
            curve.persons,
            [100 * p for p in curve.probability],
            color=SOFT if patients else LINES[k % len(LINES)],
            linestyle=":" if patients else PATTERNS[k % len(PATTERNS)],
            linewidth=1.4 if patients else 2.0,
            label=curve.name,
        )
    style: dict[str, Any] = {"zorder": 3, "linestyle": "none", "markersize": 6}
    insured = [spot for spot in found.spots if spot.contract]
    for spot in insured:
        ends = [100 * spot.bare_probability, 100 * spot.probability]
        ax.plot([spot.persons] * 2, ends, color=SOFT, linewidth=0.8, zorder=2)
    if insured:
        without = [(float(s.persons), 100 * s.bare_probability) for s in insured]
        _marks(ax, without, "o", "white", INK, "federation, had it no contract", style)
    for marker, colour, label, is_kept in (
        ("o", INK, "federation", True),
        ("X", RED, "federation that breaks the rule", False),
    ):
        at = [
            (float(s.persons), 100 * s.probability)
            for s in found.spots
            if found.keeps(s) is is_kept
        ]
        _marks(ax, at, marker, colour, "white", label, style)
    _limits(ax, found)
    ax.set_ylabel(f"years that overspend by more than {100 * found.tolerance:g} %, %")
    ax.set_title("Chance of overspending", loc="left", fontsize=10, color=INK)
    _finish(ax, "patients")
    ax.set_ylim(bottom=0)
    return [(s.federation, float(s.persons), 100 * s.probability) for s in found.spots]


def _limits(ax: "Axes", found: RiskCurve) -> None:
    """Draw what is allowed, and the population from which practices as here keep it."""
    if found.max_probability is None:
        return
    allowed = 100 * found.max_probability
    ax.axhline(allowed, color=RED, linewidth=1.0)
    text: dict[str, Any] = {
        "fontsize": 8,
        "color": RED,
        "xytext": (-3, 3),
        "ha": "right",
    }
    right = found.curves[0].persons[-1]
    ax.annotate(
        f"allowed: {allowed:g} %", (right, allowed), textcoords="offset points", **text
    )
    least = found.n_min_persons
    if least is not None and found.curves[0].persons[0] <= least <= right:
        ax.plot([least, least], [0, allowed], color=RED, linewidth=1.0, linestyle="--")
        ax.annotate(
            f"enough from {hundreds(least):,} ",
            (least, 0),
            xytext=(-2, 3),
            textcoords="offset points",
            ha="right",
            fontsize=8,
            color=RED,
            zorder=1,
        )


def _draw_needs(ax: "Axes", found: RiskCurve) -> list[Place]:
    """Draw the population each federation needs against the one that it has."""
    known = [
        (s.federation, float(s.persons), s.n_min_persons)
        for s in found.spots
        if s.n_min_persons is not None
    ]
    ends = [n for _, has, needs in known for n in (has, needs)]
    low, high = min(ends) / 1.15, max(ends) * 1.15
    ax.plot([low, high], [low, high], color=RED, linewidth=1.0)
    ax.fill_between([low, high], [low, low], [low, high], color="#009988", alpha=0.12)
    style: dict[str, Any] = {"zorder": 3, "linestyle": "none", "markersize": 6}
    kept = {spot.federation for spot in found.spots if found.keeps(spot)}
    kinds: dict[str, list[tuple[float, float]]] = {"safe": [], "held": [], "short": []}
    for name, has, needs in known:
        kind = "safe" if needs <= has else "held" if name in kept else "short"
        kinds[kind].append((has, needs))
    _marks(ax, kinds["safe"], "o", INK, "white", "large enough", style)
    _marks(ax, kinds["held"], "o", "white", INK, "its contract does it", style)
    _marks(ax, kinds["short"], "X", RED, "white", "too small", style)
    ax.set_yscale("log")
    ax.set_ylim(low, high)
    ax.set_ylabel("patients needed (N_min of practices such as its own)")
    ax.set_title("Large enough?", loc="left", fontsize=10, color=INK)
    _thousands(ax.yaxis)
    _finish(ax, "patients that the federation has")
    ax.set_xlim(low, high)
    return known


def _marks(
    ax: "Axes",
    at: list[tuple[float, float]],
    marker: str,
    face: str,
    edge: str,
    label: str,
    style: dict[str, Any],
) -> None:
    if at:
        x, y = zip(*at, strict=True)
        ax.plot(
            x,
            y,
            marker=marker,
            markerfacecolor=face,
            markeredgecolor=edge,
            markeredgewidth=0.8,
            label=label,
            **style,
        )


def _name(ax: "Axes", places: list[Place]) -> None:
    """Name each mark inside the panel where that covers no other name and no mark."""
    if len(places) > LABELS_AT_MOST:
        return
    figure = ax.get_figure(root=True)
    assert figure is not None
    points = 72 / figure.dpi
    at = [ax.transData.transform((x, y)) * points for _, x, y in places]
    panel = ax.get_window_extent()
    west, south, east, north = (side * points for side in panel.extents)
    taken = [(x - 3, y - 3, x + 3, y + 3) for x, y in at]
    for (label, *place), (x, y) in zip(places, at, strict=True):
        wide = LETTER_PT * len(label)
        for right, up in ((5, -3), (-5 - wide, -3), (-wide / 2, 5), (-wide / 2, -12)):
            left, low = x + right, y + up
            box = (left, low, left + wide, low + LINE_PT)
            inside = west < left and south < low and box[2] < east and box[3] < north
            if not inside or overlaps(box, taken):
                continue
            taken.append(box)
            ax.annotate(
                label,
                (place[0], place[1]),
                xytext=(right, up),
                textcoords="offset points",
                fontsize=7.5,
                color=INK,
            )
            break


def _finish(ax: "Axes", across: str) -> None:
    """Give a panel a logarithmic axis of patients, a light grid and a legend."""
    ax.set_xscale("log")
    ax.set_xlabel(across)
    _thousands(ax.xaxis)
    ax.grid(color="#d8dde0", linewidth=0.6)
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(fontsize=8, frameon=True, framealpha=0.9, edgecolor="#d8dde0")


def _thousands(axis: Any) -> None:
    """Mark 1, 2, 3 and 5 times powers of ten, written in full."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 3.0, 5.0)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axis.set_minor_formatter(NullFormatter())
