"""What the keys on pooled risk mean: spend, contracts, tiers, scale."""

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["CONTRACTS", "RISK", "SCALE", "TIERS", "Meaning"]


class Meaning(NamedTuple):
    """Unit (``–`` where there is none) and meaning, a sentence or two."""

    unit: str
    text: str


Said = Mapping[str, tuple[str, str]]

SCALE: Said = {
    "fixed_gbp_per_federation": (
        "£ a year",
        "Cost of a federation whatever its size; it makes federations larger.",
    ),
    "gbp_per_head": ("£ a year per patient", "Running cost per registered patient."),
    "gbp_per_member": ("£ a year per practice", "Running cost per member practice."),
    "allowance_gbp_per_head": (
        "£ a year per patient",
        "Running-cost allowance: running cost and what is kept for innovation may "
        "not be more. £25 a head in 2013 (NHS England, running cost allowances, "
        "May 2012).",
    ),
    "innovation_share": (
        "share of budget",
        "What is kept for innovation, out of the running-cost allowance.",
    ),
    "management_column": (
        "column",
        "Management that each practice gives, £ a year; blank counts as none.",
    ),
    "management_gbp_per_head": (
        "£ a year per patient",
        "Management that a federation needs: its practices and its contract must "
        "supply it.",
    ),
    "benefit_share": (
        "share of budget",
        "What size saves at most: this share × (1 − e^(−patients/`benefit_persons`)). "
        "Evidence that size saves anything is weak (BMJ 2001;322:599; BJGP 2011, "
        "PMC3252539), hence 0.",
    ),
    "benefit_persons": (
        "registered patients",
        "Size at which 63 % of that saving is reached.",
    ),
}

RISK: Said = {
    "cv1": (
        "–",
        "Spread of one patient's yearly cost: standard deviation ÷ mean. 3.6 fits "
        "all care (HSJ 2011, 5023200); narrow scopes are higher.",
    ),
    "tau_practice": (
        "share of budget",
        "Error in setting one practice's budget; it averages out over practices.",
    ),
    "tau_shock": (
        "share of budget",
        "A shock that all practices share; no size averages it out.",
    ),
    "tau_region": (
        "share of budget",
        "A shock that neighbours share; a scattered federation averages it out, a "
        "compact one does not.",
    ),
    "region_km": ("km", "Distance at which that sharing has fallen to 37 %."),
    "management_effect": (
        "share of budget",
        "Mean overspend to expect of every federation; below 0 an underspend.",
    ),
    "tail": (
        "–",
        'Law of a federation\'s spend: `"normal"`; `"normal-power"` and `"lognormal"` '
        "heed its skew, which matters to small federations.",
    ),
    "tolerance": ("share of budget", "Overspend above this counts."),
    "max_probability": (
        "probability",
        "How often what a contract leaves of an overspend may exceed `tolerance`; "
        "below 0.5. The contract's price is set aside beforehand and is no overspend.",
    ),
    "gbp_per_gbp_at_risk": (
        "£ per £",
        "Price of each £ of `measure` that a federation keeps; 0: risk has no price.",
    ),
    "measure": (
        "–",
        'What the price is put on: `"expected_overspend"`, the mean overspend beyond '
        '`tolerance`, or `"cvar"`, the mean overspend of the worst years.',
    ),
    "cvar_level": (
        "share of years",
        "How many years are not among the worst: 0.95 leaves one in twenty.",
    ),
    "budget_gbp_per_head": (
        "£ a year per patient",
        "Budget where a practice states none. 1,713 is NHS spend per head, England "
        "2011/12, derived from the published age table (CHE RP147).",
    ),
    "budget_origin": (
        "–",
        '`"bottom-up"`: practice by practice, so that errors (`tau_practice`) average '
        'out; `"top-down"`: by one formula for the federation, whose error '
        "(`tau_formula`) does not.",
    ),
    "tau_formula": (
        "share of budget",
        'Error of a budget set for a whole federation, with `"top-down"`.',
    ),
    "budget_from": (
        "–",
        '`"instance"`: stated budgets, per head where blank; `"per_head"`: per head '
        "for all.",
    ),
    "services.<service>.share": (
        "share of all spend",
        "A service that may be in the budget or out of it. Where any is stated, "
        "budgets are of the services included alone, and their spread stands for "
        "`cv1`.",
    ),
    "services.<service>.cv1": (
        "–",
        "Spread of one patient's yearly cost of it: 4.6 for hospital care (IFS "
        "W15/21), 7.6 for surgery (BMJ 1991;302:1582), both derived; services are "
        "taken as independent.",
    ),
    "services.<service>.included": (
        "–",
        "Whether federations hold its budget; `false` leaves it with somebody else.",
    ),
}

