"""The menu of contracts: what each federation may choose from."""

from collections.abc import Mapping, Sequence
from math import inf
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from federate.criteria.risk_terms import (
    ATTACH,
    BASE,
    FEE,
    FIXED,
    GAIN,
    GAIN_BEYOND,
    LAYER,
    LIMIT,
    LOADING,
    NUM_CUT,
    NUM_PARTS,
    QUOTA,
    SD_LOADING,
    SUPPORT,
    no_contract,
)
from federate.errors import did_you_mean
from federate.problem.references import References
from federate.scenario.schema import Contract, Scenario

__all__ = ["Offer", "menu_of", "offers_of", "thresholds_of"]

# What a partner's contract needs that the menu must state: key, and how to say it.
NEEDED = {
    "stop_loss": ("stop_loss_from", "where the stop-loss begins"),
    "carve_out": ("carve_out_above_gbp", "above what a patient's cost is carved out"),
    "support": ("management_gbp", "what management it supplies, £ a year"),
}


class Offer(NamedTuple):
    """One contract: its name, its partner's code (``""``: none), and its terms.

    `cut_above_gbp` is where single patients are cut; `terms` has a value by column
    of the menu (``criteria.risk_terms``).
    """

    name: str = ""
    partner: str = ""
    cut_above_gbp: float = inf
    terms: Mapping[int, float] = MappingProxyType({})


def offers_of(look: References, scenario: Scenario) -> list[Offer]:
    """Return the menu, "no contract" first unless one is required."""
    found = [] if scenario.contracts.required else [Offer()]
    menu = scenario.contracts.menu
    return found + [_offer(look, name, item) for name, item in menu.items()]


def thresholds_of(offers: Sequence[Offer]) -> list[float]:
    """Return where single patients are cut, each once, lowest first."""
    return sorted({offer.cut_above_gbp for offer in offers} - {inf})


def menu_of(offers: Sequence[Offer]) -> npt.NDArray[np.float64]:
    """Return the menu as `criteria.risk_terms.RiskTerms` holds it."""
    thresholds = thresholds_of(offers)
    out = np.repeat(no_contract(), len(offers), axis=0)
    for row, offer in enumerate(offers):
        for column, value in offer.terms.items():
            out[row, column] = value
        if offer.cut_above_gbp < inf:
            out[row, BASE] = NUM_PARTS + NUM_CUT * thresholds.index(offer.cut_above_gbp)
    return out


def _offer(look: References, name: str, item: Contract) -> Offer:
    """Return one contract; what it leaves out is its partner's."""
    key = f"contracts.menu.{name}"
    stated = {
        QUOTA: item.quota_share,
        FEE: item.fee_share,
        FIXED: item.fixed_gbp,
        ATTACH: item.stop_loss_from,
        LIMIT: item.stop_loss_to,
        LAYER: None if item.stop_loss_from is None else item.stop_loss_share,
        LOADING: item.loading,
        SD_LOADING: item.sd_loading,
        GAIN: item.gain_share,
        GAIN_BEYOND: item.gain_beyond,
        SUPPORT: item.management_gbp,
    }
    terms = {column: value for column, value in stated.items() if value is not None}
    if item.partner is not None:
        terms = _of_partner(look, key, item, item.partner) | terms
    cut_above_gbp = item.carve_out_above_gbp or inf
    takes = (terms.get(column, 0.0) for column in (QUOTA, LAYER, SUPPORT))
    if cut_above_gbp == inf and not any(takes):
        look.fault(
            key,
            "takes on nothing; state quota_share, stop_loss_from, "
            "carve_out_above_gbp or management_gbp",
        )
    return Offer(name, item.partner or "", cut_above_gbp, terms)


def _of_partner(
    look: References, key: str, item: Contract, code: str
) -> dict[int, float]:
    """Return a partner's own terms; report what neither it nor the menu states."""
    partners = look.instance.partners
    if partners is None:
        look.fault(f"{key}.partner", "the instance has no partners; add partners.csv")
        return {}
    if code not in partners.code:
        hint = did_you_mean(code, partners.code)
        hint = hint or f"; there are {', '.join(partners.code)}"
        look.fault(f"{key}.partner", f"no such partner{hint}", code)
        return {}
    row = partners.code.index(code)
    kind, share = partners.contract[row], _or_zero(partners.share[row])
    needed = NEEDED.get(kind)
    if needed and not getattr(item, needed[0]):
        look.fault(
            f"{key}.{needed[0]}",
            f"{code} offers a {kind.replace('_', '-')}; state {needed[1]}",
        )
    own = {
        FEE: _or_zero(partners.fee_share[row]),
        FIXED: _or_zero(partners.fixed_gbp[row]),
    }
    if kind == "quota_share":
        own[QUOTA] = share
    if kind == "gain_share":
        own |= {LAYER: share, ATTACH: item.gain_beyond, GAIN: share}
    return own


def _or_zero(value: float) -> float:
    return 0.0 if np.isnan(value) else float(value)
