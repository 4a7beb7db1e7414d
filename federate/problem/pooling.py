"""Instance + Scenario → the pooled risk of any federation."""

from collections.abc import Iterator, Sequence
from math import inf, isnan

import numpy as np
import numpy.typing as npt

from federate.criteria.capacity import Limit
from federate.criteria.pooled import PooledRisk
from federate.criteria.risk_terms import (
    BUDGET,
    EXPECTED_OVERSPEND,
    NUM_CUT,
    NUM_PARTS,
    TAIL_MEAN,
    RiskTerms,
    frozen,
)
from federate.criteria.spend import Scope, SpendModel, pooled_scope, practice_spend
from federate.criteria.tails import TAILS
from federate.criteria.tiers import FULL, exposed_spend, exposure_shares
from federate.practices.instance import Instance
from federate.problem.menu import Offer, menu_of, offers_of, thresholds_of
from federate.problem.references import References
from federate.scenario.schema import Scenario

__all__ = ["budgets", "pooled_risk", "spend_model"]

FloatArray = npt.NDArray[np.float64]
M_PER_KM = 1_000.0


def budgets(instance: Instance, scenario: Scenario) -> FloatArray:
    """Return each practice's budget: stated, or per head where it is not.

    Of the services in scope alone, where some are left out.
    """
    patients = instance.practices.list_size.astype(np.float64)
    share = scope_of(scenario).share
    per_head: FloatArray = share * patients * scenario.risk.budget_gbp_per_head
    if scenario.risk.budget_from == "per_head":
        return per_head
    stated = share * instance.practices.budget_gbp
    return np.where(np.isnan(stated), per_head, stated)


def scope_of(scenario: Scenario) -> Scope:
    """Return what the budget covers: its share of all spend, and the spread a head."""
    services = scenario.risk.services.values()
    if not services:
        return Scope(1.0, scenario.risk.cv1)
    return pooled_scope([Scope(s.share, s.cv1) for s in services if s.included])


def spend_model(scenario: Scenario) -> SpendModel:
    """Return how uncertain the scenario says spend is."""
    risk = scenario.risk
    return SpendModel(
        cv1=scope_of(scenario).cv1,
        tau_practice=risk.tau_practice,
        tau_region=risk.tau_region,
        region_km=risk.region_km,
        tau_shock=risk.tau_shock,
        mean_shift=risk.management_effect,
        budget_origin="bottom_up" if risk.budget_origin == "bottom-up" else "top_down",
        tau_formula=risk.tau_formula,
    )


def pooled_risk(
    look: References,
    scenario: Scenario,
    oversize: tuple[int, ...],
    tier: npt.NDArray[np.int64],
) -> PooledRisk | None:
    """Return the pooled risk that a scenario asks of an instance.

    ``None`` where something named is not there: `look` then holds the faults.
    """
    instance = look.instance
    management = _management(look, scenario)
    offers = offers_of(look, scenario)
    if look.faults:
        return None
    budget, sizes = budgets(instance, scenario), instance.practices.list_size
    thresholds = thresholds_of(offers)
    parts = _parts(instance, scenario, tier, management, thresholds)
    menu = menu_of(offers)
    exempt = np.zeros(len(sizes), dtype=np.bool_)
    exempt[list(oversize)] = True
    practices = instance.practices
    place = np.stack([practices.easting_m, practices.northing_m], axis=1)
    model = spend_model(scenario)
    risk, scale, tiers = scenario.risk, scenario.scale, scenario.tiers
    terms = RiskTerms(
        is_on=_is_on(scenario),
        tail=TAILS[risk.tail],
        mean=model.mean_shift,
        tau_shock=model.tau_common,
        tau_region=model.tau_region,
        per_m=1.0 / (model.region_km * M_PER_KM),
        tolerance=risk.tolerance,
        max_probability=_or(risk.max_probability, -1.0),
        price=risk.gbp_per_gbp_at_risk,
        measure=TAIL_MEAN if risk.measure == "cvar" else EXPECTED_OVERSPEND,
        alpha=risk.cvar_level,
        allowance=_or(scale.allowance_gbp_per_head, -1.0),
        innovation=scale.innovation_share,
        fixed_gbp=scale.fixed_gbp_per_federation,
        head_gbp=scale.gbp_per_head,
        member_gbp=scale.gbp_per_member,
        management_head=_or(scale.management_gbp_per_head, 0.0),
        full_share=_or(tiers.min_full_share, -1.0),
        benefit=scale.benefit_share,
        benefit_persons=scale.benefit_persons,
        parts=frozen(parts),
        place_m=frozen(place.astype(np.float64)),
        exempt=frozen(exempt),
        cap=frozen(_caps(scenario, budget, sizes.astype(np.float64))),
        menu=frozen(menu),
    )
    bounds, waivers = scenario.rules.size_bounds, scenario.rules.size_waivers
    total = float(sizes.sum())
    return PooledRisk(
        terms=terms,
        most_persons=total if bounds is None else min(total, bounds[1]),
        fewest_persons=0.0 if bounds is None or waivers else bounds[0],
        names=tuple(offer.name for offer in offers),
        partners=tuple(offer.partner for offer in offers),
        limits=tuple(_limits(instance, scenario, offers, parts[:, BUDGET])),
    )