_MENU: Said = {
    "partner": (
        "partner code",
        "Whose contract it is, of the instance's partners: quota, fee and fixed price "
        "that are left out here are the partner's own.",
    ),
    "quota_share": ("share of budget", "Share of all spend that the partner takes."),
    "stop_loss_from": (
        "share of budget",
        "The partner pays what is overspent by more than this. Its price is set aside "
        "beforehand, so that a stop-loss from `risk.tolerance` on keeps the rule.",
    ),
    "stop_loss_to": (
        "share of budget",
        "The partner pays no more of an overspend beyond this; left out, all of it.",
    ),
    "stop_loss_share": ("share", "Share of that layer which the partner pays."),
    "carve_out_above_gbp": (
        "£ a year per patient",
        "The partner pays what one patient costs above this in a year.",
    ),
    "loading": (
        "share",
        "What the partner asks beyond the mean of what it pays, for a stop-loss and a "
        "carve-out.",
    ),
    "sd_loading": (
        "share",
        "What it asks beyond, for each £ of standard deviation of what it pays.",
    ),
    "fee_share": ("share of budget", "The partner's fee; left out, its own or none."),
    "fixed_gbp": (
        "£ a year",
        "The partner's fixed price; left out, its own or none.",
    ),
    "gain_share": (
        "share",
        "Share of savings that the partner keeps; left out, its own or none.",
    ),
    "gain_beyond": (
        "share of budget",
        "Savings up to this stay whole with the federation.",
    ),
    "management_gbp": ("£ a year", "Management that the partner supplies."),
}

CONTRACTS: Said = {
    "required": ("–", "Whether every federation must take a contract of the menu."),
    "max_partner_share": (
        "share of budget",
        "Most of the exposed budget of all practices that the contracts of any one "
        "partner may carry. What a partner of the instance can carry in all, its "
        "`capacity_gbp`, is kept in any case.",
    ),
    **{f"menu.<contract>.{key}": said for key, said in _MENU.items()},
}

TIERS: Said = {
    "column": (
        "column",
        "Tier of each practice: `full`, `partial`, `provider` (or `none`).",
    ),
    "readiness_column": (
        "column",
        "A number for how ready a practice is: it may have the highest tier whose "
        "threshold it reaches. Blank reaches none.",
    ),
    "full_readiness": ("the column's unit", "Readiness that the full tier needs."),
    "partial_readiness": (
        "the column's unit",
        "Readiness that the partial tier needs.",
    ),
    "willingness_column": (
        "column",
        "A number for how willing it is to bear risk; the lower of the two tiers "
        "counts.",
    ),
    "full_willingness": ("the column's unit", "Willingness the full tier needs."),
    "partial_willingness": (
        "the column's unit",
        "Willingness that the partial tier needs.",
    ),
    "partial_share": ("share", "Share of its risk that a partial practice bears."),
    "min_full_share": (
        "share of budget",
        "Least share of a federation's budget with practices of the full tier.",
    ),
    "liability": (
        "–",
        'Who answers for an overspend: `"joint"`: the pool, each by its budget; '
        '`"joint-capped"`: the same, but for no more than the cap; `"several"`: each '
        "for its own.",
    ),
    "income_gbp_per_patient": (
        "£ a year per patient",
        "A practice's own income, which a liability is measured against.",
    ),
    "max_exposure_share": (
        "share of income",
        "Most that a practice may have to answer for in the mean of the worst years.",
    ),
}
