"""A change of the scenario after which a plan exists, and how it is written."""

from dataclasses import dataclass, replace
from typing import Any

from federate.whatif.demand import VETOES, Changes

__all__ = ["Fix", "joined", "merged", "settings_of"]


@dataclass(frozen=True)
class Fix:
    """A change of the scenario after which a plan exists.

    Parameters
    ----------
    words
        What to change, in a planner's words.
    changes
        The same as `Scenario.with_` takes it; a veto dropped is under ``vetoes``.
    change_share
        How much it changes, 0 to 1 and above, to order fixes by: of a number the
        share by which it moves; of a wish the share of patients it names; of a rule
        given up all of it, 1.
    is_smallest
        Whether the next smaller step was proven not to do.
    num_federations
        Of the plan that was found with it.
    """

    words: str
    changes: Changes
    change_share: float
    is_smallest: bool
    num_federations: int

    @property
    def settings(self) -> tuple[str, ...]:
        """The changes as texts for ``--set``."""
        return settings_of(self.changes)


def settings_of(changes: Changes) -> tuple[str, ...]:
    """Return changes as ``key=value`` texts, as ``--set`` takes them.

    Examples
    --------
    >>> settings_of({"rules__size_bounds": (28400, 50000.0)})
    ('rules.size_bounds=28400:50000',)
    """
    return tuple(
        f"{key.replace('__', '.')}={_text(value)}"
        for key, value in changes.items()
        if key != VETOES
    )


def _text(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:g}" if abs(value) < 1e5 else f"{value:.0f}"
    if isinstance(value, tuple):
        if len(value) == 2 and all(isinstance(v, int | float) for v in value):
            return ":".join(_text(v) for v in value)
        return "[" + ", ".join(_quoted(v) for v in value) + "]"
    return str(value)


def _quoted(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_quoted(v) for v in value) + "]"
    return f'"{value}"'


def merged(base: Changes, changes: Changes) -> Changes:
    """Return both changes; vetoes add up."""
    both = {**base, **changes}
    if VETOES in base and VETOES in changes:
        both[VETOES] = base[VETOES] | changes[VETOES]
    return both


def joined(first: Fix, second: Fix) -> Fix:
    """Return the fix that does both."""
    return replace(
        second,
        words=f"{first.words}, and {second.words}",
        changes=merged(first.changes, second.changes),
        change_share=first.change_share + second.change_share,
        is_smallest=False,
    )
