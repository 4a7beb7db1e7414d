"""Parameters of risk that a panel gave: frozen, and as a section of a scenario."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from federate.criteria.panel_fit import Estimate

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["Correlation", "Fitted", "RiskFit"]

WIDTH = 78


@dataclass(frozen=True)
class Fitted:
    """One key of ``[risk]``.

    Parameters
    ----------
    key
        Its name.
    value, error
        Estimate and standard error; ``None`` where the panel cannot tell.
    default
        What a scenario has that says nothing.
    why_not
        Why it is not written; ``""``: it is.
    """

    key: str
    value: float | None
    error: float | None
    default: float
    why_not: str = ""

    @property
    def written(self) -> float | None:
        """The value as it is written, to three digits; ``None``: it is not."""
        if self.value is None or self.why_not:
            return None
        return float(f"{self.value:.3g}")


@dataclass(frozen=True)
class Correlation:
    """Correlation of two practices' years at a distance, km, over so many pairs."""

    from_km: float
    to_km: float
    num_pairs: int
    value: float
    error: float


@dataclass(frozen=True)
class RiskFit:
    """What a panel says of ``[risk]``.

    Parameters
    ----------
    file, spend, need, less
        The table, the columns of spend and of need, and what was taken off spend.
    num_rows, num_practices, years
        Rows read; practices and years that are used.
    left_out
        Why → how many.
    budget, most_jump
        As asked.
    num_placed
        Practices whose distances were weighed; 0: none.
    fitted
        One for each key of ``[risk]`` that a panel could tell.
    lasting
        Standard deviation of practices' lasting levels, a share of spend.
    autocorrelation
        Of a practice's year with the year before; −1/(T − 1) if years were
        independent.
    near
        Correlations by distance.
    """

    file: str
    spend: str
    need: str
    less: tuple[str, ...]
    num_rows: int
    num_practices: int
    years: tuple[str, ...]
    left_out: Mapping[str, int]
    budget: str
    most_jump: float
    num_placed: int
    fitted: tuple[Fitted, ...]
    lasting: Estimate
    autocorrelation: float
    near: tuple[Correlation, ...]

    def as_data(self) -> dict[str, Any]:
        """Return all of it as JSON has it."""
        data = asdict(self) | {"left_out": dict(self.left_out)}
        data["lasting"] = self.lasting._asdict()
        for row in data["near"]:
            row["to_km"] = None if row["to_km"] == float("inf") else row["to_km"]
        data["what_it_is"], data["what_it_is_not"] = self.what_it_is, self.what_it_isnt
        return data

    def to_frame(self) -> "DataFrame":
        """Return one row a key: value, error, default, and why it is not written."""
        import pandas as pd

        return pd.DataFrame([vars(row) for row in self.fitted])

    @property
    def what_it_is(self) -> str:
        """What was measured, in a sentence or two."""
        less = f", less {', '.join(self.less)}" if self.less else ""
        said = (
            f"{self.spend}{less} per patient ({self.need}) of "
            f"{self.num_practices:,} practices, {self.years[0]} to {self.years[-1]}. "
        )
        if self.budget == "history":
            return said + (
                "tau_practice is how far a year strays from the practice's own level "
                "over these years."
            )
        return said + (
            "tau_practice is how far a year strays from one rate for all, lasting "
            "differences between practices included."
        )

    @property
    def what_it_isnt(self) -> str:
        """What the panel does not tell, in a sentence or two."""
        if "payment" not in self.spend.lower():
            return (
                f"Whether {self.spend} is what a federation would answer for is not in "
                "the panel: judge that first."
            )
        return (
            "Payments under practices' own contracts, not what their patients cost in "
            "hospital, which most of a federation's budget goes on. They show how "
            "practices' money moves, by themselves and with their neighbours'; take "
            "them for a stand-in, and try the scenario with other values. What the "
            "total holds changes between publications, and counts as a shock here."
        )

    def to_toml(self, extends: str | None = None) -> str:
        """Return a file that a scenario can extend, or its ``[risk]`` be copied from.

        Parameters
        ----------
        extends
            What it extends itself, such as a preset.
        """
        lines = [f"# Estimated by federate risk fit from {self.file}."]
        for text in (f"Is: {self.what_it_is}", f"Is not: {self.what_it_isnt}"):
            lines += [f"# {line}" for line in wrap(text, WIDTH)]
        lines += ["schema = 1"]
        lines += [f'extends = "{extends}"'] if extends else []
        lines += ["", "[risk]"]
        for row in self.fitted:
            if row.value is not None and row.error is not None:
                lines.append(
                    f"# Standard error {row.error:.2g}; default {row.default:g}."
                )
            if row.written is not None:
                lines.append(f"{row.key} = {row.written:g}")
            else:
                told = row.key if row.value is None else f"{row.key} = {row.value:.3g}"
                text = f"Not written: {told}; {row.why_not}."
                lines += [f"# {line}" for line in wrap(text, WIDTH)]
        return "\n".join(lines) + "\n"

    def save(self, path: str | Path, *, extends: str | None = None) -> None:
        """Write `to_toml`, once a scenario with its values is found sound.

        Raises
        ------
        ScenarioError
            If `extends` names nothing, or the values make no scenario.
        """
        from federate.scenario import Scenario
        from federate.scenario.document import parse

        path = Path(path)
        text = self.to_toml(extends)
        risk = parse(text, path.name).data["risk"]
        changes = {f"risk__{key}": value for key, value in risk.items()}
        base = path.parent / extends if extends and Path(extends).suffix else extends
        Scenario.load(base or "pcn2019", **changes)
        aside = path.with_name(f".{path.name}.part")
        try:
            aside.write_text(text, "utf-8")
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
