"""The spend model, the rules and the menu of contracts as plain numbers."""

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import types

__all__ = [
    "ATTACH",
    "BASE",
    "BUDGET",
    "EXPECTED_OVERSPEND",
    "FEE",
    "FIXED",
    "FULL",
    "GAIN",
    "GAIN_BEYOND",
    "LAYER",
    "LIMIT",
    "LOADING",
    "MANAGEMENT",
    "NUM_CUT",
    "NUM_PARTS",
    "NUM_TERMS",
    "PERSONS",
    "QUOTA",
    "RISK_TERMS",
    "SD_LOADING",
    "SUPPORT",
    "TAIL_MEAN",
    "THIRD",
    "VARIANCE",
    "WHOLE",
    "RiskTerms",
    "frozen",
    "no_contract",
    "no_risk_terms",
]

# Columns of `parts`: exposed budget (£ a year), its variance (£²) and third
# moment (£³), whole budget, budget of full-tier practices, management (£ a year),
# registered persons. Then for each threshold above which single patients are cut:
# variance, third moment, mean that is ceded and its variance.
BUDGET, VARIANCE, THIRD, WHOLE, FULL, MANAGEMENT, PERSONS = range(7)
NUM_PARTS = 7
# Columns of `menu`, a row a contract.
(
    BASE,
    QUOTA,
    ATTACH,
    LIMIT,
    LAYER,
    FEE,
    FIXED,
    LOADING,
    GAIN,
    GAIN_BEYOND,
    SUPPORT,
    SD_LOADING,
) = range(12)
NUM_TERMS = 12
NUM_CUT = 4
# What a price is put on: E[(D − r)+], or CVaR_α of D.
EXPECTED_OVERSPEND, TAIL_MEAN = 0, 1

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class RiskTerms(NamedTuple):
    """The spend model, the rules and the menu as plain numbers; read-only.

    Parameters
    ----------
    is_on
        Whether anything is asked that `judge` must weigh.
    tail, mean, tau_shock, tau_region, per_m
        Law of Y, μ, τ_s, τ_c and 1/ℓ (per metre).
    tolerance, max_probability
        r and ε of P(Z − L > r) ≤ ε; ε < 0: no such rule.
    price, measure, alpha
        £ for each £ of expected overspend beyond r that is kept, or of CVaR at α.
    allowance, innovation, fixed_gbp, head_gbp, member_gbp
        The running-cost allowance a head (< 0: none), the share of budget kept
        for innovation, and the running cost.
    management_head
        Management that a patient needs, £ a year; 0: no such rule.
    full_share
        Least share of budget in full-tier hands; < 0: no such rule.
    benefit, benefit_persons
        η and N0 of the scale benefit η B (1 − e^{−N/N0}).
    parts
        Shape ``(n, q)``, see the columns above.
    place_m
        Shape ``(n, 2)``, metres.
    exempt
        Shape ``(n,)``: alone, such a practice keeps the rules of risk whatever
        its strain: it is a named exception.
    cap
        Shape ``(n,)`` or ``(0,)``: the most of its budget that each may stand to
        lose, as its share of the federation's CVaR.
    menu
        Shape ``(k, 12)``, a row a contract; at least one.
    """

    is_on: bool
    tail: int
    mean: float
    tau_shock: float
    tau_region: float
    per_m: float
    tolerance: float
    max_probability: float
    price: float
    measure: int
    alpha: float
    allowance: float
    innovation: float
    fixed_gbp: float
    head_gbp: float
    member_gbp: float
    management_head: float
    full_share: float
    benefit: float
    benefit_persons: float
    parts: Floats
    place_m: Floats
    exempt: Bools
    cap: Floats
    menu: Floats


def _numba_type() -> Any:
    """Return the numba type of a `RiskTerms`, whatever it holds."""
    floats = types.Array(types.float64, 1, "C", readonly=True)
    table = types.Array(types.float64, 2, "C", readonly=True)
    flags = types.Array(types.boolean, 1, "C", readonly=True)
    kinds = {bool: types.boolean, int: types.int64, float: types.float64}
    arrays = {"parts": table, "place_m": table, "menu": table, "exempt": flags}
    hints = RiskTerms.__annotations__.items()
    named = [kinds.get(kind, arrays.get(name, floats)) for name, kind in hints]
    named_tuple: Any = types.NamedTuple
    return named_tuple(named, RiskTerms)


RISK_TERMS = _numba_type()


def frozen(values: npt.ArrayLike) -> npt.NDArray[Any]:
    """Return a contiguous array that nobody can write to."""
    out = np.ascontiguousarray(values).copy()
    out.flags.writeable = False
    return out


def no_contract() -> Floats:
    """Return the menu of one row that takes nothing and costs nothing."""
    none = np.zeros((1, NUM_TERMS))
    none[0, BASE], none[0, ATTACH], none[0, LIMIT] = VARIANCE, math.inf, math.inf
    return frozen(none)


def no_risk_terms(num_practices: int) -> RiskTerms:
    """Return terms that ask nothing and cost nothing, over so many practices."""
    numbers: dict[str, Any] = {
        name: kind(0)
        for name, kind in RiskTerms.__annotations__.items()
        if kind in (bool, int, float)
    }
    shapes = {
        "parts": (num_practices, 0),
        "place_m": (num_practices, 2),
        "cap": (0,),
        "menu": (0, NUM_TERMS),
    }
    arrays: dict[str, Any] = {k: frozen(np.zeros(s)) for k, s in shapes.items()}
    arrays["exempt"] = frozen(np.zeros(num_practices, dtype=np.bool_))
    return RiskTerms(**numbers, **arrays)
