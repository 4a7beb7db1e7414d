"""Prices that prove ever more: the volume algorithm, scaled by the prices.

Barahona and Anbil (2000, Mathematical Programming 87): step from the best prices
along an average of subgradients; the average tends to the linear programme's own
answer, which says how often each practice is still missing and how much of a
federation is led from each centre. Steps are scaled by the prices at the start,
π ← π̂ + s·M·d with M_i ∝ π_i: a pound moves as easily in London as a hundred in
Northumberland.
"""

from dataclasses import dataclass, field
from math import inf

import numpy as np
import numpy.typing as npt

from federate.engine.lagrangian.prices import Pricer, Worth

__all__ = ["Ascent"]

FloatArray = npt.NDArray[np.float64]

PROVE_EVERY, RETURN_EVERY = 10, 50
PATIENCE = 15
AIM = 0.05
SETTLED = 2e-6


@dataclass
class Ascent:
    """Prices under way.

    Parameters
    ----------
    pricer
        Where prices are weighed.
    prices, value_gbp
        The best so far, and what they are worth by the lists.
    share
        Shape ``(n,)``: how much of a federation the averaged answer leads from
        each centre; adds up to their number.
    """

    pricer: Pricer
    prices: FloatArray = field(init=False)
    value_gbp: float = field(init=False)
    share: FloatArray = field(init=False)
    _proven: tuple[float, FloatArray] = field(init=False)
    _missing: FloatArray = field(init=False)
    _scale: FloatArray = field(init=False)
    _step: float = 0.2
    _weight: float = 0.1
    _failed: int = 0
    _done: int = 0
    _marks: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.prices = self.pricer.start()
        worth = self.pricer.prove(self.prices)
        self.value_gbp, self._missing = worth.value_gbp, worth.missing
        self._proven = worth.value_gbp if worth.proved else -inf, self.prices
        self.share = np.zeros(len(self.prices))
        self.share[worth.opened] = 1.0
        scale = np.abs(self.prices)
        self._scale = np.maximum(scale, 1e-3 * max(float(scale.mean()), 1e-9))
        self._scale[self.pricer.facts.own] = 0.0

    @property
    def is_settled(self) -> bool:
        """Whether the last hundred and fifty steps gained next to nothing."""
        if len(self._marks) < 4:
            return False
        gained = self._marks[-1] - self._marks[-4]
        return gained <= SETTLED * abs(self._marks[-1])

    def advance(self) -> Worth | None:
        """Take some steps; return the proven worth of the best prices.

        Prices that looked better only because of whom the lists left out are
        dropped for the last ones proven, and steps get shorter.
        """
        for _ in range(RETURN_EVERY):
            self._once()
        worth = self.pricer.prove(self.prices)
        if not worth.proved or worth.value_gbp < self._proven[0]:
            self.value_gbp, self.prices = self._proven
            self._step *= 0.5
            worth = self.pricer.prove(self.prices)
        if worth.proved:
            self._proven = worth.value_gbp, self.prices
            self.value_gbp = worth.value_gbp
        self._marks.append(self.value_gbp)
        if len(self._marks) % 2 == 0 and len(self._marks) > 2:
            slow = self._marks[-1] < self._marks[-3] + 2e-3 * abs(self._marks[-1])
            self._weight = max(0.005, self._weight / 2) if slow else self._weight
        return worth if worth.proved and worth.value_gbp < inf else None

    def _once(self) -> None:
        """Step along the averaged subgradient, and learn from where it led."""
        scale, missing = self._scale, self._missing
        steep = float((scale * missing**2).sum())
        if steep <= 0.0:
            return
        length = self._step * AIM * max(abs(self.value_gbp), 1.0) / steep
        trial = self.prices + length * scale * missing
        self._done += 1
        prove = self._done % PROVE_EVERY == 0
        worth = self.pricer.prove(trial) if prove else self.pricer.look(trial)
        along = float((scale * worth.missing * missing).sum())
        square = float((scale * worth.missing**2).sum())
        best = (steep - along) / max(square + steep - 2.0 * along, 1e-30)
        weight = min(max(best, self._weight / 10), self._weight)
        self._missing = weight * worth.missing + (1.0 - weight) * missing
        self.share *= 1.0 - weight
        self.share[worth.opened] += weight
        if worth.value_gbp > self.value_gbp:
            self._failed = 0
            self._step = min(2.0, self._step * 1.1) if along >= 0.0 else self._step
            self.value_gbp, self.prices = worth.value_gbp, trial
            return
        self._failed += 1
        if self._failed >= PATIENCE:
            self._failed = 0
            self._step *= 0.67
