"""Everything `federate` raises on purpose.

```
FederateError
├── InputError            what was given breaks a contract (exit 3)
│   ├── InstanceError     instance folder, table, published NHS file
│   ├── ScenarioError     scenario file, preset, option
│   └── PlanError         plan file or plan that does not fit the instance
├── InfeasibleError       rules proven impossible (exit 4)
└── SolverError           a backend that is missing or broke (exit 1)
```

Every input error carries all its faults at once, each with the place, the
value and the way out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

__all__ = [
    "Fault",
    "FederateError",
    "InfeasibleError",
    "InputError",
    "InstanceError",
    "PlanError",
    "ScenarioError",
    "SolverError",
    "did_you_mean",
]


@dataclass(frozen=True)
class Fault:
    """One thing wrong with an input: where, what, and the way out.

    Parameters
    ----------
    file
        File as the user knows it, e.g. ``practices.csv``.
    message
        What is wrong and the way out, as a clause without a full stop.
    line
        One-based line of the file (a table's heading is line 1), if known.
    column
        Column of the table or dotted key of the TOML, if one is concerned.
    value
        The offending value as read, if there is one.

    Examples
    --------
    >>> print(Fault("practices.csv", "must be at least 0", 7, "list_size", -120))
    practices.csv line 7, list_size: must be at least 0, got -120
    """

    file: str
    message: str
    line: int | None = None
    column: str | None = None
    value: Any = None

    def __str__(self) -> str:
        place = self.file
        if self.line is not None:
            place += f" line {self.line}"
        if self.column is not None:
            place += f", {self.column}"
        if self.value is None:
            return f"{place}: {self.message}"
        number = isinstance(self.value, int | float)
        got = f"got {self.value if number else repr(self.value)}"
        # A message may end in a question: did you mean ...?
        asks = self.message.endswith("?")
        return f"{place}: {self.message}" + (f" ({got})" if asks else f", {got}")


class FederateError(Exception):
    """Anything `federate` raises on purpose."""


class InputError(FederateError):
    """What was given breaks a contract; `faults` lists every fault."""

    def __init__(self, where: str, faults: Sequence[Fault]) -> None:
        self.where = where
        self.faults = tuple(faults)
        count = len(self.faults)
        noun = "problem" if count == 1 else "problems"
        lines = "".join(f"\n  {fault}" for fault in self.faults)
        super().__init__(f"{count} {noun} in {where}{lines}")

    def __reduce__(self) -> "tuple[type[InputError], tuple[str, tuple[Fault, ...]]]":
        """Return how to make it again: errors cross from process to process."""
        return type(self), (self.where, self.faults)


class InstanceError(InputError):
    """An instance folder, table or published file breaks its contract."""


class ScenarioError(InputError):
    """A scenario file, preset or option breaks its contract."""


class PlanError(InputError):
    """A plan does not fit the instance it is scored on."""


class InfeasibleError(FederateError):
    """The rules are proven impossible; the message says why and the way out."""


class SolverError(FederateError):
    """A backend is missing, unlicensed or broke."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Suggest the nearest known word, or nothing.

    Examples
    --------
    >>> did_you_mean("A81999", ["A81099", "B83033"])
    '; did you mean A81099?'
    >>> did_you_mean("zzz", ["A81099"])
    ''
    """
    close = get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""
