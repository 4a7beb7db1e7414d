"""A row found where a point breaks it: one centre, some of its candidates."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

__all__ = ["Cut", "add_cuts"]


@dataclass(frozen=True)
class Cut:
    """Σ_i coefficient_i · x_ij + r · risk_j + Σ_k c_k · y_jk ≤ upper, for a centre j.

    Parameters
    ----------
    rule
        Name of the family, e.g. ``contiguity``.
    centre
        j.
    terms
        (i, coefficient) in order of i; never a practice that j cannot lead.
    upper
        Right-hand side.
    risk, contract
        r, and (k, c_k), where the cost of risk and the contract taken are in it.
    """

    rule: str
    centre: int
    terms: tuple[tuple[int, float], ...]
    upper: float
    risk: float = 0.0
    contract: tuple[tuple[int, float], ...] = ()

    def excess(self, value: dict[int, float]) -> float:
        """Return by how much a point breaks it; `value` is x_ij by i."""
        return sum(c * value.get(i, 0.0) for i, c in self.terms) - self.upper


def add_cuts(model: Any, cuts: Iterable[Cut]) -> None:
    """Append rows found in rounds to a Pyomo model, to be read or written out."""
    import pyomo.environ as pyo

    if model.component("cuts") is None:
        model.cuts = pyo.ConstraintList()
    for cut in cuts:
        row = sum(c * model.assign[i, cut.centre] for i, c in cut.terms)
        if cut.risk:
            row += cut.risk * model.risk_gbp[cut.centre]
        row += sum(c * model.contract[cut.centre, k] for k, c in cut.contract)
        model.cuts.add(row <= cut.upper)
