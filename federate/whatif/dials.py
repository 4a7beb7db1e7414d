"""Rules that are one number: which way each gives, in what steps, how far."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor

from federate.problem import Problem

__all__ = ["Dial", "dials"]

WIDE = 1_000.0
"""Times what is asked: further than any rule of this kind need be turned."""
EXACT = 1e-9


@dataclass(frozen=True)
class Dial:
    """A number of the scenario that makes a rule looser the further it is turned.

    Parameters
    ----------
    key
        As `Scenario.with_` has it.
    step, far
        Smallest turn, above 0, and the loosest value, both in the key's unit.
    said
        What turning it means, in a planner's words.
    shown
        How a value is written there.
    """

    key: str
    step: float
    far: float
    said: str
    shown: Callable[[float], str]

    def steps(self, asked: float) -> int:
        """Return how many steps there are from what is asked."""
        return max(0, ceil(abs(self.far - asked) / self.step - EXACT))

    def turned(self, asked: float, k: int) -> float:
        """Return the value k ≥ 1 steps on, a whole number of steps.

        Examples
        --------
        >>> dial = Dial("rules__max_travel_min", 0.5, 60.0, "raise", str)
        >>> dial.turned(12.3, 1), dial.turned(12.5, 1)
        (12.5, 13.0)
        """
        steps = asked / self.step
        if self.far > asked:
            value = min((floor(steps + EXACT) + k) * self.step, self.far)
        else:
            value = max((ceil(steps - EXACT) - k) * self.step, self.far)
        return round(value, 6)

    def words(self, asked: float, value: float) -> str:
        """Return the turn in words."""
        return f"{self.said} from {self.shown(asked)} to {self.shown(value)}"


def dials(problem: Problem, kind: str) -> tuple[Dial, ...]:
    """Return the numbers that loosen a demand of this kind; empty where none does."""
    asked = problem.scenario
    tiers, scale = asked.tiers, asked.scale
    if kind == "travel":
        farthest = ceil(2 * float(problem.travel.minutes.max())) / 2
        return (
            Dial(
                "rules__max_travel_min",
                0.5,
                farthest,
                "raise the travel limit",
                _minutes,
            ),
        )
    if kind == "risk":
        return (
            Dial(
                "risk__max_probability",
                0.005,
                0.495,
                "raise the share of years that may overspend",
                _percent,
            ),
            Dial(
                "risk__tolerance",
                0.001,
                0.2,
                "raise what counts as an overspend",
                _percent,
            ),
        )
    if kind == "full share":
        said = "lower the share of the full tier"
        return (Dial("tiers__min_full_share", 0.01, 0.0, said, _percent),)
    if kind == "exposure" and tiers.max_exposure_share is not None:
        said = "raise the share of income that a practice may answer for"
        far = WIDE * tiers.max_exposure_share
        return (Dial("tiers__max_exposure_share", 0.01, far, said, _percent),)
    if kind == "allowance" and scale.allowance_gbp_per_head is not None:
        said = "raise the running-cost allowance a head"
        far = WIDE * scale.allowance_gbp_per_head
        return (Dial("scale__allowance_gbp_per_head", 0.1, far, said, _pounds),)
    if kind == "management":
        said = "lower the management needed a head"
        return (Dial("scale__management_gbp_per_head", 0.01, 0.01, said, _pounds),)
    return ()


def _minutes(value: float) -> str:
    return f"{value:g} minutes"


def _percent(value: float) -> str:
    return f"{100 * value:g} %"


def _pounds(value: float) -> str:
    return f"£{value:.2f}"
