"""What joined of the published files, and what did not."""

from collections.abc import Sequence
from dataclasses import dataclass

from federate.errors import Fault

__all__ = ["JoinLine", "JoinReport"]

_MOST_EXAMPLES = 3


@dataclass(frozen=True)
class JoinLine:
    """One thing that was counted: what, how many, and a few by code and name."""

    what: str
    count: int
    examples: tuple[str, ...] = ()

    @classmethod
    def of(cls, what: str, names: Sequence[str]) -> "JoinLine":
        """Count names and keep the first few as examples."""
        return cls(what, len(names), tuple(names[:_MOST_EXAMPLES]))

    def __str__(self) -> str:
        such = f", e.g. {', '.join(self.examples)}" if self.examples else ""
        return f"{self.count:>8,} {self.what}{such}"


@dataclass(frozen=True)
class JoinReport:
    """What joined and what did not.

    Parameters
    ----------
    num_joined
        Practices of the instance.
    left_out
        Rows of ``epraccur`` that are not in it, by reason; a row counts once, for
        the first reason.
    without
        Practices that are in it but lack something.
    unmatched
        Rows of the other files that met no practice of the instance.
    warnings
        What deserves a look in the practices that joined.
    """

    num_joined: int
    left_out: tuple[JoinLine, ...]
    without: tuple[JoinLine, ...]
    unmatched: tuple[JoinLine, ...]
    warnings: tuple[Fault, ...] = ()

    def __str__(self) -> str:
        """Say it in a few lines, zero counts left out."""
        parts = (
            ("left out of epraccur", self.left_out),
            ("of these", self.without),
            ("in other files alone", self.unmatched),
        )
        lines = [f"{self.num_joined:>8,} practices joined"]
        for heading, counted in parts[1:2] + parts[:1] + parts[2:]:
            told = [str(line) for line in counted if line.count]
            lines += [f"{heading}:", *told] if told else []
        lines += [f"warning: {warning}" for warning in self.warnings]
        return "\n".join(lines)
