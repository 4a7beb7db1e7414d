"""What a sweep found: one row a point, and which points are worth having."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from federate.errors import Fault, InputError, did_you_mean
from federate.result import Result
from federate.show.run_folder import METRICS, read_run
from federate.whatif.goals import figure_of, swept_goals
from federate.whatif.record import RunRecord

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

__all__ = ["Point", "Sweep"]

PROVEN = frozenset({"optimal"})


@dataclass(frozen=True)
class Point:
    """One point: what was changed, and the run that answers it or why none does."""

    number: int
    changes: Mapping[str, Any]
    run: RunRecord | None
    error: str = ""


@dataclass(frozen=True, repr=False)
class Sweep:
    """Every point of a sweep.

    Parameters
    ----------
    keys
        The keys that change, dotted.
    points
        In the order in which they were asked.
    criteria
        What `pareto` weighs where it is told nothing else.
    """

    keys: tuple[str, ...]
    points: tuple[Point, ...]
    criteria: tuple[str, ...] = ()

    def __repr__(self) -> str:
        done = [point for point in self.points if point.run is not None]
        failed = sum(bool(point.error) for point in self.points)
        status = [point.run.status for point in done if point.run is not None]
        proven, none = sum(s in PROVEN for s in status), status.count("infeasible")
        said = f"{len(done)} of {len(self.points)} points, {proven} proven optimal"
        said += f", {none} proven to have no plan" if none else ""
        return f"<Sweep {said}{f', {failed} failed' if failed else ''}>"

    @property
    def weighed(self) -> tuple[str, ...]:
        """The criteria that `pareto` weighs where it is told nothing else.

        Raises
        ------
        InputError
            If there are none: then they must be named.
        """
        criteria = self.criteria or swept_goals(self.keys)
        if not criteria:
            message = "name two or three, e.g. cost,travel; or sweep a rule that bounds"
            raise InputError("the criteria", [Fault("the front", message)])
        return criteria

    def result(self, number: int) -> Result:
        """Return the result of one point, its plan scored and verified anew."""
        run = self.points[number].run
        if run is None:
            message = self.points[number].error or "was not solved"
            raise InputError("the sweep", [Fault(f"point {number}", message)])
        return read_run(run.folder)

    def to_frame(self) -> "DataFrame":
        """Return one row a point: keys, status, cost, bound, every total, run."""
        import pandas as pd

        return pd.DataFrame([self._row(point) for point in self.points])

    def pareto(self, *criteria: str) -> "DataFrame":
        """Return the points that have a plan, and which of them are dominated.

        Parameters
        ----------
        criteria
            Two or three of ``cost``, ``travel``, ``risk`` (see
            `federate.whatif.goals`) and the columns of `to_frame`, each better the
            lower; a minus before a name means the higher the better. By default
            those of the front that was asked for, else the cost and what the swept
            rules bound.

        Returns
        -------
        pandas.DataFrame
            The rows of `to_frame` with a plan that keeps every rule, in the order
            of the first criterion, and two more columns: ``dominated``: another
            point is as good in each and better in one; ``proven``: no plan of that
            point's scenario costs less.

        Notes
        -----
        Sweep a rule that bounds a criterion, and leave prices as they are: that is
        the ε-constraint method. With the cost among the criteria, no plan that is
        as good in the others costs less than a point that is proven and not
        dominated, within its gap. Costs at different prices do not compare.

        References
        ----------
        Haimes, Lasdon & Wismer (1971), On a bicriterion formulation of the problems
        of integrated system identification and system optimization, IEEE
        Transactions on Systems, Man, and Cybernetics 1(3): the ε-constraint method.
        """
        table = self.to_frame()
        table = table[[p.run is not None and p.run.is_sound for p in self.points]]
        said = [figure_of(name) for name in criteria or self.weighed]
        names = [name.lstrip("-") for name in said]
        if table.empty:
            return table.assign(dominated=False, proven=False)
        self._refuse_unknown(names, list(table.columns))
        sign = [-1.0 if name.startswith("-") else 1.0 for name in said]
        costs = table[names].to_numpy(dtype=float) * sign
        dominated = [_is_dominated(row, costs) for row in costs]
        marked = table.assign(
            dominated=dominated, proven=table["status"].isin(sorted(PROVEN))
        )
        return marked.sort_values(names, ascending=[s > 0 for s in sign])

    def tornado(self, figure: str = "objective_gbp") -> "DataFrame":
        """Return how far each key by itself moves a figure, the farthest first.

        Made of the points where one key alone differs from the scenario as it is,
        see `federate.sweep`: ``low`` and ``high`` are the figure's extremes over
        the values of the key, ``low_at`` and ``high_at`` those values, ``base`` is
        the figure of the scenario as it is, which counts among a key's own, and
        ``no_plan_at`` the values at which no plan was found.
        """
        import pandas as pd

        table = self.to_frame()
        figure = figure_of(figure)
        self._refuse_unknown([figure], list(table.columns))
        base = [p.number for p in self.points if not p.changes]
        if not base:
            message = "has no point without a change; sweep one key at a time"
            raise InputError("the tornado", [Fault("the sweep", message)])
        column = table[figure].astype(float)
        middle = float(column.iloc[base[0]])
        rows = []
        for key in self.keys:
            own = {p.number: p for p in self.points if list(p.changes) == [key]}
            tried = [(float(column.iloc[k]), p.changes[key]) for k, p in own.items()]
            without = [value for figure, value in tried if figure != figure]
            tried = [pair for pair in tried if pair[0] == pair[0]]
            tried.append((middle, "as it is"))
            low, high = (pick(tried, key=lambda pair: pair[0]) for pick in (min, max))
            row = {"key": key, "low": low[0], "low_at": low[1], "base": middle}
            row |= {"high": high[0], "high_at": high[1], "no_plan_at": without}
            rows.append(row)
        bars = pd.DataFrame(rows)
        bars["swing"] = bars["high"] - bars["low"]
        return bars.sort_values("swing", ascending=False, ignore_index=True)

    @property
    def is_one_at_a_time(self) -> bool:
        """Whether it is the scenario as it is, and one key alone changed."""
        counts = [len(point.changes) for point in self.points]
        return 0 in counts and set(counts) == {0, 1} and not self.criteria

    def plot(self, ax: "Axes | None" = None) -> "Figure":
        """Draw the tornado where one key changes at a time, else the front.

        A filled point is proven; a cross is dominated.
        """
        from federate.whatif.drawn import plot

        return plot(self, ax)

    def save(self, path: str | Path) -> None:
        """Write a table (.csv, .xlsx), a page (.html) or a picture (.png, .svg)."""
        from federate.whatif.drawn import write

        write(self, Path(path))

    def _row(self, point: Point) -> dict[str, Any]:
        keys = {key: point.changes.get(key) for key in self.keys}
        row: dict[str, Any] = {"point": point.number, **keys}
        if point.run is None:
            return row | {"status": "failed" if point.error else "", **_nothing(point)}
        said = json.loads((point.run.folder / METRICS).read_text("utf-8"))
        own = point.run.as_data()
        figures = {
            name: own[name]
            for name in (
                "status",
                "stop",
                "objective_gbp",
                "bound_gbp",
                "gap",
                "num_federations",
                "num_violations",
                "seconds",
            )
        }
        totals = {k: v for k, v in (said["totals"] or {}).items() if k not in figures}
        return row | figures | totals | {"run": own["run"], "error": ""}

    def _refuse_unknown(self, names: list[str], known: list[str]) -> None:
        faults = [
            Fault(name, f"no such figure{did_you_mean(name, known)}")
            for name in names
            if name not in known
        ]
        if faults:
            raise InputError("the criteria", faults)


def _nothing(point: Point) -> dict[str, Any]:
    return {"num_federations": None, "num_violations": None, "error": point.error}


def _is_dominated(row: Any, costs: Any) -> bool:
    """Whether another row is nowhere worse and somewhere better."""
    return bool(((costs <= row).all(axis=1) & (costs < row).any(axis=1)).any())
