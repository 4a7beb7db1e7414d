"""What a sweep found: one row a point, and which points are worth having."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from federate.errors import Fault, InputError, did_you_mean
from federate.result import Result
from federate.show.run_folder import METRICS, read_run
from federate.whatif.record import RunRecord

if TYPE_CHECKING:
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
    """

    keys: tuple[str, ...]
    points: tuple[Point, ...]

    def __repr__(self) -> str:
        done = [point for point in self.points if point.run is not None]
        failed = sum(bool(point.error) for point in self.points)
        proven = sum(p.run is not None and p.run.status in PROVEN for p in done)
        said = f"{len(done)} of {len(self.points)} points, {proven} proven optimal"
        return f"<Sweep {said}{f', {failed} failed' if failed else ''}>"

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
            Two or three columns of `to_frame`, each better the lower; a minus
            before a name means the higher the better.

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
        the ε-constraint method. With the cost among the criteria, a point that is
        proven and not dominated then lies on the front for certain: whatever keeps
        its bounds costs no less. Costs at different prices do not compare.

        References
        ----------
        Haimes, Lasdon & Wismer (1971), On a bicriterion formulation of the problems
        of integrated system identification and system optimization, IEEE
        Transactions on Systems, Man, and Cybernetics 1(3): the ε-constraint method.
        """
        table = self.to_frame()
        table = table[table["num_federations"].notna() & (table["num_violations"] == 0)]
        names = [name.lstrip("-") for name in criteria]
        self._refuse_unknown(names, list(table.columns))
        sign = [-1.0 if name.startswith("-") else 1.0 for name in criteria]
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
        the values of the key, ``base`` is the figure of the scenario as it is.
        """
        import pandas as pd

        table = self.to_frame()
        self._refuse_unknown([figure], list(table.columns))
        base = [p.number for p in self.points if not p.changes]
        if not base:
            message = "has no point without a change; sweep one key at a time"
            raise InputError("the tornado", [Fault("the sweep", message)])
        column = table[figure].astype(float)
        middle = float(column.iloc[base[0]])
        rows = []
        for key in self.keys:
            own = [p.number for p in self.points if list(p.changes) == [key]]
            figures = [*column.iloc[own].dropna(), middle]
            row = {"key": key, "low": min(figures), "base": middle}
            rows.append({**row, "high": max(figures)})
        bars = pd.DataFrame(rows)
        bars["swing"] = bars["high"] - bars["low"]
        return bars.sort_values("swing", ascending=False, ignore_index=True)

    def save(self, path: str | Path) -> None:
        """Write `to_frame` as CSV, XLSX or HTML, as the suffix says."""
        from federate.show.formulas import escape_formulas

        path = Path(path)
        table = escape_formulas(self.to_frame().map(_plain))
        write = {
            ".csv": lambda: table.to_csv(path, index=False),
            ".xlsx": lambda: table.to_excel(path, index=False, engine="xlsxwriter"),
            ".html": lambda: table.to_html(path, index=False, na_rep=""),
        }.get(path.suffix.lower())
        if write is None:
            message = "no known file type; end its name in .csv, .xlsx or .html"
            raise InputError("the file to write", [Fault(str(path), message)])
        write()

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


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return ":".join(str(v) for v in value)
    return value
