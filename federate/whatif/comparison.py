"""`Comparison`: plans under one scenario, side by side; the first is the base."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from federate.plan import PlanDiff
from federate.result import Result
from federate.whatif.criteria import Criterion, criteria_of

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["Change", "Comparison", "Fate"]


@dataclass(frozen=True)
class Change:
    """A practice that changes federation between the base and another plan.

    Parameters
    ----------
    plan
        Name of the other plan.
    code, name, patients
        The practice and its list.
    before, after
        Label in the base, and in the plan; ``""`` where it stands alone.
    continues
        Label in the base of the federation it joins; ``""`` where it is new.
    minutes_before, minutes_after
        To its lead practice; ``None`` where it stands alone.
    """

    plan: str
    code: str
    name: str
    patients: int
    before: str
    after: str
    continues: str
    minutes_before: float | None
    minutes_after: float | None


@dataclass(frozen=True)
class Fate:
    """What becomes of one federation between the base and another plan.

    Parameters
    ----------
    plan
        Name of the other plan.
    before, after
        Its labels; ``""`` where it is new, or gone.
    patients_before, patients_after
        Registered patients; ``None`` where it is new, or gone.
    joined, left
        Codes of the practices that come and go.
    """

    plan: str
    before: str
    after: str
    patients_before: int | None
    patients_after: int | None
    joined: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """Plans under one scenario; the first is what the others are held against.

    Tables are made when asked for.

    Parameters
    ----------
    names
        What the plans are called, each once.
    results
        Each scored and verified, all of one problem.
    """

    names: tuple[str, ...]
    results: tuple[Result, ...]

    def __repr__(self) -> str:
        return f"<Comparison of {', '.join(self.names)}: {self.summary}>"

    @cached_property
    def diffs(self) -> tuple[PlanDiff, ...]:
        """What changes from the base to each other plan, federations matched."""
        base = self.results[0]
        return tuple(result.diff(base) for result in self.results[1:])

    @cached_property
    def figures(self) -> tuple[Criterion, ...]:
        """Every criterion of every plan."""
        return criteria_of(self.results)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every practice that changes federation, plan by plan, by its code."""
        from federate.whatif.matching import changes_of

        base, pairs = self.results[0], zip(self.names[1:], self.diffs, strict=True)
        return tuple(
            change
            for (name, diff), result in zip(pairs, self.results[1:], strict=True)
            for change in changes_of(name, base, result, diff)
        )

    @cached_property
    def fates(self) -> tuple[Fate, ...]:
        """What becomes of every federation, plan by plan."""
        from federate.whatif.matching import fates_of

        base, pairs = self.results[0], zip(self.names[1:], self.diffs, strict=True)
        return tuple(
            fate
            for (name, diff), result in zip(pairs, self.results[1:], strict=True)
            for fate in fates_of(name, base, result, diff)
        )

    @cached_property
    def summaries(self) -> tuple[str, ...]:
        """One sentence for each plan but the base: what changes."""
        from federate.whatif.words import sentence

        return tuple(
            sentence(self.names[0], name, self.results[0], result, diff)
            for name, result, diff in zip(
                self.names[1:], self.results[1:], self.diffs, strict=True
            )
        )

    @property
    def summary(self) -> str:
        """What changes, in plain language."""
        return " ".join(self.summaries)

    @property
    def moves(self) -> "DataFrame":
        """One row a practice that changes federation, minutes before and after."""
        from federate.whatif.tables import moves_frame

        return moves_frame(self)

    @property
    def criteria(self) -> "DataFrame":
        """One row a criterion, one column a plan, and the change from the base."""
        from federate.whatif.tables import criteria_frame

        return criteria_frame(self)

    @property
    def federations(self) -> "DataFrame":
        """One row a federation: its size before and after, who joins and leaves."""
        from federate.whatif.tables import federations_frame

        return federations_frame(self)

    @property
    def violations(self) -> "DataFrame":
        """One row a rule that a plan breaks."""
        from federate.whatif.tables import violations_frame

        return violations_frame(self)

    def summary_data(self) -> Mapping[str, object]:
        """Return the comparison in JSON-able figures: what ``--json`` prints."""
        from federate.whatif.tables import summary_data

        return summary_data(self)

    def to_html(self, path: str | Path) -> None:
        """Write one HTML file that opens offline: two maps that move together."""
        from federate.show.compare_page import write_compare_page
        from federate.whatif.payload import compare_payload

        write_compare_page(compare_payload(self), path)

    def to_excel(self, path: str | Path) -> None:
        """Write a workbook: summary, criteria, moves, federations, violations."""
        from federate.show.sheets import write_sheets
        from federate.whatif.tables import sheets

        write_sheets(sheets(self), path)

    def to_csv(self, path: str | Path) -> None:
        """Write who moves, one row a practice and plan."""
        from federate.whatif.tables import write_moves

        write_moves(self, path)
