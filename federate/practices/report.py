"""What a check found, and what an import took for what."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from federate.errors import Fault, InstanceError
from federate.practices.attributes import Declared
from federate.practices.instance import Instance

__all__ = ["CheckReport", "ImportReport"]

_MOST_NAMED = 10


@dataclass(frozen=True, eq=False)
class CheckReport:
    """What a check found.

    Parameters
    ----------
    source
        Folder or file as the user named it.
    instance
        What was read, or ``None`` where there are faults.
    faults
        What must be put right; any of them keeps the instance from being read.
    warnings
        What deserves a look and may be as meant.
    left_out
        Practices of a foreign table that were not taken, by code and name.
    """

    source: str
    instance: Instance | None
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    left_out: tuple[str, ...] = ()

    def require(self) -> Instance:
        """Return the instance.

        Raises
        ------
        InstanceError
            With all the faults, if there are any.
        """
        if self.instance is None:
            raise InstanceError(self.source, self.faults)
        return self.instance

    def __str__(self) -> str:
        """Say what was read, then every fault and every warning on its line."""
        read = "nothing read"
        if self.instance is not None:
            read = f"{self.instance.num_practices:,} practices read"
        counts = [_count(self.faults, "problem"), _count(self.warnings, "warning")]
        lines = [f"{self.source}: {read}; {', '.join(counts)}"]
        lines += [f"  {fault}" for fault in self.faults]
        lines += [f"  warning: {warning}" for warning in self.warnings]
        return "\n".join(lines)


@dataclass(frozen=True)
class ImportReport:
    """What the import of a wide table took for what, and what it left out.

    Parameters
    ----------
    source
        The file.
    columns
        Our columns by the heading they were read from.
    attributes
        Unit and kind guessed for every further column.
    unused
        Headings left out: blank throughout, or of a second pair of coordinates.
    without_place
        Code and name of the practices left out because they have no coordinates.
    num_rounded
        List sizes that were fractions and were rounded to whole persons, once.
    """

    source: str
    columns: Mapping[str, str]
    attributes: Mapping[str, Declared]
    unused: tuple[str, ...] = ()
    without_place: tuple[str, ...] = ()
    num_rounded: int = 0

    def __str__(self) -> str:
        """Say it in a few lines, naming at most ten practices."""
        used = ", ".join(
            f"{ours} from {theirs}" for ours, theirs in self.columns.items()
        )
        lines = [f"{self.source}: {used}", f"  {len(self.attributes)} attributes"]
        if self.unused:
            lines.append(f"  not used: {', '.join(self.unused)}")
        lines += [f"  {warning.message}" for warning in self.warnings]
        return "\n".join(lines)

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """What was left out or changed, as warnings of a check."""
        file = Path(self.source).name
        found = []
        if self.without_place:
            more = len(self.without_place) - _MOST_NAMED
            named = list(self.without_place[:_MOST_NAMED])
            named += [f"and {more:,} more"] if more > 0 else []
            message = f"left out, without coordinates: {', '.join(named)}"
            found.append(Fault(file, message))
        if self.num_rounded:
            heading = self.columns.get("list_size")
            message = f"{self.num_rounded:,} list sizes rounded to whole persons"
            found.append(Fault(file, message, column=heading))
        return tuple(found)


def _count(found: tuple[Fault, ...], noun: str) -> str:
    plural = "" if len(found) == 1 else "s"
    return f"{len(found):,} {noun}{plural}"
