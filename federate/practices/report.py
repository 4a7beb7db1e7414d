"""`CheckReport`: what a check of an instance or of one table found."""

from dataclasses import dataclass

from federate.errors import Fault, InstanceError
from federate.practices.instance import Instance

__all__ = ["CheckReport"]


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
    """

    source: str
    instance: Instance | None
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()

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


def _count(found: tuple[Fault, ...], noun: str) -> str:
    plural = "" if len(found) == 1 else "s"
    return f"{len(found):,} {noun}{plural}"
