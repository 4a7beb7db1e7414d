"""Which practices bear all, part or none of their risk."""

import numpy as np
import numpy.typing as npt

from federate.criteria.tiers import FULL, TIERS, highest_tier
from federate.problem.references import References
from federate.scenario.schema import Scenario

__all__ = ["tiers_of"]

IntArray = npt.NDArray[np.int64]


def tiers_of(look: References, scenario: Scenario) -> IntArray:
    """Return the tier of each practice: stated, or the highest it may have.

    Readiness and willingness each allow a tier by their thresholds; the lower of
    the two counts. Everybody is full where nothing is stated.
    """
    asked, n = scenario.tiers, look.instance.num_practices
    tier = np.zeros(n, dtype=np.int64)
    if asked.column is not None:
        return _stated(look, asked.column)
    for name in ("readiness", "willingness"):
        column = getattr(asked, f"{name}_column")
        if column is not None:
            full = getattr(asked, f"full_{name}")
            partial = getattr(asked, f"partial_{name}")
            tier = np.maximum(tier, _allowed(look, name, column, full, partial))
    return tier


def _stated(look: References, column: str) -> IntArray:
    """Return the tiers that a column of labels names."""
    n = look.instance.num_practices
    found = look.attribute("tiers.column", column)
    if found is None:
        return np.zeros(n, dtype=np.int64)
    words = [str(value).strip().lower() for value in found.values]
    strange = sorted({word for word in words if word not in TIERS})
    if strange:
        said = ", ".join(f'"{word}"' for word in strange[:5])
        look.fault(
            "tiers.column",
            f"holds {said}; each practice must be full, partial or provider (or none)",
            column,
        )
    return np.array([TIERS.get(word, FULL) for word in words], dtype=np.int64)


def _allowed(
    look: References,
    name: str,
    column: str,
    full: float | None,
    partial: float | None,
) -> IntArray:
    """Return the highest tier that a column of numbers allows; blanks: the lowest."""
    n = look.instance.num_practices
    key = f"tiers.{name}_column"
    found = look.attribute(key, column)
    if found is None:
        return np.zeros(n, dtype=np.int64)
    if found.kind != "number":
        look.fault(key, "must be a column of numbers", column)
        return np.zeros(n, dtype=np.int64)
    values = found.values.astype(np.float64)
    at_full = np.inf if full is None else full
    at_partial = at_full if partial is None else partial
    return highest_tier(values, partial=at_partial, full=at_full)