def _limits(
    instance: Instance,
    scenario: Scenario,
    offers: Sequence[Offer],
    exposed_gbp: FloatArray,
) -> Iterator[Limit]:
    """Yield what each partner can carry: its capacity, and its share of all budgets.

    One that is never reached is left out.
    """
    total, partners = float(exposed_gbp.sum()), instance.partners
    share = scenario.contracts.max_partner_share
    for code in sorted({offer.partner for offer in offers} - {""}):
        most = total if share is None else share * total
        if partners is not None:
            stated = float(partners.capacity_gbp[partners.code.index(code)])
            most = most if isnan(stated) else min(most, stated)
        if most < total:
            rows = [k for k, offer in enumerate(offers) if offer.partner == code]
            yield Limit(code, tuple(rows), most)


def _or(value: float | None, absent: float) -> float:
    return absent if value is None else float(value)


def _is_on(scenario: Scenario) -> bool:
    """Whether more is asked than the rule on a normal tail that κ states alone."""
    risk, scale, tiers = scenario.risk, scenario.scale, scenario.tiers
    has_rule = risk.max_probability is not None
    beyond_kappa = (
        risk.tail != "normal"
        or risk.tau_region > 0
        or risk.management_effect != 0
        or bool(scenario.contracts.menu)
        or tiers.is_stated
    )
    return (
        (has_rule and beyond_kappa)
        or risk.gbp_per_gbp_at_risk > 0
        or scenario.contracts.required
        or scale.benefit_share > 0
        or scale.allowance_gbp_per_head is not None
        or scale.management_gbp_per_head is not None
        or tiers.min_full_share is not None
        or (tiers.max_exposure_share is not None and tiers.liability != "joint-capped")
    )


def _management(look: References, scenario: Scenario) -> FloatArray:
    """Return the management each practice gives, £ a year."""
    name = scenario.scale.management_column
    n = look.instance.num_practices
    if name is None:
        return np.zeros(n)
    found = look.attribute("scale.management_column", name)
    if found is None:
        return np.zeros(n)
    if found.kind != "number":
        look.fault(
            "scale.management_column", "must be a column of numbers, £ a year", name
        )
        return np.zeros(n)
    return np.nan_to_num(found.values.astype(np.float64))


def _caps(scenario: Scenario, budget: FloatArray, patients: FloatArray) -> FloatArray:
    """Return the most CVaR, a share of budget, that each practice can answer for.

    A joint pool shares a loss by budget, so practice i answers for b_i/B of it:
    b_i/B · CVaR ≤ cap·income_i is CVaR/B ≤ cap·income_i/b_i.
    """
    tiers = scenario.tiers
    if tiers.max_exposure_share is None or tiers.income_gbp_per_patient is None:
        return np.zeros(0)
    if tiers.liability != "joint":
        return np.zeros(0)
    most = tiers.max_exposure_share * tiers.income_gbp_per_patient * patients
    out: FloatArray = np.full(len(budget), inf)
    np.divide(most, budget, out=out, where=budget > 0)
    return out


def _parts(
    instance: Instance,
    scenario: Scenario,
    tier: npt.NDArray[np.int64],
    management: FloatArray,
    thresholds: list[float],
) -> FloatArray:
    """Return what federations sum over their members; see ``criteria.risk_terms``."""
    budget, model = budgets(instance, scenario), spend_model(scenario)
    sizes = instance.practices.list_size
    exposed = exposure_shares(tier, partial_share=scenario.tiers.partial_share)
    borne = exposed_spend(practice_spend(sizes, budget, model), exposed)
    parts = np.zeros((len(sizes), NUM_PARTS + NUM_CUT * len(thresholds)))
    parts[:, :NUM_PARTS] = np.stack(
        [
            borne.budget_gbp,
            borne.variance_gbp2,
            borne.third_gbp3,
            budget,
            np.where(tier == FULL, budget, 0.0),
            management,
            sizes.astype(np.float64),
        ],
        axis=1,
    )
    for k, threshold in enumerate(thresholds):
        cut = exposed_spend(
            practice_spend(sizes, budget, model, carve_out_gbp=threshold), exposed
        )
        first = NUM_PARTS + NUM_CUT * k
        parts[:, first] = cut.variance_gbp2
        parts[:, first + 1] = cut.third_gbp3
        parts[:, first + 2] = cut.ceded_gbp
        parts[:, first + 3] = cut.ceded_square_gbp2
    return parts
