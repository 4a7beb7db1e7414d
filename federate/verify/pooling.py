"""Risk beyond the plain rule, tiers and scale: every rule under some contract."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf

from federate.scenario import Scenario
from federate.verify.spend import Offer, Spend, exposure_of, offers
from federate.verify.subject import Subject
from federate.verify.violation import Violation

__all__ = ["check_pooling", "is_plain", "keeps_rules", "offered"]

# Sums near 1e12 £² and a bisected score are good to about 1e-12; the mean of the
# worst years is a quadrature over a kink.
PROBABILITY_SLACK, FIGURE_SLACK = 1e-9, 1e-4


def is_plain(scenario: Scenario) -> bool:
    """Whether the risk rule is that of a normal tail without contract or tier."""
    risk, tiers = scenario.risk, scenario.tiers
    columns = (tiers.column, tiers.readiness_column, tiers.willingness_column)
    return (
        risk.tail == "normal"
        and risk.tau_region == 0
        and risk.management_effect == 0
        and risk.budget_origin == "bottom-up"
        and not scenario.contracts.menu
        and all(column is None for column in columns)
    )


def _asks(scenario: Scenario) -> bool:
    """Whether any rule here is asked for."""
    tiers, scale = scenario.tiers, scenario.scale
    return (
        (scenario.risk.max_probability is not None and not is_plain(scenario))
        or tiers.min_full_share is not None
        or tiers.max_exposure_share is not None
        or scale.allowance_gbp_per_head is not None
        or scale.management_gbp_per_head is not None
    )


@dataclass(frozen=True)
class _Broken:
    """One rule, by what it is broken, and how to say so."""

    rule: str
    ratio: float
    amount: float
    unit: str
    message: str


def check_pooling(subject: Subject) -> Iterator[Violation]:
    """Every federation keeps the rules of risk, tiers and scale under some contract.

    P(left > r) ≤ ε; the worst years' mean within each member's cap; management
    enough; full-tier budget ≥ φ of all; running cost within the allowance. Where no
    contract (or not the one the plan states) keeps them all, the rules that the
    nearest one breaks are told. A single oversize practice is exempt.
    """
    if not _asks(subject.problem.scenario):
        return
    for label, members in subject.members.items():
        if subject.is_exempt(label):
            continue
        spend = Spend(subject, members)
        found = [list(_by_contract(spend, offer)) for offer in offered(subject, label)]
        nearest = min(found, key=lambda some: max((b.ratio for b in some), default=0.0))
        for broken in (*_by_scale(spend), *_for_itself(spend), *nearest):
            yield Violation(
                rule=broken.rule,
                federation=label,
                practices=subject.codes(members),
                amount=broken.amount,
                unit=broken.unit,
                message=f"{label} {broken.message}",
            )


def offered(subject: Subject, label: str) -> Iterator[Offer]:
    """Yield the contract that the plan states for a federation, or the whole menu."""
    stated = subject.plan.contracts.get(label)
    for offer in offers(subject):
        if stated is None or offer.name == stated:
            yield offer


def keeps_rules(subject: Subject, label: str, offer: Offer) -> bool:
    """Whether a federation keeps its rules on risk under a contract."""
    spend = Spend(subject, subject.members[label])
    return subject.is_exempt(label) or not any(_by_contract(spend, offer))


def _by_contract(spend: Spend, offer: Offer) -> Iterator[_Broken]:
    """Yield the rules that a federation breaks under one contract."""
    scenario = spend.scenario
    risk, tiers, scale = scenario.risk, scenario.tiers, scenario.scale
    under = f" under contract {offer.name}" if offer.name else ""
    most = risk.max_probability
    if most is not None and not is_plain(scenario):
        chance = spend.probability(offer)
        if chance > most * (1 + PROBABILITY_SLACK):
            yield _Broken(
                "risk.max_probability",
                chance / most,
                chance - most,
                "probability",
                f"would keep an overspend of more than {risk.tolerance:.1%} in "
                f"{chance:.1%} of years{under}; at most {most:.1%} is allowed",
            )
    if tiers.max_exposure_share is not None and tiers.liability == "joint":
        yield from _by_exposure(spend, offer, under)
    if scale.management_gbp_per_head is not None:
        yield from _by_management(spend, offer, under)


def _by_exposure(spend: Spend, offer: Offer, under: str) -> Iterator[_Broken]:
    """Yield the members that answer for more than their cap: b_i/B · CVaR > cap_i."""
    exposed = spend.exposed_gbp
    if exposed <= 0:
        return
    worst = spend.worst_mean_gbp(offer) / exposed
    yield from _past_the_cap(
        spend, {i: worst * spend.budget(i) for i in spend.members}, under
    )


def _for_itself(spend: Spend) -> Iterator[_Broken]:
    """Yield the member whose own worst years pass its cap, each liable for its own."""
    tiers = spend.scenario.tiers
    if tiers.max_exposure_share is None or tiers.liability != "several":
        return
    alone = {i: Spend(spend.subject, (i,)) for i in spend.members}
    owed = {
        i: one.worst_mean_gbp(Offer("")) if one.exposed_gbp > 0 else 0.0
        for i, one in alone.items()
    }
    yield from _past_the_cap(spend, owed, "")


def _past_the_cap(
    spend: Spend, owed_gbp: Mapping[int, float], under: str
) -> Iterator[_Broken]:
    """Yield the member most above its cap: owed > share · income · patients."""
    tiers, patients = spend.scenario.tiers, spend.subject.patients
    income = tiers.income_gbp_per_patient or 0.0
    ratio, who = 0.0, -1
    for i, owed in owed_gbp.items():
        cap = (tiers.max_exposure_share or 0.0) * income * patients[i]
        share = owed / cap if cap > 0 else inf if owed > 0 else 0.0
        if share > ratio:
            ratio, who = share, i
    if ratio > 1 + FIGURE_SLACK:
        cap = owed_gbp[who] / ratio
        yield _Broken(
            "tiers.max_exposure_share",
            ratio,
            owed_gbp[who] - cap,
            "GBP a year",
            f"would have {spend.subject.names((who,))[0]} answer for "
            f"£{owed_gbp[who]:,.0f} in its worst years{under}; at most £{cap:,.0f} is "
            "allowed",
        )


def _by_management(spend: Spend, offer: Offer, under: str) -> Iterator[_Broken]:
    """Yield whether management falls short: Σ m_i + support < need · N."""
    scale = spend.scenario.scale
    column = scale.management_column or ""
    given = spend.subject.problem.instance.practices.attributes[column].values
    held = offer.management_gbp
    for i in spend.members:
        value = float(given[i])
        held += value if value == value else 0.0
    size = sum(spend.subject.patients[i] for i in spend.members)
    needed = (scale.management_gbp_per_head or 0.0) * size
    if needed > held * (1 + PROBABILITY_SLACK):
        yield _Broken(
            "scale.management_gbp_per_head",
            needed / held if held > 0 else inf,
            needed - held,
            "GBP a year",
            f"has management of £{held:,.0f} a year{under} and needs £{needed:,.0f}",
        )


def _by_scale(spend: Spend) -> Iterator[_Broken]:
    """Yield the rules that hang on no contract: full-tier share, allowance."""
    scale, tiers = spend.scenario.scale, spend.scenario.tiers
    budget = {i: spend.budget(i) for i in spend.members}
    whole = sum(budget.values())
    if tiers.min_full_share is not None and whole > 0:
        full = sum(budget[i] for i in budget if _is_full(spend, i))
        if full < tiers.min_full_share * whole * (1 - PROBABILITY_SLACK):
            yield _Broken(
                "tiers.min_full_share",
                0.0,
                tiers.min_full_share - full / whole,
                "share of budget",
                f"has {full / whole:.1%} of its budget with practices that bear full "
                f"risk; at least {tiers.min_full_share:.1%} is asked",
            )
    if scale.allowance_gbp_per_head is None:
        return
    size = sum(spend.subject.patients[i] for i in spend.members)
    spent = scale.fixed_gbp_per_federation + scale.gbp_per_head * size
    spent += scale.gbp_per_member * len(spend.members)
    spent += scale.innovation_share * whole
    allowed = scale.allowance_gbp_per_head * size
    if spent > allowed * (1 + PROBABILITY_SLACK):
        yield _Broken(
            "scale.allowance_gbp_per_head",
            0.0,
            spent - allowed,
            "GBP a year",
            f"would spend £{spent:,.0f} a year on running and innovation; its "
            f"{size:,} patients allow £{allowed:,.0f}",
        )


def _is_full(spend: Spend, practice: int) -> bool:
    """Whether a practice is in the full tier, a partial one of share 1 left out."""
    asked = spend.scenario.tiers
    if asked.column is not None:
        table = spend.subject.problem.instance.practices.attributes
        return str(table[asked.column].values[practice]).strip().lower() == "full"
    return exposure_of(spend.subject, practice) >= 1.0
